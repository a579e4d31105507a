"""A sheet of an Excel workbook -> batches; the line of a row is its row number in Excel."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from segkit.errors import ColumnProblem, FileProblem, did_you_mean
from segkit.load.batches import Batch
from segkit.load.files import plain_errors
from segkit.load.header import check_header
from segkit.load.ledger import Ledger
from segkit.load.options import Options
from segkit.load.texts import count_of

LIMITS = {1_048_576: ".xlsx", 65_536: ".xls"}  # rows an Excel sheet can hold


class ExcelFile:
    """One sheet, opened: its column names are known."""

    def __init__(self, path: Path, options: Options, ledger: Ledger) -> None:
        self.path, self.name, self.ledger = path, path.name, ledger
        sheet = self._sheet(options)
        self._sheet_name = sheet.name
        with plain_errors(self.name):
            rows = sheet.to_python(skip_empty_area=False)[options.skiprows :]
            merged = sheet.merged_cell_ranges or []
        self._rows = [(i, [_text(cell) for cell in row]) for i, row in enumerate(rows, options.skiprows + 1)]
        self._rows = [(i, row) for i, row in self._rows if any(cell for cell in row)]
        if not self._rows:
            raise FileProblem(f"'{self.name}' sheet '{sheet.name}' is empty.")
        self.header = check_header([row for _, row in self._rows[:60]], self.name)
        if merged:
            areas = count_of(len(merged), "merged area")
            what = f"sheet '{sheet.name}' has {areas}; only the first cell of each holds a value"
            ledger.warn("merged_cells", self.name, what, rows=len(merged))

    def _sheet(self, options: Options):
        try:
            import python_calamine as calamine
        except ImportError:
            raise FileProblem("Reading Excel needs python-calamine. Type: pip install 'segkit[files]'") from None
        data = io.BytesIO(self.path.read_bytes())
        try:
            book = calamine.CalamineWorkbook.from_filelike(data)
            sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        except calamine.PasswordError:
            raise FileProblem(f"'{self.name}' is protected by a password; save it without one.") from None
        except (calamine.CalamineError, ValueError) as problem:
            brief = str(problem).split("\n")[0][:80]
            raise FileProblem(f"'{self.name}' is no readable Excel workbook ({brief}). Save it again.") from None
        filled = [name for name, sheet in sheets.items() if sheet.height > 1]
        if options.sheet is not None:
            if options.sheet not in sheets:
                raise FileProblem(
                    f"'{self.name}' has no sheet '{options.sheet}'. {did_you_mean(options.sheet, sheets)}"
                )
            return sheets[options.sheet]
        if len(filled) > 1:
            raise FileProblem(f"'{self.name}' has {len(filled)} sheets. Pass sheet= with one of: {', '.join(filled)}.")
        filled = filled or [name for name, sheet in sheets.items() if sheet.height]
        if not filled:
            raise FileProblem(f"'{self.name}' has no sheet with rows.")
        return sheets[filled[0]]

    def _stop_for_formulas(self, empty: list[int]) -> None:
        """A program that wrote formulas without results leaves columns empty that are not."""
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(self.path.read_bytes()), read_only=True)
        for cells in book[self._sheet_name].iter_rows(max_row=200):
            for cell in cells:
                if cell.data_type == "f" and cell.column - 1 in empty:
                    raise ColumnProblem(
                        f"{self.name}: column '{self.header[cell.column - 1]}' holds formulas without stored results. "
                        "Open the workbook in Excel, save it, and read it again."
                    )

    def batches(self) -> Iterator[Batch]:
        """All rows, as text; one batch, as a sheet is small."""
        width = len(self.header)
        body = self._rows[1:]
        if not body:
            return
        empty = [i for i in range(width) if not any(row[i] for _, row in body)]
        if empty and self.path.suffix.lower() in (".xlsx", ".xlsm"):
            self._stop_for_formulas(empty)
        cells = [[cell or None for cell in row[:width]] for _, row in body]
        columns = [pa.array(column, pa.string()).dictionary_encode() for column in zip(*cells, strict=True)]
        table = pa.table(columns, names=self.header)
        yield Batch(table, np.array([line for line, _ in body], np.int64))


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        # Excel keeps 15 digits; a longer number has lost some, and says so as '1.2E+17' does in a CSV
        return str(int(cell)) if abs(cell) < 1e15 else f"{cell:.14E}"
    if isinstance(cell, int) and abs(cell) >= 10**15:
        return f"{cell:.14E}"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return str(cell)
