"""Files and shop exports -> the tables of a shop, with every row accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from segkit.load.loader import Loaded, load_path
from segkit.load.options import Options
from segkit.load.report import LoadReport, Note

__all__ = ["LoadReport", "Loaded", "Note", "read_tables"]


def read_tables(
    path: str | Path,
    *,
    as_of: dt.date | None = None,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    returns: str = "net",
    duplicates: str = "keep",
    free_lines: str = "keep",
    encoding: str | None = None,
    sep: str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    dayfirst: bool | None = None,
    calendar: str | None = None,
    unit: str | None = None,
    tz: str | None = None,
    sheet: str | None = None,
    member: str | None = None,
    skiprows: int = 0,
    currency: str | None = None,
    engine: str = "pandas",
) -> Loaded:
    """Read a file, or a folder of files, into the tables of a shop.

    Every row read is kept or set aside with a reason. Ids are text. Customers are never merged: one person with two
    ids stays two customers, and two people with one id stay one.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV, TSV or whitespace-separated text (also .gz or .zip), Excel or Parquet file, or a folder of them.
    as_of : datetime.date, optional
        The day up to whose end orders count; without it the day of the last order.
    source : str, optional
        The kind of export; detected from the column names when not given.
    columns : mapping of str to str, optional
        segkit's column name to the file's, such as ``{"customer_id": "Client"}``. ``revenue`` stands for the total
        of a line.
    returns : {"net", "drop", "keep"}
        Cancelled invoices and negative quantities: match them with what they return, set them aside, or leave them
        as rows of their own.
    duplicates : {"keep", "drop"}
        Exact duplicates of lines without a key: keep and count them, or set them aside.
    free_lines : {"keep", "drop"}
        Lines with price 0: keep them with revenue 0 and say so, or set them aside.
    encoding : str, optional
        Such as ``"cp1256"``; UTF-8 and UTF-16 are recognised.
    sep : str, optional
        What parts the columns; found when not given.
    decimal, thousands : str, optional
        The decimal mark (``"."`` or ``","``) and the mark between groups of three digits.
    dayfirst : bool, optional
        Whether 01/02/2024 is 1 February.
    calendar : {"gregorian", "jalali"}, optional
        The calendar of the dates.
    unit : {"s", "ms", "us", "ns", "excel"}, optional
        What a date written as one number counts.
    tz : str, optional
        The shop's time zone, such as ``"Europe/London"``; times that carry an offset are moved to it.
    sheet, member : str, optional
        Which sheet of a workbook, which file of a zip archive.
    skiprows : int
        Lines above the column names.
    currency : str, optional
        Keep only rows in this currency, or name the currency of a file that does not say.
    engine : {"pandas", "polars", "duckdb"}
        What the tables become. ``"duckdb"`` reads files larger than memory within about 1 GB.

    Returns
    -------
    Loaded
        ``tables``, ``as_of`` and ``report``.

    Raises
    ------
    FileProblem
        When a file is missing, empty, damaged or not what its name says.
    ColumnProblem
        When a column is missing, or could be read in two ways.
    DataProblem
        When no orders are left, or they do not fit `as_of`.
    """
    options = Options(
        as_of=as_of, source=source, columns=dict(columns or {}), returns=returns, duplicates=duplicates,
        free_lines=free_lines, encoding=encoding, sep=sep, decimal=decimal, thousands=thousands, dayfirst=dayfirst,
        calendar=calendar, unit=unit, tz=tz, sheet=sheet, member=member, skiprows=skiprows, currency=currency,
        engine=engine,
    )  # fmt: skip
    return load_path(path, options)
