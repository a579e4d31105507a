"""The trust card: lines of figure, threshold, verdict, source and one plain sentence."""

from __future__ import annotations

import html
import math
import textwrap
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from segkit.errors import UnknownName, did_you_mean

VERDICTS = ("good", "fair", "poor", "no verdict")
"""``no verdict`` where there is no threshold, or the figure cannot be known."""


@dataclass(frozen=True)
class Line:
    """One line of a trust card.

    Attributes
    ----------
    name : str
        What is asked, in a word or two.
    figure : float or None
        The figure; None where it cannot be known.
    unit : {"share", "index", "customers"}
        A share is written in percent, an index with two decimals, customers as a whole number.
    threshold : str
        What is wanted, in words.
    verdict : {"good", "fair", "poor", "no verdict"}
        How the figure compares.
    source : str
        Where figure and threshold come from: author and year, or segkit's own convention.
    sentence : str
        What it says here, in one plain sentence.
    """

    name: str
    figure: float | None
    unit: str
    threshold: str
    verdict: str
    source: str
    sentence: str

    @property
    def shown(self) -> str:
        """The figure as it is written.

        Examples
        --------
        >>> Line("size", 0.1402, "share", "", "good", "", "").shown
        '14.0 %'
        """
        if self.figure is None:
            return "not known"
        if self.unit == "customers":
            return f"{self.figure:,.0f}"
        return f"{self.figure:.1%}".replace("%", " %") if self.unit == "share" else f"{round(self.figure, 2) + 0.0:.2f}"


def line(name: str, figure: float | None, unit: str, source: str, sentence: str, *, wanted: Any = None) -> Line:
    """Make a line and judge it.

    Parameters
    ----------
    wanted : tuple, optional
        ``("at least", good, fair)`` or ``("at most", good, fair)``; without it there is no verdict.
    """
    figure = None if figure is None or math.isnan(figure) else float(figure)
    if wanted is None:
        return Line(name, figure, unit, "", "no verdict", source, sentence)
    which, good, fair = wanted
    threshold = f"{which} {Line('', good, unit, '', '', '', '').shown}"
    if figure is None:
        return Line(name, None, unit, threshold, "no verdict", source, sentence)
    sign = 1 if which == "at least" else -1
    verdict = "good" if sign * figure >= sign * good else "fair" if sign * figure >= sign * fair else "poor"
    return Line(name, figure, unit, threshold, verdict, source, sentence)


@dataclass(frozen=True, eq=False, repr=False)
class TrustCard:
    """What can be said for and against a segmentation.

    Attributes
    ----------
    by : str
        Name of the type.
    customers : int
        How many customers it labels.
    label : {"natural", "reproducible", "constructed"}
        What the groups are (Dolnicar and Leisch, 2010): regions that are there; pieces that come back each time;
        or pieces we made.
    reason : str
        Why, in plain words.
    lines : tuple of Line
        The card.
    segments : pandas.DataFrame
        The same per segment: ``customers``, ``share``, ``overlap`` (SLSw), ``border`` (how thin the ground is at its
        shallowest border), ``marked_by``, ``reachable_share``.
    notes : tuple of str
        How it was computed: pairs, seed, sample.
    """

    by: str
    customers: int
    label: str
    reason: str
    lines: tuple[Line, ...]
    segments: pd.DataFrame
    notes: tuple[str, ...]

    def line(self, name: str) -> Line:
        """Return one line by name.

        Raises
        ------
        UnknownName
            When the card has no such line; the message names the nearest.
        """
        for one in self.lines:
            if one.name == name:
                return one
        raise UnknownName(f"This card has no line '{name}'. {did_you_mean(name, [one.name for one in self.lines])}")

    def to_frame(self) -> pd.DataFrame:
        """Return the lines as a small pandas frame, one row each."""
        columns = ["figure", "threshold", "verdict", "sentence", "source"]
        return pd.DataFrame([asdict(one) for one in self.lines]).set_index("name")[columns].rename_axis("line")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain words and numbers, ready for JSON; no customer is named."""
        lines = [{**asdict(one), "figure": _rounded(one.figure)} for one in self.lines]
        segments = [{key: _rounded(value) for key, value in row.items()} for row in self.segments.to_dict("records")]
        return {
            "by": self.by,
            "customers": self.customers,
            "label": self.label,
            "reason": self.reason,
            "lines": lines,
            "segments": segments,
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        wide = max(len(one.name) for one in self.lines)
        parts = [f"Trust card: {self.by}, {self.customers:,} customers"]
        parts += _wrapped(f"{self.label.upper()}. {self.reason}")
        for one in self.lines:
            wanted = f" ({one.threshold})" if one.threshold else ""
            verdict = "" if one.verdict == "no verdict" else f"  {one.verdict}{wanted}"
            parts += ["", f"{one.name:<{wide}}  {one.shown:>9}{verdict}", *_wrapped(one.sentence, "    ")]
        return "\n".join([*parts, "", *(row for note in self.notes for row in _wrapped(note))])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr>{_cells(one.name, one.shown, one.threshold, one.verdict, style=_SHORT)}"
            f"{_cells(one.sentence, one.source)}</tr>"
            for one in self.lines
        )
        head = "".join(
            f'<th scope="col" style="text-align:left">{word}</th>'
            for word in ("line", "figure", "wanted", "verdict", "what it says", "source")
        )
        title = html.escape(f"Trust card: {self.by}, {self.customers:,} customers")
        notes = " ".join(html.escape(note) for note in self.notes)
        return (
            f"<p><strong>{title}</strong></p><p><strong>{self.label}</strong>: {html.escape(self.reason)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{self.segments.to_html(index=False, escape=True, na_rep='not known', formatters=_AS_LINES)}<p>{notes}</p>"
        )


_LEFT = "text-align:left;vertical-align:top"
_SHORT = f"{_LEFT};white-space:nowrap"


def _cells(*texts: str, style: str = _LEFT) -> str:
    return "".join(f'<td style="{style}">{html.escape(text)}</td>' for text in texts)


_UNITS = {"share": "share", "revenue_share": "share", "overlap": "index", "border": "share", "reachable_share": "share"}
_AS_LINES = {name: lambda figure, unit=unit: line("", figure, unit, "", "").shown for name, unit in _UNITS.items()}
"""The table of segments writes its figures as the lines do."""


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value.item() if hasattr(value, "item") else value


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, 100, initial_indent=indent, subsequent_indent=indent)
