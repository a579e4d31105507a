"""Keys that must be unique."""

from __future__ import annotations

import narwhals as nw

from segkit import _portable as p
from segkit.errors import ColumnProblem
from segkit.load.ledger import KEPT
from segkit.load.marker import Marker
from segkit.load.texts import count_of, shown_id
from segkit.schema import TABLES


def unique_keys(table: str, frame: nw.LazyFrame, marker: Marker) -> nw.LazyFrame:
    """Set exact duplicates aside; of two rows with one key and different content keep the later one, or stop.

    Raises
    ------
    ColumnProblem
        When rows with one key differ and nothing says which is the later one.
    """
    names = frame.collect_schema().names()
    key = list(TABLES[table].key)
    if not set(key) <= set(names):
        return frame
    copy = nw.col("row") != nw.col("row").min().over("hash")
    frame = marker.desk.settle(marker.mark(frame.with_columns(duplicate=copy), "duplicate", nw.col("duplicate")))
    if "changed_at" in names:
        return _latest_only(frame, key, marker)
    stop_for_double_keys(frame, key, table, marker.file)
    return frame


def stop_for_double_keys(frame: nw.LazyFrame, key: list[str], table: str, file: str) -> None:
    """Stop when one key stands on several rows.

    Raises
    ------
    ColumnProblem
        With the first three such keys.
    """
    live = frame.filter(nw.col("reason") == KEPT)
    double = live.group_by(*key).agg(n=nw.len()).filter(nw.col("n") > 1)
    bad = p.small(double.sort(*key).head(3))
    if not len(bad):
        return
    total = int(p.small(double.select(n=nw.len()))["n"].iloc[0])
    shown = "; ".join(" ".join(f"'{shown_id(row[name])}'" for name in key) for _, row in bad.iterrows())
    raise ColumnProblem(
        f"{file}: {count_of(total, 'key')} ({' and '.join(key)}) on several rows that differ, such as {shown}. "
        f"Table '{table}' has one row per {TABLES[table].one_row_per}: take the outdated rows out."
    )


def _latest_only(frame: nw.LazyFrame, key: list[str], marker: Marker) -> nw.LazyFrame:
    live = frame.filter(nw.col("reason") == KEPT)
    last = live.unique(subset=key, keep="last", order_by=["changed_at", "row"]).select("row", _last=nw.lit(1))
    joined = frame.join(last, on="row", how="left")
    return marker.mark(joined, "superseded", nw.col("_last").is_null()).drop("_last")
