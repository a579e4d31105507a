"""One load from path to tables: open, recognise, read in two passes, apply the rules, account for every row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa
from tqdm import tqdm

from segkit import _portable as p
from segkit.errors import DataProblem, FileProblem
from segkit.load.accounts import account, rejected_rows
from segkit.load.amounts import MONEY, Amounts
from segkit.load.batches import DERIVED, Batch, Spool
from segkit.load.desk import Desk, open_desk
from segkit.load.excelfile import LIMITS
from segkit.load.files import find_files
from segkit.load.layouts import FLAT, Layout
from segkit.load.ledger import Ledger
from segkit.load.lines import LineRules
from segkit.load.marker import Marker
from segkit.load.native import native_tables
from segkit.load.opening import open_files
from segkit.load.options import Options
from segkit.load.passes import FilePasses
from segkit.load.report import WORKED_OUT, LoadReport
from segkit.load.tables import split_lines
from segkit.load.texts import count_of


@dataclass(frozen=True)
class Loaded:
    """What a load gives.

    Attributes
    ----------
    tables : dict of str to frame
        The shop's tables.
    as_of : datetime.date
        The day given, or that of the last order.
    report : LoadReport
        What was read, fixed and set aside.
    """

    tables: dict[str, Any]
    as_of: dt.date
    report: LoadReport


@dataclass
class Work:
    """One file of a load: what it holds, its raw rows, and the passes over them."""

    layout: Layout
    spool: Spool
    passes: FilePasses

    @property
    def name(self) -> str:
        """The file's name."""
        return self.passes.name


def load_path(path: str | Path, options: Options) -> Loaded:
    """Read a path with these options; see :func:`segkit.load.read_tables`."""
    ledger, desk = Ledger(), open_desk(options.engine)
    works = _take_in(find_files(path), options, ledger, desk)
    report = LoadReport(columns={work.name: _shown(work.layout) for work in works})
    frames = {table: _read(those, desk, ledger) for table, those in _by_table(works).items()}
    tables, judged = _tables(frames, works, options, ledger, desk)
    account(report, judged, [(work.name, work.spool.rows) for work in works], ledger)
    report.notes = ledger.notes
    report._rejected = rejected_rows(judged, [(work.name, work.spool) for work in works], ledger)
    _describe(report, works, options)
    as_of = _as_of(tables, options, report)
    return Loaded(tables, as_of, report)


def _take_in(paths: list[Path], options: Options, ledger: Ledger, desk: Desk) -> list[Work]:
    works: list[Work] = []
    opened = open_files(paths, options, ledger)
    for file, layout in opened:
        number = len(works)
        spool = _spool(file, desk, number)
        if not spool.rows:
            if len(opened) == 1:
                raise FileProblem(f"'{file.name}' has column names but no rows.")
            ledger.warn("no_rows", file.name, "holds no rows for this")
            continue
        _check_limit(file, spool, ledger)
        works.append(Work(layout, spool, FilePasses(file.name, number, spool, layout.fields(), options, ledger)))
    return works


def _shown(layout: Layout) -> dict[str, str]:
    return {ours: WORKED_OUT if theirs.startswith(DERIVED) else theirs for ours, theirs in layout.columns.items()}


def _spool(file: Any, desk: Desk, number: int) -> Spool:
    folder = None
    if desk.folder is not None:
        folder = desk.folder / f"raw-{number:03d}"
        folder.mkdir()
    spool = Spool(folder)
    for batch in tqdm(file.batches(), desc=f"reading {file.name}", unit=" batches", delay=3, disable=None):
        spool.add(batch)
    return spool


def _check_limit(file: Any, spool: Spool, ledger: Ledger) -> None:
    for limit, kind in LIMITS.items():
        if spool.rows + 1 == limit:
            what = f"exactly the {kind} row limit ({limit:,} rows with the column names): probably cut off"
            ledger.warn("excel_limit", file.name, what, rows=spool.rows)


def _by_table(works: list[Work]) -> dict[str, list[Work]]:
    tables: dict[str, list[Work]] = {}
    for work in works:
        tables.setdefault(work.layout.table, []).append(work)
    return tables


def _read(works: list[Work], desk: Desk, ledger: Ledger) -> nw.LazyFrame:
    """Both passes over the files of one table."""
    for work in works:
        work.passes.look()
    parts = _parts(works, ledger)
    if len(works) > 1:
        schemas = [part.schema for work in works for part in _parts([work], Ledger(), empty=True)]
        whole = pa.unify_schemas(schemas, promote_options="permissive")
        parts = (_filled(part, whole) for part in parts)
    return desk.gather(parts)


def _parts(works: list[Work], ledger: Ledger, *, empty: bool = False) -> Iterator[pa.Table]:
    """The second pass, batch by batch; `empty` gives one batch without rows, to see the columns."""
    for work in works:
        amounts = Amounts(work.name, ledger) if work.layout.table in (FLAT, "order_lines") else None
        for batch in work.spool:
            rows = Batch(batch.table.slice(0, 0), batch.lines[:0]) if empty else batch
            part = work.passes.read(rows)
            yield amounts.settle(part) if amounts else part
            if empty:
                return
        work.passes.finish()
        if amounts:
            amounts.finish()


def _filled(table: pa.Table, whole: pa.Schema) -> pa.Table:
    """Give a part the columns that only other files have, empty."""
    columns = [
        table.column(f.name).cast(f.type) if f.name in table.column_names else pa.nulls(table.num_rows, f.type)
        for f in whole
    ]
    return pa.table(columns, schema=whole)


def _tables(frames: dict[str, nw.LazyFrame], works: list[Work], options: Options, ledger: Ledger, desk: Desk):
    """Apply whole-file rules; return the shop's tables and the frames with every row judged."""
    markers = {}
    for table in frames:
        files = ", ".join(work.name for work in works if work.layout.table == table)
        markers[table] = Marker(files, options, ledger, desk)
    tables: dict[str, Any] = {}
    judged: dict[str, nw.LazyFrame] = {}
    if FLAT in frames:
        marker = markers[FLAT]
        judged[FLAT] = LineRules(marker, _total_column(works)).apply(frames.pop(FLAT))
        tables |= split_lines(judged[FLAT], marker)
    native, judged_native = native_tables(frames, markers)
    if "customers" in native and "customers" in tables:
        _strangers(tables["customers"], native["customers"], markers["customers"])
    return tables | native, judged | judged_native


def _strangers(ordering: Any, known: Any, marker: Marker) -> None:
    """Customers with orders of whom the customers file knows nothing."""
    there = p.lazy(known).select("customer_id", _known=nw.lit(1))
    missing = p.lazy(ordering).select("customer_id").join(there, on="customer_id", how="left")
    count = int(p.small(missing.filter(nw.col("_known").is_null()).select(n=nw.len()))["n"].iloc[0])
    if count:
        what = f"{count_of(count, 'customer')} with orders not in this file; nothing but their orders is known of them"
        marker.ledger.warn("strangers", marker.file, what, rows=count)


def _total_column(works: list[Work]) -> str | None:
    """The file's name for the line total, when no price is told in any."""
    columns = [work.layout.columns for work in works if work.layout.table == FLAT]
    return None if any("unit_price" in each for each in columns) else columns[0].get("revenue")


def _describe(report: LoadReport, works: list[Work], options: Options) -> None:
    """Say how money and dates were read."""
    readings = [each for work in works for each in work.passes.fields]
    times = [each.reading for each in readings if each.name in ("ordered_at", "happened_at")]
    symbols = {each.reading.symbol for each in readings if each.name in MONEY and each.reading.symbol}
    stated = {currency for work in works for currency in work.passes.currencies}
    report.currency = options.currency or ", ".join(sorted(stated or symbols)) or report.currency
    report.calendar = options.calendar or "gregorian"
    zones = {reading.tz for reading in times if reading.tz}
    report.tz = ", ".join(sorted(zones)) or report.tz
    kinds = {note.reason.removeprefix("source ") for note in report.notes if note.reason.startswith("source ")}
    report.source = ", ".join(sorted(kinds or {work.layout.table for work in works}))


def _as_of(tables: dict[str, Any], options: Options, report: LoadReport) -> dt.date:
    if "orders" not in tables:
        raise DataProblem(f"No orders in {', '.join(report.files)}; a shop needs one row per order or order line.")
    orders = p.lazy(tables["orders"]).select(day=p.day_number(nw.col("ordered_at")))
    ends = p.small(orders.select(n=nw.len(), first=nw.col("day").min(), last=nw.col("day").max())).iloc[0]
    if not ends["n"]:
        worst = max(report.notes, key=lambda note: note.set_aside, default=None)
        why = f" {worst.text}" if worst else ""
        raise DataProblem(f"No order is left of {report.rows_read:,} rows.{why}")
    first, last = (dt.date(1970, 1, 1) + dt.timedelta(days=int(ends[name])) for name in ("first", "last"))
    as_of = options.as_of or last
    report.as_of, report.as_of_from = as_of, "given" if options.as_of else "the last order"
    if as_of < first:
        raise DataProblem(f"as_of={as_of} is before the first order ({first}). Pass a day from {last} on.")
    if last > as_of:
        late = orders.filter(nw.col("day") > p.day_number_of(as_of)).select(n=nw.len())
        count = int(p.small(late)["n"].iloc[0])
        raise DataProblem(
            f"{count_of(count, 'order')} after as_of={as_of} (the last on {last}). "
            f"Pass as_of='{last}', or take them out."
        )
    return as_of
