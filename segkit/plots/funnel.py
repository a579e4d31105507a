"""How many came how far on the way to buying, how long it took them, and who is stuck."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from segkit import _portable as p
from segkit.plots.registry import figure
from segkit.plots.style import WIDTH, filled, legend_above, look, number, words

COUNTED = {"reached": "reached it", "there_now": "are in it now"}


@figure("funnel", asks="How far did they come, and where are they stuck?", of="BuyerStage")
class Funnel:
    """Per stage who ever reached it and who is in it now; beside it the days of those who moved on, and the stalled."""

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return one row per stage, ``unknown`` last where there is any; days are missing where nobody moved on."""
        rule, stages = seg.segmenter, seg.names
        first = {stage: p.whole(nw.col(rule.first_days(stage)).count()) for stage in rule.labels}
        reached = p.small(seg.lazy.select(**first)).iloc[0]
        stalled = p.whole(p.as_count(nw.col("stalled")).sum())
        now = p.small(seg.lazy.group_by("segment").agg(there_now=p.whole(nw.len()), stalled=stalled))
        twin = pd.DataFrame({"reached": reached}).join(now.set_index("segment"), how="outer").reindex(stages)
        twin = twin.fillna(0).astype("int64").rename_axis("stage").reset_index()
        for place, known in enumerate(("median_days", "stalled_after"), start=3):
            days = [rule.times_.get(stage, {}).get(known) for stage in stages]
            twin.insert(place, f"{known.removesuffix('_days')}_days", pd.Series(days, dtype=float).round(1))
        return twin

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw two bars per stage, and write its days and its stalled customers beside them."""
        fig.set_size_inches(WIDTH, 1.7 + 0.62 * len(twin))
        ax, beside = fig.subplots(1, 2, width_ratios=(3, 2), sharey=True)
        row = np.arange(len(twin))
        for i, (name, how) in enumerate(look(list(COUNTED)).items()):
            bars = ax.barh(row + 0.4 * (i - 0.5), twin[name], height=0.4, **filled(how))
            ax.bar_label(bars, [f"{count:,}" for count in twin[name]], padding=4)
        ax.set_yticks(row, [words(stage) for stage in twin["stage"]])
        ax.set_ylim(len(twin) - 0.4, -0.6)
        ax.set_xlim(0, max(twin["reached"].max(), 1) * 1.18)
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        ax.xaxis.set_major_formatter("{x:,.0f}")
        ax.set_xlabel("customers")
        ax.tick_params(axis="y", length=0)
        legend_above(ax, ax.containers, list(COUNTED.values()))
        beside.axis("off")
        heads = {0.2: "half of those\nwho moved on\ndid so within", 0.78: "stalled now"}
        for at, head in heads.items():
            beside.text(at, 1.02, head, transform=beside.transAxes, ha="center", va="bottom")
        for y, stage in enumerate(twin.itertuples()):
            took = f"{number(stage.median_days)} days" if _moved_on(stage) else "–"
            stuck = f"{stage.stalled:,}\n(over {number(stage.stalled_after_days)} days)" if _moved_on(stage) else "–"
            for at, text in zip(heads, (took, stuck), strict=True):
                beside.text(at, y, text, transform=beside.get_yaxis_transform(), ha="center", va="center")

    def alt(self, twin: pd.DataFrame) -> str:
        """Name every number of every stage."""
        stages = []
        for stage in twin.itertuples():
            said = f"{stage.stage}: {stage.reached:,} reached it, {stage.there_now:,} are in it now"
            if _moved_on(stage):
                said += f", {stage.stalled:,} of them stalled (over {number(stage.stalled_after_days)} days); half of "
                said += f"those who moved on did so within {number(stage.median_days)} days"
            stages.append(said)
        return f"{'. '.join(stages)}."


def _moved_on(stage: Any) -> bool:
    """Whether anybody ever left this stage for a later one, so that there are days to show."""
    return stage.median_days == stage.median_days
