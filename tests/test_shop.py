"""A shop's tables, its day, and what it refuses."""

import datetime as dt

import pytest

import segkit as sk
from segkit.errors import ColumnProblem, DataProblem, MissingTable, UnknownName
from tests import toy
from tests.engines import open_tables


def test_without_as_of_the_last_order_says_the_day(engine):
    shop = sk.Shop(open_tables(toy.tables(), engine))
    assert shop.as_of == dt.date(2026, 3, 1)
    assert shop.first_day == dt.date(2024, 2, 29)


def test_orders_after_as_of_are_counted_and_refused(engine):
    with pytest.raises(DataProblem, match=r"2 orders are after as_of=2025-12-31 .*Pass as_of='2026-03-01'"):
        sk.Shop(open_tables(toy.tables(), engine), as_of="2025-12-31")


def test_orders_without_a_date_are_counted_and_refused(engine):
    tables = toy.tables()
    tables["orders"].loc[[1, 4], "ordered_at"] = None
    with pytest.raises(DataProblem, match=r"2 orders have no date in 'ordered_at'.*Leave them out"):
        sk.Shop(open_tables(tables, engine))


def test_as_of_counts_the_whole_day():
    assert sk.Shop(toy.tables(), as_of="2026-03-01").as_of == dt.date(2026, 3, 1)


def test_as_of_before_the_first_order_is_refused():
    with pytest.raises(DataProblem, match=r"before the first order \(2024-02-29\)"):
        sk.Shop(toy.tables(), as_of="2020-01-01")


@pytest.mark.parametrize("as_of", ["01/02/2024", "yesterday", 20240101])
def test_a_day_in_another_writing_is_refused(as_of):
    with pytest.raises(DataProblem, match="Write it as year-month-day"):
        sk.Shop(toy.tables(), as_of=as_of)


def test_no_orders_table():
    with pytest.raises(MissingTable, match="needs an 'orders' table"):
        sk.Shop({"products": toy.tables()["products"]})


def test_empty_orders(engine):
    tables = {"orders": toy.tables()["orders"].iloc[:0]}
    with pytest.raises(DataProblem, match="no rows with a date"):
        sk.Shop(open_tables(tables, engine))


def test_a_table_nobody_knows():
    with pytest.raises(UnknownName, match="Did you mean 'orders'"):
        sk.Shop({"order": toy.tables()["orders"]})


def test_a_column_without_which_a_table_is_useless():
    tables = toy.tables()
    tables["orders"] = tables["orders"].rename(columns={"customer_id": "Customer_ID"})
    with pytest.raises(ColumnProblem, match="Did you mean 'Customer_ID'"):
        sk.Shop(tables)


def test_a_missing_table_says_what_it_would_hold():
    with pytest.raises(MissingTable, match="one row per e-mail sent"):
        sk.Shop(toy.tables()).table("messages")


def test_has_all_or_not():
    shop = sk.Shop(toy.tables())
    assert shop.has("orders", "products")
    assert not shop.has("orders", "events")
