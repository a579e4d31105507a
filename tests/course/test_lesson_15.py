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
    assert (names["buyers"] != "order_completed").mean() > 0.75, "most of them have never bought"


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
    assert passers_by["education_days"].isna().mean() > 0.55, "most never opened an article"
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
    assert "about one in five" in names["lesson"].prediction.options["c"].text.casefold()
    assert f"{len(open_carts):,} (2" in names["lesson"].prediction.outcome(data)


def test_what_the_wrong_letter_costs(names):
    voucher = names["cost"]["voucher"]
    assert voucher["none"] > 0.6 * voucher.sum(), "most of it goes to carts older than 30 days"
    assert voucher["ordered"] > 0, "some to carts ordered already"
    assert names["may"] < len(names["open_carts"]), "only the audience that agreed"


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
