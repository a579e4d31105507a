"""One load from path to tables: open, recognise, read in two passes, apply the rules, account for every row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa

from segkit import _portable as p
from segkit.errors import DataProblem, FileProblem
from segkit.load.accounts import account, rejected_rows
from segkit.load.amounts import MONEY, Amounts
from segkit.load.batches import Spool
from segkit.load.columns import check_given
from segkit.load.desk import Desk, open_desk
from segkit.load.excelfile import LIMITS, ExcelFile
from segkit.load.files import find_files, kind_of
from segkit.load.layouts import FLAT, Layout, check_source, recognise
from segkit.load.ledger import Ledger
from segkit.load.lines import LineRules
from segkit.load.marker import Marker
from segkit.load.native import native_tables
from segkit.load.options import Options
from segkit.load.parquetfile import ParquetFile
from segkit.load.passes import FilePasses
from segkit.load.report import LoadReport
from segkit.load.tables import split_lines
from segkit.load.textfile import TextFile

SOURCES = ("flat",)


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
    """One file of a load: opened, recognised, and its raw rows."""

    path: Path
    file: Any
    layout: Layout
    spool: Spool
    passes: FilePasses


def load_path(path: str | Path, options: Options) -> Loaded:
    """Read a path with these options; see :func:`segkit.load.read_tables`."""
    check_source(options.source, SOURCES)
    ledger, desk = Ledger(), open_desk(options.engine)
    works = _open_all(find_files(path), options, ledger, desk)
    report = LoadReport(columns={work.path.name: work.layout.columns for work in works})
    frames = {table: _read(those, desk, ledger) for table, those in _by_table(works).items()}
    tables, judged = _tables(frames, works, options, ledger, desk)
    account(report, judged, [(work.path.name, work.spool.rows) for work in works], ledger)
    report.notes = ledger.notes
    report._rejected = rejected_rows(judged, [(work.path.name, work.spool) for work in works], ledger)
    _describe(report, works, options)
    as_of = _as_of(tables, options, report)
    return Loaded(tables, as_of, report)


def _open_all(paths: list[Path], options: Options, ledger: Ledger, desk: Desk) -> list[Work]:
    opened = [(path, _open(path, options, ledger)) for path in paths]
    check_given(options.columns, {path.name: file.header for path, file in opened})
    works: list[Work] = []
    for path, file in opened:
        layout = recognise(path, file.header, options, alone=len(opened) == 1)
        if layout is None:
            shown = ", ".join(repr(name) for name in file.header[:6])
            ledger.warn("not_recognised", path.name, f"not used; its columns ({shown} ...) fit no table of a shop")
            continue
        number = len(works)
        spool = _spool(file, desk, number)
        if not spool.rows:
            if len(opened) == 1:
                raise FileProblem(f"'{path.name}' has column names but no rows.")
            ledger.warn("no_rows", path.name, "has column names but no rows")
            continue
        _check_limit(file, spool, ledger)
        works.append(
            Work(path, file, layout, spool, FilePasses(path.name, number, spool, layout.fields(), options, ledger))
        )
    if not works:
        raise FileProblem(f"None of the files holds a table of a shop: {', '.join(path.name for path in paths[:8])}.")
    return works


def _open(path: Path, options: Options, ledger: Ledger) -> Any:
    kind = kind_of(path)
    if kind == "parquet":
        return ParquetFile(path)
    if kind == "excel":
        return ExcelFile(path, options, ledger)
    if kind == "json":
        raise FileProblem(f"'{path.name}' is JSON; only event files of known shops are read as JSON.")
    return TextFile(path, kind, options, ledger)


def _spool(file: Any, desk: Desk, number: int) -> Spool:
    folder = None
    if desk.folder is not None:
        folder = desk.folder / f"raw-{number:03d}"
        folder.mkdir()
    spool = Spool(folder)
    for batch in file.batches():
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
    """Second pass over the files of one table."""
    return desk.gather(_aligned(works, ledger, desk))


def _aligned(works: list[Work], ledger: Ledger, desk: Desk):
    for work in works:
        work.passes.look()
    lines = works[0].layout.table in (FLAT, "order_lines")
    schemas: list[pa.Schema] = []

    def parts():
        for work in works:
            amounts = Amounts(work.path.name, ledger) if lines else None
            for batch in work.spool:
                part = work.passes.read(batch)
                yield amounts.settle(part) if amounts else part
            work.passes.finish()
            if amounts:
                amounts.finish()

    if len(works) == 1:
        return parts()
    tables = list(parts())
    schemas = [table.schema for table in tables]
    whole = pa.unify_schemas(schemas, promote_options="permissive")
    return [_filled(table, whole) for table in tables]


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
        files = ", ".join(work.path.name for work in works if work.layout.table == table)
        markers[table] = Marker(files, options, ledger, desk)
    tables: dict[str, Any] = {}
    judged: dict[str, nw.LazyFrame] = {}
    if FLAT in frames:
        marker = markers[FLAT]
        judged[FLAT] = LineRules(marker, _total_column(works)).apply(frames.pop(FLAT))
        tables |= split_lines(judged[FLAT], marker)
    native, judged_native = native_tables(frames, markers)
    return tables | native, judged | judged_native


def _total_column(works: list[Work]) -> str | None:
    """The file's name for the line total, when no price is told."""
    columns = next(work.layout.columns for work in works if work.layout.table == FLAT)
    return None if "unit_price" in columns else columns.get("revenue")


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
    report.source = ", ".join(sorted({work.layout.table for work in works}))


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
            f"{count:,} orders are after as_of={as_of} (the last on {last}). Pass as_of='{last}', or take them out."
        )
    return as_of
