"""Files that already are a shop's tables: keys that must be unique, references that must hold."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.errors import ColumnProblem
from segkit.load.desk import Desk
from segkit.load.ledger import KEPT, Ledger
from segkit.load.lines import LineRules
from segkit.load.options import Options
from segkit.schema import TABLES

_OF_THE_ORDER = ["customer_id", "ordered_at"]


def native_tables(
    frames: dict[str, nw.LazyFrame], names: dict[str, str], options: Options, ledger: Ledger, desk: Desk
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
            judged[table] = desk.settle(_unique(table, frame, names[table], ledger, desk))
    if "order_lines" in frames:
        judged["order_lines"] = _lines(
            frames["order_lines"], judged.get("orders"), names["order_lines"], options, ledger, desk
        )
    tables = {table: desk.give(_finished(table, frame), _order(table, frame)) for table, frame in judged.items()}
    return tables, judged


def _unique(table: str, frame: nw.LazyFrame, file: str, ledger: Ledger, desk: Desk) -> nw.LazyFrame:
    """Set exact duplicates aside; of two rows with one key and different content, stop, or keep the later one."""
    key = [name for name in TABLES[table].key if name in frame.collect_schema().names()]
    if len(key) < len(TABLES[table].key):
        return frame
    first = nw.col("row").min().over("hash")
    code = ledger.code("duplicate", file)
    copy = (nw.col("row") != first) & (nw.col("reason") == KEPT)
    frame = desk.settle(frame.with_columns(reason=nw.when(copy).then(nw.lit(code)).otherwise(nw.col("reason"))))
    live = frame.filter(nw.col("reason") == KEPT)
    double = live.group_by(*key).agg(n=nw.len()).filter(nw.col("n") > 1)
    bad = p.small(double.sort(*key).head(3))
    if not len(bad):
        return frame
    if "changed_at" in frame.collect_schema().names():
        return _latest_only(frame, key, file, ledger)
    total = int(p.small(double.select(n=nw.len()))["n"].iloc[0])
    shown = "; ".join(" ".join(f"'{row[name]}'" for name in key) for _, row in bad.iterrows())
    raise ColumnProblem(
        f"{file}: {total:,} {' and '.join(key)} stand on several rows that differ, such as {shown}. "
        f"A '{table}' file has one row per {TABLES[table].one_row_per}: take the outdated rows out."
    )


def _latest_only(frame: nw.LazyFrame, key: list[str], file: str, ledger: Ledger) -> nw.LazyFrame:
    live = frame.filter(nw.col("reason") == KEPT)
    last = live.unique(subset=key, keep="last", order_by=["changed_at", "row"]).select("row", _last=nw.lit(1))
    code = ledger.code("superseded", file)
    old = (nw.col("reason") == KEPT) & nw.col("_last").is_null()
    joined = frame.join(last, on="row", how="left")
    return joined.with_columns(reason=nw.when(old).then(nw.lit(code)).otherwise(nw.col("reason"))).drop("_last")


def _lines(
    lines: nw.LazyFrame, orders: nw.LazyFrame | None, file: str, options: Options, ledger: Ledger, desk: Desk
) -> nw.LazyFrame:
    """Order lines learn their order's customer and moment, so that the same rules hold for them."""
    if orders is None:
        raise ColumnProblem(
            f"{file} holds order lines, but no file holds the orders they belong to. Put orders.csv beside it."
        )
    of_order = orders.filter(nw.col("reason") == KEPT).select("order_id", *_OF_THE_ORDER)
    lines = lines.join(of_order, on="order_id", how="left")
    code = ledger.code("no_such_order", file)
    orphan = (nw.col("reason") == KEPT) & nw.col("customer_id").is_null()
    lines = lines.with_columns(reason=nw.when(orphan).then(nw.lit(code)).otherwise(nw.col("reason")))
    return LineRules(file, options, ledger, desk).apply(desk.settle(lines))


def _finished(table: str, frame: nw.LazyFrame) -> nw.LazyFrame:
    kept = frame.filter(nw.col("reason") == KEPT)
    names = kept.collect_schema().names()
    if table == "order_lines" and "line" not in names:
        kept = kept.with_columns(line=p.whole(nw.col("row").rank("ordinal").over("order_id")))
        names = [*names, "line"]
    return kept.select(*[c.name for c in TABLES[table].columns if c.name in names], "row").drop("row")


def _order(table: str, frame: nw.LazyFrame) -> list[str]:
    names = {*frame.collect_schema().names(), *(["line"] if table == "order_lines" else [])}
    return [name for name in TABLES[table].key if name in names] or TABLES[table].required[:1]
