"""Delimited text (CSV, TSV, blanks between) -> batches with the line every row starts on."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
import pyarrow as pa

from segkit.errors import FileProblem
from segkit.load.batches import Batch
from segkit.load.encodings import suggest_encoding
from segkit.load.files import open_bytes, plain_errors
from segkit.load.header import check_header
from segkit.load.ledger import Ledger
from segkit.load.options import Options
from segkit.load.rowcheck import RowCheck, stop_for_nul

ROWS_PER_BATCH = 65_536
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "blanks"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class TextFile:
    """A delimited text file, opened: its column names are known, its rows come in batches.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    kind : str
        ``"text"``, ``"gzip"`` or ``"zip"``, as :func:`segkit.load.files.kind_of` says.
    options : Options
        What the caller said about it.
    ledger : Ledger
        Where fixes are noted.
    """

    def __init__(self, path: Path, kind: str, options: Options, ledger: Ledger) -> None:
        self.path, self.kind, self.options, self.ledger = path, kind, options, ledger
        self.name = path.name
        self.encoding = self._encoding()
        sample = self._sample()
        self.sep = options.sep or _sniff(sample)
        if self.sep != ",":
            ledger.fixed("separator", self.name, f"columns are parted by {_SEPARATORS.get(self.sep, repr(self.sep))}")
        self.header = self._find_header(sample)

    def _encoding(self) -> str:
        if self.options.encoding:
            try:
                codecs.lookup(self.options.encoding)
            except LookupError:
                raise FileProblem(
                    f"encoding={self.options.encoding!r} is not known. Try 'utf-8' or 'cp1256'."
                ) from None
            return self.options.encoding
        with plain_errors(self.name), open_bytes(self.path, self.kind, self.options.member) as stream:
            head = stream.read(4)
        if not head:
            raise FileProblem(f"'{self.name}' is empty (0 bytes).")
        for bom, encoding in _BOMS:
            if head.startswith(bom):
                what = "UTF-16" if encoding == "utf-16" else "UTF-8 with a byte order mark"
                self.ledger.fixed("encoding", self.name, f"read as {what}")
                return encoding
        return "utf-8"

    def _open(self) -> TextIO:
        stream = open_bytes(self.path, self.kind, self.options.member)
        return io.TextIOWrapper(stream, encoding=self.encoding, newline="")

    def _sample(self) -> list[str]:
        with self._plain(), self._open() as text:
            for _ in range(self.options.skiprows):
                text.readline()
            sample = [line for line in (text.readline(1_000_000) for _ in range(60)) if line]
        for number, line in enumerate(sample[:1], self.options.skiprows + 1):
            if "\0" in line:
                raise FileProblem(f"'{self.name}' line {number} holds a NUL byte; try encoding='utf-16'.")
        return sample

    def _find_header(self, sample: list[str]) -> list[str]:
        with self._plain():
            rows = [row for row in self._reader(iter(sample), strict=False) if any(cell.strip() for cell in row)]
        if not rows:
            raise FileProblem(f"'{self.name}' holds only blank lines.")
        return check_header(rows, self.name)

    def _reader(self, lines: Iterator[str], *, strict: bool = True):
        if self.sep == " ":
            return csv.reader((line.strip() for line in lines), delimiter=" ", skipinitialspace=True, strict=strict)
        return csv.reader(lines, delimiter=self.sep, strict=strict)

    def batches(self) -> Iterator[Batch]:
        """Read the rows, in order.

        Raises
        ------
        FileProblem
            When a row has too many or too few cells, a quote never closes, or bytes are not text.
        """
        check = RowCheck(self.name, len(self.header))
        with self._plain(), self._open() as text:
            for _ in range(self.options.skiprows):
                text.readline()
            rows = check.rows(self._reader(text), self.options.skiprows)
            next(rows, None)
            while chunk := list(islice(rows, ROWS_PER_BATCH)):
                starts, cells = zip(*chunk, strict=True)
                yield self._batch(cells, starts)
        check.finish(self.ledger)

    def _batch(self, rows: tuple[list[str], ...], starts: tuple[int, ...]) -> Batch:
        columns = [pa.array(cells, pa.string()).dictionary_encode() for cells in zip(*rows, strict=True)]
        stop_for_nul(self.name, columns, starts)
        return Batch(pa.table(columns, names=self.header), np.array(starts, np.int64))

    def _plain(self):
        return _Plain(self)


class _Plain:
    """Say a decoding problem in words, with the encoding that would fit."""

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self._others = plain_errors(file.name)

    def __enter__(self) -> None:
        self._others.__enter__()

    def __exit__(self, kind, problem, trace):
        if isinstance(problem, UnicodeError):
            file = self._file
            with open_bytes(file.path, file.kind, file.options.member) as stream:
                advice = suggest_encoding(stream)
            raise FileProblem(f"'{file.name}' is not {file.encoding.upper()}. {advice}") from None
        if isinstance(problem, csv.Error):
            raise FileProblem(f"'{self._file.name}': {problem}. Export it again.") from None
        return self._others.__exit__(kind, problem, trace)


def _sniff(sample: list[str]) -> str:
    """Find the separator that parts most lines into the same number of cells, and more than one."""
    best, best_score = ",", 0.0
    for sep in _SEPARATORS:
        try:
            lines = (line.strip() for line in sample) if sep == " " else iter(sample)
            rows = [row for row in csv.reader(lines, delimiter=sep, skipinitialspace=sep == " ") if row]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows)
        width, agreeing = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        score = agreeing / len(rows) if width > 1 else 0.0
        if sep == " " and (best_score or score < 1):  # names and times hold blanks, too
            continue
        if score > best_score + 1e-9:
            best, best_score = sep, score
    return best
