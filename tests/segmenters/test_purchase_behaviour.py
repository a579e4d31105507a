"""Styles: the scale, edges, ties, doubt, on every engine, and written down."""

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import DataProblem, ParameterProblem
from segkit.segmenters.purchase_behaviour import COUNTED_OVER, SIGNS
from tests.engines import labels_of, open_tables

BARE = dict.fromkeys(COUNTED_OVER, 0.0)


def row(customer, counts=100, **signs):
    counted = dict.fromkeys(("orders", "lines", "visits", "views"), counts)
    words = {"usual_role": "self", "usual_obstacle": None, "usual_offer": "bundle"}
    return {"customer_id": customer, **counted, **BARE, **words, **signs}


FACTS = pd.DataFrame(
    [
        row("a", discounted_share=0.5),
        row("b", discounted_share=0.499999),
        row("c", views_per_visit=3.0, lookups_per_order=3.0, reviews_per_view=0.0),
        row("d", bestseller_share=1.0, referral_share=1.0, reviews_per_view=0.5),
        row("e", views_per_visit=1.5, discounted_share=0.5),  # two styles, equally strong
        row("f", counts=0, **dict.fromkeys(COUNTED_OVER)),
        row("g", counts=0, discounted_share=None, views_per_visit=1.5, visits=100, reviews_per_view=None),
        row("h"),
    ]
)


def fitted(stand_out=0.5, steady=1e-9, **scale):
    """A shop whose median is 0 and whose top tenth is 1 in everything, so that evidence is a mean of signs."""
    style = sk.PurchaseBehaviour(stand_out=stand_out, steady=steady)
    style.fit(FACTS)
    style.scale_ = scale or {sign: {"average": 0.0, "median": 0.0, "top_tenth": 1.0} for sign in COUNTED_OVER}
    return style


def test_the_style_that_stands_out_most(engine):
    labels = labels_of(fitted(), FACTS, engine)
    assert labels["segment"].to_dict() == {
        "a": "sale_waiter", "b": "habitual", "c": "researcher", "d": "social_proof", "e": "researcher", "f": "unknown",
        "g": "researcher", "h": "habitual",
    }  # fmt: skip
    evidence = {"a": 0.5, "c": 2.0, "d": 2.5 / 3, "e": 0.5, "g": 0.5, "h": 0.0}
    assert labels.loc[list(evidence), "evidence"].tolist() == pytest.approx(list(evidence.values()), abs=1e-6)
    assert pd.isna(labels.loc["f", "evidence"])


def test_words_come_along_and_none_is_unknown(engine):
    labels = labels_of(fitted(), FACTS, engine)
    assert labels.loc["a", ["buying_role", "obstacle", "incentive"]].tolist() == ["self", "unknown", "bundle"]


def test_the_scale_runs_from_the_median_to_the_top_tenth(engine):
    facts = pd.DataFrame([row(f"c{n:02d}", discounted_share=n / 10, visits=10 * n) for n in range(11)])
    facts["views_per_visit"] = 2.0
    style = sk.PurchaseBehaviour(steady=1e-9).fit(open_tables({"f": facts}, engine)["f"])  # the other signs are flat
    assert style.scale_ == {"discounted_share": {"average": 0.5, "median": 0.5, "top_tenth": 0.9}}
    labels = labels_of(style, facts, engine)
    assert labels.loc[["c05", "c09"], "evidence"].tolist() == pytest.approx([0, 1], abs=1e-6)
    assert set(labels["segment"]) == {"habitual", "sale_waiter"}


def test_the_average_counts_counts_not_customers():
    rows = [row("a", lines=30, discounted_share=1.0), row("b", lines=10), row("c", lines=0, discounted_share=None)]
    facts = pd.DataFrame(rows)
    assert sk.PurchaseBehaviour().fit(facts).scale_["discounted_share"]["average"] == 0.75


def test_doubt_keeps_few_counts_from_deciding(engine):
    facts = pd.DataFrame([row("few", counts=1, discounted_share=1.0), row("many", counts=9, discounted_share=1.0)])
    style = fitted(steady=1.0, discounted_share={"average": 0.0, "median": 0.0, "top_tenth": 1.0})
    assert labels_of(style, facts, engine)["evidence"].tolist() == pytest.approx([0.5, 0.9])


def test_a_style_without_signs_is_nobodys():
    style = fitted(discounted_share={"average": 0.0, "median": 0.0, "top_tenth": 1.0})
    assert set(labels_of(style, FACTS)["segment"]) == {"sale_waiter", "habitual", "unknown"}


def test_every_sign_is_known():
    assert {sign for signs in SIGNS.values() for sign in signs} == set(COUNTED_OVER)


def test_customers_all_alike_are_refused():
    with pytest.raises(DataProblem, match="nothing tells them apart"):
        sk.PurchaseBehaviour().fit(pd.DataFrame([row("a"), row("b")]))


@pytest.mark.parametrize("how", [{"stand_out": 0}, {"steady": 0}])
def test_parameters_that_make_no_rule_are_refused(how):
    with pytest.raises(ParameterProblem, match="must be a number above 0, such as"):
        sk.PurchaseBehaviour(**how).fit(FACTS)


def test_why_names_the_signs():
    seg = fitted().segment(FACTS)
    scale = "where 0 is the shop's median and 1 its top tenth"
    assert seg.why("a") == f"a is sale_waiter: discounted share 0.5; evidence 0.50 {scale}."
    assert seg.why("g") == f"g is researcher: views per visit 1.5, lookups per order 0; evidence 0.50 {scale}."
    assert seg.why("h") == f"h is habitual: no style stands out; the strongest has evidence 0.00 {scale}."
    assert seg.why("f") == "f is unknown: no line, no visit and no view is known."
