"""A figure by name, with near misses named; a type's own figure by one decorator."""

import pandas as pd
import pytest

import segkit as sk
from segkit import plots
from segkit.errors import UnknownName

FACTS = pd.DataFrame(
    {"customer_id": list("abcd"), "orders_per_year": [1.0, 1.0, 4.0, 12.0], "revenue": [1.0, 2, 30, 400]}
)


@pytest.fixture
def seg():
    return sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS)


def define():
    """As a notebook's cell does, each time it is run."""

    @plots.figure("ladder", asks="How many stand on each step?", of="Usage")
    class Ladder:
        top: int = 9

        def twin(self, seg):
            return seg.sizes()[["segment", "customers"]].head(self.top)

        def paint(self, fig, twin):
            fig.subplots().bar(twin["segment"], twin["customers"])

        def alt(self, twin):
            return f"{len(twin)} steps."

    return Ladder


@pytest.fixture
def own_figure():
    yield define()
    del plots.FIGURES["ladder"]


def test_the_generic_figures_are_there_for_any_segmentation(seg):
    assert set(plots.questions(seg)) >= {"sizes", "profile", "facts", "grid", "trust"}
    assert "recovery" not in plots.questions(seg)


def test_without_a_question_the_segmenter_says_which(seg):
    assert type(seg.segmenter).figure == "grid"
    assert seg.plot().question == "grid"


def test_a_type_brings_its_own_figure_and_only_it_is_drawn_so(seg, own_figure):
    picture = seg.plot("ladder", top=2)
    assert picture.alt == "2 steps."
    assert picture.asks == "How many stand on each step?"

    class Other(sk.Segmenter):
        labels = ("all",)

    try:
        other = sk.Segmentation(Other(), FACTS, FACTS.assign(segment="all")[["customer_id", "segment"]])
        with pytest.raises(UnknownName, match="no figure 'ladder' of a Segmentation"):
            other.plot("ladder")
        assert other.plot().question == "sizes"
    finally:
        from segkit.segmenters import TYPES

        del TYPES["other"]


def test_two_figures_cannot_share_a_name(own_figure):
    with pytest.raises(ValueError, match="a figure 'ladder' already"):

        @plots.figure("ladder", asks="?")
        class Another:
            pass


def test_a_figure_may_be_defined_again(own_figure):
    assert define() is plots.FIGURES["ladder"] is not own_figure


@pytest.mark.parametrize(
    ("question", "how", "message"),
    [
        ("size", {}, "Did you mean 'sizes'"),
        ("pie", {}, "There are: 'facts', 'grid'"),
        ("grid", {"facts": "revenue"}, "no option 'facts'. Did you mean 'fact'"),
        ("grid", {"fact": "revenu"}, "Did you mean 'revenue'"),
        ("facts", {"fact": "revenu"}, "Did you mean 'revenue'"),
    ],
)
def test_a_near_miss_is_named(seg, question, how, message):
    with pytest.raises(UnknownName, match=message):
        seg.plot(question, **how)


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(UnknownName, match=r"No figure can be drawn of a DataFrame. Draw a segmentation: seg.plot()"):
        plots.draw(FACTS)
