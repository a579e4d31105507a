"""What marks each style of deciding, and which offer moves customers."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from segkit import _portable as p
from segkit.errors import DataProblem
from segkit.measures import incentives
from segkit.plots.registry import figure
from segkit.plots.style import INK, PALETTE, SOFT, WIDTH, cells, words

BESIDE = ["segment", "customers"]


@figure("styles", asks="By which signs does each style stand out?", of="PurchaseBehaviour")
class Styles:
    """Each group's mean of every sign, on the scale the rule reads: 0 is the shop's median, 1 its top tenth."""

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return a row per style and a column per sign; ``.attrs["own"]`` names the signs that tell of each style."""
        rule, key = seg.segmenter, "segment"
        signs = {name.removeprefix("_"): nw.col(name).mean() for name in rule.steps()[0]}
        known = seg.lazy.with_columns(**rule.steps()[0]).group_by(key).agg(customers=p.whole(nw.len()), **signs)
        table = p.small(known).set_index(key).reindex(seg.names)
        twin = table[["customers"]].fillna(0).astype("int64").join(table[list(signs)].round(2))
        twin = twin.reset_index()
        twin.attrs["own"] = {style: [sign for sign in of if sign in signs] for style, of in rule.signs().items()}
        return twin

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw a table of means; a frame marks the signs that a style is told by."""
        means = twin.drop(columns=BESIDE)
        fig.set_size_inches(WIDTH, 2 + 0.42 * len(twin))
        ax = fig.subplots()
        values = means.to_numpy(float)
        texts = [[f"{value:+.2f}" if np.isfinite(value) else "–" for value in row] for row in values]
        cells(ax, np.clip(values, -1, 1), texts, "PuOr_r", -1.15, 1.15)
        for row, style in enumerate(twin["segment"]):
            for sign in twin.attrs["own"].get(style, ()):
                corner = list(means).index(sign) - 0.46, row - 0.44
                ax.add_patch(Rectangle(corner, 0.92, 0.88, fill=False, edgecolor=INK, linewidth=2))
        ax.set_xticks(range(means.shape[1]), [words(sign, 11) for sign in means])
        ax.xaxis.tick_top()
        names = [f"{words(row.segment)} ({row.customers:,})" for row in twin.itertuples()]
        ax.set_yticks(range(len(twin)), names)
        ax.set_xlabel("0 = the median customer, 1 = the top tenth · framed: what tells of the style")

    def alt(self, twin: pd.DataFrame) -> str:
        """Name, per style, its own signs; of a style without signs the highest."""
        said = []
        for _, row in twin.iterrows():
            means = row.drop(BESIDE).astype(float).dropna()  # all are missing in a style that is nobody's
            shown = means.loc[twin.attrs["own"].get(row["segment"], []) if len(means) else []]
            shown = shown if len(shown) else means.nlargest(1)
            parts = ", ".join(f"{words(sign, 99)} {value:+.2f}" for sign, value in shown.items())
            said.append(f"{row['segment']} ({row['customers']:,} customers){parts and f': {parts}'}")
        return f"Mean of the signs, 0 is the shop's median customer and 1 its top tenth. {'; '.join(said)}."


@figure("offers", asks="Which offer lifts the share of visits that end in an order?", of="PurchaseBehaviour")
class Offers:
    """The lift of each offer with its 95 % interval: 1 is no effect."""

    def twin(self, seg: Any) -> pd.DataFrame:
        """Return what :func:`segkit.measures.incentives` finds in the segmentation's shop, rounded."""
        if seg.shop is None:
            raise DataProblem(
                "This segmentation does not know its shop, and the shop holds the campaigns. Make it with "
                "sk.segment(shop, segmenter) or segmenter.segment(facts, shop=shop)."
            )
        table = incentives(seg.shop)
        twin = table[["incentive", "exposed_visits", "other_visits", "lift", "low", "high"]].round(2)
        twin.attrs["compared_with"] = table.attrs["compared_with"]
        return twin

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw a mark and a line per offer; a full mark where the whole line is off 1."""
        fig.set_size_inches(WIDTH, 1.7 + 0.42 * len(twin))
        ax = fig.subplots()
        ax.axvline(1, color=INK, linewidth=1.4, linestyle="--")
        for row, offer in enumerate(twin.itertuples()):
            if offer.lift != offer.lift:
                continue
            ax.plot([offer.low, offer.high], [row, row], color=SOFT, linewidth=2)
            sure = offer.low > 1 or offer.high < 1
            ax.plot(offer.lift, row, "o", markersize=8, color=PALETTE[0], fillstyle="full" if sure else "none")
        for row, text in enumerate(_intervals(twin)):
            ax.annotate(text, (1, row), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points",
                        va="center")  # fmt: skip
        ax.set_yticks(range(len(twin)), [words(offer) for offer in twin["incentive"]])
        ax.set_ylim(len(twin) - 0.5, -0.6)
        ax.set_xlabel(f"lift (1 = no effect, full mark: interval off 1)\ncompared with {twin.attrs['compared_with']}")

    def alt(self, twin: pd.DataFrame) -> str:
        """Name every lift and its interval."""
        said = [f"{offer} {text}" for offer, text in zip(twin["incentive"], _intervals(twin), strict=True)]
        return f"Lift of each offer, 1 is no effect, with its 95 % interval: {'; '.join(said)}."


def _intervals(twin: pd.DataFrame) -> list[str]:
    return [
        f"{row.lift:.2f} ({row.low:.2f} to {row.high:.2f})" if row.lift == row.lift else "not known"
        for row in twin.itertuples()
    ]
