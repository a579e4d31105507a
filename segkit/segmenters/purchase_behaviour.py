"""Purchase behaviour: how people come to a decision."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit import measures
from segkit._words import number
from segkit.errors import DataProblem
from segkit.segmenters.base import Segmenter

SIGNS = {
    "researcher": ("views_per_visit", "lookups_per_order", "reviews_per_view"),
    "sale_waiter": ("discounted_share",),
    "social_proof": ("bestseller_share", "referral_share", "reviews_per_view"),
}
"""What tells of each style. The order settles ties: the upper style wins."""

COUNTED_OVER = {
    "views_per_visit": "visits",
    "lookups_per_order": "orders",
    "reviews_per_view": "views",
    "discounted_share": "lines",
    "bestseller_share": "views",
    "referral_share": "visits",
}
"""Each sign, and what it was counted over: the fewer, the less it says of a customer."""

WORDS = {"buying_role": "usual_role", "obstacle": "usual_obstacle", "incentive": "usual_offer"}


class PurchaseBehaviour(Segmenter):
    """The style of deciding whose evidence stands out most against the shop's own median; without any, habitual.

    Each sign is put on one scale: 0 is the shop's median customer, 1 its top tenth. A style's evidence is the mean of
    its signs (:data:`SIGNS`). The strongest style names the customer where its evidence is `stand_out` or more.

    Parameters
    ----------
    stand_out : float, default 0.35
        Evidence from which a style counts, above 0.
    steady : float, default 4.0
        Counts' worth of doubt: each sign is mixed with so many counts of the shop's average, so that one visit or one
        order does not decide.

    Attributes
    ----------
    scale_ : dict
        Per sign the shop's ``average``, and the ``median`` and ``top_tenth`` after mixing. A sign that is the same for
        everybody, or not known of anybody, is left out.

    Notes
    -----
    The styles follow the decision-making styles of Sproles and Kendall (1986), read from behaviour instead of a survey.
    ``predict`` adds ``evidence``, ``buying_role`` (whom most orders were for: a buyer need not be the user),
    ``obstacle`` (where most of their carts were left) and ``incentive`` (the offer they used most); ``unknown`` where
    there was none. Which offer moves customers is another question: see :func:`segkit.measures.incentives`.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)), sk.PurchaseBehaviour())
    >>> list(seg.labels.columns)
    ['customer_id', 'segment', 'evidence', 'buying_role', 'obstacle', 'incentive']
    """

    question = "How do they come to a decision?"
    labels = (*SIGNS, "habitual")
    needs = ("orders", "lines", "visits", "views", *COUNTED_OVER, *WORDS.values())
    needs_text = tuple(WORDS.values())
    tables = ("orders", "order_lines", "products.is_bestseller", "events.customer_id", "events.product_id")
    instead = (
        "With order lines alone, usage or value; sale waiters show in the discount share of segkit.measures.purchases. "
        "Log what visitors look at to find the others."
    )
    measure = measures.decisions
    truth_axis = "decision_style"
    limits = (("stand_out", 0, inf), ("steady", 0, inf))
    figure = "styles"

    def __init__(self, stand_out: float = 0.35, steady: float = 4.0) -> None:
        self.stand_out = stand_out
        self.steady = steady

    def learn(self, facts: nw.LazyFrame) -> None:
        """Learn the shop's average, median and top tenth of each sign."""
        sums = {}
        for sign, over in COUNTED_OVER.items():
            known = nw.when(~nw.col(sign).is_null()).then(nw.col(over))
            sums |= {f"{sign} sum": (nw.col(sign) * nw.col(over)).sum(), f"{sign} over": known.sum()}
        total = p.one_row(facts.select(**sums))
        average = {s: float(total[f"{s} sum"] / total[f"{s} over"]) for s in COUNTED_OVER if total[f"{s} over"] > 0}
        mixed = {sign: self._mixed(sign, mean) for sign, mean in average.items()}
        wanted = {f"{sign} median": nw.col(sign).median() for sign in average}
        wanted |= {f"{sign} top": nw.col(sign).quantile(0.9, interpolation="linear") for sign in average}
        place = p.one_row(facts.filter(~_nothing_known()).select(**mixed).select(**wanted)) if average else {}
        self.scale_ = {}
        for sign, mean in average.items():
            median, top = round(float(place[f"{sign} median"]), 6), round(float(place[f"{sign} top"]), 6)
            if top > median:
                self.scale_[sign] = {"average": round(mean, 6), "median": median, "top_tenth": top}
        if not self.scale_:
            raise DataProblem("These customers do not differ in any sign of a style; nothing tells them apart.")

    def steps(self) -> list[dict[str, nw.Expr]]:
        """The signs on one scale, the evidence of each style, and the strongest."""
        signs = {}
        for sign, shop in self.scale_.items():
            above = self._mixed(sign, shop["average"]) - shop["median"]
            signs[f"_{sign}"] = above / (shop["top_tenth"] - shop["median"])
        styles = {}
        for style, names in self.signs().items():
            first, *others = (nw.col(f"_{sign}") for sign in names)
            styles[f"_{style}"] = (sum(others, start=first) / len(names)).round(6)
        return [signs, styles, {"_strongest": p.largest(*styles)}]

    def signs(self) -> dict[str, list[str]]:
        """Return the signs by which each style is told here; one that says nothing in this shop is left out."""
        known = {style: [sign for sign in signs if sign in self.scale_] for style, signs in SIGNS.items()}
        return {style: signs for style, signs in known.items() if signs}

    def rule(self) -> nw.Expr:
        """The style with the strongest evidence, where that stands out."""
        strongest = nw.col("_strongest")
        stands_out = strongest >= self.stand_out
        cases = [((nw.col(f"_{style}") >= strongest) & stands_out, style) for style in self.signs()]
        return p.label_of(cases, "habitual", unknown=_nothing_known())

    def details(self) -> dict[str, nw.Expr]:
        """The strongest evidence; whom they buy for, what stops them, what they take."""
        evidence = nw.when(~_nothing_known()).then(nw.col("_strongest"))
        return {"evidence": evidence, **{name: nw.col(fact).fill_null("unknown") for name, fact in WORDS.items()}}

    def _mixed(self, sign: str, average: float) -> nw.Expr:
        over = nw.col(COUNTED_OVER[sign])  # a sign that is not known counts as the average, over however many
        return (nw.col(sign).fill_null(average) * over + average * self.steady) / (over + self.steady)

    def explain(self, facts: Mapping[str, Any], label: str) -> str:
        """Name the signs of the style, or that none stands out."""
        if label not in self.labels:
            return "no line, no visit and no view is known"
        evidence = f"evidence {facts['evidence']:.2f} where 0 is the shop's median and 1 its top tenth"
        if label == "habitual":
            return f"no style stands out; the strongest has {evidence}"
        known = {sign.replace("_", " "): facts[sign] for sign in SIGNS[label] if facts[sign] == facts[sign]}
        return f"{', '.join(f'{name} {number(value)}' for name, value in known.items())}; {evidence}"


def _nothing_known() -> nw.Expr:
    counted = [nw.col(name).fill_null(0) for name in ("lines", "visits", "views")]
    return sum(counted[1:], start=counted[0]) == 0
