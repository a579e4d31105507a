"""Open every file of a path, as what it really is, and tell what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from segkit.errors import FileProblem, UnknownName, did_you_mean
from segkit.load.columns import check_given, missing_column
from segkit.load.excelfile import ExcelFile
from segkit.load.files import kind_of, plain_errors
from segkit.load.layouts import Layout, recognise
from segkit.load.ledger import Ledger
from segkit.load.options import Options
from segkit.load.parquetfile import ParquetFile
from segkit.load.sources import NAMES, STREAMS, TABULAR, EventFile, EventSource, SourceFile
from segkit.load.sources.events import json_records, views
from segkit.load.textfile import TextFile
from segkit.load.texts import shown_id


def open_files(paths: list[Path], options: Options, ledger: Ledger) -> list[tuple[Any, Layout]]:
    """Open the files and match their columns.

    Returns
    -------
    list of (file, Layout)
        Each file has ``name``, ``header`` and ``batches()``; an event stream counts as two.

    Raises
    ------
    FileProblem
        When a file cannot be read, or none holds a table of a shop.
    ColumnProblem
        When a column is missing or named wrongly in ``columns``.
    """
    if options.source is not None and options.source not in NAMES:
        raise UnknownName(f"source='{options.source}' is not known. {did_you_mean(options.source, NAMES)}")
    opened = [(path, file) for path in paths for file in _open(path, options, ledger)]
    check_given(options.columns, {file.name: file.header for _, file in opened})
    found = []
    for path, file in opened:
        if isinstance(file, SourceFile | EventFile):
            layout = _with_given(file.layout(), options, file.header)
            for name in layout.required():
                if name not in layout.columns and name in ("customer_id", "ordered_at"):
                    raise missing_column(name, file.header, file.name)
            found.append((file, layout))
            if not any(note.reason == f"source {file.source.name}" for note in ledger.notes):
                ledger.warn(f"source {file.source.name}", file.name, file.source.said)
            continue
        layout = recognise(path, file.header, options, alone=len(opened) == 1)
        if layout is not None:
            found.append((file, layout))
            continue
        shown = ", ".join(repr(name) for name in file.header[:6])
        ledger.warn("not_recognised", file.name, f"not used; its columns ({shown} ...) fit no table of a shop")
    if not found:
        raise FileProblem(f"None of the files holds a table of a shop: {', '.join(path.name for path in paths[:8])}.")
    return found


def _open(path: Path, options: Options, ledger: Ledger) -> list[Any]:
    kind = kind_of(path)
    if kind == "parquet" and _nested(path):
        return _stream(partial(_parquet_records, path), path, options)
    if kind in ("gzip", "zip", "json", "text") and _is_json(path, kind, options):
        return _stream(partial(json_records, path, kind, options.member), path, options)
    if kind == "parquet":
        file: Any = ParquetFile(path)
    elif kind == "excel":
        file = ExcelFile(path, options, ledger)
    else:
        file = TextFile(path, kind, options, ledger)
    for source in TABULAR:
        named = options.source == source.name
        if (named or options.source is None) and source.fits(file.header):
            return [SourceFile(file, source)]
    if options.source in {source.name for source in TABULAR}:
        wanted = next(source.signature for source in TABULAR if source.name == options.source)
        raise FileProblem(
            f"'{path.name}' does not look like a {options.source} export: it lacks some of {', '.join(wanted)}. "
            "Leave source= out, or export the orders again."
        )
    return [file]


def _is_json(path: Path, kind: str, options: Options) -> bool:
    stem = path.name.lower().removesuffix(".gz").removesuffix(".zip")
    return kind == "json" or stem.endswith((".json", ".jsonl", ".ndjson"))


def _stream(records: Any, path: Path, options: Options) -> list[EventFile]:
    """Tell whose event stream it is from its first records."""
    first = [record for _, record in islice(records(), 20)]
    if not first:
        raise FileProblem(f"'{path.name}' holds no events.")
    source = _whose(first, options)
    if source is None:
        keys = ", ".join(shown_id(key) for key in sorted(first[0])[:8])
        known = ", ".join(each.name for each in STREAMS)
        raise FileProblem(
            f"'{path.name}' is JSON with the keys {keys}; it looks like none of {known}. Export orders as CSV, or pass "
            "source= with one of those."
        )
    return views(records, path.name, source)


def _whose(records: list[dict], options: Options) -> EventSource | None:
    for source in STREAMS:
        if options.source == source.name or (options.source is None and all(map(source.fits, records))):
            return source
    return None


def _nested(path: Path) -> bool:
    with plain_errors(path.name):
        return "event_params" in pq.ParquetFile(path).schema_arrow.names


def _parquet_records(path: Path) -> Iterator[tuple[int, dict]]:
    number = 0
    with plain_errors(path.name), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(16_384):
            for record in batch.to_pylist():
                number += 1
                yield number, record


def _with_given(layout: Layout, options: Options, header: list[str]) -> Layout:
    """What the caller says about columns wins over what the kind of export implies."""
    given = {ours: theirs for ours, theirs in options.columns.items() if theirs in header}
    return Layout(layout.table, {**layout.columns, **given})
