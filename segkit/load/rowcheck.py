"""Every row of a delimited file has as many cells as there are columns, every quote closes, no byte is NUL."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segkit.errors import FileProblem
from segkit.load.ledger import Ledger
from segkit.load.texts import count_of


class RowCheck:
    """Lets the good rows of one file through and remembers the others.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    width : int
        How many columns there are.
    """

    def __init__(self, name: str, width: int) -> None:
        self.name, self.width = name, width
        self.blank = 0
        self.ragged: list[tuple[int, int]] = []

    def rows(self, reader: Any, above: int) -> Iterator[tuple[int, list[str]]]:
        """Yield the column names and then every good row, each with the line it starts on.

        Parameters
        ----------
        reader : csv.reader
            What parts the lines.
        above : int
            Lines of the file before the reader's first.

        Raises
        ------
        FileProblem
            When a quote does not close.
        """
        names_seen = False
        while True:
            start = reader.line_num + 1 + above
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                raise FileProblem(_about_quotes(self.name, start, problem)) from None
            if len(row) != self.width:
                if not any(cell.strip() for cell in row):
                    self.blank += 1
                    continue
                if len(row) > self.width and not any(cell.strip() for cell in row[self.width :]):
                    row = row[: self.width]
                elif names_seen:
                    self.ragged.append((start, len(row)))
                    continue
            names_seen = True
            yield start, row

    def finish(self, ledger: Ledger) -> None:
        """Stop for rows with too many or too few cells; note blank lines.

        Raises
        ------
        FileProblem
            With the first three such rows.
        """
        if self.ragged:
            first = ", ".join(f"line {line} has {cells}" for line, cells in self.ragged[:3])
            raise FileProblem(
                f"{self.name}: {count_of(len(self.ragged), 'row')} without {self.width} cells: {first}. "
                "A separator inside a value must stand in quotes; mend those lines or export again."
            )
        if self.blank:
            ledger.fixed("blank_lines", self.name, f"{count_of(self.blank, 'blank line')} skipped", rows=self.blank)


def stop_for_nul(name: str, columns: list[pa.DictionaryArray], starts: tuple[int, ...]) -> None:
    """Stop at a byte that no text holds.

    Raises
    ------
    FileProblem
        With the first line that holds one.
    """
    lines = []
    for column in columns:
        held = pc.match_substring(column.dictionary, "\0")
        if pc.any(held, min_count=0).as_py():
            rows = held.take(column.indices).to_numpy(zero_copy_only=False)
            lines.append(starts[int(rows.argmax())])
    if lines:
        raise FileProblem(
            f"'{name}' line {min(lines)} holds a NUL byte; the file is corrupt, or UTF-16: try encoding='utf-16'."
        )


def _about_quotes(name: str, start: int, problem: csv.Error) -> str:
    if "field larger" in str(problem) or "end of data" in str(problem):
        return f"{name}: a quote opened on line {start} never closes. Close it, or export the file again."
    return f"{name}: line {start} has a quote in the wrong place. Mend the line, or export the file again."
