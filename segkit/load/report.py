"""LoadReport: every row of a file accounted for, on one page."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from segkit.load.safe import hide_personal, spreadsheet_safe

WORKED_OUT = "(worked out)"  # where a column is made of others
SET_ASIDE, FIXED, WARNING = "set aside", "fixed", "warning"


@dataclass(frozen=True)
class Note:
    """One thing the loader did, or wants to be known.

    Attributes
    ----------
    treatment : {"set aside", "fixed", "warning"}
        What was done with the rows.
    reason : str
        Short name of the finding, such as ``"missing customer_id"``.
    file : str
        Where.
    text : str
        One sentence.
    rows : int
        Rows on which it was found.
    set_aside : int
        Rows set aside for this reason. A row with two faults is set aside once, under the first.
    revenue : float
        Money those set-aside rows hold, in the file's currency.
    lines : tuple of int
        The first line numbers.
    example : str
        One value, masked unless it is a plain date or number.
    """

    treatment: str
    reason: str
    file: str
    text: str
    rows: int = 0
    set_aside: int = 0
    revenue: float = 0.0
    lines: tuple[int, ...] = ()
    example: str = ""


@dataclass
class LoadReport:
    """What was read, kept, fixed and set aside, and how the files were understood.

    Attributes
    ----------
    rows_read, rows_kept, rows_set_aside : int
        Rows of all files; read is always kept plus set aside.
    revenue_read, revenue_kept, revenue_set_aside : float
        Money on those rows (quantity × price − discount), in the file's currency.
    files : dict of str to (int, int, int)
        Per file: rows read, kept, set aside.
    notes : list of Note
        Everything that was found.
    columns : dict of str to dict
        Per file: segkit's name of a column to the file's own.
    as_of : datetime.date or None
        The day up to whose end orders count.
    as_of_from : str
        ``"given"`` or ``"the last order"``.
    calendar, tz, currency, source : str
        How dates and money were read, and which kind of export it was.
    """

    files: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    revenue_read: float = 0.0
    revenue_kept: float = 0.0
    revenue_set_aside: float = 0.0
    as_of: dt.date | None = None
    as_of_from: str = "given"
    calendar: str = "gregorian"
    tz: str = "as written (none stated)"
    currency: str = "not stated"
    source: str = "flat"
    _rejected: Callable[[], Any] | None = field(default=None, repr=False)

    @property
    def rows_read(self) -> int:
        """Rows of all files."""
        return sum(read for read, _, _ in self.files.values())

    @property
    def rows_kept(self) -> int:
        """Rows that went into the shop's tables."""
        return sum(kept for _, kept, _ in self.files.values())

    @property
    def rows_set_aside(self) -> int:
        """Rows that did not, each with a reason in ``rejected``."""
        return sum(aside for _, _, aside in self.files.values())

    @property
    def rejected(self) -> pd.DataFrame:
        """The rows set aside as text: file, line, reason, revenue, and the row; names and addresses hidden."""
        return hide_personal(self._all_rejected())

    def _all_rejected(self) -> pd.DataFrame:
        return self._rejected() if self._rejected else pd.DataFrame(columns=["file", "line", "reason", "revenue"])

    def to_csv(self, path: str | Path, *, personal: bool = False) -> Path:
        """Write the rows set aside to a CSV file that a spreadsheet can open safely.

        Parameters
        ----------
        path : str or pathlib.Path
            Where to.
        personal : bool
            Whether to write names, e-mail addresses and phone numbers too, to mend the rows by hand.
        """
        rows = self._all_rejected() if personal else self.rejected
        spreadsheet_safe(rows).to_csv(path, index=False, encoding="utf-8-sig")
        return Path(path)

    def count(self, reason: str) -> int:
        """Rows on which something was found, over all files; 0 when it was not.

        Parameters
        ----------
        reason : str
            A reason as in :meth:`to_frame`, such as ``"missing customer_id"`` or ``"duplicate"``.
        """
        return sum(note.rows for note in self.notes if note.reason == reason)

    def to_frame(self) -> pd.DataFrame:
        """Return the notes as a frame, one row each."""
        names = ["treatment", "reason", "file", "rows", "set_aside", "revenue", "lines", "example", "text"]
        rows = [
            [*(getattr(n, c) for c in names[:6]), ", ".join(map(str, n.lines)), n.example, n.text] for n in self.notes
        ]
        return pd.DataFrame(rows, columns=names)

    def _used(self) -> list[str]:
        as_of = f"{self.as_of} ({'the day of the last order' if self.as_of_from != 'given' else 'as given'})"
        used = [f"as_of: {as_of}"] if self.as_of else []
        return [
            *used,
            f"currency: {self.currency}",
            f"time zone: {self.tz}",
            f"calendar: {self.calendar}",
            f"kind of export: {self.source}",
        ]

    def _headline(self) -> str:
        names = ", ".join(self.files) if len(self.files) <= 3 else f"{len(self.files)} files"
        return f"{names}: {self.rows_read:,} rows read, {self.rows_kept:,} kept, {self.rows_set_aside:,} set aside."

    def _sections(self) -> list[tuple[str, list[str]]]:
        sections = [("Read with", self._used())]
        for file, columns in self.columns.items():
            found = [f"{ours} = '{theirs}'" for ours, theirs in columns.items() if theirs != WORKED_OUT]
            worked_out = [ours for ours, theirs in columns.items() if theirs == WORKED_OUT]
            texts = [", ".join(found), *([f"worked out: {', '.join(worked_out)}"] if worked_out else [])]
            sections.append((f"Columns of {file}", texts))
        for treatment, title in ((SET_ASIDE, "Set aside"), (FIXED, "Fixed"), (WARNING, "Worth knowing")):
            texts = [note.text for note in self.notes if note.treatment == treatment]
            if texts:
                sections.append((title, texts))
        money = f"{self.revenue_read:,.2f} read, {self.revenue_kept:,.2f} kept, {self.revenue_set_aside:,.2f} set aside"
        return [*sections, ("Revenue", [money])]

    def __str__(self) -> str:
        lines = [self._headline()]
        for title, texts in self._sections():
            lines += [f"{title}:", *(f"  {text}" for text in texts)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{html.escape(self._headline())}</strong></p>"]
        for title, texts in self._sections():
            items = "".join(f"<li>{html.escape(text)}</li>" for text in texts)
            parts.append(f"<p>{html.escape(title)}</p><ul>{items}</ul>")
        return "".join(parts)
