"""Styles by their signs, and offers by their lift: by hand, drawn as the twin says, on every engine."""

import pandas as pd
import pytest

import segkit as sk
from segkit import plots
from segkit.errors import DataProblem
from segkit.segmenters.purchase_behaviour import COUNTED_OVER
from tests.engines import PROMISED, open_tables
from tests.measures.test_incentives import tables
from tests.segmenters.test_purchase_behaviour import FACTS, fitted


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("engine", PROMISED)
def test_it_takes_the_mean_of_each_sign_per_style(engine):
    twin = fitted().segment(open_tables({"f": FACTS}, engine)["f"]).plot().twin.set_index("segment")
    assert twin["customers"].tolist() == [3, 1, 1, 2, 1]  # the last: nothing is known of them
    assert twin.loc["researcher", ["views_per_visit", "discounted_share"]].tolist() == [2.0, 0.17]  # of c, e and g
    assert twin.loc["social_proof", ["bestseller_share", "reviews_per_view"]].tolist() == [1.0, 0.5]
    assert twin.loc["sale_waiter", "discounted_share"] == 0.5


def test_it_draws_its_twin_and_frames_the_signs_of_each_style():
    shown = fitted().segment(FACTS).plot()
    (ax,) = shown.figure.axes
    assert texts(ax)[:6] == [f"{value:+.2f}" for value in shown.twin.iloc[0, 2:]]
    frames = {(round(box.get_x() + 0.46), round(box.get_y() + 0.44)) for box in ax.patches}
    signs = list(COUNTED_OVER)
    assert (signs.index("discounted_share"), 1) in frames
    assert len(frames) == 3 + 1 + 3 + 0
    assert "sale_waiter (1 customers): discounted share +0.50" in shown.alt


def test_a_sign_that_is_the_same_for_everybody_is_not_shown():
    style = fitted(discounted_share={"average": 0.0, "median": 0.0, "top_tenth": 1.0})
    twin = style.segment(FACTS).plot("styles").twin
    assert list(twin) == ["segment", "customers", "discounted_share"]
    assert twin.attrs["own"] == {"sale_waiter": ["discounted_share"]}
    assert twin.set_index("segment").loc["researcher"].isna().sum() == 1  # nobody is one


def lifts(low, high):
    shop = sk.Shop(tables(), as_of="2026-06-12")
    shown = fitted().segment(FACTS, shop).plot("offers")
    twin = shown.twin.assign(low=low, high=high)
    twin.attrs = shown.twin.attrs
    fig = plots.picture.Figure()
    plots.FIGURES["offers"]().paint(fig, twin)
    return shown, [line for line in fig.axes[0].lines if line.get_marker() == "o"]


def test_offers_are_drawn_with_their_interval_and_a_full_mark_where_it_is_off_one():
    shown, marks = lifts([1.01, 1.0], [3.0, 1.2])
    assert shown.twin["lift"].tolist() == [2.0, 1.0]
    assert [mark.get_xdata()[0] for mark in marks] == [2.0, 1.0]
    assert [mark.get_fillstyle() for mark in marks] == ["full", "none"]
    assert "not sent to" in shown.figure.axes[0].get_xlabel()
    assert f"bundle 2.00 ({shown.twin['low'][0]:.2f} to {shown.twin['high'][0]:.2f})" in shown.alt
    _, below = lifts([0.2, 0.5], [0.99, 1.0])
    assert [mark.get_fillstyle() for mark in below] == ["full", "none"]


def test_an_offer_without_a_single_order_on_a_side_is_not_known():
    given = tables()
    given["events"] = given["events"][given["events"]["session_id"] != "s6"]
    shown = fitted().segment(FACTS, sk.Shop(given, as_of="2026-06-12")).plot("offers")
    assert "bundle not known" in shown.alt
    assert "not known" in texts(shown.figure.axes[0])
    assert len(shown.png) > 1000


def test_offers_need_the_shop():
    with pytest.raises(DataProblem, match="does not know its shop"):
        fitted().segment(FACTS).plot("offers")
    assert "offers" not in plots.questions(pd.DataFrame())
