"""Lesson 10 says what the data say, on more shops than its own."""

import pytest

import segkit as sk
from tests.course.test_lessons import run

SEEDS = [7, 3, 11]
LOOKING = ["views_per_visit", "lookups_per_order"]


@pytest.fixture(scope="module", params=SEEDS)
def names(request):
    return run("lesson_10", seed=request.param)


def test_a_discount_is_met_by_who_buys_much(names):
    hunter = names["hunter"]
    assert 0.45 < hunter.mean() < 0.6, "half of the customers have bought at a discount"
    assert hunter[names["often"]].mean() > 2.5 * hunter[names["once"]].mean()
    truth = names["population"].truth.set_index("customer_id")["decision_style"]
    waiting = truth[names["facts"].loc[hunter, "customer_id"]] == "sale_waiter"
    assert 0.35 < waiting.mean() < 0.45, "about two in five"


def test_what_the_figure_shows(names):
    twin = names["seg"].plot().twin.set_index("segment")
    for style, signs in names["style"].signs().items():
        assert (twin.loc[style, signs] > 0.5).all(), "the framed cells are high"
    assert (twin.loc["sale_waiter", LOOKING] < 0.1).all(), "look around no more than the median customer does"
    assert (twin.loc["habitual"].drop("customers") < 0.15).all(), "stand out in nothing"


def test_what_the_groups_are(names):
    profile = names["seg"].profile()
    days = profile.loc["days_before_order"]
    assert 5 < days["researcher"] < 9, "begins about a week before the order"
    assert (days[["sale_waiter", "social_proof", "habitual"]] < 0.7 * days["researcher"]).all()
    assert 0.74 < profile.loc["discounted_share", "sale_waiter"] < 0.86, "four of five articles"
    assert profile.loc["referral_share", "social_proof"] > 0.6, "sent by people"
    assert profile.loc["bestseller_share", "social_proof"] > 0.7, "looks at what sells best"


def test_roles_and_obstacles(names):
    roles = names["roles"].unstack()
    assert (roles.max() - roles.min()).max() < 0.1, "roles hardly differ"
    gifts = (names["seg"].labels["buying_role"] == "gift").mean()
    assert 0.15 < gifts < 0.2, "nearly one in five mostly buys gifts"
    carts = sk.measures.obstacles(names["shop"])
    assert carts.loc[0, "obstacle"] == "shipping_cost"
    assert carts.loc[0, "share"] > 1 / 3, "more than a third of the carts"


def test_what_moves_and_what_is_used(names):
    tried = names["tried"]
    assert ((tried["low"] <= 1) & (tried["high"] >= 1)).sum() >= 4, "most lines cross 1"
    assert tried.attrs["compared_with"] == "customers held out at random"
    assert names["shop"].table("orders")["coupon"].value_counts().index[0] == "free_shipping"
    data = names["lesson"].data
    assert names["lesson"].q4.judge(lambda tried: list(data.proven)).status == "right"
    assert names["lesson"].q4.judge(lambda tried: [*data.proven, "none"]).status == "wrong"


def test_being_strict_has_its_price(names):
    truth = names["population"].truth.set_index("customer_id")["decision_style"]
    data = names["lesson"].data
    usual, strict = (
        (labels, truth.reindex(labels.index)) for labels in (data.labels(), data.labels(stand_out=0.7))
    )
    named, reached = [], []
    for labels, planted in (usual, strict):
        named.append((labels == planted)[labels != "habitual"].mean())
        reached.append((labels == planted)[planted != "habitual"].mean())
    assert named[1] > named[0] + 0.03, "the groups are purer"
    assert reached[1] < reached[0] - 0.15, "more customers who do have a style are missed"


def test_why_customers_were_confused(names):
    facts, truth = names["facts"], names["population"].truth.set_index("customer_id")["decision_style"]
    segment = names["seg"].labels["segment"]
    people = facts.assign(planted=facts["customer_id"].map(truth), segment=segment)
    assert people["customer_id"].equals(names["seg"].labels["customer_id"])
    found = people["planted"] == people["segment"]
    assert found[facts["orders"] >= 5].mean() > found[facts["orders"] == 1].mean() + 0.08, "more orders help"
    assert found[facts["orders"] == 1].mean() > 0.6, "most customers with one order are found rightly"
    missed = people[(people["planted"] == "sale_waiter") & (people["segment"] == "habitual")]
    lucky = people[(people["planted"] == "habitual") & (people["segment"] == "sale_waiter")]
    assert (missed["lines"] == 1).mean() > 0.3, "often one article"
    assert missed["discounted_share"].mean() < 0.3, "mostly at the full price"
    assert lucky["discounted_share"].mean() > 0.5, "met discounts"
    result = sk.recovery(names["seg"], names["population"].truth)
    told = [(one.truth, one.taken_for) for one in result.mistaken().head(3).itertuples()]
    assert {("sale_waiter", "habitual"), ("habitual", "sale_waiter")} <= set(told)
    assert result.balanced_accuracy < result.oracle_balanced_accuracy < 0.97, "does better, but errs too"


def test_what_the_wrong_notice_costs(names):
    lines = names["shop"].table("order_lines")
    reduced = lines[lines["discount"] > 0]
    assert 0.17 < (reduced["discount"] / (reduced["unit_price"] * reduced["quantity"])).mean() < 0.23, "about 20 %"
    assert len(names["others"]) > 0.35 * names["hunter"].sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_card_says(seed):
    card = run("lesson_10", seed=seed)["seg"].trust(pairs=20)
    figures = {one.name: one.figure for one in card.lines}
    assert card.label == "natural"
    assert figures["stability"] > 0.9, "the groups come back"
    assert figures["identifiable"] < 0.2, "age, city and the like do not tell a style"
