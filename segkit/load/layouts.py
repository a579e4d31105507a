"""What a file holds: order lines with everything on them, or one of the shop's tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segkit.errors import ColumnProblem
from segkit.load.columns import described, flat_columns, fold, match_columns, missing_column
from segkit.load.fields import Field
from segkit.load.options import Options
from segkit.schema import TABLES

FLAT = "flat"
_MONEY = ("unit_price", "revenue", "quantity")
_EXTRA = {"order_lines": ["revenue"], "customers": ["consent_email"]}
_FIRST = ("customer_id", "order_id", "ordered_at", "quantity", "unit_price", "revenue")  # whose fault counts first
# Tables that a file is taken for by its columns alone; the others must carry the table's name.
_BY_COLUMNS = ("orders", "order_lines", "events", "messages", "consents", "answers", "products", "customers")


@dataclass(frozen=True)
class Layout:
    """What a file holds, and which of its columns is which."""

    table: str
    columns: dict[str, str]

    def fields(self) -> list[Field]:
        """The columns to read; those whose fault counts first come first."""
        names = sorted(self.columns, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
        return [Field(_column(self.table, name), self.columns[name], name in self.required()) for name in names]

    def required(self) -> tuple[str, ...]:
        """Columns without which a row is set aside."""
        if self.table == FLAT:
            price = "unit_price" if "unit_price" in self.columns else "revenue"
            return ("customer_id", "order_id", "ordered_at", "quantity", price)
        if self.table == "order_lines":
            price = "unit_price" if "unit_price" in self.columns else "revenue"
            return ("order_id", "quantity", price)
        return TABLES[self.table].required


def _column(table: str, name: str):
    for column in TABLES[table].columns if table in TABLES else ():
        if column.name == name:
            return column
    return described(name)


def recognise(path: Path, header: list[str], options: Options, *, alone: bool) -> Layout | None:
    """Tell what a file holds from its name and its columns.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    header : list of str
        Its column names.
    options : Options
        ``columns`` wins over every synonym.
    alone : bool
        Whether it is the only file; then it must hold orders.

    Returns
    -------
    Layout or None
        None when a file among others is not recognised.

    Raises
    ------
    ColumnProblem
        When a column is missing; the message names the nearest.
    """
    named = _table_of_name(path)
    if named and named not in ("orders", "order_lines"):
        return _native(named, header, options, path.name)
    flat = match_columns(header, [column.name for column in flat_columns()], options.columns, path.name)
    if {"customer_id", "ordered_at"} <= flat.keys() and any(name in flat for name in _MONEY):
        if "unit_price" not in flat and "revenue" not in flat:
            raise missing_column("unit_price", header, path.name, flat.values())
        return Layout(FLAT, flat)
    found = (_try_native(table, header, options, path.name) for table in ((named,) if named else ()) + _BY_COLUMNS)
    layout = next((each for each in found if each is not None), None)
    if layout is not None and (not alone or layout.table == "orders"):
        return layout
    if named and not alone:
        return _native(named, header, options, path.name)
    if not alone:
        return None
    lacking = next((name for name in ("customer_id", "ordered_at") if name not in flat), "unit_price")
    problem = missing_column(lacking, header, path.name, flat.values())
    if layout is not None and "ordered_at" not in flat:
        advice = f"It looks like a table of {layout.table}: put it into a folder with the orders and read that."
        raise ColumnProblem(f"{problem} {advice}")
    raise problem


def _table_of_name(path: Path) -> str | None:
    stem = fold(path.name.split(".")[0])
    return next((table for table in TABLES if stem == fold(table)), None)


def _try_native(table: str, header: list[str], options: Options, file: str) -> Layout | None:
    columns = _match(table, header, options, file)
    needed = set(Layout(table, columns).required())
    if table == "products":
        needed |= {"name"}
    if table == "customers":
        if "customer_id" not in columns and "email" in columns:  # a list of contacts: the address tells who it is
            columns = {"customer_id": columns["email"], **columns}
        if len(columns) < 2:
            return None
    return Layout(table, columns) if needed <= columns.keys() else None


def _native(table: str, header: list[str], options: Options, file: str) -> Layout:
    columns = _match(table, header, options, file)
    for name in Layout(table, columns).required():
        if name not in columns:
            raise missing_column(name, header, file, columns.values())
    return Layout(table, columns)


def _match(table: str, header: list[str], options: Options, file: str) -> dict[str, str]:
    wanted = [column.name for column in TABLES[table].columns] + _EXTRA.get(table, [])
    given = {ours: theirs for ours, theirs in options.columns.items() if ours in wanted}
    return match_columns(header, wanted, given, file)
