"""The figure of benefits: its multiples, who is sure, and that the picture says what the twin says."""

import numpy as np
import pandas as pd
import pytest

import segkit as sk
from segkit import _portable as p
from tests.engines import PROMISED, open_tables

FACTS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d", "e"],
        "pieces": [4, 1, 2, 6, None],
        "comfort_bought": [0.0, 0.0, 2.0, 0.0, None],
        "comfort_expected": [1.0, 0.0, 1.0, 3.0, None],
        "grip_bought": [3.0, 1.0, 1.0, 6.0, None],
        "grip_expected": [1.0, 0.5, 1.0, 1.0, None],
        "style_bought": [1.0, 0.0, 0.0, 0.0, None],
        "style_expected": [2.0, 0.5, 0.0, 0.0, None],
    }
)


def segmented(engine="pandas", facts=FACTS):
    return sk.BenefitsSought().fit(facts).segment(open_tables({"f": facts}, engine)["f"])


@pytest.mark.parametrize("engine", PROMISED)
def test_multiples_and_the_sure_by_hand(engine):
    twin = segmented(engine).plot().twin.set_index("segment")
    # grip: a (2/(2/3) = 3, sure), b (4/3, unsure), d (3.5, sure); bought 10 where 2.5 were expected
    assert twin.loc["grip"].tolist() == [3, 2, 66.7, 0.0, 4.0, 0.4]
    # comfort: c alone, 1.5 against 1: sure begins there, and holds it; nothing of style was on its shelves
    assert twin.loc["comfort", ["customers", "sure", "% sure", "comfort", "grip"]].tolist() == [1, 1, 100.0, 2.0, 1.0]
    assert np.isnan(twin.loc["comfort", "style"])
    assert twin.loc["style", ["customers", "sure"]].tolist() == [0, 0]
    assert twin.loc["unknown", ["customers", "sure"]].tolist() == [1, 0]


def test_sure_begins_where_the_segmenter_says():
    seg = segmented()
    below = sk.BenefitsSought(sure_from=1.3).fit(FACTS).segment(FACTS)
    assert seg.plot().twin["sure"].sum() == 3
    assert below.plot().twin["sure"].sum() == 4
    assert "a confidence of 1.3 or more" in below.plot().alt


def test_the_picture_draws_its_twin():
    picture = segmented().plot()
    table, bars = picture.figure.axes
    twin = picture.twin.set_index("segment")
    assert [t.get_text() for t in table.texts][:6] == ["×2", "×1", "–", "×0", "×4", "×0.4"]
    shades = np.exp(np.asarray(table.images[0].get_array(), dtype=float))
    assert shades[1].tolist() == pytest.approx([1 / 3, 3, 0.4]), "colours end at three times, and at a third"
    sure, unsure = ([bar.get_width() for bar in one] for one in bars.containers)
    assert sure == twin["sure"].tolist()
    assert unsure == (twin["customers"] - twin["sure"]).tolist()
    assert len({one[0].get_hatch() for one in bars.containers}) == 2
    assert table.get_ylim() == bars.get_ylim(), "a bar beside its row"
    assert "grip: 3 customers, 66.7 % sure, grip ×4, style ×0.4" in picture.alt
    assert len(picture.png) > 1000


def test_it_is_the_usual_figure_of_this_type_and_of_no_other():
    assert segmented().plot().question == "benefits"
    facts = pd.DataFrame({"customer_id": list("abc"), "orders_per_year": [1.0, 3.0, 9.0]})
    seg = sk.Usage().fit(facts).segment(facts)
    assert "benefits" not in sk.plots.questions(seg)


def test_labels_of_an_earlier_day_can_be_drawn_over_later_purchases():
    """So a lesson shows that a choice lasts: labels from before, pieces from after."""
    seg = segmented()
    later = FACTS.iloc[:1].assign(grip_bought=[0.0], comfort_bought=[2.0])
    picture = sk.Segmentation(seg.segmenter, later, seg.labels).plot()
    assert picture.twin.set_index("segment").loc["grip", ["customers", "comfort", "grip"]].tolist() == [1, 2.0, 0.0]
    assert p.columns(p.lazy(later)) == list(FACTS.columns)
