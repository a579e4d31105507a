"""One CSV of every order line with its order, as a till exports it: what most people have in place of tables."""

import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

TABLES = ("orders", "order_lines")
COLUMNS = (
    "order_id", "line", "customer_id", "ordered_at", "product_id", "quantity", "unit_price", "discount",
    "returned_quantity", "currency", "shipping_fee", "coupon", "channel",
)  # fmt: skip


def invoices(orders: pa.Table, lines: pa.Table) -> pa.Table:
    """Put the order on each of its lines, the lines in their own order."""
    place = pa.array(range(lines.num_rows), pa.int64())
    wide = lines.append_column("_place", place).join(orders, "order_id", join_type="left outer")
    wide = wide.sort_by("_place").select(list(COLUMNS))
    seconds = wide.column("ordered_at").cast(pa.timestamp("s"))
    return wide.set_column(COLUMNS.index("ordered_at"), "ordered_at", seconds)


def write_invoices(path: Path, parts: Iterable[tuple[Path, Path]]):
    """Write the CSV, part by part; it gets its name when it is whole.

    Parameters
    ----------
    path : Path
        Where the file will be.
    parts : iterable of (Path, Path)
        Parquet files of orders and of their lines; an order's lines are in the part of the order.
    """
    working = path.with_name(f".{path.name}.unfinished")
    style = pc.WriteOptions(quoting_style="needed")
    writer = None
    try:
        with working.open("wb") as file:
            for orders, lines in parts:
                rows = invoices(*(pq.read_table(part, use_threads=False) for part in (orders, lines)))
                writer = writer or pc.CSVWriter(file, rows.schema, write_options=style)
                writer.write_table(rows)
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        os.replace(working, path)
    finally:
        working.unlink(missing_ok=True)
