"""Stages at their edges in both models, stalled customers, carts, on every engine, and written down."""

import json

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ParameterProblem, UnknownName
from tests.engines import labels_of, open_tables

STAGES = ("awareness", "education", "consideration", "purchase", "adoption", "advocacy")


def row(customer, orders=0, told=0, cart=None, ordered=None, **days):
    """Days since a stage was first and last reached: a pair, or one number for both."""
    facts = {"customer_id": customer, "orders": orders, "recommendations": told}
    facts |= {"cart_days": cart, "cart_ordered": ordered}
    for stage in STAGES:
        first, last = days[stage] if isinstance(days.get(stage), tuple) else (days.get(stage), days.get(stage))
        facts |= {f"{stage}_first_days": first, f"{stage}_days": last}
    return facts


FACTS = pd.DataFrame(
    [
        row("a", awareness=50),
        row("b", awareness=(200, 10), education=100),  # looked 90 days before the latest visit
        row("c", awareness=(200, 10), education=101),  # and 91 days before it
        row("d", awareness=(200, 10), education=(150, 120), consideration=(120, 100), cart=30, ordered=0),
        row("e", awareness=(200, 10), education=(150, 100), consideration=(120, 101), cart=31, ordered=0),
        row("f", orders=1, awareness=(300, 0), consideration=290, purchase=280, cart=5, ordered=1),
        row("g", orders=2, awareness=300, purchase=(280, 250), adoption=250),
        row("h", orders=4, told=1, awareness=300, purchase=(280, 100), adoption=(260, 100), advocacy=90),
        row("i", orders=5, told=1, awareness=300, purchase=(280, 100), adoption=(250, 100), advocacy=90),
        row("j", told=3, awareness=20, advocacy=20),  # speaks of a shop that never sold to them
        row("k", orders=1, purchase=7),  # not in the log
        row("l"),
    ]
).astype(dict.fromkeys([f"{stage}_days" for stage in STAGES], "float64"))


def test_six_stages_at_their_edges(engine):
    assert labels_of(sk.BuyerStage().fit(FACTS), FACTS, engine)["segment"].to_dict() == {
        "a": "awareness", "b": "education", "c": "awareness", "d": "consideration", "e": "education", "f": "purchase",
        "g": "adoption", "h": "advocacy", "i": "adoption", "j": "awareness", "k": "purchase", "l": "unknown",
    }  # fmt: skip


def test_the_same_facts_as_attention_interest_desire_action(engine):
    labels = labels_of(sk.BuyerStage(model="aida").fit(FACTS), FACTS, engine)["segment"]
    six = labels_of(sk.BuyerStage().fit(FACTS), FACTS)["segment"]
    action = dict.fromkeys(("purchase", "adoption", "advocacy"), "action")
    of = {"awareness": "attention", "education": "interest", "consideration": "desire", "unknown": "unknown", **action}
    assert labels.to_dict() == six.map(of).to_dict()


def test_times_of_those_who_moved_on_by_hand(engine):
    times = sk.BuyerStage().fit(open_tables({"f": FACTS}, engine)["f"]).times_
    # from first aware to first anything later: a never; b 100, c 99, d and e 50, f 10, g, h and i 20; j on the same day
    assert times["awareness"] == {"reached": 10, "moved_on": 8, "median_days": 35.0, "stalled_after": 99.3}
    assert times["purchase"] == {"reached": 5, "moved_on": 3, "median_days": 30.0, "stalled_after": 30.0}
    assert times["advocacy"] == {"reached": 3, "moved_on": 0, "median_days": None, "stalled_after": None}


def test_stalled_is_longer_than_those_who_moved_on_took(engine):
    stage = sk.BuyerStage().fit(FACTS)
    stage.times_["education"]["stalled_after"] = 150.0
    stage.times_["purchase"]["stalled_after"] = 279.0
    labels = labels_of(stage, FACTS, engine)
    assert labels.loc[["b", "e", "f"], "stage_days"].tolist() == [100, 150, 280]
    assert labels.loc[["b", "e", "f"], "stalled"].tolist() == [False, False, True]  # 150 is not longer than 150
    assert not labels.loc["h", "stalled"]  # from the last stage nobody moves on
    assert pd.isna(labels.loc["l", "stage_days"])
    assert not labels.loc["l", "stalled"]


def test_carts_are_open_for_so_many_days_and_cleaned_up_by_an_order(engine):
    labels = labels_of(sk.BuyerStage(cart_days=30).fit(FACTS), FACTS, engine)
    assert labels.loc[["a", "d", "e", "f"], "cart"].tolist() == ["none", "open", "none", "ordered"]


def test_a_longer_window_keeps_older_interest():
    labels = labels_of(sk.BuyerStage(window_days=91).fit(FACTS), FACTS)["segment"]
    assert labels[["c", "e"]].tolist() == ["education", "consideration"]


def test_an_unknown_model_names_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'aida'"):
        sk.BuyerStage(model="aidaa").fit(FACTS)


@pytest.mark.parametrize("share", [0, 1])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ParameterProblem, match=r"between 0 and 1, such as 0\.9"):
        sk.BuyerStage(stalled_after=share).fit(FACTS)


def test_a_stay_is_never_as_long_as_what_it_is_longer_than():
    stage = sk.BuyerStage().fit(FACTS)
    times = {name: {**found, "stalled_after": 199.6} for name, found in stage.times_.items()}
    rule = sk.read_segmenter(json.dumps({**json.loads(stage.to_json()), "learned": {"times_": times}}))
    assert "there for 200 days, longer than 90 % of those who moved on (199 days)" in rule.segment(FACTS).why("c")
    assert "it is not known since when" in rule.segment(FACTS.assign(purchase_first_days=None)).why("k")
    assert rule.segment(FACTS.assign(purchase_first_days=1)).why("k") == "k is purchase: there for 1 day."


def test_why_names_the_days_and_the_cart():
    seg = sk.BuyerStage().fit(FACTS).segment(FACTS)
    assert seg.why("a") == "a is awareness: there for 50 days."
    assert seg.why("c") == "c is awareness: there for 200 days, longer than 90 % of those who moved on (99 days)."
    assert seg.why("f") == (
        "f is purchase: there for 280 days, longer than 90 % of those who moved on (30 days); an abandoned cart was "
        "ordered after all."
    )
    assert seg.why("d").endswith("; an abandoned cart is open.")
    assert seg.why("l") == "l is unknown: no visit and no order is known."
