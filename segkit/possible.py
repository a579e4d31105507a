"""Possible: which segmentations these tables allow, and what the others lack."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from segkit import schema
from segkit.segmenters import TYPES


def possible(shop: Any) -> pd.DataFrame:
    """List every type of segmentation and whether this shop's tables allow it.

    Parameters
    ----------
    shop : Shop
        The tables.

    Returns
    -------
    pandas.DataFrame
        One row per type, those that are possible first: ``type`` (the name that ``segment --by`` takes), ``question``,
        ``possible`` (True or False), ``missing`` (tables, or table.column, in the order they are asked for; empty
        where nothing is) and ``instead`` (what one could do without them).

    Examples
    --------
    >>> import pandas as pd, segkit as sk
    >>> orders = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "ordered_at": [pd.Timestamp("2026-03-01")]})
    >>> possible(sk.Shop({"orders": orders})).set_index("type").loc["usage", "possible"]
    np.True_
    """
    rows = []
    for name, cls in TYPES.items():
        missing = [wanted for wanted in cls.tables if not _has(shop, wanted)]
        rows.append((name, cls.question, not missing, ", ".join(missing), _instead(cls, missing) if missing else ""))
    table = pd.DataFrame(rows, columns=["type", "question", "possible", "missing", "instead"])
    return table.sort_values("possible", ascending=False, kind="stable", ignore_index=True)


def _has(shop: Any, wanted: str) -> bool:
    """Whether a table, or a column written as table.column, is there."""
    table, _, column = wanted.partition(".")
    if not shop.has(table):
        return False
    return not column or column in nw.from_native(shop.table(table)).collect_schema().names()


def _instead(cls: Any, missing: list[str]) -> str:
    """The type's own advice, or else what the first missing table must hold."""
    if cls.instead:
        return cls.instead
    table, _, column = missing[0].partition(".")
    described = schema.table(table)
    if column:
        return f"Add the column {column} ({described.column(column).text}) to {table}."
    return f"Add a table of {table}: one row per {described.one_row_per}, with {', '.join(described.required)}."
