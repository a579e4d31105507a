"""A Parquet file -> batches; the line of a row is its number in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segkit.load.batches import Batch
from segkit.load.files import plain_errors
from segkit.load.header import check_header

_ROWS = 262_144


class ParquetFile:
    """A Parquet file, opened: its column names are known, its columns keep their types."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name
        with plain_errors(self.name):
            self._names = pq.ParquetFile(path).schema_arrow.names
        self.header = check_header([self._names], self.name)

    def batches(self) -> Iterator[Batch]:
        """Read the rows, in order."""
        start = 1
        with plain_errors(self.name), pq.ParquetFile(self.path) as file:
            for part in file.iter_batches(_ROWS):
                table = pa.table(part.columns, names=self.header).combine_chunks()
                yield Batch(table, np.arange(start, start + len(part), dtype=np.int64))
                start += len(part)
