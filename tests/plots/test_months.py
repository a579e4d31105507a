"""Months of the year by segment: every number by hand, and the text says what the picture says."""

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import DataProblem
from tests.engines import PROMISED, open_tables

ORDERS = pd.DataFrame(
    {
        "order_id": list("123456"),
        "customer_id": ["a", "a", "a", "b", "b", "c"],
        "ordered_at": pd.to_datetime(
            ["2025-01-01", "2025-01-31", "2026-02-01", "2025-12-31", "2026-01-02", "2026-03-03"]
        ).astype("datetime64[us]"),
    }
)
FACTS = pd.DataFrame({"customer_id": list("abc"), "orders_per_year": [9.0, 1.0, 1.0]})


def picture(engine="pandas"):
    opened = open_tables({"orders": ORDERS, "facts": FACTS}, engine)
    rule = sk.Usage(cuts=(2, 6)).fit(opened["facts"])
    return rule.segment(opened["facts"], sk.Shop({"orders": opened["orders"]})).plot("months")


@pytest.mark.parametrize("engine", PROMISED)
def test_per_cent_of_the_segments_orders_by_month(engine):
    twin = picture(engine).twin.set_index("segment")
    assert list(twin.index) == ["light", "heavy", "everybody"]  # nobody is medium
    assert twin.loc["heavy", ["Jan", "Feb", "Mar", "Dec"]].tolist() == [67, 33, 0, 0]
    assert twin.loc["light", ["Jan", "Feb", "Mar", "Dec"]].tolist() == [33, 0, 33, 33]
    assert twin.loc["everybody", ["Jan", "Feb", "Mar", "Dec"]].tolist() == [50, 17, 17, 17]
    assert twin.columns.tolist()[3:11] == ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]


def test_picture_and_text_say_the_same():
    shown = picture()
    texts = [text.get_text() for text in shown.figure.axes[0].texts]
    assert texts == shown.twin.drop(columns="segment").astype(str).to_numpy().ravel().tolist()
    assert "heavy Jan (67 %)" in shown.alt
    assert shown.twin.to_string(index=False) in repr(shown)


def test_without_a_shop_it_says_what_to_pass():
    with pytest.raises(DataProblem, match=r"rule\.segment\(facts, shop\)"):
        sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS).plot("months")


def test_it_is_how_an_occasion_is_drawn():
    assert sk.Occasion.figure == "months"
