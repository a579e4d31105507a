"""What a known kind of export is: how it is recognised, and how its rows become order lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.load.batches import DERIVED, Batch
from segkit.load.columns import fold
from segkit.load.layouts import FLAT, Layout
from segkit.load.numbers import NumberReading, read_numbers

_POINT = NumberReading(".", ",")


@dataclass(frozen=True)
class Source:
    """One kind of export with a row per line of an order.

    Attributes
    ----------
    name : str
        As in ``read_shop(path, source=...)``.
    signature : tuple of str
        Columns by which it is recognised, folded.
    order : str
        The column whose equal neighbours are one order.
    columns : mapping of str to tuple of str
        segkit's name to the export's names, the first that is there wins; names with a leading ``segkit`` are made by
        `derive`.
    derive : callable
        Adds the made columns to a frame of whole orders.
    said : str
        What a reader should know about this kind of export.
    """

    name: str
    signature: tuple[str, ...]
    order: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    derive: Callable[[pd.DataFrame], pd.DataFrame]
    said: str

    def fits(self, header: list[str]) -> bool:
        """Whether a file with these columns is such an export."""
        folded = {fold(name) for name in header}
        return set(self.signature) <= folded and pick(header, self.order) is not None


class SourceFile:
    """A file of a known kind, opened: it gives the export's own columns and those made of them."""

    def __init__(self, file: Any, source: Source) -> None:
        self.file, self.source = file, source
        self.name, self.raw_header = file.name, file.header
        self.order = pick(file.header, source.order)
        empty = source.derive(pd.DataFrame({name: pd.Series(dtype="object") for name in file.header}))
        self.header = list(empty.columns)

    def layout(self) -> Layout:
        """Which of the columns is which of segkit's."""
        found = {ours: pick(self.header, theirs) for ours, theirs in self.source.columns.items()}
        return Layout(FLAT, {ours: theirs for ours, theirs in found.items() if theirs is not None})

    def batches(self) -> Iterator[Batch]:
        """Read the rows; an order is never cut in two."""
        held: pd.DataFrame | None = None
        for batch in self.file.batches():
            frame = _as_frame(batch)
            if held is not None:
                frame = pd.concat([held, frame], ignore_index=True)
            last = frame[self.order] != frame[self.order].iloc[-1]
            start = int(np.flatnonzero(last)[-1]) + 1 if last.any() else 0
            held = frame.iloc[start:]
            if start:
                yield self._batch(frame.iloc[:start])
        if held is not None and len(held):
            yield self._batch(held)

    def _batch(self, frame: pd.DataFrame) -> Batch:
        lines = frame["__line"].to_numpy(np.int64)
        made = self.source.derive(frame.drop(columns="__line").reset_index(drop=True))
        columns = [pa.array(made[name], pa.string(), from_pandas=True).dictionary_encode() for name in self.header]
        return Batch(pa.table(columns, names=self.header), lines)


def _as_frame(batch: Batch) -> pd.DataFrame:
    frame = pd.DataFrame(
        {name: batch.table.column(name).cast(pa.string()).to_pandas() for name in batch.table.column_names}
    )
    frame = frame.astype("object")
    frame["__line"] = batch.lines
    return frame


def pick(header: list[str], names: tuple[str, ...]) -> str | None:
    """The first of these columns that the file has, however it is cased."""
    by_fold = {fold(name): name for name in reversed(header)}
    return next((by_fold[fold(name)] for name in names if fold(name) in by_fold), None)


def made(name: str) -> str:
    """Name of a column made by segkit."""
    return DERIVED + name


def cells(frame: pd.DataFrame, *names: str) -> pd.Series:
    """One column as stripped text, empty text where there is none."""
    name = pick(list(frame.columns), names)
    if name is None:
        return pd.Series("", index=frame.index, dtype="object")
    return frame[name].fillna("").astype("object").map(lambda value: str(value).strip())


def amounts(frame: pd.DataFrame, *names: str) -> np.ndarray:
    """One column as numbers, NaN where there is none."""
    text = cells(frame, *names)
    return read_numbers(pa.array(text, pa.string()), _POINT)[0]


def told(numbers: np.ndarray, text: pd.Series) -> pd.Series:
    """Numbers as text; where a cell held something else, that, so that it is found unreadable."""
    good = np.isfinite(numbers)
    return pd.Series(
        [repr(float(n)) if ok else t for n, ok, t in zip(numbers, good, text, strict=True)], dtype="object"
    )


def fill_down(frame: pd.DataFrame, order: str, names: list[str]) -> pd.DataFrame:
    """Give later lines of an order the order's own fields, which the export leaves blank."""
    filled = frame.copy()
    key = filled[order].fillna("")
    for name in names:
        values = filled[name].where(filled[name].fillna("").astype("object").map(lambda v: str(v).strip()) != "")
        filled[name] = values.fillna(values.groupby(key).transform("first")).where(key != "", values)
    return filled


def spread_discount(gross: np.ndarray, discount: np.ndarray, key: pd.Series) -> np.ndarray:
    """Spread an order's discount over its lines, in proportion to their value."""
    whole = pd.Series(gross).groupby(key.to_numpy()).transform("sum").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(whole > 0, gross / whole, 0)
    return np.nan_to_num(share * discount)
