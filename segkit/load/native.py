"""Files that already are a shop's tables: keys unique, references kept."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.errors import ColumnProblem
from segkit.load.keys import unique_keys
from segkit.load.ledger import KEPT
from segkit.load.lines import LineRules
from segkit.load.marker import Marker
from segkit.load.tables import consents
from segkit.schema import TABLES

_OF_THE_ORDER = ["customer_id", "ordered_at"]


def native_tables(
    frames: dict[str, nw.LazyFrame], markers: dict[str, Marker]
) -> tuple[dict[str, Any], dict[str, nw.LazyFrame]]:
    """Check every table and hand it on.

    Returns
    -------
    tables : dict of str to frame
        The shop's tables.
    judged : dict of str to narwhals.LazyFrame
        Every row read, with the code of its fault.
    """
    judged = {}
    for table, frame in frames.items():
        if table != "order_lines":
            marker = markers[table]
            judged[table] = marker.desk.settle(unique_keys(table, frame, marker))
    if "order_lines" in frames:
        judged["order_lines"] = _lines(frames["order_lines"], judged.get("orders"), markers["order_lines"])
    tables = {}
    if "customers" in judged and "consents" not in judged:
        names = judged["customers"].collect_schema().names()
        if "consent_email" in names:
            said = consents(judged["customers"].filter(nw.col("reason") == KEPT), names)
            tables["consents"] = markers["customers"].desk.give(said, ["customer_id", "purpose"])
    for table, frame in judged.items():
        finished = _finished(table, frame)
        tables[table] = markers[table].desk.give(finished, _order(table, finished))
    return tables, judged


def _lines(lines: nw.LazyFrame, orders: nw.LazyFrame | None, marker: Marker) -> nw.LazyFrame:
    """Order lines learn their order's customer and moment, so that the same rules hold for them."""
    if orders is None:
        raise ColumnProblem(
            f"{marker.file} holds order lines, but no file holds the orders they belong to. Put orders.csv beside it."
        )
    of_order = orders.filter(nw.col("reason") == KEPT).select("order_id", *_OF_THE_ORDER)
    lines = marker.mark(
        lines.join(of_order, on="order_id", how="left"), "no_such_order", nw.col("customer_id").is_null()
    )
    return LineRules(marker).apply(marker.desk.settle(lines))


def _finished(table: str, frame: nw.LazyFrame) -> nw.LazyFrame:
    kept = frame.filter(nw.col("reason") == KEPT)
    names = kept.collect_schema().names()
    if table == "order_lines" and "line" not in names:
        kept = kept.with_columns(line=p.whole(nw.col("row").rank("ordinal").over("order_id")))
        names = [*names, "line"]
    return kept.select(*[column.name for column in TABLES[table].columns if column.name in names])


def _order(table: str, finished: nw.LazyFrame) -> list[str]:
    names = finished.collect_schema().names()
    return [name for name in TABLES[table].key if name in names] or list(TABLES[table].required[:1])
