"""Benefits sought: what people want a product to do for them."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit import measures
from segkit._words import counted, number
from segkit.errors import ColumnProblem
from segkit.segmenters.base import Segmenter


class BenefitsSought(Segmenter):
    """The benefit each customer chooses above what the shelf would have given.

    A customer's score for a benefit is ``(bought + steady) / (expected + steady)``: pieces bought with it, beside the
    pieces that would have had it had they taken the shelf's average. `steady` pulls a customer with few purchases
    towards 1, the shop's own mix. A rating moves the score by `rating_weight` per point above the customer's own mean.

    Parameters
    ----------
    steady : float, default 1.0
        Pieces' worth of doubt. The larger, the more purchases it takes to leave the shop's mix.
    rating_weight : float, default 0.5
        How much one point on the rating scale counts, in logs of the score; 0 leaves ratings out.
    sure_from : float, default 1.5
        From which confidence on a second benefit is no serious rival; used by :meth:`explain`.

    Attributes
    ----------
    benefits_ : list of str
        The benefits, in alphabetical order, which also settles ties.
    rated_ : bool
        Whether there were ratings to learn from.

    Notes
    -----
    ``predict`` adds ``second`` (the next best benefit) and ``confidence`` (the best score over the next best: 1 means a
    toss-up). Haley (1968), "Benefit segmentation", began the method with surveys; shrinking a rate with few counts
    towards the whole follows Good (1965) and the relative risks of Clayton and Kaldor (1987).

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> shop = sk.Shop(synthetic.outdoor_shop(customers=200, seed=7))
    >>> seg = sk.segment(shop, sk.BenefitsSought())
    >>> list(seg.labels.columns)
    ['customer_id', 'segment', 'second', 'confidence']
    """

    question = "What do they want a product to do for them?"
    needs = ("pieces",)
    tables = ("orders", "order_lines", "products.category", "products.primary_benefit")
    instead = "Ask for it: a short survey that rates each benefit from 1 to 5."
    measure = measures.benefits
    truth_axis = "benefit"
    limits = (("steady", 0, inf), ("rating_weight", -inf, inf), ("sure_from", 0, inf))
    figure = "benefits"

    def __init__(self, steady: float = 1.0, rating_weight: float = 0.5, sure_from: float = 1.5) -> None:
        self.steady = steady
        self.rating_weight = rating_weight
        self.sure_from = sure_from

    @property
    def labels(self) -> tuple[str, ...]:
        """The benefits of the shop it learned from."""
        return tuple(getattr(self, "benefits_", ()))

    def _needed(self) -> tuple[str, ...]:
        kinds = ("bought", "expected", *(["rating"] if getattr(self, "rated_", False) else []))
        return (*self.needs, *(f"{word}_{kind}" for word in self.labels for kind in kinds))

    def learn(self, facts: nw.LazyFrame) -> None:
        """Learn which benefits there are, and whether they were rated."""
        there = facts.collect_schema().names()
        self.benefits_ = sorted(name.removesuffix("_bought") for name in there if name.endswith("_bought"))
        if len(self.benefits_) < 2:
            raise ColumnProblem("Two benefits or more are needed. Measure with segkit.measures.benefits(shop).")
        self.rated_ = f"{self.benefits_[0]}_rating" in there

    def steps(self) -> list[dict[str, nw.Expr]]:
        """The score of each benefit, then the best of them."""
        scores = {f"_{word}": self._score(word) for word in self.benefits_}
        return [scores, {"_best": nw.max_horizontal(*scores)}]

    def rule(self) -> nw.Expr:
        """The benefit with the highest score; a tie goes to the first in the alphabet."""
        cases = [(nw.col(f"_{word}") >= nw.col("_best"), word) for word in self.benefits_]
        return p.label_of(cases[:-1], self.benefits_[-1], unknown=nw.col("pieces").is_null())

    def details(self) -> dict[str, nw.Expr]:
        """The second benefit, and how far ahead the first is."""
        taken = nw.col("segment")
        left = {w: nw.when(taken == w).then(nw.lit(-1.0)).otherwise(nw.col(f"_{w}")) for w in self.benefits_}
        next_best = nw.max_horizontal(*left.values())
        cases = [(score >= next_best, word) for word, score in left.items()]
        second = p.label_of(cases[:-1], self.benefits_[-1], unknown=nw.col("pieces").is_null())
        return {"second": second, "confidence": (nw.col("_best") / next_best).round(6)}

    def _score(self, word: str) -> nw.Expr:
        score = (nw.col(f"{word}_bought") + self.steady) / (nw.col(f"{word}_expected") + self.steady)
        if not (self.rated_ and self.rating_weight):
            return score
        ratings = [nw.col(f"{other}_rating") for other in self.benefits_]
        own_mean = nw.mean_horizontal(*ratings)
        above = (nw.col(f"{word}_rating") - own_mean).fill_null(0.0)
        return score * (above * self.rating_weight).exp()

    def explain(self, facts: Mapping[str, Any], label: str) -> str:
        """Name what was bought beside what was expected, the rating, and the rival."""
        if label not in self.benefits_:
            return "nothing bought whose benefit is known"
        said = (
            f"{counted(facts[f'{label}_bought'], 'piece')} with it, where the same shelves would have given "
            f"{number(facts[f'{label}_expected'])}"
        )
        rating = facts.get(f"{label}_rating")
        if self.rated_ and rating == rating:
            said += f", and rated {number(rating)} of 5"
        rival = "a close second is" if facts["confidence"] < self.sure_from else "well ahead of"
        return f"{said}; {rival} {facts['second']}"
