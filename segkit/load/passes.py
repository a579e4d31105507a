"""Two passes over a file: look at every column, then read every row and say what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.errors import ColumnProblem
from segkit.load.batches import NOT_A_SALE, Batch, Spool, column, is_own, row_hash
from segkit.load.fields import Cells, Field
from segkit.load.ids import TOTALS
from segkit.load.ledger import KEPT, REASONS, Ledger
from segkit.load.options import Options
from segkit.load.texts import as_words, count_of, hide, mask, plain

_LINE_BITS = 40  # a row's number holds its file above and its line below


def row_number(file_number: int, lines: np.ndarray) -> np.ndarray:
    """One number per row over all files, in order of file and line."""
    return (np.int64(file_number) << _LINE_BITS) + lines.astype(np.int64)


def file_and_line(row: int) -> tuple[int, int]:
    """Undo :func:`row_number`.

    Examples
    --------
    >>> file_and_line(int(row_number(2, np.array([17]))[0]))
    (2, 17)
    """
    return row >> _LINE_BITS, row & ((1 << _LINE_BITS) - 1)


@dataclass
class Seen:
    """Rows on which something was met, counted over batches."""

    rows: int = 0
    lines: list[int] = field(default_factory=list)
    example: str = ""

    def add(self, where: np.ndarray, lines: np.ndarray, words: Callable[[int], str]) -> None:
        """Count the rows of one batch."""
        hits = np.flatnonzero(where)
        if not len(hits):
            return
        self.rows += len(hits)
        self.lines += lines[hits[: 3 - len(self.lines)]].tolist()
        self.example = self.example or mask(words(int(hits[0])))


@dataclass
class FilePasses:
    """One file on its way from raw text to typed rows.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    number : int
        Its place among the files read.
    spool : Spool
        Its raw rows.
    fields : list of Field
        The columns to read, in the order in which their faults count.
    options, ledger
        Wishes, and where findings go.
    """

    name: str
    number: int
    spool: Spool
    fields: list[Field]
    options: Options
    ledger: Ledger
    currencies: Counter = field(default_factory=Counter)
    _fixed: dict[str, Seen] = field(default_factory=dict)
    _emptied: dict[tuple[str, str], Seen] = field(default_factory=dict)
    _noted: dict[tuple[str, str], Seen] = field(default_factory=dict)

    def look(self) -> None:
        """First pass, and what follows from it."""
        for batch in self.spool:
            for each in self.fields:
                each.look(column(batch, each.theirs), batch.lines)
                if each.name == "currency":
                    self._count_currencies(column(batch, each.theirs), each.theirs)
        for each in self.fields:
            each.decide(self.options, self.name)
            said = getattr(each.reading, "said", "")
            if said:
                self.ledger.warn(f"read {each.name}", self.name, f"{each.name} {said}")
        if len(self.currencies) > 1 and self.options.currency is None:
            found = ", ".join(
                f"{currency} ({count_of(rows, 'row')})" for currency, rows in self.currencies.most_common(5)
            )
            most = self.currencies.most_common(1)[0][0]
            raise ColumnProblem(
                f"{self.name}: amounts are in {len(self.currencies)} currencies: {found}. Convert them to one, or pass "
                f"currency='{most}' to keep those rows and set the others aside."
            )

    def _count_currencies(self, raw: pa.Array, header: str) -> None:
        words = as_words(raw)
        for word, rows in zip(words.unique, words.counts().tolist(), strict=True):
            if word.strip() and rows and word.strip().casefold() != header.strip().casefold():  # repeated column names
                self.currencies[plain(word)] += rows

    def read(self, batch: Batch) -> pa.Table:
        """Second pass over one batch: typed columns, and per row the code of its first fault (0: none)."""
        reason = np.full(batch.table.num_rows, KEPT, np.int64)
        self._not_records(batch, reason)
        columns: dict[str, pa.Array] = {}
        cancelled = np.zeros(len(reason), bool)
        for each in self.fields:
            raw = column(batch, each.theirs)
            cells = each.read(raw)
            self._judge(each, cells, raw, batch.lines, reason)
            columns[each.name] = cells.values
            if each.name == "currency" and self.options.currency:
                other = pc.not_equal(cells.values, self.options.currency).fill_null(False)
                where = other.to_numpy(zero_copy_only=False) & (reason == KEPT)
                if where.any():
                    reason[where] = self.ledger.code("other_currency", self.name)
            if cells.cancelled is not None and each.name == "order_id":
                cancelled = cells.cancelled
        return pa.table({
            "row": row_number(self.number, batch.lines),
            "reason": reason,
            "hash": row_hash(batch),
            "cancelled": cancelled,
            **columns,
        })  # fmt: skip

    def _not_records(self, batch: Batch, reason: np.ndarray) -> None:
        """Find repeated column names and total rows."""
        header = np.ones(len(reason), bool)
        total = np.zeros(len(reason), bool)
        ids = {each.theirs for each in self.fields if each.column.kind == "id"}
        for place, name in enumerate(batch.table.column_names):
            if not is_own(name) or (not header.any() and place and name not in ids):
                continue
            words = as_words(column(batch, name))
            named = pc.equal(words.folded, name.casefold()).to_numpy(zero_copy_only=False)
            header &= words.spread(named, False)
            if place == 0 or name in ids:
                summed = pc.is_in(words.folded, pa.array(TOTALS, pa.string())).to_numpy(zero_copy_only=False)
                total |= words.spread(summed, False)
        faults = [(header, "repeated_header"), (total, "total_row")]
        if NOT_A_SALE in batch.table.column_names:
            stream = any(each.name == "event_id" for each in self.fields)
            words = as_words(column(batch, NOT_A_SALE))
            marked = words.spread(words.matching("yes"), False)
            faults.append((marked, "not_an_event" if stream else "not_a_sale"))
        for where, what in faults:
            if where.any():
                reason[where & (reason == KEPT)] = self.ledger.code(what, self.name)

    def _judge(self, each: Field, cells: Cells, raw: pa.Array, lines: np.ndarray, reason: np.ndarray) -> None:
        def text(i: int) -> str:
            value = raw[i].as_py()
            shown = "" if value is None else str(value)
            return hide(shown) if each.column.personal else shown

        alive = reason == KEPT
        for what, where in cells.noted.items():
            self._noted.setdefault((each.name, what), Seen()).add(where & alive, lines, text)
        if cells.fixed.any():
            self._fixed.setdefault(each.name, Seen()).add(cells.fixed & alive, lines, text)
        for state in np.unique(cells.state[alive & (cells.state != "")]):
            where = alive & (cells.state == state)
            if each.required:
                code = self.ledger.code(str(state), self.name, each.name)
                reason[where] = code
                if state != "missing":
                    self.ledger.example(code, mask(text(int(np.flatnonzero(where)[0]))))
            elif state != "missing":
                self._emptied.setdefault((each.name, str(state)), Seen()).add(where, lines, text)

    def finish(self) -> None:
        """Write what was fixed, emptied and noticed into the ledger."""
        for each in self.fields:
            seen = self._fixed.get(each.name, Seen())
            if seen.rows:
                what = f"{count_of(seen.rows, 'row')}: {each.name} {each.fixed_how}"
                self.ledger.fixed(f"written {each.name}", self.name, what, rows=seen.rows, lines=tuple(seen.lines))
        for (name, state), seen in self._emptied.items():
            words = REASONS[state].format(column=name)
            what = f"{count_of(seen.rows, 'row')} {words}, such as '{seen.example}'; left empty"
            self.ledger.warn(f"{state} {name}", self.name, what, rows=seen.rows, lines=tuple(seen.lines))
        for (name, what), seen in self._noted.items():
            if seen.rows:
                text = f"{count_of(seen.rows, 'row')} {what} ({name}); the day is sure, the hour is kept as written"
                self.ledger.warn(f"clock {name}", self.name, text, rows=seen.rows, lines=tuple(seen.lines))
