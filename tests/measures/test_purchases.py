"""Purchases, worked out by hand and on every promised engine."""

import pandas as pd
import pytest

import segkit as sk
from segkit import _portable as p
from segkit.errors import MissingTable, UnknownName
from tests import toy
from tests.engines import open_tables

AS_OF = "2026-03-01"


def facts_of(tables, as_of=AS_OF, measure=sk.measures.purchases):
    frame = p.small(p.lazy(measure(sk.Shop(tables, as_of=as_of))))
    return frame.sort_values("customer_id").reset_index(drop=True)


def row(facts, customer):
    return facts.set_index("customer_id").loc[customer]


def test_orders_days_and_dates(engine):
    facts = facts_of(open_tables(toy.tables(), engine))
    assert facts["customer_id"].tolist() == ["ann", "bob", "cyd", "dee"]  # the order nobody signed for is nobody's
    assert facts["orders"].tolist() == [3, 1, 1, 1]
    assert facts["repeat_orders"].tolist() == [2, 0, 0, 0]
    assert facts["active_days"].tolist() == [2, 1, 1, 1]  # two orders of ann fell on one day
    assert facts["recency_days"].tolist() == [60, 0, 425, 365]
    assert facts["tenure_days"].tolist() == [731, 0, 425, 365]


def test_orders_per_year_counts_over_at_least_one_year(engine):
    facts = facts_of(open_tables(toy.tables(), engine))
    assert row(facts, "ann")["orders_per_year"] == pytest.approx(3 / (731 / 365.25), abs=1e-6)
    assert row(facts, "bob")["orders_per_year"] == 1
    assert row(facts, "cyd")["orders_per_year"] == pytest.approx(365.25 / 425, abs=1e-6)


def test_revenue_is_net_of_discounts_and_returns(engine):
    facts = facts_of(open_tables(toy.tables(), engine))
    # ann: 2 x 10 - 4, 1 x 5, 3 of 4 kept x 10, 100 - 25
    assert row(facts, "ann")["revenue"] == pytest.approx(16 + 5 + 30 + 75)
    assert row(facts, "ann")["quantity"] == 2 + 1 + 3 + 1
    assert row(facts, "ann")["mean_order_value"] == pytest.approx(126 / 3)
    assert row(facts, "ann")["discount_share"] == pytest.approx(29 / 165)
    assert row(facts, "ann")["returned_share"] == pytest.approx(1 / 8)
    assert row(facts, "bob")["revenue"] == 0  # all of it came back
    assert row(facts, "cyd")["revenue"] == 6  # a missing discount is no discount


def test_an_order_without_lines_is_an_order_worth_nothing(engine):
    dee = row(facts_of(open_tables(toy.tables(), engine)), "dee")
    assert (dee["orders"], dee["revenue"], dee["quantity"], dee["categories"]) == (1, 0, 0, 0)
    assert pd.isna(dee["discount_share"])  # a share of nothing is not known


def test_a_product_without_category_adds_none(engine):
    facts = facts_of(open_tables(toy.tables(), engine))
    assert facts["categories"].tolist() == [2, 0, 0, 0]  # bob's has no category, cyd's is not in the catalogue


def test_used_adds_up_by_kind(engine):
    used = facts_of(open_tables(toy.tables(), engine), measure=sk.measures.used)
    ann = used[used["customer_id"] == "ann"].set_index("category")
    assert ann["revenue"].to_dict() == {"boots": 121, "socks": 5}
    assert ann["quantity"].to_dict() == {"boots": 6, "socks": 1}


def test_used_by_an_unknown_kind_names_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'category'"):
        sk.measures.used(sk.Shop(toy.tables()), by="categry")


def test_lines_may_lack_discounts_and_returns(engine):
    tables = toy.tables()
    tables["order_lines"] = tables["order_lines"].drop(columns=["discount", "returned_quantity", "line"])
    facts = facts_of(open_tables(tables, engine))
    assert row(facts, "ann")["revenue"] == 20 + 5 + 40 + 100
    assert row(facts, "ann")["discount_share"] == 0


def test_orders_alone_give_what_orders_can_tell(engine):
    facts = facts_of(open_tables({"orders": toy.tables()["orders"]}, engine))
    assert list(facts.columns) == [
        "customer_id", "orders", "repeat_orders", "active_days", "recency_days", "tenure_days", "orders_per_year",
    ]  # fmt: skip


def test_used_needs_lines_and_says_so():
    with pytest.raises(MissingTable, match="no 'products' table"):
        sk.measures.used(sk.Shop({"orders": toy.tables()["orders"]}))


def test_day_numbers_agree_with_the_calendar(engine):
    """Every 29 February and turn of year since 1971, and the century that skips one."""
    days = pd.date_range("1971-01-01", "2100-03-02", freq="11D").append(
        pd.to_datetime(["2000-02-29", "2024-12-31", "2025-01-01", "2100-02-28", "2100-03-01"])
    )
    orders = pd.DataFrame(
        {
            "order_id": [str(i) for i in range(len(days))],
            "customer_id": [f"{i:05d}" for i in range(len(days))],
            "ordered_at": days.astype("datetime64[us]"),
        }
    )
    facts = facts_of(open_tables({"orders": orders}, engine), as_of="2100-03-02")
    assert facts["recency_days"].tolist() == [(pd.Timestamp("2100-03-02") - day).days for day in days]


def test_same_bytes_twice():
    first, second = (sk.measures.purchases(sk.Shop(toy.tables())) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)
