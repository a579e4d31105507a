"""One column of a file: look at it in the first pass, settle how it is read, read it in the second."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from segkit.load.dates import DateEvidence, DateReading, clock_changes, decide_dates, read_dates
from segkit.load.ids import IdEvidence, decide_ids, read_ids
from segkit.load.numbers import NumberEvidence, decide_numbers, read_numbers
from segkit.load.options import Options
from segkit.load.texts import NO_TEXT, as_words, plain, spread_text, unplain, western_digits
from segkit.schema import Column

_YES = {"true", "t", "yes", "y", "1", "1.0", "بله", "آری", "subscribed", "on"}
_NO = {"false", "f", "no", "n", "0", "0.0", "خیر", "نه", "unsubscribed", "off"}
_NUMBER_KINDS = ("money", "count", "share", "score")
_TIME_KINDS = ("time", "day")
_WEIGHED = ("quantity", "returned_quantity")  # may be 1.5 kg; segkit.load.amounts makes pieces of them


@dataclass
class Cells:
    """One column of one batch, read.

    Attributes
    ----------
    values : pyarrow.Array
        Typed as the schema says; null where there is nothing.
    state : numpy.ndarray of str
        Per row: ``""``, ``"missing"`` or what is wrong.
    fixed : numpy.ndarray of bool
        Rows whose value was written differently.
    cancelled : numpy.ndarray of bool or None
        For order ids: rows of a cancelled invoice.
    noted : dict of str to numpy.ndarray of bool
        Rows about which something is worth saying.
    """

    values: pa.Array
    state: np.ndarray
    fixed: np.ndarray
    cancelled: np.ndarray | None = None
    noted: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass
class Field:
    """One column of a file that segkit knows.

    Parameters
    ----------
    column : segkit.schema.Column
        What it is.
    theirs : str
        The file's own name for it.
    required : bool
        Whether a row without it is set aside; otherwise the cell is left empty.
    """

    column: Column
    theirs: str
    required: bool
    evidence: Any = field(init=False, default=None)
    reading: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        kind = self.column.kind
        makers = {
            "id": IdEvidence,
            **dict.fromkeys(_TIME_KINDS, DateEvidence),
            **dict.fromkeys(_NUMBER_KINDS, NumberEvidence),
        }
        self.evidence = makers[kind]() if kind in makers else None

    @property
    def name(self) -> str:
        """Segkit's name."""
        return self.column.name

    @property
    def fixed_how(self) -> str:
        """What was done where a value was written differently."""
        if isinstance(self.reading, DateReading):
            return self.reading.moved
        if self.column.kind in _NUMBER_KINDS:
            return "read without currency, marks between thousands, brackets or other digits than 0 to 9"
        if self.name in ("email", "phone"):
            return "written in one way, to be comparable"
        return "written in one way: no blanks around it, no invisible marks, one kind of digits and of Persian letters"

    def look(self, column: pa.Array, lines: np.ndarray) -> None:
        """First pass: gather how one batch is written."""
        if isinstance(self.evidence, NumberEvidence):
            self.evidence.add(column)
        elif self.evidence is not None:
            self.evidence.add(column, lines)

    def decide(self, options: Options, file: str) -> None:
        """Between the passes: settle how the column is read, or stop."""
        if isinstance(self.evidence, IdEvidence):
            self.reading = decide_ids(self.evidence, self.theirs, file)
        elif isinstance(self.evidence, DateEvidence):
            self.reading = decide_dates(self.evidence, options, self.theirs, file)
        elif isinstance(self.evidence, NumberEvidence):
            self.reading = decide_numbers(self.evidence, options, self.theirs, file)

    def read(self, column: pa.Array) -> Cells:
        """Second pass: read one batch."""
        kind = self.column.kind
        if kind == "id":
            values, fixed, cancelled = read_ids(column, self.reading)
            state = np.where(values.is_null().to_numpy(zero_copy_only=False), "missing", "")
            return Cells(values, state, fixed, cancelled)
        if kind in _TIME_KINDS:
            return self._times(column)
        if kind in _NUMBER_KINDS:
            numbers, state, fixed = read_numbers(column, self.reading)
            if kind == "count" and self.name not in _WEIGHED:
                return _counts(numbers, state, fixed)
            bad = state != ""
            return Cells(pa.array(np.where(bad, np.nan, numbers), mask=bad), state, fixed)
        return _flags(column) if kind == "flag" else _texts(column, self.name)

    def _times(self, column: pa.Array) -> Cells:
        reading: DateReading = self.reading
        values, state = read_dates(column, reading)
        if self.column.kind == "day":
            values = values.astype("datetime64[D]").astype("datetime64[us]")
        moved = (state == "") & bool(reading.moved)
        skipped, doubled = clock_changes(values, reading)
        noted = {
            "in the hour that the clock skipped": skipped,
            "in the hour that the clock showed twice": doubled,
        }
        return Cells(pa.array(values, pa.timestamp("us")), state, moved, noted=noted)


def _counts(numbers: np.ndarray, state: np.ndarray, fixed: np.ndarray) -> Cells:
    with np.errstate(invalid="ignore"):
        state = np.where((state == "") & (numbers != np.floor(numbers)), "unreadable", state)
    bad = (state != "") | (np.abs(np.nan_to_num(numbers)) >= 2**53)
    return Cells(pa.array(np.where(bad, 0, numbers).astype(np.int64), mask=bad), state, fixed)


def _texts(column: pa.Array, name: str) -> Cells:
    words = as_words(column)
    change = {"email": _email, "phone": _phone}.get(name, plain)
    suspect = unplain(words, NO_TEXT) if change is plain else np.ones(len(words.text), bool)
    clean, changed = words.changed(lambda word: None if word.strip() in NO_TEXT else change(word), suspect)
    values = spread_text(clean, words.codes)
    missing = values.is_null().to_numpy(zero_copy_only=False)
    return Cells(values, np.where(missing, "missing", ""), words.spread(changed, False))


def _flags(column: pa.Array) -> Cells:
    if pa.types.is_boolean(column.type):
        nulls = column.is_null().to_numpy(zero_copy_only=False)
        return Cells(column, np.where(nulls, "missing", ""), np.zeros(len(column), bool))
    words = as_words(column)
    folded = [western_digits(plain(word)).casefold() for word in words.unique]
    known = np.array([word in _YES or word in _NO for word in folded], bool)
    state = np.array(
        ["missing" if not w else "" if k else "unreadable" for w, k in zip(folded, known, strict=True)], "U10"
    )
    yes = words.spread(np.array([word in _YES for word in folded], bool), False)
    good = words.spread(known, False)
    return Cells(pa.array(yes, mask=~good), words.spread(state, "missing"), np.zeros(len(good), bool))


def _email(word: str) -> str:
    return plain(word).casefold().rstrip(".")


def _phone(word: str) -> str:
    digits = re.sub(r"[\s().\-/]", "", western_digits(plain(word)))
    return "+" + digits[2:] if digits.startswith("00") else digits
