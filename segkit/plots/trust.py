"""Whether the groups come back, and whether shuffled facts would have done as well."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from segkit.plots.registry import figure
from segkit.plots.style import INK, PALETTE, SOFT, WIDTH, legend_above, words

LINES = {
    "stability": "all groups come back",
    "stability, shuffled": "all, with the facts shuffled",
    "above shuffled": "how far above shuffled",
    "borders": "how empty the borders are",
}
"""The lines of the card that its one word hangs on, in plain words."""

VALID, PATTERN = 0.75, 0.60
"""From where a segment is good, and from where it is fair (Hennig, 2007)."""

_MARKS = {"good": ("o", PALETTE[2]), "fair": ("D", PALETTE[1]), "poor": ("X", PALETTE[3]), "no verdict": ("s", SOFT)}


@figure("trust", asks="Do the groups come back, and are they there at all?", of=("TrustCard", "Segmentation"))
class Trust:
    """What the card's one word hangs on, each between 0 and 1, beside what is wanted."""

    def twin(self, thing: Any) -> pd.DataFrame:
        """Return figure, threshold and verdict: of all groups together, then of each segment."""
        card = thing.trust() if hasattr(thing, "trust") else thing
        rows = []
        for name, plain in LINES.items():
            line = card.line(name)
            rows.append((plain, line.figure, _number(line.threshold), line.verdict))
        for segment, overlap in zip(card.segments["segment"], card.segments["overlap"], strict=True):
            if segment != "unknown":
                rows.append((f"{segment} comes back", overlap, VALID, _verdict(overlap)))
        twin = pd.DataFrame(rows, columns=["what", "figure", "wanted", "verdict"])
        twin[["figure", "wanted"]] = twin[["figure", "wanted"]].astype(float).round(2)
        twin.attrs["label"] = card.label
        return twin

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw one row per figure: its mark, its number and verdict, and a line where it is wanted."""
        fig.set_size_inches(WIDTH, 1.5 + 0.38 * len(twin))
        ax = fig.subplots()
        rows = np.arange(len(twin))
        wanted = []
        ax.hlines(rows, 0, twin["figure"].clip(0, 1), color="#cfcfcf", linewidth=3)
        for row, one in twin.iterrows():
            if np.isfinite(one["wanted"]):
                wanted = ax.plot(one["wanted"], row, "|", color=INK, markersize=18, mew=2.5)
            if np.isnan(one["figure"]):
                ax.text(0.01, row, "not known", va="center")
                continue
            marker, colour = _MARKS[one["verdict"]]
            ax.plot(np.clip(one["figure"], 0, 1), row, marker, color=colour, markersize=9, linestyle="")
            said = "" if one["verdict"] == "no verdict" else f"  {one['verdict']}"
            ax.text(1.05, row, f"{one['figure']:.2f}{said}", va="center")
        ax.set_xlim(-0.03, 1.03)
        ax.set_yticks(rows, [words(what, 36) for what in twin["what"]])
        ax.set_ylim(len(twin) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.set_xlabel(f"0 = chance, 1 = fully\nTaken together: {twin.attrs['label']}")
        if wanted:
            legend_above(ax, wanted, ["wanted at least"])

    def alt(self, twin: pd.DataFrame) -> str:
        """Name every figure with its verdict."""
        parts = [
            f"{one['what']} " + ("not known" if np.isnan(one["figure"]) else f"{one['figure']:.2f} ({one['verdict']})")
            for _, one in twin.iterrows()
        ]
        return f"The groups are {twin.attrs['label']}. {'; '.join(parts)}."


def _verdict(overlap: float) -> str:
    if np.isnan(overlap):
        return "no verdict"
    return "good" if overlap >= VALID else "fair" if overlap >= PATTERN else "poor"


def _number(wanted: str) -> float:
    """Read the number out of a threshold such as "at least 50.0 %"; a line may have none."""
    found = re.search(r"(\d+(?:\.\d+)?)( %)?$", wanted)
    if not found:
        return float("nan")
    return float(found[1]) / (100 if found[2] else 1)
