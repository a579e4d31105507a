"""Ids: always text, and equal when they mean the same customer, order or article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.errors import ColumnProblem
from segkit.load.texts import NO_ID, as_words, count_of, mask, plain_id, spread_text, unplain

_FLOAT = re.compile(r"\d+\.0")
_KINDS = {
    "digits": r"\s*\d+\s*",
    "floats": r"\s*\d+\.0\s*",
    "fractions": r"\s*\d+\.(?:\d*[1-9]|\d{2,})\s*",
    "cancelled": r"\s*[Cc]\d+\s*",
    "emails": r".+@.+",
    "rounded": r"\s*\d([.,]\d+)?[eE]\+?\d{2}\s*",
}
TOTALS = ("total", "totals", "subtotal", "sub total", "grand total", "grandtotal", "total:", "sum", "جمع", "مجموع",
          "جمع کل", "مجموع کل")  # fmt: skip
SAID_FINGERPRINT = (
    "is made of the e-mail address (a short fingerprint of it, the same every time; not the address itself)"
)


@dataclass
class IdEvidence:
    """What the ids of one column look like, counted over the whole file."""

    filled: int = 0
    floats: int = 0
    fractions: int = 0
    emails: int = 0
    digits: int = 0
    cancelled: int = 0
    rounded: int = 0
    rounded_lines: list[int] = field(default_factory=list)
    rounded_example: str = ""

    def add(self, column: pa.Array, lines: np.ndarray) -> None:
        """Look at one batch."""
        words = as_words(column)
        if not len(words.text):
            return
        rows = words.counts()
        for name, pattern in _KINDS.items():
            setattr(self, name, getattr(self, name) + int(rows[words.matching(pattern)].sum()))
        empty = pc.is_in(pc.utf8_trim_whitespace(words.text), pa.array(NO_ID, pa.string()))
        self.filled += int(rows[~empty.to_numpy(zero_copy_only=False)].sum())
        rounded = words.matching(_KINDS["rounded"])
        if rounded.any() and len(self.rounded_lines) < 3:
            self.rounded_lines += lines[np.flatnonzero(words.spread(rounded, False))[:3]].tolist()
            self.rounded_example = self.rounded_example or mask(words.unique[np.flatnonzero(rounded)[0]])


@dataclass(frozen=True)
class IdReading:
    """How the ids of one column are to be read."""

    drop_point_zero: bool = False
    fingerprint: bool = False
    marks_cancelled: bool = False
    said: str = ""


def decide_ids(evidence: IdEvidence, column: str, file: str) -> IdReading:
    """Settle how ids are read.

    Raises
    ------
    ColumnProblem
        When a spreadsheet has rounded them: the lost digits cannot be had back.
    """
    if evidence.rounded:
        lines = ", ".join(map(str, evidence.rounded_lines[:3]))
        raise ColumnProblem(
            f"{file}: column '{column}' has {count_of(evidence.rounded, 'id')} such as '{evidence.rounded_example}' "
            f"(first lines: {lines}): they were rounded by Excel and cannot be told apart. Export again with "
            "this column as text."
        )
    fingerprinted = evidence.emails * 2 > evidence.filled
    return IdReading(
        drop_point_zero=evidence.floats > 0 and evidence.fractions == 0,
        fingerprint=fingerprinted,
        marks_cancelled=0 < evidence.cancelled < evidence.filled / 2 and evidence.digits * 2 > evidence.filled,
        said=SAID_FINGERPRINT if fingerprinted else "",
    )


def read_ids(column: pa.Array, reading: IdReading) -> tuple[pa.Array, np.ndarray, np.ndarray]:
    """Read one batch of a column.

    Returns
    -------
    values : pyarrow.Array of string
        Null where there is no id.
    fixed : numpy.ndarray of bool
        Rows whose id was written differently.
    cancelled : numpy.ndarray of bool
        Rows whose id is that of a cancelled invoice (C and digits among ids of digits).
    """
    words = as_words(column)

    def change(word: str) -> str | None:
        bare = plain_id(word)
        if bare in NO_ID:
            return None
        if reading.drop_point_zero and _FLOAT.fullmatch(bare):
            bare = bare[:-2]
        return fingerprint(bare) if reading.fingerprint else bare

    suspect = unplain(words, NO_ID)
    if reading.drop_point_zero:
        suspect |= words.matching(_KINDS["floats"])
    if reading.fingerprint:
        suspect[:] = True
    clean, changed = words.changed(change, suspect)
    if reading.fingerprint:
        changed[:] = False  # said once for the whole column
    cancelled = np.zeros(len(clean), bool)
    if reading.marks_cancelled:
        cancelled = words.matching(_KINDS["cancelled"])
    return spread_text(clean, words.codes), words.spread(changed, False), words.spread(cancelled, False)


def fingerprint(email: str) -> str:
    """Make an id of an e-mail address, so that the address itself never serves as one.

    Examples
    --------
    >>> fingerprint("Ann@example.com ") == fingerprint("ann@example.com")
    True
    """
    return "e" + blake2b(email.strip().casefold().encode(), digest_size=6).hexdigest()
