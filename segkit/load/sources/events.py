"""Event streams with purchases in them: what GA4 and Segment have in common."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from segkit.errors import FileProblem
from segkit.load.batches import NOT_A_SALE, RECORD, Batch, is_own
from segkit.load.files import open_bytes, plain_errors
from segkit.load.layouts import FLAT, Layout

_ROWS = 65_536
EVENT_COLUMNS = (
    "event_id", "session_id", "customer_id", "visitor_id", "happened_at", "name", "product_id", "source", "device",
    "os", "connection",
)  # fmt: skip
ITEM_COLUMNS = (
    "order_id", "customer_id", "ordered_at", "line_in_order", "product_id", "name", "category", "quantity",
    "unit_price", "discount", "coupon", "shipping_fee", "currency", "device", "country", "province", "city",
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class EventSource:
    """One kind of event stream.

    Attributes
    ----------
    name : str
        As in ``read_shop(path, source=...)``.
    fits : callable
        Whether one record is of this kind.
    event : callable
        A record as one row of `events`; None when it is no event.
    items : callable
        A record as rows of order lines; refunds have a negative quantity. None when it is neither.
    said : str
        What a reader should know about this kind of export.
    """

    name: str
    fits: Callable[[Row], bool]
    event: Callable[[Row], Row | None]
    items: Callable[[Row], list[Row]]
    said: str


class EventFile:
    """One view of an event stream: its events, or the order lines in its purchases."""

    def __init__(
        self, records: Callable[[], Iterator[tuple[int, Row]]], name: str, source: EventSource, table: str
    ) -> None:
        self._records, self.source, self.table = records, source, table
        self.name = name if table == "events" else f"{name} (purchases)"
        self.header = [*(EVENT_COLUMNS if table == "events" else ITEM_COLUMNS), NOT_A_SALE, RECORD]

    def layout(self) -> Layout:
        """Which of the columns is which of segkit's."""
        return Layout(self.table, {name: name for name in self.header if is_own(name) and name != "line_in_order"})

    def batches(self) -> Iterator[Batch]:
        """Read the rows; a purchase has several, so they are numbered, and keep the line of the file they are from."""
        rows = self._events() if self.table == "events" else self._items()
        start = 1
        while chunk := list(islice(rows, _ROWS)):
            cells = [{**row, RECORD: line} for line, row in chunk]
            columns = [pa.array([_text(row.get(name)) for row in cells], pa.string()) for name in self.header]
            table = pa.table([column.dictionary_encode() for column in columns], names=self.header)
            numbers = [line for line, _ in chunk] if self.table == "events" else range(start, start + len(chunk))
            yield Batch(table, np.fromiter(numbers, np.int64, len(chunk)))
            start += len(chunk)

    def _events(self) -> Iterator[tuple[int, Row]]:
        for line, record in self._records():
            row = self.source.event(record)
            if row is None:
                yield line, {NOT_A_SALE: "yes"}
            else:
                yield line, {"event_id": f"{self.name} {line}", **{k: v for k, v in row.items() if v is not None}}

    def _items(self) -> Iterator[tuple[int, Row]]:
        bought: dict[str, list[Row]] = {}
        for line, record in self._records():
            items = self.source.items(record)
            for row in _whole_refund(items, bought):
                yield line, row
            for row in items:
                if row["quantity"] is not None and not str(row["quantity"]).startswith("-"):
                    bought.setdefault(str(row["order_id"]), []).append(row)


def _whole_refund(items: list[Row], bought: dict[str, list[Row]]) -> list[Row]:
    """A refund without items returns the whole order; one without prices returns at the price paid."""
    rows = []
    for row in items:
        before = bought.get(str(row["order_id"]), [])
        if row["quantity"] is None:
            who = {name: row[name] for name in ("order_id", "customer_id", "ordered_at")}
            rows += [{**b, **who, "quantity": -float(b["quantity"])} for b in before] or [{**row, "quantity": -1}]
            continue
        if row.get("unit_price") is None:
            same = next((b for b in before if b["product_id"] == row["product_id"]), {})
            row["unit_price"] = same.get("unit_price")
        rows.append(row)
    return rows


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def json_records(path: Any, kind: str, member: str | None) -> Iterator[tuple[int, Row]]:
    """Read JSON lines, or one JSON array, record by record with line numbers.

    Raises
    ------
    FileProblem
        When a line is no JSON object.
    """
    with plain_errors(path.name), open_bytes(path, kind, member) as stream:
        first = True
        for number, raw in enumerate(stream, 1):
            line = raw.strip().removeprefix(b"\xef\xbb\xbf")
            if not line:
                continue
            if first and line.startswith(b"["):
                yield from _array(path.name, line + stream.read())
                return
            first = False
            yield number, _record(path.name, number, line)


def _record(name: str, number: int, line: bytes) -> Row:
    try:
        record = json.loads(line)
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise FileProblem(f"'{name}' line {number} is no JSON. Write one event per line, or mend the line.") from None
    if not isinstance(record, dict):
        raise FileProblem(f"'{name}' line {number} is no JSON object. Write one event per line, in braces.")
    return record


def _array(name: str, data: bytes) -> Iterator[tuple[int, Row]]:
    try:
        records = json.loads(data)
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise FileProblem(
            f"'{name}' is no complete JSON array. Export it again, or write one event per line."
        ) from None
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise FileProblem(f"'{name}' entry {number} is no JSON object. Export it again.")
        yield number, record


def views(records: Callable[[], Iterator[tuple[int, Row]]], name: str, source: EventSource) -> list[EventFile]:
    """The two tables in one stream."""
    return [EventFile(records, name, source, "events"), EventFile(records, name, source, FLAT)]


def dig(record: Any, *path: str) -> Any:
    """Follow keys into nested objects; None where the way ends."""
    for key in path:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def objects(value: Any) -> list[Row]:
    """The objects in a list, none where there is no list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def number(value: Any) -> float | None:
    """A number, or None for anything else."""
    try:
        told = None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return told if told is not None and math.isfinite(told) else None
