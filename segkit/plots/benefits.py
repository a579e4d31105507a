"""What each group chooses above what the shelves would have given, and how sure its members' places are."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from segkit import _portable as p
from segkit.plots.registry import figure
from segkit.plots.style import WIDTH, cells, filled, legend_above, look, number, percent, words

FURTHEST = 3.0
"""Where the colours end: three times what the shelves would have given, or a third of it."""

BESIDE = ["segment", "customers", "sure", "% sure"]


@figure(
    "benefits",
    asks="What does each group choose, and how sure are we of its members?",
    of="BenefitsSought",
)
class Benefits:
    """Pieces with each benefit, as a multiple of what the shelves would have given, and who is sure."""

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return, per group, its customers, those whose first benefit is well ahead, and the multiples."""
        benefits = seg.segmenter.benefits_
        pieces = [f"{word}_{kind}" for word in benefits for kind in ("bought", "expected")]
        sums = {name: nw.col(name).sum() for name in pieces}
        sums |= {"customers": p.whole(nw.len()), "sure": p.whole(nw.col("_sure").sum())}
        sure = p.as_count(nw.col("confidence") >= seg.segmenter.sure_from)
        table = p.small(seg.lazy.with_columns(_sure=sure).group_by("segment").agg(**sums))
        table = table.set_index("segment").reindex(seg.names)
        twin = table[["customers", "sure"]].fillna(0).astype("int64")
        twin["% sure"] = (100 * twin["sure"] / twin["customers"].clip(lower=1)).round(1)
        for word in benefits:
            expected = table[f"{word}_expected"]
            twin[word] = (table[f"{word}_bought"] / expected.where(expected > 0)).round(2)
        twin = twin.reset_index(names="segment")
        twin.attrs["sure_from"] = seg.segmenter.sure_from
        return twin

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw a table of multiples, and beside it a bar per group: sure and unsure."""
        times = twin.drop(columns=BESIDE)
        fig.set_size_inches(max(WIDTH, 3.2 + 0.72 * times.shape[1]), 1.7 + 0.38 * len(twin))
        left, right = fig.subplots(1, 2, gridspec_kw={"width_ratios": [0.72 * times.shape[1], 2]})
        with np.errstate(divide="ignore"):
            strength = np.log(times.to_numpy(float))
        end = np.log(FURTHEST)
        texts = [[f"×{number(value)}" if np.isfinite(value) else "–" for value in row] for row in times.to_numpy(float)]
        cells(left, np.clip(strength, -end, end), texts, "PuOr_r", -end * 1.15, end * 1.15)
        left.set_xticks(range(times.shape[1]), [words(name, 11) for name in times], fontsize=8.5)
        left.set_yticks(range(len(twin)), [words(name) for name in twin["segment"]])
        left.set_xlabel("benefit of the pieces bought\n×1 = as the shelves would give · orange: more · purple: less")
        left.set_ylabel("group")

        row, begun = np.arange(len(twin)), np.zeros(len(twin))
        parts = {"sure": twin["sure"], "unsure": twin["customers"] - twin["sure"]}
        for (name, how), size in zip(look(list(parts)).items(), parts.values(), strict=True):
            right.barh(row, size, left=begun, height=0.7, label=name, **filled(how))
            begun = begun + size.to_numpy()
        right.set_ylim(left.get_ylim())
        right.set_yticks([])
        right.set_xlabel("customers")
        right.locator_params(axis="x", nbins=3, integer=True)
        legend_above(right, right.containers, list(parts))

    def alt(self, twin: pd.DataFrame) -> str:
        """Name, per group, how many are sure, its own multiple and the next highest."""
        said = []
        for row in twin.set_index("segment").itertuples():
            part = f"{row.Index}: {row.customers:,} customers, {percent(row[3])} sure"
            times = twin.set_index("segment").drop(columns=BESIDE[1:]).loc[row.Index].astype(float).dropna()
            best = times.nlargest(2)
            said.append(part + "".join(f", {word} ×{number(value)}" for word, value in best.items()))
        return (
            "Pieces bought with each benefit, as a multiple of what the shelves would have given; per group the two "
            f"highest. {'; '.join(said)}. Sure means a confidence of {number(twin.attrs['sure_from'])} or more."
        )
