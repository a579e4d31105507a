"""Shop: the tables of one business, and the day it is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit import load, schema
from segkit.errors import ColumnProblem, DataProblem, MissingTable, UnknownName, did_you_mean


class Shop:
    """The tables of one business, and the day it is looked at.

    Parameters
    ----------
    tables : mapping or population
        Name of table to frame (pandas, Polars, DuckDB or PySpark, one kind for all), or anything with ``.tables``
        and ``.as_of`` such as ``synthetic.outdoor_shop()``. Only ``orders`` is required.
    as_of : str or datetime.date, optional
        The day up to whose end orders count. Without it: the day of the last order. Never today.
    report : LoadReport, optional
        What was read, fixed and set aside on the way in.

    Attributes
    ----------
    tables : dict
        Name of table to frame.
    as_of : datetime.date
        The day it is looked at.
    first_day : datetime.date
        Day of the first order.
    report : LoadReport or None
        What the loader did.

    Raises
    ------
    MissingTable
        When there is no ``orders`` table.
    ColumnProblem
        When a table lacks a column it is useless without.
    DataProblem
        When there are no orders, or orders have no date or lie after `as_of`.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "ordered_at": [pd.Timestamp("2026-03-01")]})
    >>> Shop({"orders": orders})
    Shop(as_of=2026-03-01, orders from 2026-03-01, tables: orders)
    """

    def __init__(self, tables: Any, as_of: str | dt.date | None = None, *, report: Any = None) -> None:
        if not isinstance(tables, Mapping):
            as_of = as_of or tables.as_of
            tables = tables.tables
        self.tables = dict(tables)
        self.report = report
        for name, frame in self.tables.items():
            _check_columns(name, frame)
        if "orders" not in self.tables:
            raise MissingTable("A shop needs an 'orders' table. " + did_you_mean("orders", self.tables))
        self.first_day, self.as_of = self._period(as_day(as_of))

    def _period(self, as_of: dt.date | None) -> tuple[dt.date, dt.date]:
        days = p.day_number(nw.col("ordered_at"))
        orders = p.lazy(self.tables["orders"]).select(day=days)
        undated = p.as_count(nw.col("day").is_null()).sum()
        found = p.small(orders.select(first=nw.col("day").min(), last=nw.col("day").max(), undated=undated)).iloc[0]
        ends = found[["first", "last"]]
        if ends.isna().all():
            raise DataProblem("The orders table has no rows with a date in 'ordered_at'; there is nothing to measure.")
        if found["undated"]:
            raise DataProblem(
                f"{int(found['undated']):,} orders have no date in 'ordered_at', so nobody can say when they fell. "
                "Leave them out, or read the file with segkit.read_shop(), which sets such rows aside and counts them."
            )
        first, last = (dt.date(1970, 1, 1) + dt.timedelta(days=int(ends[end])) for end in ("first", "last"))
        if as_of is None:
            return first, last
        if as_of < first:
            raise DataProblem(f"as_of={as_of} is before the first order ({first}). Pass a day from {first} on.")
        if last > as_of:
            late = int(p.small(orders.filter(nw.col("day") > p.day_number_of(as_of)).select(n=nw.len()))["n"].iloc[0])
            raise DataProblem(
                f"{late:,} orders are after as_of={as_of} (the last on {last}). Pass as_of='{last}', "
                "or leave those orders out."
            )
        return first, as_of

    def has(self, *names: str) -> bool:
        """Whether all of these tables are there."""
        return all(name in self.tables for name in names)

    def table(self, name: str) -> Any:
        """Return one table, in its own frame type.

        Raises
        ------
        MissingTable
            When this shop does not have it.
        UnknownName
            When no shop could have it.
        """
        if name in self.tables:
            return self.tables[name]
        described = schema.table(name)
        raise MissingTable(
            f"This shop has no '{name}' table (one row per {described.one_row_per}; needs "
            f"{', '.join(described.required)}). It has: {', '.join(sorted(self.tables))}."
        )

    def lazy(self, name: str) -> nw.LazyFrame:
        """Return one table as a lazy Narwhals frame, to measure on."""
        return p.lazy(self.table(name))

    def __repr__(self) -> str:
        names = ", ".join(sorted(self.tables))
        return f"Shop(as_of={self.as_of}, orders from {self.first_day}, tables: {names})"


def read_shop(path: str | Path, as_of: str | dt.date | None = None, source: str | None = None, **how: Any) -> Shop:
    """Read a file, or a folder of files, as a shop.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV (also .gz), Excel or Parquet file, or a folder of them.
    as_of : str or datetime.date, optional
        The day up to whose end orders count; without it the day of the last order, which the report prints.
    source : str, optional
        The system the export comes from; detected when not given.
    **how
        Passed to :func:`segkit.load.read_tables`: ``columns``, ``returns``, ``duplicates``, ``free_lines``,
        ``encoding``, ``dayfirst``, ``calendar`` and others.

    Returns
    -------
    Shop
        With ``shop.report``, the LoadReport: rows kept, fixed and set aside, and why.

    Raises
    ------
    SegkitError
        When the file cannot be read with certainty; the message says what to pass.
    """
    loaded = load.read_tables(path, as_of=as_day(as_of), source=source, **how)
    return Shop(loaded.tables, loaded.as_of, report=loaded.report)


def as_day(value: str | dt.date | None) -> dt.date | None:
    """Read a day written as 2026-09-30.

    Raises
    ------
    DataProblem
        When it is written in another way.

    Examples
    --------
    >>> as_day("2026-09-30")
    datetime.date(2026, 9, 30)
    """
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise DataProblem(f"as_of={value!r} is not a day. Write it as year-month-day, such as '2026-09-30'.") from None


def _check_columns(name: str, frame: Any) -> None:
    if name not in schema.TABLES:
        raise UnknownName(f"There is no table '{name}' in a shop. {did_you_mean(name, schema.TABLES)}")
    there = nw.from_native(frame).collect_schema().names()
    missing = [column for column in schema.TABLES[name].required if column not in there]
    if missing:
        raise ColumnProblem(f"Table '{name}' has no column '{missing[0]}'. {did_you_mean(missing[0], there)}")
