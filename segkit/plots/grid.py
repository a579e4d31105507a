"""Segments against low, middle and high of a fact."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from segkit.errors import DataProblem
from segkit.plots.registry import figure
from segkit.plots.style import WIDTH, counted_cells, number, words


@figure("grid", asks="How are low and high values of a fact spread over the segments?")
class Grid:
    """Customers per segment and tier of a fact.

    Parameters
    ----------
    fact : str, optional
        The fact that is cut in low, middle and high by natural breaks; without it revenue or, where that is not
        known, the first number that the segmenter does not read.
    """

    fact: str | None = None

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return customers per segment (rows) and tier (columns, with where each begins)."""
        fact = self.fact or _unread(seg)
        table = seg.grid(fact)
        middle, high = (number(cut) for cut in table.attrs["cuts"])
        table.columns = [f"low (below {middle})", f"middle ({middle} to {high})", f"high (from {high})"]
        table = table.reset_index(names="segment")
        asks = f"How are low, middle and high {words(fact, 99)} spread over the segments?"
        table.attrs = {"fact": fact, "asks": asks}
        return table

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw a cell per pair with its customers and their share of the segment."""
        counts = twin.set_index("segment")
        fig.set_size_inches(WIDTH, 1.6 + 0.62 * len(counts))
        ax = fig.subplots()
        counted_cells(ax, counts)
        ax.set_xticks(range(counts.shape[1]), [name.replace(" (", "\n(") for name in counts.columns])
        ax.set_yticks(range(len(counts)), [words(name) for name in counts.index])
        ax.set_xlabel(f"{words(twin.attrs['fact'], 40)} of a customer (cells: customers, and % of their segment)")

    def alt(self, twin: pd.DataFrame) -> str:
        """Name every cell."""
        rows = [
            f"{row['segment']}: " + ", ".join(f"{row[tier]:,} {tier}" for tier in twin.columns[1:])
            for _, row in twin.iterrows()
        ]
        return f"Customers by segment and {words(twin.attrs['fact'], 99)}. {'; '.join(rows)}."


def _unread(seg: Any) -> str:
    if "revenue" in seg.numeric_facts:
        return "revenue"
    left = [fact for fact in seg.numeric_facts if fact not in seg.segmenter._needed()]
    if not left:
        raise DataProblem("These facts hold no second number to cross the segments with. Draw 'sizes' or 'facts'.")
    return left[0]
