"""The one writer of CSV files: whole or not at all, UTF-8, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw
import pandas as pd

from segkit import _portable as p
from segkit.act.addresses import FIELD_BYTES, is_e164
from segkit.errors import FileProblem

# What a spreadsheet takes for the beginning of a formula (CWE-1236), also in full width or behind blanks.
_FORMULA = re.compile(r"[\s\u200b\u200e\u200f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|[\t\n\0]")


@dataclass(frozen=True)
class Written:
    """What was written, and what had to be changed on the way.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    rows, columns : int
        Its size, without the line of column names.
    defused : int
        Cells that began like a formula and got an apostrophe in front.
    shortened : int
        Cells cut to 255 bytes.
    """

    path: Path
    rows: int
    columns: int
    defused: int = 0
    shortened: int = 0

    def notes(self) -> list[str]:
        """Say what was changed, one sentence each; nothing when nothing was."""
        notes = []
        if self.defused:
            notes.append(f"{self.defused:,} cells began like a formula and got an apostrophe (') in front.")
        if self.shortened:
            notes.append(f"{self.shortened:,} cells were cut to {FIELD_BYTES} bytes.")
        return notes

    def __repr__(self) -> str:
        return " ".join([f"{self.path}: {self.rows:,} rows, {self.columns} columns.", *self.notes()])


def write_csv(frame: object, path: str | Path, *, platform: bool = False, phones: Collection[str] = ()) -> Written:
    """Write a table as CSV: UTF-8, safe to open in a spreadsheet, whole or not at all.

    A text that begins with = + - @, a tab or a line end gets an apostrophe in front, so that no spreadsheet runs it.
    Numbers stay numbers; line ends within a text become one kind. A byte order mark is written where there are letters
    beyond ASCII, for Excel's sake.

    Parameters
    ----------
    frame : frame
        Of any engine; lazy ones are collected. A named pandas index is written too.
    path : str or pathlib.Path
        The file; one that is there is replaced at the very end.
    platform : bool
        Whether a platform's import reads the file, not a person: texts are cut to 255 bytes (never within a letter),
        and there is no byte order mark.
    phones : collection of str
        Columns that the platform reads as phone numbers: +14155550123 stays as it is, anything else is left empty.

    Returns
    -------
    Written
        Path, rows, and how many cells were changed.

    Raises
    ------
    FileProblem
        When the folder is missing or the file cannot be written.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_csv(pd.DataFrame({"name": ["=1+1", "Ann"], "change": [-1, 2]}), folder + "/a.csv")
    ...     print(written.path.read_text(), written.defused)
    name,change
    '=1+1,-1
    Ann,2
     1
    """
    table = _pandas(frame)
    cells = _Cells(FIELD_BYTES if platform else None)
    header = [cells.safe(str(name)) for name in table.columns]
    columns = [
        [cells.phone(value) if name in phones else cells.safe(value) for value in table[name].astype(object)]
        for name in table.columns
    ]
    beyond = not platform and any(isinstance(v, str) and not v.isascii() for c in [header, *columns] for v in c)

    def write(target: Path) -> None:
        with target.open("w", encoding="utf-8-sig" if beyond else "utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(zip(*columns, strict=True))

    path = Path(path)
    whole_or_nothing(path, write)
    return Written(path, len(table), len(header), cells.defused, cells.shortened)


class _Cells:
    """Make cells safe, and count what was changed."""

    def __init__(self, limit: int | None) -> None:
        self.limit, self.defused, self.shortened = limit, 0, 0

    def safe(self, value: object) -> object:
        if value is None or value is pd.NA or value is pd.NaT or value != value:
            return ""
        if not isinstance(value, str):
            return value
        value = value.replace("\r\n", "\n").replace("\r", "\n")  # which the csv module puts in quotes
        if _FORMULA.match(value):
            self.defused += 1
            value = "'" + value
        if self.limit and len(value.encode()) > self.limit:
            self.shortened += 1
            value = value.encode()[: self.limit].decode(errors="ignore")
        return value

    def phone(self, value: object) -> object:
        return value if is_e164(value) else ""


def whole_or_nothing(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside `path`, then put it in place; on any mishap leave what was there.

    Raises
    ------
    FileProblem
        When the folder is missing, or the disk or its rights say no.
    """
    if not path.parent.is_dir():
        raise FileProblem(f"There is no folder '{path.parent}'. Make it first, or write the file to another folder.")
    if path.is_dir():
        raise FileProblem(f"'{path}' is a folder. Name the file to write, such as '{path / 'audience.csv'}'.")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".unfinished")
        os.close(handle)
    except OSError as problem:
        raise _cannot_write(path, problem) from None
    unfinished = Path(name)
    try:
        write(unfinished)
        unfinished.chmod(0o666 & ~_umask())
        os.replace(unfinished, path)
    except OSError as problem:
        raise _cannot_write(path, problem) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _cannot_write(path: Path, problem: OSError) -> FileProblem:
    reason = problem.strerror or "the disk said no"
    return FileProblem(
        f"'{path}' cannot be written: {reason}. Close the program that has it open, or name another file."
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _pandas(frame: object) -> pd.DataFrame:
    if isinstance(frame, pd.DataFrame):
        index = [name for name in frame.index.names if name is not None]
        return frame.reset_index() if index else frame
    return p.small(nw.from_native(frame).lazy())
