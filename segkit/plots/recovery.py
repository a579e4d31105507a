"""What was planted against what was found."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from segkit.plots.registry import figure
from segkit.plots.style import WIDTH, counted_cells, percent, shares_of_row, words


@figure("recovery", asks="Who was taken for whom?", of="Recovery")
class Recovered:
    """Customers per planted group (rows) and segment (columns)."""

    def twin(self, recovery: Any) -> pd.DataFrame:
        """Return the customers of every pair."""
        table = recovery.confusion.copy()
        table.columns = [f"found {name}" for name in table.columns]
        table.index = [f"planted {name}" for name in table.index]
        return table.reset_index(names=recovery.axis)

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw a cell per pair: customers, and their share of the planted group."""
        counts = twin.set_index(twin.columns[0])
        fig.set_size_inches(max(WIDTH, 2.2 + 1.15 * counts.shape[1]), 1.4 + 0.62 * len(counts))
        ax = fig.subplots()
        counted_cells(ax, counts)
        ax.set_xticks(range(counts.shape[1]), [words(name, 14) for name in counts.columns])
        ax.set_yticks(range(len(counts)), [words(name) for name in counts.index])
        ax.set_xlabel("customers, and % of those planted so")

    def alt(self, twin: pd.DataFrame) -> str:
        """Name every cell that holds customers."""
        counts = twin.set_index(twin.columns[0])
        share = shares_of_row(counts)
        rows = []
        for planted, row in counts.iterrows():
            cells = [f"{n:,} {found} ({percent(share.at[planted, found])})" for found, n in row.items() if n]
            rows.append(f"{planted}: {', '.join(cells)}")
        return f"Customers by planted {words(twin.columns[0], 99)} and by segment. {'; '.join(rows)}."
