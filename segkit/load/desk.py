"""Where whole-file work is done: in memory, or on DuckDB with a memory limit and files of its own."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq

from segkit.errors import FileProblem

_DUCKDB_MEMORY = "300MB"  # of the 1 GB a big file may take; the rest is one batch being read


class MemoryDesk:
    """Holds everything in memory; lazy Polars does the work."""

    folder: Path | None = None

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def gather(self, parts: Iterable[pa.Table]) -> nw.LazyFrame:
        """Put batches together."""
        whole = pa.concat_tables(list(parts))
        return nw.from_native(whole).lazy("polars")

    def settle(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Compute once what is used several times."""
        return frame.collect().lazy()

    def give(self, frame: nw.LazyFrame, order: list[str]) -> Any:
        """The finished table as the caller wants it."""
        result = frame.sort(*order).collect(self.engine).to_native()
        return result.reset_index(drop=True) if self.engine == "pandas" else result


class DuckDesk:
    """Holds everything in Parquet files in a folder of its own, which goes when Python ends."""

    def __init__(self) -> None:
        duckdb = _need("duckdb")
        self.folder: Path = Path(tempfile.mkdtemp(prefix="segkit-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)  # frames made of the tables need the files
        spill = self.folder / "spill"
        self.connection = duckdb.connect(config={
            "memory_limit": _DUCKDB_MEMORY, "temp_directory": str(spill), "threads": 2,
            "preserve_insertion_order": False,
        })  # fmt: skip
        self._written = 0

    def gather(self, parts: Iterable[pa.Table]) -> nw.LazyFrame:
        """Write batches out, one at a time, and open them as one relation."""
        place = self._next()
        parts = iter(parts)
        first = next(parts)
        with pq.ParquetWriter(place, first.schema, compression="snappy") as writer:
            for part in chain((first,), parts):
                writer.write_table(part.cast(first.schema))
        return self._open(place)

    def settle(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Compute once what is used several times."""
        return self._open(self._write(frame.to_native()))

    def give(self, frame: nw.LazyFrame, order: list[str]) -> Any:
        """The finished table, as a relation on a file; its rows are in no order, as in any database."""
        return self._open(self._write(frame.to_native())).to_native()

    def _write(self, relation: Any) -> Path:
        place = self._next()
        relation.write_parquet(str(place), compression="snappy")
        return place

    def _next(self) -> Path:
        self._written += 1
        return self.folder / f"table-{self._written:03d}.parquet"

    def _open(self, place: Path) -> nw.LazyFrame:
        return nw.from_native(self.connection.read_parquet(str(place)))


Desk = MemoryDesk | DuckDesk


def open_desk(engine: str) -> Desk:
    """Choose where to work."""
    return DuckDesk() if engine == "duckdb" else MemoryDesk(engine)


def _need(package: str) -> Any:
    try:
        return import_module(package)
    except ImportError:
        raise FileProblem(f"engine='{package}' needs the package. Type: pip install 'segkit[{package}]'") from None
