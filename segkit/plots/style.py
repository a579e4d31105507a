"""How every figure looks: colours that colour-blind readers can tell apart, and never colour alone."""

from __future__ import annotations

import textwrap
from contextlib import AbstractContextManager
from typing import Any

import matplotlib.style
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.figure import Figure

from segkit._words import number as number  # style.number, beside the other ways a figure writes

WIDTH = 7.5
"""Inches; a figure is as wide as a notebook's or a page's column."""

INK = "#222222"
SOFT = "#6b6b6b"
PALETTE = sns.color_palette("colorblind").as_hex()
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "ooo", "---", "+++", "|||", "***")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")

_STYLE = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so the same bytes everywhere
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.edgecolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.dpi": 144,
    "savefig.dpi": 144,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "text.parse_math": False,  # a label such as "$20 to $50" is not a formula
    "svg.hashsalt": "segkit",
}


def house_style() -> AbstractContextManager[None]:
    """Draw in the house's style, whatever the reader's own settings are."""
    return matplotlib.style.context(_STYLE, after_reset=True)


def look(names: list[str]) -> dict[str, dict[str, Any]]:
    """Give every name a colour, a hatch and a marker, so that any one of the three tells them apart.

    ``unknown`` is always grey.

    Examples
    --------
    >>> look(["light", "heavy"])["heavy"]
    {'color': '#de8f05', 'hatch': '///', 'marker': 's'}
    """
    looks = {}
    for i, name in enumerate(names):
        colour = PALETTE[i % len(PALETTE)] if name != "unknown" else "#b0b0b0"
        looks[name] = {"color": colour, "hatch": HATCHES[i % len(HATCHES)], "marker": MARKERS[i % len(MARKERS)]}
    return looks


def filled(look_of_one: dict[str, Any]) -> dict[str, Any]:
    """Turn a look into how a bar is filled: colour, and a white hatch over it."""
    return {"facecolor": look_of_one["color"], "hatch": look_of_one["hatch"], "edgecolor": "white", "linewidth": 0.8}


def words(name: str, width: int = 24) -> str:
    """Write a column's name as words, on several lines where it is long.

    Examples
    --------
    >>> words("orders_per_year")
    'orders per year'
    """
    return "\n".join(textwrap.wrap(str(name).replace("_", " "), width)) or str(name)


def percent(value: float) -> str:
    """Write a figure that is already per cent, with one decimal.

    Examples
    --------
    >>> percent(33)
    '33.0 %'
    """
    return f"{value:.1f} %"


def title(fig: Figure, text: str) -> None:
    """Write the question over the figure, from the left."""
    wide = int(fig.get_size_inches()[0] * 10.5)
    fig.suptitle("\n".join(textwrap.wrap(text, wide)), x=0.01, ha="left", fontsize=13, fontweight="bold")


def legend_above(ax: Axes, handles: list[Any], labels: list[str]) -> None:
    """Write the key over the axes, where it covers nothing, in as many columns as the labels leave room for."""
    shown = [words(label) for label in labels]
    widest = max(len(row) for label in shown for row in label.split("\n"))
    columns = max(1, min(5, 66 // (widest + 8)))
    ax.legend(
        handles, shown, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2, handlelength=2.4
    )


def cells(ax: Axes, colours: np.ndarray, texts: list[list[str]], cmap: str | Colormap, low: float, high: float) -> None:
    """Draw a table of coloured cells with their numbers written in them, so that no colour needs a key."""
    shown = ax.imshow(colours, cmap=cmap, vmin=low, vmax=high, aspect="auto")
    ax.set_xticks(np.arange(colours.shape[1] + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(colours.shape[0] + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=2)
    ax.tick_params(which="both", length=0)
    ax.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(colours):
        red, green, blue, _ = shown.cmap(shown.norm(value)) if np.isfinite(value) else (1, 1, 1, 1)
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        ax.text(column, row, texts[row][column], ha="center", va="center", color="white" if dark else INK)


def shares_of_row(counts: pd.DataFrame) -> pd.DataFrame:
    """Turn counts into per cent of their row."""
    return 100 * counts.div(counts.sum(axis=1).clip(lower=1), axis=0)


def counted_cells(ax: Axes, counts: pd.DataFrame) -> None:
    """Draw a table of counts, each with its share of the row, which is also its depth of colour."""
    share = shares_of_row(counts).to_numpy()
    texts = [
        [f"{n:,}\n{percent(part)}" for n, part in zip(*row, strict=True)]
        for row in zip(counts.to_numpy(), share, strict=True)
    ]
    cells(ax, share, texts, "Blues", 0, 100)
