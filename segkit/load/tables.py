"""Kept order lines -> the tables orders, order_lines, customers and products."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.load.ledger import KEPT
from segkit.load.marker import Marker
from segkit.schema import TABLES

_FILE = 1 << 40  # a row's number holds its file above and its line below


def split_lines(lines: nw.LazyFrame, marker: Marker) -> dict[str, Any]:
    """Make the shop's tables of lines that carry the order and the customer on every row.

    The order's own columns are those of its first line, its moment the earliest. What describes a customer or an
    article is the latest that is not empty.
    """
    desk = marker.desk
    kept = desk.settle(_with_order_ids(lines.filter(nw.col("reason") == KEPT), marker))
    names = kept.collect_schema().names()
    tables = {
        "orders": desk.give(_orders(kept, names), ["ordered_at", "order_id"]),
        "order_lines": desk.give(_order_lines(kept, names), ["order_id", "line"]),
        "customers": desk.give(_latest(kept, "customer_id", "customers", names), ["customer_id"]),
    }
    if "consent_email" in names:
        tables["consents"] = desk.give(consents(kept, names), ["customer_id", "purpose"])
    if "product_id" in names:
        tables["products"] = desk.give(_latest(kept, "product_id", "products", names), ["product_id"])
    return tables


def _with_order_ids(kept: nw.LazyFrame, marker: Marker) -> nw.LazyFrame:
    """Give orders a number where the file has none."""
    names = kept.collect_schema().names()
    if "order_id" not in names:
        kept = kept.with_columns(order_id=nw.lit(None, nw.String))
    told = nw.col("order_id")
    rows, where = marker.found(kept, told.is_null())
    if not rows:
        return kept
    same = nw.col("row")
    text = "no order number and no article in the file: every row is one order"
    if "product_id" in names:
        same = nw.col("row").min().over("customer_id", "ordered_at")
        text = "no order number in the file: rows of one customer at one moment are one order"
    marker.ledger.warn("no order_id", marker.file, text, rows=rows, lines=where)
    of_file = nw.concat_str(nw.lit("file "), (same // _FILE + 1).cast(nw.String), nw.lit(" "))
    prefix = of_file if ", " in marker.file else nw.lit("")
    made = nw.concat_str(prefix, nw.lit("line "), (same % _FILE).cast(nw.String))
    return kept.with_columns(order_id=nw.when(told.is_null()).then(made).otherwise(told))


def _orders(kept: nw.LazyFrame, names: list[str]) -> nw.LazyFrame:
    columns = [column.name for column in TABLES["orders"].columns if column.name in names]
    extra = [name for name in columns if name not in ("order_id", "customer_id", "ordered_at")]
    orders = kept.group_by("order_id").agg(
        customer_id=nw.col("customer_id").min(), ordered_at=nw.col("ordered_at").min(), _first=nw.col("row").min()
    )
    if extra:
        first = kept.select(nw.col("row").alias("_first"), *extra)
        orders = orders.join(first, on="_first", how="left")
    return orders.select("order_id", "customer_id", "ordered_at", *extra)


def _order_lines(kept: nw.LazyFrame, names: list[str]) -> nw.LazyFrame:
    if "line" not in names:
        kept = kept.with_columns(line=p.whole(nw.col("row").rank("ordinal").over("order_id")))
    wanted = [column.name for column in TABLES["order_lines"].columns]
    there = [name for name in wanted if name in names or name == "line"]
    return kept.select(*there)


def consents(kept: nw.LazyFrame, names: list[str]) -> nw.LazyFrame:
    """What customers last said about e-mail, as the table of consents has it."""
    said = latest(kept, "customer_id", ["consent_email"], [name for name in ("ordered_at", "row") if name in names])
    told = said.filter(~nw.col("consent_email").is_null())
    return told.select("customer_id", nw.lit("email").alias("purpose"), nw.col("consent_email").alias("granted"))


def _latest(kept: nw.LazyFrame, key: str, table: str, names: list[str]) -> nw.LazyFrame:
    columns = [c.name for c in TABLES[table].columns if c.name in names and c.name != key]
    return latest(kept, key, columns, ["ordered_at", "row"])


def latest(kept: nw.LazyFrame, key: str, columns: list[str], order: list[str]) -> nw.LazyFrame:
    """One row per key, each column holding its latest value that is not empty."""
    known = kept.filter(~nw.col(key).is_null())
    result = known.select(key).unique()
    for name in columns:
        last = (
            known.filter(~nw.col(name).is_null())
            .select(key, name, *order)
            .unique(subset=[key], keep="last", order_by=order)
            .select(key, name)
        )
        result = result.join(last, on=key, how="left")
    return result
