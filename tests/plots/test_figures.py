"""Each generic figure: what its twin says, that the picture says the same, and that the text says it too."""

import re

import numpy as np
import pandas as pd
import pytest

import segkit as sk
from segkit import plots
from segkit.errors import DataProblem, UnknownName
from segkit.trust import Recovery, TrustCard
from segkit.trust.card import line
from tests.engines import PROMISED, open_tables

FACTS = pd.DataFrame(
    {
        "customer_id": list("abcdefgh"),
        "orders": [1, 1, 1, 2, 3, 4, 9, 12],
        "orders_per_year": [0.5, 1.0, 1.0, 2.0, 3.5, 4.0, 9.0, 12.0],
        "revenue": [5.0, 900.0, 10.0, 20.0, 25.0, 40.0, 500.0, 500.0],
        "returned_share": [0.0] * 8,
    }
)


@pytest.fixture
def seg():
    return sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS)


@pytest.fixture
def card():
    return TrustCard(
        by="usage",
        customers=100,
        label="reproducible",
        reason="They come back.",
        lines=(
            line("stability", 0.91, "index", "", "", wanted=("at least", 0.80, 0.65)),
            line("stability, shuffled", 0.40, "index", "", ""),
            line("above shuffled", None, "index", "", "", wanted=("at least", 0.50, 0.20)),
            line("borders", 0.07, "share", "", "", wanted=("at least", 0.50, 0.25)),
        ),
        segments=pd.DataFrame(
            {"segment": ["light", "heavy", "unknown"], "customers": [60, 35, 5], "overlap": [0.95, 0.7, np.nan]}
        ),
        notes=(),
    )


@pytest.fixture
def recovery():
    confusion = pd.DataFrame({"light": [60, 6], "heavy": [0, 34]}, index=["light", "heavy"])
    return Recovery("usage", "usage", 100, 0.925, 0.77, 0.98, 0.5, {}, confusion, 0, 0, ())


def texts(ax):
    return [text.get_text() for text in ax.texts]


# sizes ------------------------------------------------------------------------------------------------------------


def test_sizes_draws_the_shares_of_its_twin(seg):
    picture = seg.plot("sizes")
    ax = picture.figure.axes[0]
    customers, revenue = ([bar.get_width() for bar in bars] for bars in ax.containers)
    assert customers == picture.twin["% of customers"].tolist() == [37.5, 37.5, 25.0]
    assert revenue == picture.twin["% of revenue"].tolist() == [45.8, 4.2, 50.0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["light", "medium", "heavy"]
    assert texts(ax) == ["37.5 %", "37.5 %", "25.0 %", "45.8 %", "4.2 %", "50.0 %"]
    assert "light 37.5 % of customers and 45.8 % of revenue" in picture.alt


def test_sizes_without_revenue_draws_customers_alone():
    facts = FACTS.drop(columns="revenue")
    picture = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts).plot("sizes")
    assert list(picture.twin) == ["segment", "customers", "% of customers"]
    assert len(picture.figure.axes[0].containers) == 1
    assert picture.asks == "How many customers has each segment?"
    assert picture.alt == "Share of customers: light 37.5 %, medium 37.5 %, heavy 25.0 %."


def test_bars_are_told_apart_without_their_colour(seg):
    for question in ("sizes", "facts"):
        bars = seg.plot(question).figure.axes[0].containers
        assert len({group[0].get_hatch() for group in bars}) == len(bars)


# profile ----------------------------------------------------------------------------------------------------------


def test_profile_writes_every_multiple_of_everybody_into_its_cell(seg):
    picture = seg.plot("profile")
    ax = picture.figure.axes[0]
    twin = picture.twin.set_index("fact")
    assert twin.loc["orders"].round(2).tolist() == [0.24, 0.73, 2.55, 4.12]
    assert texts(ax)[:3] == ["×0.24", "×0.73", "×2.55"]
    drawn = np.asarray(ax.images[0].get_array())
    assert np.exp(drawn[0]).tolist() == pytest.approx([0.25, 0.73, 2.55])  # a quarter is where the colours end
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "orders", "orders per year", "revenue", "returned share",
    ]  # fmt: skip
    assert "heavy has 2.55 times the orders" in picture.alt or "times the orders per year" in picture.alt


def test_profile_of_a_fact_that_is_nothing_for_everybody_shows_a_dash(seg):
    picture = seg.plot("profile", facts=("returned_share",))
    assert picture.twin["light"].isna().all()
    assert texts(picture.figure.axes[0])[:3] == ["–", "–", "–"]


def test_profile_takes_facts_in_the_order_asked_and_refuses_another(seg):
    assert seg.plot("profile", facts=("revenue", "orders")).twin["fact"].tolist() == ["revenue", "orders"]
    with pytest.raises(UnknownName, match="Did you mean 'revenue'"):
        seg.plot("profile", facts=("revenu",))


def test_of_many_facts_profile_shows_those_furthest_from_everybody():
    facts = FACTS.assign(**{f"same_{i}": 1.0 for i in range(20)})
    picture = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts).plot("profile")
    assert len(picture.twin) == 15
    assert picture.twin["fact"].tolist()[:4] == ["orders", "orders_per_year", "revenue", "same_0"]
    assert "15 of 24 facts" in picture.alt
    assert "9 more facts differ less" in picture.figure.axes[0].get_xlabel()


# facts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", PROMISED)
def test_facts_counts_every_customer_once_on_every_engine(engine):
    seg = sk.Usage(cuts=(2, 6)).fit(FACTS).segment(open_tables({"f": FACTS}, engine)["f"])
    twin = seg.plot("facts").twin
    assert twin[["light", "medium", "heavy"]].sum().tolist() == [3, 3, 2]
    assert twin.iloc[:3, :3].values.tolist() == [["0 to under 1", 1, 0], ["1 to under 2", 2, 0], ["2 to under 3", 0, 1]]


def test_facts_draws_its_twin_and_the_cut_points(seg):
    picture = seg.plot("facts")
    ax = picture.figure.axes[0]
    for bars, name in zip(ax.containers, ["light", "medium", "heavy"], strict=True):
        assert [bar.get_height() for bar in bars] == picture.twin[name].tolist()
    assert [line.get_xdata()[0] for line in ax.lines] == [2.0, 6.0]
    assert texts(ax) == [" medium from 2", " heavy from 6", "10 or more"]
    assert "medium begins at 2; heavy begins at 6" in picture.alt


def test_facts_names_whole_numbers_as_such_and_has_no_cuts_for_another_fact(seg):
    picture = seg.plot("facts", fact="orders")
    assert picture.twin["orders"].tolist()[:3] == ["1", "2", "3"]
    assert picture.twin["orders"].iloc[-1].endswith("or more")
    assert not picture.figure.axes[0].lines
    assert "begins" not in picture.alt
    assert picture.asks == "How are customers spread over orders?"


def test_a_value_on_an_edge_stands_above_it():
    facts = pd.DataFrame({"customer_id": list("abc"), "orders_per_year": [0.999, 1.0, 16.0]})
    twin = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts).plot("facts").twin
    assert twin.loc[0, "light"] == 1
    assert twin.loc[1, "light"] == 1


@pytest.mark.parametrize(
    "values", [[3.0, 3.0, 3.0], [-5.0, 0.0, 5.0], [0.001, 0.002, 0.004], [1e6, 2e6, 9e6], [0, 0, 0]]
)
def test_facts_holds_everybody_whatever_the_scale(values):
    facts = pd.DataFrame({"customer_id": list("abc"), "orders_per_year": [1.0, 3.0, 9.0], "x": values})
    picture = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts).plot("facts", fact="x")
    assert picture.twin.iloc[:, 1:].sum().sum() == 3
    assert len(picture.twin) <= 20
    assert len(picture.png) > 1000


def test_facts_that_hold_no_number_cannot_be_spread():
    class Wordy(sk.Usage):
        pass

    facts = pd.DataFrame({"customer_id": list("ab"), "city": ["x", "y"]})
    seg = sk.Segmentation(sk.Usage(cuts=(2, 6)), facts, facts.assign(segment="light")[["customer_id", "segment"]])
    with pytest.raises(DataProblem, match="no number"):
        seg.plot("facts")


# grid -------------------------------------------------------------------------------------------------------------


def test_grid_writes_customers_and_their_share_of_the_segment(seg):
    picture = seg.plot("grid")
    assert picture.twin.columns[0] == "segment"
    assert picture.twin.iloc[:, 1:].to_numpy().sum() == 8
    shown = texts(picture.figure.axes[0])
    counts = picture.twin.iloc[:, 1:].to_numpy()
    written = [f"{n}\n{100 * n / row.sum():.1f} %" for row in counts for n in row]
    assert shown == written
    for n in counts.ravel():
        assert re.search(rf"\b{n} (low|middle|high)", picture.alt)
    assert "revenue" in picture.asks


def test_grid_of_another_fact_says_so(seg):
    picture = seg.plot("grid", fact="orders")
    assert picture.asks == "How are low, middle and high orders spread over the segments?"
    assert "orders of a customer" in picture.figure.axes[0].get_xlabel()


def test_without_revenue_the_grid_takes_a_number_the_rule_does_not_read():
    facts = FACTS[["customer_id", "orders_per_year", "orders"]]
    picture = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts).plot()
    assert "low, middle and high orders spread" in picture.asks
    facts = FACTS[["customer_id", "orders_per_year"]]
    with pytest.raises(DataProblem, match="no second number"):
        sk.Usage(cuts=(2, 6)).fit(facts).segment(facts).plot()


# recovery and trust -----------------------------------------------------------------------------------------------


def test_recovery_writes_every_pair_with_its_share_of_the_planted_group(recovery):
    picture = plots.draw(recovery)
    assert picture.question == "recovery"
    assert picture.twin.iloc[:, 1:].to_numpy().tolist() == [[60, 0], [6, 34]]
    assert texts(picture.figure.axes[0]) == ["60\n100.0 %", "0\n0.0 %", "6\n15.0 %", "34\n85.0 %"]
    assert "planted heavy: 6 found light (15.0 %), 34 found heavy (85.0 %)" in picture.alt


def test_trust_draws_figures_thresholds_and_verdicts(card):
    picture = plots.draw(card)
    twin = picture.twin.set_index("what")
    assert twin["verdict"].tolist() == ["good", "no verdict", "no verdict", "poor", "good", "fair"]
    ax = picture.figure.axes[0]
    wanted, dots = (
        {line.get_ydata()[0]: line.get_xdata()[0] for line in ax.lines if (line.get_marker() == "|") is is_wanted}
        for is_wanted in (True, False)
    )
    assert dots == {0: 0.91, 1: 0.40, 3: 0.07, 4: 0.95, 5: 0.70}
    assert wanted == {0: 0.80, 2: 0.50, 3: 0.50, 4: 0.75, 5: 0.75}
    assert twin["wanted"].dropna().tolist() == list(wanted.values())
    assert "0.91  good" in texts(ax)
    assert "not known" in texts(ax)
    assert "0.91 (good)" in picture.alt
    assert "The groups are reproducible." in picture.alt


def test_verdicts_have_marks_of_their_own(card):
    ax = plots.draw(card).figure.axes[0]
    assert len({line.get_marker() for line in ax.lines}) == 5


def test_a_segmentation_is_asked_for_its_card(seg):
    twin = seg.plot("trust").twin
    assert twin["figure"].isna().all()  # given cuts learn nothing
    assert twin.attrs["label"] == "constructed"
