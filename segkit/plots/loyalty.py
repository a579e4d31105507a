"""The loyalty ladder: who stands on which rung, and what lifts a customer to the next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from segkit.loyalty_questions import STEPS, worth_of_steps
from segkit.plots.registry import figure
from segkit.plots.sizes import CUSTOMERS, REVENUE, Sizes
from segkit.plots.style import INK, WIDTH, filled, legend_above, look, number, percent, words

TOP_DOWN = ("advocate", "loyal", "repeat", "one_time", "new", "lapsed", "unknown")
LEADS_TO = dict(STEPS) | {"new": "repeat"}
"""The rung that a customer is lifted to: a second order makes a new one, and a lapsed one who is back, repeat."""

APART = ("new", "lapsed", "unknown")
"""Not steps of the ladder: who stands here does not come from the rung below, and does not go to the one above."""

LIFTS, TO, MORE, LOW, HIGH = "what lifts", "lifts to", "more a year each", "from", "to"


@figure("loyalty", asks="Who stands on which rung, and what lifts them to the next?", of="Loyalty")
class LoyaltyLadder:
    """Share of customers and of revenue per rung, what lifts from it and where to, and how much more those bring."""

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return, from the top rung down, shares in per cent, what lifts, and revenue a year more with its interval."""
        sizes = Sizes().twin(seg).set_index("segment")
        twin = sizes.reindex([name for name in TOP_DOWN if name in sizes.index])
        twin[LIFTS] = pd.Series(seg.segmenter.lifts(), dtype=object).reindex(twin.index).fillna("")
        twin[TO] = [LEADS_TO.get(name, "") if lifts else "" for name, lifts in twin[LIFTS].items()]
        if REVENUE in twin:
            steps = worth_of_steps(seg)
            steps.index = steps["step"].str.split(" to ").str[0]
            steps = steps.dropna(subset="low")  # one customer on a side gives no interval: nothing is said
            for name, column in {MORE: "difference", LOW: "low", HIGH: "high"}.items():
                twin[name] = steps[column].reindex(twin.index).astype(float).round()
        twin = twin.reset_index(names="segment")
        twin.attrs = {}
        return twin

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw a rung per row, the top one above, and over each what lifts from it; new and lapsed stand apart."""
        shares = [column for column in (CUSTOMERS, REVENUE) if column in twin]
        fig.set_size_inches(WIDTH, 1.3 + 0.78 * len(twin))
        ax = fig.subplots()
        apart = twin["segment"].isin(APART).to_numpy()
        row, thick = np.arange(len(twin)) + 0.35 * apart, 0.62 / len(shares)
        if apart.any() and not apart.all():
            ax.axhline(row[apart][0] - 0.66, color=INK, linewidth=0.8, linestyle=(0, (2, 3)))
        for i, (share, how) in enumerate(look(shares).items()):
            bars = ax.barh(row + 0.19 + (i - (len(shares) - 1) / 2) * thick, twin[share], height=thick, **filled(how))
            ax.bar_label(bars, [percent(value) for value in twin[share]], padding=4)
        for place, rung in zip(row, twin.to_dict("records"), strict=True):
            ax.text(0.3, place - 0.31, _lift(rung), fontsize=9.5, va="center", color=INK)
        ax.set_yticks(row + 0.19, [words(name) for name in twin["segment"]])
        ax.set_ylim(row[-1] + 0.6, -0.6)
        ax.set_xlim(min(0, twin[shares].min().min() * 1.2), max(twin[shares].max().max() * 1.14, 1))
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        more = "\nthere … a year: how much more revenue customers of that rung bring; not what the step would cause"
        ax.set_xlabel("per cent of all" + (more if MORE in twin else ""), fontsize=9.5)
        ax.tick_params(axis="y", length=0)
        if len(shares) > 1:
            legend_above(ax, ax.containers, shares)

    def alt(self, twin: pd.DataFrame) -> str:
        """Name, from the top down, every rung, its shares and what lifts from it."""
        said = []
        for rung in twin.to_dict("records"):
            part = f"{rung['segment']}: {rung['customers']:,} customers, {percent(rung[CUSTOMERS])} of all"
            if REVENUE in rung:
                part += f" and {percent(rung[REVENUE])} of the revenue"
            lift = _lift(rung).removeprefix("↑ ")
            said.append(part + (f" (lifted {lift})" if lift else ""))
        return f"A ladder from the top down. {'; '.join(said)}."


def _lift(rung: dict[str, Any]) -> str:
    """What lifts from a rung and where to, and how much more those there bring where an interval can be given."""
    if not rung[LIFTS]:
        return ""
    worth = ""
    if np.isfinite(rung.get(LOW, np.nan)):
        more, low, high = (number(rung[name]).replace("-", "−") for name in (MORE, LOW, HIGH))
        worth = f"; there {'+' if rung[MORE] >= 0 else ''}{more} a year ({low} to {high})"
    return f"↑ to {rung[TO]}: {rung[LIFTS]}{worth}"
