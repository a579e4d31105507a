"""Usage: who uses the shop lightly, who heavily."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit import measures
from segkit._words import below, number
from segkit.errors import DataProblem
from segkit.segmenters.base import Segmenter
from segkit.segmenters.breaks import natural_breaks


class Usage(Segmenter):
    """Light, medium and heavy users, by one fact cut in three.

    Parameters
    ----------
    by : str, default "orders_per_year"
        The fact that stands for use: how often (``orders_per_year``, ``active_days``), how much (``quantity``), how
        many features (``categories``), or any other fact that is 0 or more.
    cuts : sequence of two numbers, optional
        Where medium and where heavy begin. Without it they are learned: see
        :func:`segkit.segmenters.breaks.natural_breaks`.

    Attributes
    ----------
    cuts_ : list of float
        Where medium and heavy begin. A customer right on a cut is in the upper group.

    Notes
    -----
    Heavy is not the same as valuable: look at ``segmentation.grid("revenue")``. Volume segmentation goes back to
    Twedt (1964), "How important to marketing strategy is the heavy user?".

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> facts = sk.measures.purchases(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)))
    >>> sorted(sk.Usage(cuts=(2, 5)).fit_predict(facts)["segment"].unique())
    ['heavy', 'light', 'medium']
    """

    question = "Who uses us a lot, and who a little?"
    labels = ("light", "medium", "heavy")
    needs = ("orders_per_year",)
    measure = measures.purchases
    truth_axis = "usage"
    cuts_one_fact = True
    figure = "grid"

    def __init__(self, by: str = "orders_per_year", cuts: Sequence[float] | None = None) -> None:
        self.by = by
        self.cuts = cuts

    def _needed(self) -> tuple[str, ...]:
        return (self.by,)

    def learn(self, facts: nw.LazyFrame) -> None:
        """Learn where medium and heavy begin."""
        if self.cuts is None:
            self.cuts_ = natural_breaks(facts, self.by, len(self.labels))
            return
        cuts = [float(cut) for cut in self.cuts]
        if len(cuts) != 2 or not 0 <= cuts[0] < cuts[1]:
            raise DataProblem(
                f"cuts={tuple(self.cuts)} does not cut three groups. Pass two numbers, 0 or more, the smaller first, "
                "such as cuts=(2, 6)."
            )
        self.cuts_ = cuts

    def rule(self) -> nw.Expr:
        """Heavy from the second cut on, medium from the first, else light."""
        medium, heavy = self.cuts_
        value = nw.col(self.by)
        return p.label_of([(value >= heavy, "heavy"), (value >= medium, "medium")], "light", unknown=value.is_null())

    def explain(self, facts: Mapping[str, Any], label: str) -> str:
        """Name the fact and the cuts around it."""
        medium, heavy = map(number, self.cuts_)
        name = self.by.replace("_", " ")
        bounds = {
            "light": f"medium begins at {medium}",
            "medium": f"medium begins at {medium} and heavy at {heavy}",
            "heavy": f"heavy begins at {heavy}",
        }
        if label not in bounds:
            return f"{name} is not known"
        value, next_cut = facts[self.by], {"light": self.cuts_[0], "medium": self.cuts_[1]}.get(label)
        shown = number(value) if next_cut is None else below(value, next_cut)
        return f"{name} is {shown}, and {bounds[label]}"
