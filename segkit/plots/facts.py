"""How a fact is spread over customers, and where the segments are cut."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from segkit import _portable as p
from segkit.errors import DataProblem, UnknownName, did_you_mean
from segkit.plots.registry import figure
from segkit.plots.style import INK, WIDTH, filled, legend_above, look, number, words

BINS = 18
"""At most so many bars: a twin of so many rows can still be read."""


@figure("facts", asks="How are customers spread, and where do the segments begin?")
class Facts:
    """Customers per step of one fact, and per segment within the step.

    Parameters
    ----------
    fact : str, optional
        Which fact; without it the first number that the segmenter reads.
    """

    fact: str | None = None

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return customers per step of the fact and per segment; ``.attrs`` holds the cut points and the edges."""
        fact = self._chosen(seg)
        cuts = _cuts(seg.segmenter, fact)
        value = nw.col(fact).cast(nw.Float64)
        known = seg.lazy.filter(~value.is_null()).select("segment", value=value)
        ends = known.select(
            low=nw.col("value").min(),
            high=nw.col("value").max(),
            nearly_all=nw.col("value").quantile(0.95, interpolation="linear"),
        )
        whole = p.lazy(seg.facts).collect_schema()[fact].is_integer()
        edges = _edges(p.small(ends).iloc[0], cuts, whole)
        step = ((nw.col("value") - edges[0]) / (edges[1] - edges[0])).floor().clip(0, len(edges) - 2)
        counted = p.small(
            known.with_columns(step=p.whole(step)).group_by("segment", "step").agg(customers=p.whole(nw.len()))
        )
        table = counted.pivot(index="step", columns="segment", values="customers")
        table = table.reindex(index=range(len(edges) - 1), columns=seg.names).fillna(0).astype("int64")
        table.columns.name = None
        table.insert(0, fact, _names(edges, whole))
        table = table.reset_index(drop=True)
        table.attrs = {"edges": edges, "begins": cuts}
        if not cuts:
            table.attrs["asks"] = f"How are customers spread over {words(fact, 99)}?"
        return table

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw stacked bars, and a line with its name where a segment begins."""
        fact, segments = twin.columns[0], list(twin.columns[1:])
        edges = np.array(twin.attrs["edges"])
        fig.set_size_inches(WIDTH, 4)
        ax = fig.subplots()
        below = np.zeros(len(twin))
        for name, how in look(segments).items():
            ax.bar(edges[:-1], twin[name], width=np.diff(edges), align="edge", bottom=below, label=name, **filled(how))
            below += twin[name].to_numpy()
        cuts = twin.attrs["begins"]
        ax.set_ylim(0, max(below.max(), 1) * (1.05 + 0.1 * len(cuts)))
        for i, (name, cut) in enumerate(cuts.items()):  # each name a line lower, so that near cuts can both be read
            ax.axvline(cut, color=INK, linewidth=1.4, linestyle="--")
            ax.text(
                cut, 0.99 - 0.08 * i, f" {name} from {number(cut)}", transform=ax.get_xaxis_transform(), va="top",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip
        ticks = edges[:-1] if len(edges) < 12 else edges[:-1:2]
        ax.set_xticks(ticks, [number(edge) for edge in ticks])
        last = edges[-2:].mean(), below[-1]
        ax.annotate(twin.iloc[-1, 0], last, xytext=(0, 3), textcoords="offset points", ha="center", va="bottom")
        ax.set_xlabel(words(fact, 60))
        ax.set_ylabel("customers")
        ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.yaxis.set_major_formatter("{x:,.0f}")
        legend_above(ax, ax.containers, segments)

    def alt(self, twin: pd.DataFrame) -> str:
        """Name the tallest bar, the last one and the cut points."""
        total = twin.iloc[:, 1:].sum(axis=1)
        most = total.idxmax()
        cuts = "; ".join(f"{name} begins at {number(cut)}" for name, cut in twin.attrs["begins"].items())
        return (
            f"Bars of {total.sum():,} customers by {words(twin.columns[0], 99)}: most, {total[most]:,}, at "
            f"{twin.iloc[most, 0]}; {total.iloc[-1]:,} at {twin.iloc[-1, 0]}.{f' {cuts}.' if cuts else ''}"
        )

    def _chosen(self, seg: Any) -> str:
        if not seg.numeric_facts:
            raise DataProblem("These facts hold no number, so there is nothing to spread out. Draw 'sizes'.")
        if self.fact is None:
            return next((fact for fact in seg.segmenter._needed() if fact in seg.numeric_facts), seg.numeric_facts[0])
        if self.fact not in seg.numeric_facts:
            raise UnknownName(f"These facts hold no number '{self.fact}'. {did_you_mean(self.fact, seg.numeric_facts)}")
        return self.fact


def _cuts(segmenter: Any, fact: str) -> dict[str, float]:
    """Where each segment but the first begins, when the segmenter cuts this one fact."""
    cuts = getattr(segmenter, "cuts_", None)
    if not isinstance(cuts, list) or tuple(segmenter._needed()) != (fact,):
        return {}
    return dict(zip(segmenter.labels[1:], cuts, strict=True))


def _names(edges: list[float], whole: bool) -> list[str]:
    """Name every step by the values in it."""
    steps = pairwise(edges)
    if whole:
        names = [number(low) if high - low == 1 else f"{number(low)} to {number(high - 1)}" for low, high in steps]
    else:
        names = [f"{number(low)} to under {number(high)}" for low, high in steps]
    return [*names[:-1], f"{number(edges[-2])} or more"]


def _edges(ends: pd.Series, cuts: dict[str, float], whole: bool) -> list[float]:
    """Even, round steps up to where nearly all customers are; the last step takes the rest."""
    low = float(ends["low"]) if whole or ends["low"] >= 5 else min(ends["low"], 0.0)
    high = max([ends["nearly_all"], *(cut * 1.1 for cut in cuts.values())])
    high = max(min(high, ends["high"]), low)
    rough = max((high - low) / (BINS - 2), 1.0 if whole else 1e-9) if high > low else 1.0
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(nice for nice in (1, 2, 5, 10) if nice * size >= rough * 0.999999)
    first = low if whole else math.floor(low / step) * step
    count = min(max(math.floor((high - first) / step) + 1, 1), BINS)
    return [round(first + i * step, 9) for i in range(count + 1)]
