"""The card as a whole: its one word, its lines, its edges, and that it names nobody."""

import json

import numpy as np
import pandas as pd
import pytest

import segkit as sk
import synthetic
from segkit.errors import DataProblem, UnknownName
from segkit.trust import TrustCard, trust_card
from segkit.trust.card import VERDICTS, line
from tests.engines import PROMISED, open_tables
from tests.trust.toy_types import _Clusters, _Quadrants, facts_of, labelled, one_cloud, planted

QUICK = {"pairs": 12}


@pytest.fixture(scope="module")
def population():
    return synthetic.outdoor_shop(customers=400, seed=7)


@pytest.fixture(scope="module")
def seg(population):
    return sk.segment(sk.Shop(population), sk.Usage())


@pytest.fixture(scope="module")
def card(seg):
    return seg.trust(**QUICK)


# The one word --------------------------------------------------------------------------------------------------


def test_planted_groups_are_natural():
    card = labelled(_Clusters(), planted()[0]).trust(**QUICK)
    assert card.label == "natural"
    assert "shuffling" in card.reason


def test_the_same_facts_shuffled_are_not():
    facts, _ = planted()
    rng = np.random.default_rng(1)
    mixed = facts.assign(x=rng.permutation(facts["x"]), y=rng.permutation(facts["y"]))
    assert labelled(_Clusters(), mixed).trust(**QUICK).label != "natural"


def test_a_cloud_of_facts_that_go_together_is_not_natural_though_shuffling_changes_it():
    card = labelled(_Clusters(groups=2), one_cloud()).trust(**QUICK)
    assert card.line("above shuffled").figure > 0.5
    assert card.label == "reproducible"
    assert "one cloud" in card.reason


def test_groups_that_do_not_come_back_are_constructed():
    noise = facts_of(np.random.default_rng(5).normal(size=(250, 2)))
    card = labelled(_Clusters(groups=4), noise).trust(**QUICK)
    assert card.label == "constructed"
    assert card.line("stability").verdict == "poor"


def test_learned_cuts_of_one_fact_are_at_best_reproducible():
    rng = np.random.default_rng(0)  # three crowds far apart on one fact: as clear as one fact can be
    points = np.column_stack([np.repeat([5.0, 50, 500], 100) * rng.uniform(0.9, 1.1, 300), np.zeros(300)])
    card = labelled(sk.Usage(by="x"), facts_of(points)).trust(**QUICK)
    assert card.label == "reproducible"
    assert card.line("stability").figure > 0.9
    assert card.line("above shuffled").figure == 0
    assert card.line("borders").figure > 0.9


@pytest.mark.parametrize("given", [sk.Usage(by="x", cuts=(1, 4)), _Quadrants()], ids=["one fact", "two facts"])
def test_given_cuts_are_constructed(given):
    card = labelled(given, planted()[0]).trust(**QUICK)
    assert card.label == "constructed"
    assert "given" in card.reason
    assert card.line("stability").figure is None


@pytest.mark.parametrize("by", [("orders", "mean_order_value"), ("discount_share", "returned_share")], ids="-".join)
def test_a_shop_without_structure_has_no_natural_groups(by):
    shop = sk.Shop(synthetic.no_structure(customers=700, seed=3))
    assert sk.segment(shop, _Clusters(by=by)).trust(**QUICK).label != "natural"


# Lines ---------------------------------------------------------------------------------------------------------


def test_every_line_is_complete(card):
    assert len(card.lines) >= 15
    for one in card.lines:
        assert one.verdict in VERDICTS
        assert one.source
        assert one.sentence.endswith(".")
        assert (one.verdict == "no verdict") == (one.figure is None or not one.threshold)


def test_sizes_are_those_of_the_segmentation(card, seg):
    assert card.customers == seg.sizes()["customers"].sum()
    customers = seg.sizes()["customers"]
    assert card.line("size").figure == customers.min() / customers.sum(), "not rounded before it is written"
    shown = card._repr_html_()
    assert f"<td>{100 * customers.min() / customers.sum():.1f} %</td>" in shown, "the table as the line"
    assert card.line("smallest cell").figure == seg.sizes()["customers"].min()
    assert card.segments["customers"].tolist() == seg.sizes()["customers"].tolist()


def test_reachable_share_by_hand():
    orders = pd.DataFrame(
        {"order_id": list("1234"), "customer_id": list("abcd"), "ordered_at": pd.to_datetime(["2026-03-01"] * 4)}
    )
    consents = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b", "c", "c", "gone"],
            "purpose": ["email", "ads", "email", "email", "ads", "email"],
            "granted": [True, True, False, None, True, True],
        }
    )
    seg = sk.segment(sk.Shop({"orders": orders, "consents": consents}), sk.Usage(by="orders", cuts=(2, 3)))
    line = trust_card(seg, **QUICK).line("reachable")
    assert line.figure == 2 / 4  # a and c; b said no, d was never asked
    assert "ads 50 %, email 25 %" in line.sentence


def test_who_took_a_yes_back_is_not_reachable():
    orders = pd.DataFrame(
        {"order_id": list("1234"), "customer_id": list("abcd"), "ordered_at": pd.to_datetime(["2026-03-01"] * 4)}
    )
    consents = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b", "b", "c"],
            "purpose": ["email", "email", "email", "email", "email"],
            "granted": [True, False, False, True, True],
            "changed_at": pd.to_datetime(["2026-01-01", "2026-02-01"] * 2 + ["2026-01-01"]),
        }
    )
    customers = pd.DataFrame({"customer_id": list("abcd"), "email": [f"{who}@example.com" for who in "abcd"]})
    shop = sk.Shop({"orders": orders, "consents": consents, "customers": customers})
    seg = sk.segment(shop, sk.Usage(by="orders", cuts=(2, 3)))
    assert trust_card(seg, **QUICK).line("reachable").figure == 2 / 4  # b and c; a took it back, d was never asked
    assert seg.audience("light", "email").customers["customer_id"].tolist() == ["b", "c"], "the card as the audience"


def test_without_consents_nobody_is_called_reachable():
    line = labelled(_Clusters(), planted()[0]).trust(**QUICK).line("reachable")
    assert line.figure is None
    assert "no consents" in line.sentence


def test_a_description_that_gives_the_group_away_is_seen():
    orders = pd.DataFrame(
        {"order_id": [str(n) for n in range(150)], "customer_id": [f"c{n % 100}" for n in range(150)]}
    )
    orders["ordered_at"] = pd.Timestamp("2026-03-01")
    who = [f"c{n}" for n in range(100)]
    customers = pd.DataFrame(
        {"customer_id": who, "country": ["NL" if n < 50 else "BE" for n in range(100)], "email": who}
    )
    seg = sk.segment(sk.Shop({"orders": orders, "customers": customers}), sk.Usage(by="orders", cuts=(2, 3)))
    assert trust_card(seg, **QUICK).line("identifiable").figure == 1


def test_a_hole_in_the_rule_is_seen(seg):
    doubled = pd.concat([seg.labels.iloc[2:], seg.labels.iloc[5:6]])  # two customers lost, one doubled
    card = trust_card(sk.Segmentation(seg.segmenter, seg.facts, doubled, seg.shop), **QUICK)
    customers = len(seg.facts)
    assert card.line("coverage").figure == pytest.approx((customers - 3) / customers)
    assert "3 have no label" in card.line("coverage").sentence


@pytest.mark.parametrize(
    ("figure", "wanted", "verdict"),
    [
        (0.8, ("at least", 0.8, 0.6), "good"),
        (0.79, ("at least", 0.8, 0.6), "fair"),
        (0.59, ("at least", 0.8, 0.6), "poor"),
        (0.1, ("at most", 0.1, 0.2), "good"),
        (0.2, ("at most", 0.1, 0.2), "fair"),
        (0.21, ("at most", 0.1, 0.2), "poor"),
        (float("nan"), ("at most", 0.1, 0.2), "no verdict"),
        (0.5, None, "no verdict"),
    ],
)
def test_a_figure_on_its_threshold_reaches_it(figure, wanted, verdict):
    assert line("x", figure, "index", "", "", wanted=wanted).verdict == verdict


def test_an_unknown_line_names_the_nearest(card):
    with pytest.raises(UnknownName, match="Did you mean 'stability'"):
        card.line("stabillity")


# Edges ---------------------------------------------------------------------------------------------------------


def test_two_customers():
    card = labelled(_Clusters(groups=2), facts_of(np.array([[0.0, 0.0], [5.0, 5.0]]))).trust(**QUICK)
    assert card.label in ("reproducible", "constructed")
    assert card.line("smallest cell").verdict == "poor"


def test_two_customers_that_no_sample_can_be_learned_from():
    card = labelled(sk.Usage(by="x", cuts=None), facts_of(np.array([[0.0, 0], [5, 5], [50, 1]]))).trust(pairs=2, seed=1)
    assert isinstance(repr(card), str)


def test_one_segment_empty():
    card = labelled(sk.Usage(by="x", cuts=(5, 500)), facts_of(np.arange(40.0).reshape(20, 2))).trust(**QUICK)
    assert card.line("size").figure == 0
    assert card.line("size").sentence == "Nobody is in heavy."
    assert card.line("smallest cell").figure == 3  # 0, 2 and 4 are below 5


def test_everybody_in_one_segment():
    card = labelled(sk.Usage(by="x", cuts=(500, 600)), facts_of(np.arange(40.0).reshape(20, 2))).trust(**QUICK)
    assert card.label == "constructed"
    assert "nobody is told apart" in card.reason


def test_everybody_unknown():
    fitted = sk.Usage(by="x").fit(planted()[0].assign(x=lambda f: f["x"] + 9))
    nothing = facts_of(np.full((5, 2), np.nan))
    card = fitted.segment(nothing).trust(**QUICK)
    assert card.label == "constructed"
    assert card.line("coverage").figure == 0
    assert card.line("coverage").sentence == "5 customers are unknown, because a fact is missing."
    json.dumps(card.to_dict(), allow_nan=False)


def test_those_without_a_label_are_counted_and_left_out():
    facts, _ = planted(200)
    facts.loc[:19, "x"] = None
    card = labelled(_Clusters(), facts).trust(**QUICK)
    assert card.line("coverage").figure == 0.9
    assert any("20 customers without a label" in note for note in card.notes)
    assert card.label == "natural"


@pytest.mark.parametrize("bad", [{"pairs": 0}, {"pairs": 2.5}, {"at_most": 1}, {"pairs": True}])
def test_a_number_that_cannot_be_used_is_refused(seg, bad):
    with pytest.raises(DataProblem, match="Pass a whole number"):
        trust_card(seg, **bad)


# Outside -------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_card(seg, card):
    again = seg.trust(**QUICK)
    assert repr(again) == repr(card)
    assert again._repr_html_() == card._repr_html_()
    assert again.to_dict() == card.to_dict()
    assert seg.trust(**QUICK, seed=1).to_dict() != card.to_dict()


def test_nobody_is_named(card, population):
    written = repr(card) + card._repr_html_() + json.dumps(card.to_dict(), allow_nan=False)
    customers = population.tables["customers"]
    for column in ("customer_id", "phone", "email"):
        assert not [value for value in customers[column].dropna() if str(value) in written]


def test_it_reads_as_text_as_a_frame_and_as_html(card):
    assert isinstance(card, TrustCard)
    assert repr(card).startswith(f"Trust card: usage, {card.customers:,} customers\n{card.label.upper()}.")
    frame = card.to_frame()
    assert frame.loc["stability", "figure"] == card.line("stability").figure
    html = card._repr_html_()
    assert html.count("<tr>") >= len(card.lines)
    assert all(one.name in html for one in card.lines)
    assert max(map(len, repr(card).splitlines())) <= 110


def test_more_customers_than_are_collected_make_a_sample_and_the_card_says_so(seg):
    card = seg.trust(**QUICK, at_most=150)
    assert card.customers == len(seg.facts)
    assert any(f"sample of 150 of {len(seg.facts)} customers" in note for note in card.notes)
    assert card.line("smallest cell").figure == seg.sizes()["customers"].min()
    assert card.line("one order").figure is not None


ENGINES = [pytest.param(name, marks=pytest.mark.spark) if name == "pyspark" else name for name in PROMISED]


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


@pytest.mark.parametrize("at_most", [20_000, 150], ids=["all", "sample"])
def test_every_engine_gives_the_same_card(population, engine, at_most):
    def made(tables):
        return sk.segment(sk.Shop(tables, population.as_of), sk.Usage()).trust(pairs=4, at_most=at_most)

    assert made(open_tables(population.tables, engine)).to_dict() == made(population.tables).to_dict()
