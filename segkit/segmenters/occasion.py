"""Occasion and timing: who buys for a day in the calendar, and who in a rhythm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit import measures
from segkit._words import counted, number
from segkit.errors import ColumnProblem
from segkit.segmenters.base import Segmenter
from segkit.segmenters.two_groups import Group, logit, threshold, two_groups


class Occasion(Segmenter):
    """The occasion for which a customer buys, where orders in its window tell so beyond the shop's own season.

    For every occasion the shop shows two groups: those who come for it, and the others, who buy in its window no more
    than the season explains. Each order then speaks for one or the other, and together they give the probability
    that a customer comes for the occasion. The label is the occasion with the highest, if it is high enough: the
    threshold is learned such that at most `false_discovery_rate` of the finds are expected to be luck.

    Parameters
    ----------
    false_discovery_rate : float, default 0.25
        Share of finds that may be luck. One in four suits a message that costs little: it finds most of those with one
        or two orders. Take .05 where a mistake is dear: it finds about half as many.

    Attributes
    ----------
    occasions_, rhythms_ : dict
        What was tested, in alphabetical order, which also settles ties; for each the figures of its
        :class:`segkit.segmenters.two_groups.Group`. ``buyers`` is 0 where the shop shows no such group.
    threshold_, rhythm_threshold_ : float
        The least probability that counts as a find.

    Notes
    -----
    ``predict`` adds ``probability`` (of the likeliest occasion) and ``rhythm`` (a weekday, Friday evening, lunch hour,
    month end, or none), found in the same way: a customer may have both. The rate is the model's own estimate, and it
    is about luck only. On planted shops (5,000 customers, three seeds) 36 % of the finds at .25 did not come for the
    occasion, and 18 % at .05: those who wait for a sale put their orders in its window too and are most of the
    difference; without them it was about 30 %. Where nothing was planted, nobody was found.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=300, seed=7)), sk.Occasion())
    >>> list(seg.labels.columns)
    ['customer_id', 'segment', 'probability', 'rhythm']
    """

    question = "Who buys for an occasion, and which one?"
    needs = ("orders",)
    measure = measures.occasions
    truth_axis = "occasion"
    limits = (("false_discovery_rate", 0, 1),)
    figure = "months"

    def __init__(self, false_discovery_rate: float = 0.25) -> None:
        self.false_discovery_rate = false_discovery_rate

    @property
    def labels(self) -> tuple[str, ...]:
        """The occasions that were tested, and ``none``."""
        return (*getattr(self, "occasions_", ()), "none")

    def _needed(self) -> tuple[str, ...]:
        return (*self.deciding(), *_of(getattr(self, "rhythms_", ())))

    def deciding(self) -> tuple[str, ...]:
        """Return the facts of the occasions: rhythms are a detail, and each window is learned by itself."""
        return (*self.needs, *_of(getattr(self, "occasions_", ())))

    def learn(self, facts: nw.LazyFrame) -> None:
        """Learn who comes for each occasion, and from which probability on a find counts."""
        names = sorted(name.removesuffix("_expected") for name in p.columns(facts) if name.endswith("_expected"))
        if all(name.startswith("rhythm_") for name in names):
            raise ColumnProblem(
                "These facts hold no occasion. Measure with segkit.measures.occasions(shop); where no window of the "
                "calendar lies within the shop's days, pass windows= of your own."
            )
        found, chances = two_groups(facts, names)
        of_rhythm = chances["window"].map(lambda i: names[i].startswith("rhythm_"))
        figures = {name: asdict(group) for name, group in found.items()}
        self.occasions_ = {name: figures[name] for name in names if not name.startswith("rhythm_")}
        self.rhythms_ = {name: figures[name] for name in names if name.startswith("rhythm_")}
        self.threshold_ = threshold(chances[~of_rhythm], self.false_discovery_rate)
        self.rhythm_threshold_ = threshold(chances[of_rhythm], self.false_discovery_rate)

    def steps(self) -> list[dict[str, nw.Expr]]:
        """Work out the odds of every occasion and rhythm that has buyers, then the best of each."""
        windows = {**self.occasions_, **self.rhythms_}
        groups = {name: Group(**windows[name]) for name in _found(windows)}
        others = {f"_others_{name}": group.others(name) for name, group in groups.items()}
        odds = {
            _odds(name): group.log_odds(name, nw.col(f"_others_{name}")).fill_null(NEVER)
            for name, group in groups.items()
        }
        best = {
            column: p.largest(*map(_odds, there))
            for column, there in (("_best", _found(self.occasions_)), ("_best_rhythm", _found(self.rhythms_)))
            if there
        }
        return [columns for columns in (others, odds, best) if columns]

    def rule(self) -> nw.Expr:
        """The likeliest occasion, at or above the threshold; a tie goes to the first in the alphabet."""
        return _likeliest(_found(self.occasions_), "_best", self.threshold_)

    def details(self) -> dict[str, nw.Expr]:
        """The probability of the likeliest occasion, and the rhythm."""
        some = _found(self.occasions_)
        chance = 1.0 / (1.0 + (-nw.col("_best")).clip(-50.0, 50.0).exp()) if some else nw.lit(0.0)
        rhythm = _likeliest(_found(self.rhythms_), "_best_rhythm", self.rhythm_threshold_)
        return {"probability": p.money(chance), "rhythm": rhythm}

    def explain(self, facts: Mapping[str, Any], label: str) -> str:
        """Name the orders in the window beside those the season explains, or why nothing was found."""
        if label not in self.labels:
            return "orders are not known"
        orders = facts["orders"]
        if label == "none":
            these = "this one order" if orders == 1 else f"these {number(orders)} orders"
            return f"no window holds more of {these} than the season and luck explain"
        expected = facts[f"{label}_expected"] * self.occasions_[label]["season"]
        return (
            f"{number(facts[f'{label}_orders'])} of {counted(orders, 'order')} fell in its window, where the season "
            f"explains {number(expected)}; of customers like this, {100 * facts['probability']:.0f} % come for it"
        )


NEVER = -50.0
"""Log odds of what cannot be known, such as a birthday nobody told."""


def _of(names: Iterable[str]) -> list[str]:
    return [f"{name}_{kind}" for name in names for kind in ("orders", "expected")]


def _odds(name: str) -> str:
    return f"_odds_{name}"


def _found(windows: dict[str, dict[str, float]]) -> list[str]:
    return [name for name, figures in windows.items() if figures["buyers"]]


def _likeliest(names: list[str], best: str, least: float) -> nw.Expr:
    if not names or least >= 1:
        return p.label_of([], "none", unknown=nw.col("orders").is_null())
    cases = [(nw.col(best) < float(logit(least)), "none")]
    cases += [(nw.col(_odds(name)) >= nw.col(best), name.removeprefix("rhythm_")) for name in names]
    return p.label_of(cases, "none", unknown=nw.col("orders").is_null())
