"""Rows as they stand in a file, batch by batch, with their line numbers; kept in memory or on disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from segkit.load.texts import as_words

_LINE = "__line"
NOT_A_SALE = "__not_a_sale"  # column of a known kind of export: rows that are no order, or no event
RECORD = "__record"  # column of an event stream: the line of the event that a row was taken from
DERIVED = "segkit "  # how columns that a known kind of export is given begin


def is_own(name: str) -> bool:
    """Whether a column stands in the export itself."""
    return not name.startswith(("__", DERIVED))


class Batch(NamedTuple):
    """Some rows of a file, untouched, and the line each starts on."""

    table: pa.Table
    lines: np.ndarray


@dataclass
class Spool:
    """Batches that are read more than once: first to see how things are written, then to read them.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where to keep them on disk, for files larger than memory. Without it they stay in memory, as one batch.
    """

    folder: Path | None = None
    rows: int = 0
    _held: list[Batch] = field(default_factory=list)
    _parts: list[Path] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Keep one batch."""
        self.rows += batch.table.num_rows
        if self.folder is None:
            self._held.append(batch)
            return
        part = self.folder / f"raw-{len(self._parts):05d}.parquet"
        pq.write_table(batch.table.append_column(_LINE, pa.array(batch.lines)), part, compression="snappy")
        self._parts.append(part)

    def __iter__(self) -> Iterator[Batch]:
        if self.folder is None:
            if len(self._held) > 1:
                self._held = [_joined(self._held)]
            yield from self._held
            return
        for part in self._parts:
            table = pq.read_table(part)
            lines = table.column(_LINE).to_numpy()
            yield Batch(table.drop_columns(_LINE).combine_chunks(), lines)


def _joined(batches: list[Batch]) -> Batch:
    table = pa.concat_tables([batch.table for batch in batches], promote_options="permissive")
    return Batch(table.unify_dictionaries().combine_chunks(), np.concatenate([batch.lines for batch in batches]))


def column(batch: Batch, name: str) -> pa.Array:
    """One column of a batch as one array."""
    chunked = batch.table.column(name)
    return chunked.chunk(0) if chunked.num_chunks == 1 else chunked.combine_chunks()


def row_hash(batch: Batch) -> np.ndarray:
    """Fingerprint every row over all its columns, so that exact duplicates can be found across batches."""
    total = np.full(batch.table.num_rows, 14_695_981_039_346_656_037, np.uint64)
    prime = np.uint64(1_099_511_628_211)
    for name in filter(is_own, batch.table.column_names):
        words = as_words(column(batch, name))
        hashed = pd.util.hash_array(words.unique, categorize=False) if len(words.text) else np.zeros(0, np.uint64)
        values = words.spread(hashed, np.uint64(0))
        total = (total ^ values) * prime
        total ^= total >> np.uint64(29)
    return total.view(np.int64)
