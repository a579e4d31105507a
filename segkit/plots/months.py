"""When the customers of each segment order: months of the year."""

from __future__ import annotations

import calendar
from typing import Any

import narwhals as nw
import pandas as pd
from matplotlib.figure import Figure

from segkit import _portable as p
from segkit.errors import DataProblem
from segkit.plots.registry import figure
from segkit.plots.style import WIDTH, cells, words

MONTHS = list(calendar.month_abbr)[1:]


@figure("months", asks="In which months do the customers of each segment order?")
class Months:
    """Per cent of each segment's orders in every month, all years together."""

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return the segments that have customers (rows), everybody last, by month."""
        if seg.shop is None:
            raise DataProblem("This figure counts orders by month, and needs the shop: rule.segment(facts, shop).")
        orders = seg.shop.lazy("orders").select(p.KEY, month=nw.col("ordered_at").dt.month())
        orders = orders.filter(~nw.col("month").is_null()).join(p.lazy(seg.labels), on=p.KEY, how="inner")
        counted = p.small(orders.group_by("segment", "month").agg(orders=p.whole(nw.len())))
        table = counted.pivot(index="segment", columns="month", values="orders").reindex(columns=range(1, 13)).fillna(0)
        table = table.reindex([name for name in seg.names if name in table.index])
        table.loc["everybody"] = table.sum()
        shares = (100 * table.div(table.sum(axis=1), axis=0)).round().astype(int)
        return shares.set_axis(MONTHS, axis=1).rename_axis(None, axis=1).reset_index(names="segment")

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw a cell per segment and month; its depth of colour is its per cent."""
        shares = twin.set_index("segment")
        fig.set_size_inches(WIDTH, 1.5 + 0.4 * len(shares))
        ax = fig.subplots()
        cells(ax, shares.to_numpy(float), shares.astype(str).to_numpy().tolist(), "Blues", 0, max(shares.max()))
        ax.set_xticks(range(12), MONTHS)
        ax.set_yticks(range(len(shares)), [words(name) for name in shares.index])
        ax.set_xlabel("% of the segment's orders, all years together")

    def alt(self, twin: pd.DataFrame) -> str:
        """Name each segment's strongest month."""
        shares = twin.set_index("segment")
        peaks = [f"{words(name)} {row.idxmax()} ({row.max()} %)" for name, row in shares.iterrows()]
        return f"Per cent of orders by month; the strongest month of each segment: {', '.join(peaks)}."
