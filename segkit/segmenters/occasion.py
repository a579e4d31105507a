"""Occasion and timing: who buys for a day in the calendar, and who in a rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np

from segkit import _portable as p
from segkit import measures
from segkit.errors import ColumnProblem, DataProblem
from segkit.segmenters.base import Segmenter

STEPS = 24
"""Steps per factor e in which chances are gathered to find the threshold: 4 % wide, rounded to the strict side."""


class Occasion(Segmenter):
    """The occasion in whose window a customer buys more often than the shop's own season explains.

    For every customer and occasion: had each order fallen in the window with the shop's own share, how likely would so
    many, or more, have been? (An exact binomial test.) Where many customers are tested, some look special by luck; so
    the threshold is learned such that at most `false_discovery_rate` of the finds are expected to be luck.

    Parameters
    ----------
    false_discovery_rate : float, default 0.05
        Share of finds that may be luck.
    least_orders : int, default 3
        Customers with fewer orders are not tested, and are ``"none"``.

    Attributes
    ----------
    occasions_, rhythms_ : list of str
        What was tested, in alphabetical order, which also settles ties.
    threshold_, rhythm_threshold_ : float
        The largest chance that still counts as a find.

    Notes
    -----
    ``predict`` adds ``chance`` (of the best occasion, had it been luck) and ``rhythm`` (a weekday, Friday evening,
    lunch hour, month end, or none), tested in the same way: a customer may have both. The threshold is that of
    Benjamini and Hochberg (1995).

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=300, seed=7)), sk.Occasion())
    >>> list(seg.labels.columns)
    ['customer_id', 'segment', 'chance', 'rhythm']
    """

    question = "Who buys for an occasion, and which one?"
    needs = ("orders",)
    measure = measures.occasions
    truth_axis = "occasion"

    def __init__(self, false_discovery_rate: float = 0.05, least_orders: int = 3) -> None:
        self.false_discovery_rate = false_discovery_rate
        self.least_orders = least_orders

    @property
    def labels(self) -> tuple[str, ...]:
        """The occasions that were tested, and ``none``."""
        return (*getattr(self, "occasions_", ()), "none")

    def _needed(self) -> tuple[str, ...]:
        names = (*getattr(self, "occasions_", ()), *getattr(self, "rhythms_", ()))
        return (*self.needs, *(f"{name}_{kind}" for name in names for kind in ("orders", "expected", "chance")))

    def learn(self, facts: nw.LazyFrame) -> None:
        """Learn which occasions there are, and from which chance on a find counts."""
        if not 0 < self.false_discovery_rate < 1:
            raise DataProblem(f"false_discovery_rate={self.false_discovery_rate} must lie between 0 and 1.")
        names = sorted(n.removesuffix("_expected") for n in facts.collect_schema().names() if n.endswith("_expected"))
        self.rhythms_ = [name for name in names if name.startswith("rhythm_")]
        self.occasions_ = [name for name in names if not name.startswith("rhythm_")]
        if not self.occasions_:
            raise ColumnProblem("These facts hold no occasion. Measure with segkit.measures.occasions(shop).")
        self.threshold_ = self._threshold(facts, self.occasions_)
        self.rhythm_threshold_ = self._threshold(facts, self.rhythms_)

    def _threshold(self, facts: nw.LazyFrame, names: list[str]) -> float:
        """The largest chance t with t × tests ≤ rate × finds (Benjamini and Hochberg), on a grid."""
        chances = facts.filter(nw.col("orders") >= self.least_orders).select(*(f"{name}_chance" for name in names))
        chances = chances.unpivot(on=[f"{name}_chance" for name in names]).filter(~nw.col("value").is_null())
        step = (nw.col("value").clip(1e-12, 1.0).log() * STEPS).ceil().cast(nw.Int64)
        table = p.small(chances.select(step=step).group_by("step").agg(n=p.whole(nw.len())).sort("step"))
        upper = np.exp(table["step"].to_numpy(float) / STEPS)
        holds = upper * table["n"].sum() <= self.false_discovery_rate * table["n"].cumsum().to_numpy(float)
        return float(upper[holds].max()) if holds.any() else 0.0

    def rule(self) -> nw.Expr:
        """The occasion with the smallest chance at or below the threshold; a tie goes to the first in the alphabet."""
        return self._best(self.occasions_, self.threshold_)

    def details(self) -> dict[str, nw.Expr]:
        """The chance of the best occasion, and the rhythm."""
        rhythm = self._best(self.rhythms_, self.rhythm_threshold_) if self.rhythms_ else nw.lit("none")
        return {"chance": _smallest(self.occasions_), "rhythm": rhythm}

    def _best(self, names: list[str], threshold: float) -> nw.Expr:
        smallest = _smallest(names)
        luck = (nw.col("orders") < self.least_orders) | (smallest > threshold)
        cases = [(luck, "none"), *((_known_chance(name) <= smallest, name.removeprefix("rhythm_")) for name in names)]
        return p.label_of(cases, "none", unknown=nw.col("orders").is_null())

    def explain(self, facts: Mapping[str, Any], label: str) -> str:
        """Name the orders in the window beside those the season explains, or why nothing was found."""
        if facts["orders"] < self.least_orders:
            return f"{facts['orders']} orders are too few to tell; {self.least_orders} is the least"
        if label not in self.occasions_:
            return "no window holds more orders than the shop's own season and luck explain"
        return (
            f"{facts[f'{label}_orders']:.0f} of {facts['orders']:.0f} orders fell in its window, where the shop's own "
            f"season explains {facts[f'{label}_expected']:.2g}; by luck that happens to one in "
            f"{1 / max(facts['chance'], 1e-12):,.0f} customers"
        )


def _known_chance(name: str) -> nw.Expr:
    return nw.col(f"{name}_chance").fill_null(1.0)


def _smallest(names: list[str]) -> nw.Expr:
    chances = [_known_chance(name) for name in names]
    return nw.min_horizontal(*chances) if len(chances) > 1 else chances[0]  # Spark's least() takes two or more
