"""What marks each segment: every fact beside everybody's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from segkit.errors import UnknownName, did_you_mean
from segkit.plots.registry import figure
from segkit.plots.style import WIDTH, cells, number, words

FURTHEST = 4.0
"""Where the colours end: four times everybody's value, or a quarter of it."""


MOST = 15
"""More facts than this are not read; those furthest from everybody are shown."""


@figure("profile", asks="What marks each segment, next to everybody?")
class Profile:
    """Each fact of each segment as a multiple of everybody's.

    Parameters
    ----------
    facts : sequence of str, optional
        Which facts, in this order; without it the 15 in which the segments are furthest from everybody.
    stat : {"mean", "median"}
        Which typical value.
    """

    facts: tuple[str, ...] | None = None
    stat: str = "mean"

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return, per fact, each segment's typical value as a multiple of everybody's, and everybody's."""
        table = seg.profile(self.stat)
        for fact in self.facts or ():
            if fact not in table.index:
                raise UnknownName(f"There is no fact '{fact}' to profile. {did_you_mean(fact, table.index)}")
        if self.facts:
            table = table.loc[list(self.facts)]
        known = len(table)
        everybody = table.pop("everybody")
        times = table.div(everybody.where(everybody > 0), axis=0).round(2)
        if not self.facts and len(times) > MOST:
            times = times[_furthest(times).rank(ascending=False, method="first") <= MOST]
        times["everybody"] = everybody
        twin = times.reset_index()
        twin.attrs = {"known": known}
        return twin

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw a table of multiples: the further from ×1, the stronger the colour."""
        times = twin.drop(columns=["fact", "everybody"])
        fig.set_size_inches(max(WIDTH, 3.4 + 1.05 * times.shape[1]), 1.5 + 0.36 * len(twin))
        ax = fig.subplots()
        with np.errstate(divide="ignore"):
            strength = np.log(times.to_numpy(float))
        end = np.log(FURTHEST)
        texts = [[f"×{number(value)}" if np.isfinite(value) else "–" for value in row] for row in times.to_numpy(float)]
        cells(ax, np.clip(strength, -end, end), texts, "PuOr_r", -end * 1.15, end * 1.15)
        ax.set_xticks(range(times.shape[1]), [words(name, 12) for name in times.columns])
        ax.set_yticks(range(len(twin)), [words(fact, 30) for fact in twin["fact"]])
        ax.xaxis.tick_top()
        right = ax.secondary_yaxis("right")
        right.set_yticks(range(len(twin)), [number(value) for value in twin["everybody"]])
        right.tick_params(length=0)
        right.spines[:].set_visible(False)
        ax.annotate(
            "everybody", (1, 1), xycoords="axes fraction", xytext=(4, 3.5), textcoords="offset points", va="bottom"
        )
        left_out = twin.attrs["known"] - len(twin)
        more = f"\n{left_out:,} more facts differ less" if left_out else ""
        ax.set_xlabel(f"×1 = like everybody · orange: more · purple: less{more}")

    def alt(self, twin: pd.DataFrame) -> str:
        """Name, per segment, the fact that is furthest from everybody's."""
        times = twin.set_index("fact").drop(columns="everybody")
        parts = []
        for segment in times:
            far = np.log(times[segment].where(times[segment] > 0)).abs()
            if far.notna().any():
                fact = far.idxmax()
                parts.append(f"{segment} has {number(times[segment][fact])} times the {words(fact, 99)}")
        return (
            f"Table of {len(times)} of {twin.attrs['known']} facts by segment, as multiples of everybody's. "
            f"{'; '.join(parts)}."
        )


def _furthest(times: pd.DataFrame) -> pd.Series:
    """How far the segment that is furthest from everybody is, per fact; nothing (0 times) counts as the end."""
    far = np.log(times.clip(1 / FURTHEST, FURTHEST)).abs().max(axis=1)
    return far.fillna(-1.0)
