"""Lesson 15 says what the data say, on more shops than its own."""

import pandas as pd
import pytest

import segkit as sk
from tests.course.test_lessons import run

SEEDS = [7, 3, 11]
BEFORE = ["awareness", "education", "consideration"]
REGULARS = ["adoption", "advocacy"]


@pytest.fixture(scope="module", params=SEEDS)
def names(request):
    return run("lesson_15", seed=request.param)


def test_the_last_click_says_little(names):
    assert 0.7 < names["buyers"].isin(["cart_abandoned", "product_viewed", "review_read"]).mean() < 0.8, "three of four"


def test_what_the_funnel_shows(names):
    twin = names["seg"].plot().twin.set_index("stage")
    education = twin.loc["education"]
    assert education["stalled"] > 0.85 * education["there_now"], "nearly everybody in it now is stalled"
    assert education["median_days"] <= 14, "half of those who went on did so within two weeks"
    assert twin.loc["consideration", "median_days"] <= 7, "within days, as those who ordered did"
    assert twin["reached"].is_monotonic_decreasing
    skipped = names["facts"].query("advocacy_first_days == advocacy_first_days and adoption_first_days.isna()")
    assert len(skipped) > 10, "people skip stages"


def test_what_the_groups_are(names):
    table, people = names["table"], names["people"]
    visits = table["mean visits"]
    assert visits["awareness"] < 0.7 * visits["education"], "few visits"
    assert (visits[REGULARS] > 2.5 * visits["purchase"]).all(), "regulars come often"
    passers_by = people[people["segment"] == "awareness"]
    lately = passers_by["education_days"] - passers_by["awareness_days"] < 90
    assert not lately.any(), "no article read in the 90 days that count"
    adoption = people[people["segment"] == "adoption"]
    assert (adoption.loc[adoption["stalled"], "recommendations"] > 0).mean() > 0.1, "has not, or too seldom"
    undecided = table.loc[BEFORE]
    assert (undecided["stalled, here lately"] > 5).all()
    assert undecided["stalled, here lately"].sum() < 0.6 * undecided["stalled"].sum(), "others have gone quiet"


def test_where_open_carts_are(names):
    people, open_carts = names["people"], names["people"].query("cart == 'open'")
    assert people["cart_days"].notna().mean() > 0.75, "most customers have left a cart behind"
    assert 0.16 < len(open_carts) / people["cart_days"].notna().sum() < 0.27, "about one in five"
    assert (open_carts["orders"] > 0).mean() > 0.85, "people who have bought before"
    assert (open_carts["segment"] == "consideration").mean() < 0.15
    data = names["lesson"].data
    pd.testing.assert_index_equal(
        open_carts.set_index("customer_id").index.sort_values(),
        data.open_carts.set_index("customer_id").index.sort_values(),
    )
    prediction = names["lesson"].prediction
    assert "about one in five" in prediction.options[prediction.right].text.casefold()
    assert f"{len(open_carts):,} (2" in names["lesson"].prediction.outcome(data)


def test_what_the_wrong_letter_costs(names):
    voucher = names["cost"]["voucher"]
    assert voucher["none"] > 0.6 * voucher["all"], "most of it goes to carts older than 30 days"
    assert voucher["ordered"] > 0, "some to carts ordered already"
    assert voucher["all"] == pytest.approx(voucher.drop("all").sum())


def test_every_customer_stands_in_one_row_of_the_actions(names):
    people, rows = names["people"], names["rows"]
    counts = rows.value_counts()
    assert set(counts.index) == {"cart open", "undecided", "gone quiet", *REGULARS, *BEFORE, "purchase"} & set(rows)
    assert counts["cart open"] == (people["cart"] == "open").sum(), "the first row counts"
    assert counts.reindex(["education", "consideration"]).fillna(0).sum() < 0.03 * len(people), "nearly empty"
    assert {"cart open", "undecided", "gone quiet"} <= set(counts.index)
    assert 0.5 < people["email"].mean() < 1, "only those who agreed"
    assert (people.loc[people["cart"] == "open", "cart_days"] > 7).mean() > 0.4, "now; later on, the next day"


def test_capital_letters_are_as_right_as_small_ones(names):
    for model in ("aida", "AIDA", "Aida "):
        assert names["lesson"].q2.judge(sk.BuyerStage(model=model)).status == "right", model


def test_why_customers_were_confused(names):
    truth = names["population"].truth[["customer_id", "stage"]]
    people = names["people"].merge(truth, on="customer_id")
    typical = people.groupby(["stage", "segment"])[["visits", "consideration_days", "recommendations"]].median()
    assert typical.loc["awareness", "education"]["visits"] > 1.5 * typical.loc["awareness", "awareness"]["visits"]
    days = typical["consideration_days"]
    assert days["consideration", "education"] > days["consideration", "consideration"] + 60, "their last cart is older"
    quiet = people[(people["stage"] == "advocacy") & (people["segment"] == "purchase")]
    assert (quiet["recommendations"] == 0).all(), "never seen to review or share"
    found = sk.recovery(names["seg"], names["population"].truth)
    told = [(one.truth, one.taken_for) for one in found.mistaken().head(3).itertuples()]
    assert set(told) == {("awareness", "education"), ("consideration", "education"), ("advocacy", "purchase")}
    assert found.oracle_balanced_accuracy > found.balanced_accuracy + 0.02, "the oracle finds more"


def test_what_the_card_says():
    card = run("lesson_15")["seg"].trust()
    figures = {one.name: one.figure for one in card.lines}
    assert card.label == "constructed"
    assert figures["one order"] > 0.2, "one order moves many people"
    assert figures["one day"] < 0.01, "a day moves hardly anybody"
    assert figures["identifiable"] < 0.2, "who they are does not tell how far they have come"
