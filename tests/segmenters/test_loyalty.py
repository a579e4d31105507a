"""The ladder: each rung at its edge, with fewer tables, on every engine, and written down."""

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ColumnProblem, ParameterProblem
from tests.engines import labels_of, open_tables

COLUMNS = [
    "customer_id", "orders", "recency_days", "tenure_days", "messages", "opened_share", "opened_since_share", "member",
    "redeemed_share", "recommendations",
]  # fmt: skip
FACTS = pd.DataFrame(
    [
        ("a", 1, 89, 89, 0, None, None, 0, None, 0),  # 89 days are new
        ("b", 1, 90, 90, 0, None, None, 0, None, 5),  # 90 are not; one order comes before recommending
        ("c", 8, 10, 700, 10, 0.5, 0.5, 1, 0.0, 1),  # one recommendation is not enough; opens like the shop
        ("d", 8, 10, 700, 10, 0.5, 0.5, 0, None, 2),  # two are, for 8 orders
        ("e", 9, 10, 700, 10, 0.5, 0.5, 0, None, 2),  # but not for 9
        ("f", 4, 10, 400, 10, 0.49, 0.5, 1, 0.3, 0),  # opens too little, redeems just enough
        ("g", 4, 10, 400, 10, 0.49, 0.5, 1, 0.29, 0),  # neither
        ("h", 4, 10, 400, 0, None, None, 1, 0.0, 0),  # never mailed: the benefit of the doubt
        ("i", 4, 900, 1000, 10, 0.61, 0.24, 1, 0.9, 9),  # silent, opens less than half as often as the shop
        ("j", 4, 900, 1000, 10, 0.45, 0.25, 1, 0.9, 0),  # silent, but half as often
        ("k", None, None, None, 10, 0.5, 0.5, None, None, None),
    ],
    columns=COLUMNS,
)


def fitted(**how):
    """A ladder with a shop that opens half of its messages and orders every hundred days."""
    loyalty = sk.Loyalty(**how).fit(FACTS)
    loyalty.shop_gap_days_, loyalty.shop_opened_share_ = 100.0, 0.5
    return loyalty


def test_every_rung_at_its_edge(engine):
    assert labels_of(fitted(), FACTS, engine)["segment"].to_dict() == {
        "a": "new", "b": "one_time", "c": "loyal", "d": "advocate", "e": "repeat", "f": "loyal", "g": "repeat",
        "h": "loyal", "i": "lapsed", "j": "loyal", "k": "unknown",
    }  # fmt: skip


def test_the_rhythm_by_hand(engine):
    labels = labels_of(fitted(), FACTS, engine)
    # i: 100 days between first and last order and 4 gaps of the shop's 100: 500 days in 3 + 4 gaps
    assert labels.loc["i", "usual_gap_days"] == pytest.approx(500 / 7, abs=1e-6)
    assert labels.loc["i", "silence_chance"] == pytest.approx((1 + 900 / 500) ** -7, abs=1e-9)


def test_a_silence_is_too_long_below_the_chance_not_at_it(engine):
    """With a day's gap of the shop, two orders a day apart and steady 1: a silence of 2 days has chance 1/4."""
    facts = FACTS.assign(orders=2, recency_days=2, tenure_days=3, messages=0, recommendations=0, member=0)
    facts[["opened_share", "opened_since_share"]] = None
    at = sk.Loyalty(steady=1.0, lapsed_below=0.25, new_days=0).fit(facts.astype({"opened_share": float}))
    assert at.shop_gap_days_ == 1.0
    assert set(labels_of(at, facts, engine)["silence_chance"]) == {0.25}
    at.lapsed_below = 0.2499
    assert set(labels_of(at, facts, engine)["segment"]) == {"repeat"}
    at.lapsed_below = 0.2501
    assert set(labels_of(at, facts, engine)["segment"]) == {"lapsed"}


def test_what_is_learned_from_the_shop(engine):
    known = FACTS[FACTS["orders"].notna()]
    loyalty = sk.Loyalty().fit(open_tables({"f": known}, engine)["f"])
    span, gaps = (known["tenure_days"] - known["recency_days"]).sum(), (known["orders"] - 1).sum()
    assert loyalty.shop_gap_days_ == pytest.approx(span / gaps, abs=1e-6)
    opened = (known["messages"] * known["opened_share"].fillna(0)).sum()
    assert loyalty.shop_opened_share_ == pytest.approx(opened / known["messages"].sum(), abs=1e-6)


def test_orders_alone_make_a_shorter_ladder(engine):
    facts = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d", "e"],
            "orders": [1, 4, 5, 5, 1],
            "recency_days": [10, 10, 10, 900, 200],
            "tenure_days": [10, 400, 400, 1000, 200],
        }
    )
    loyalty = sk.Loyalty().fit(open_tables({"f": facts}, engine)["f"])
    assert labels_of(loyalty, facts, engine)["segment"].tolist() == ["new", "repeat", "loyal", "lapsed", "one_time"]
    assert loyalty.segment(facts).why("c") == "c is loyal: 5 orders, and loyal begins at 5."


def test_nobody_came_back_is_no_error():
    facts = pd.DataFrame({"customer_id": ["a"], "orders": [1], "recency_days": [100], "tenure_days": [100]})
    loyalty = sk.Loyalty().fit(facts)
    assert loyalty.shop_gap_days_ == 1.0
    assert loyalty.predict(facts)["segment"].tolist() == ["one_time"]


def test_a_rule_held_fixed_needs_the_facts_it_learned_from():
    with pytest.raises(ColumnProblem, match="needs the fact 'member'"):
        fitted().predict(FACTS.drop(columns="member"))


def test_learned_again_it_forgets_what_is_no_longer_there():
    loyalty = fitted().fit(FACTS.drop(columns=["member", "redeemed_share"]))
    assert not loyalty.has_programme_


@pytest.mark.parametrize("how", [{"steady": 0}, {"lapsed_below": 0}, {"lapsed_below": 1}])
def test_parameters_that_make_no_rule_are_refused(how):
    with pytest.raises(ParameterProblem, match=r"such as (4|0\.1)"):
        sk.Loyalty(**how).fit(FACTS)


def test_why_names_the_rung():
    seg = fitted().segment(FACTS)
    assert seg.why("a") == "a is new: the first order was 89 days ago, and new lasts 90 days."
    assert seg.why("b") == "b is one_time: one order, 90 days ago, and none since."
    assert seg.why("d") == "d is advocate: 2 recommendations beside 8 orders."
    assert seg.why("f") == "f is loyal: 4 orders, in the programme, and taking part in it."
    assert seg.why("g") == "g is repeat: 4 orders, and no sign of attachment beside them."
    assert seg.why("i") == (
        "i is lapsed: silent for 900 days where a gap of about 71 is usual; with that rhythm 0.1 % would be silent so "
        "long by chance."
    )
    assert seg.why("k") == "k is unknown: orders are not known."


def test_what_lifts_follows_the_rule_as_it_was_learned():
    assert fitted(advocate_from=3, orders_per_recommendation=5).lifts() == {
        "new": "a second order",
        "one_time": "a second order",
        "repeat": "taking part in the programme",
        "loyal": "3 recommendations, and at least one in 5 orders",
        "lapsed": "back by an order, or by opening messages again",
    }
    orders = sk.Loyalty(loyal_orders=7).fit(FACTS[["customer_id", "orders", "recency_days", "tenure_days"]])
    assert orders.lifts()["repeat"] == "7 orders"
    assert orders.lifts()["lapsed"] == "back by an order"
    assert "loyal" not in orders.lifts(), "without recommendations there is no rung above"
    assert set(fitted().lifts()) < set(sk.Loyalty.labels)
