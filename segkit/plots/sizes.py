"""How large the segments are, and what they are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from segkit.plots.registry import figure
from segkit.plots.style import WIDTH, filled, legend_above, look, percent, words

CUSTOMERS, REVENUE = "% of customers", "% of revenue"


@figure("sizes", asks="How many customers has each segment, and what are they worth?")
class Sizes:
    """Share of customers beside share of revenue, per segment."""

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return customers and shares in per cent, per segment."""
        sizes = seg.sizes()
        twin = sizes[["segment", "customers"]].copy()
        twin[CUSTOMERS] = (100 * sizes["share"]).round(1)
        if "revenue_share" in sizes:
            twin[REVENUE] = (100 * sizes["revenue_share"]).round(1)
        else:
            twin.attrs["asks"] = "How many customers has each segment?"
        return twin

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw one row per segment, one bar per share, with the number at its end."""
        shares = [column for column in (CUSTOMERS, REVENUE) if column in twin]
        fig.set_size_inches(WIDTH, 1.4 + 0.36 * len(shares) * len(twin) + 0.16 * len(twin))
        ax = fig.subplots()
        row = np.arange(len(twin))
        thick = 0.8 / len(shares)
        for i, (share, how) in enumerate(look(shares).items()):
            middle = row + (i - (len(shares) - 1) / 2) * thick
            bars = ax.barh(middle, twin[share], height=thick, label=share, **filled(how))
            ax.bar_label(bars, [percent(value) for value in twin[share]], padding=4)
        ax.set_yticks(row, [words(name) for name in twin["segment"]])
        ax.invert_yaxis()
        ax.set_xlim(min(0, twin[shares].min().min() * 1.2), max(twin[shares].max().max() * 1.12, 1))
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        ax.set_xlabel("per cent of all")
        ax.tick_params(axis="y", length=0)
        if len(shares) > 1:
            legend_above(ax, ax.containers, shares)

    def alt(self, twin: pd.DataFrame) -> str:
        """Name every share."""
        if REVENUE not in twin:
            parts = [f"{row['segment']} {percent(row[CUSTOMERS])}" for _, row in twin.iterrows()]
            return f"Share of customers: {', '.join(parts)}."
        parts = [
            f"{row['segment']} {percent(row[CUSTOMERS])} of customers and {percent(row[REVENUE])} of revenue"
            for _, row in twin.iterrows()
        ]
        return f"Bars per segment: {'; '.join(parts)}."
