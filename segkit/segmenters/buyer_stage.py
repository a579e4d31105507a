"""Buyer stage: how far a customer has come on the way to buying, and who got stuck."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit import measures
from segkit._words import counted
from segkit.errors import UnknownName, did_you_mean
from segkit.measures.journey import AIDA, SIX
from segkit.segmenters.base import Segmenter

MODELS = {"six": {stage: (stage,) for stage in SIX}, "aida": AIDA}
"""Each model's stages, in order, and the stages of :data:`segkit.measures.journey.SIX` they stand for."""


class BuyerStage(Segmenter):
    """The furthest stage a customer has come to, from one log of events and orders.

    An order is never undone by time. What comes before it is: of those who have not ordered, only what happened within
    `window_days` of their latest visit counts, so that a cart left long ago does not look like a wish of today.
    Advocacy needs one recommendation for every `orders_per_recommendation` orders, and an order.

    Parameters
    ----------
    model : {"six", "aida"}
        Awareness, education, consideration, purchase, adoption, advocacy; or attention, interest, desire, action.
    window_days : int, default 90
        How far back from the latest visit interest counts.
    stalled_after : float, default 0.9
        Share of those who moved on (0 to 1): stalled is who has been in a stage longer than so many of them took.
    cart_days : int, default 30
        For how many days an abandoned cart is worth a reminder.
    orders_per_recommendation : float, default 4.0
        Orders.

    Attributes
    ----------
    times_ : dict
        Per stage: customers who ``reached`` it; who ``moved_on`` to a later one on another day (on the same day is no
        stay); of these the ``median_days`` they took, and the days ``stalled_after``, None where nobody moved on.

    Notes
    -----
    Attention, interest, desire, action goes back to Lewis (1898; see Strong, 1925); before, at and after the purchase
    follows Lemon and Verhoef (2016). Those who will move on but have not yet are missing among those who moved on, so
    the times are a little too short. ``predict`` adds ``stage_days`` (since the stage was first reached), ``stalled``
    and ``cart``: ``open`` (abandoned within `cart_days`, no order since), ``ordered`` (abandoned within them, then an
    order came: send no reminder) or ``none``.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)), sk.BuyerStage(model="aida"))
    >>> seg.sizes()["segment"].tolist()
    ['attention', 'interest', 'desire', 'action']
    """

    question = "How far have they come, and who got stuck?"
    needs = ("orders", "recommendations", "cart_days", "cart_ordered", *(
        f"{stage}{when}" for stage in SIX for when in ("_first_days", "_days")
    ))  # fmt: skip
    tables = ("orders", "events.customer_id")
    instead = "Log what visitors do (a web analytics export will do); with orders alone, use loyalty."
    measure = measures.journey
    truth_axis = "stage"
    limits = (
        ("window_days", 0, inf), ("stalled_after", 0, 1), ("cart_days", 0, inf),
        ("orders_per_recommendation", 0, inf),
    )  # fmt: skip
    figure = "funnel"

    def __init__(
        self, model: str = "six", window_days: int = 90, stalled_after: float = 0.9, cart_days: int = 30,
        orders_per_recommendation: float = 4.0,
    ) -> None:  # fmt: skip
        self.model = model
        self.window_days = window_days
        self.stalled_after = stalled_after
        self.cart_days = cart_days
        self.orders_per_recommendation = orders_per_recommendation

    @property
    def labels(self) -> tuple[str, ...]:
        """The stages of the model, in order."""
        if self.model not in MODELS:
            raise UnknownName(f"There is no stage model '{self.model}'. {did_you_mean(self.model, MODELS)}")
        return tuple(MODELS[self.model])

    def learn(self, facts: nw.LazyFrame) -> None:
        """Learn how long those who moved on stayed in each stage."""
        wanted = {}
        for place, stage in enumerate(self.labels):
            first = nw.col(self.first_days(stage))
            later = p.largest(*(self.first_days(name) for name in self.labels[place + 1 :] or [stage]))
            took = nw.when(first > later).then((first - later).cast(nw.Float64))
            wanted |= {f"{stage} reached": first.count(), f"{stage} moved_on": took.count()}
            wanted |= {f"{stage} median_days": took.quantile(0.5, interpolation="linear")}
            wanted |= {f"{stage} stalled_after": took.quantile(self.stalled_after, interpolation="linear")}
        known = p.one_row(facts.select(**wanted))
        self.times_ = {}
        for stage in self.labels:
            moved = int(known[f"{stage} moved_on"])  # none for the last stage, whose later one is itself
            self.times_[stage] = {"reached": int(known[f"{stage} reached"]), "moved_on": moved}
            for days in ("median_days", "stalled_after"):
                self.times_[stage][days] = round(float(known[f"{stage} {days}"]), 6) if moved else None

    def rule(self) -> nw.Expr:
        """The furthest stage that holds."""
        orders, told = nw.col("orders"), nw.col("recommendations")
        interest_since = nw.col("awareness_days") + self.window_days
        advocates = (orders > 0) & (told > 0) & (told * self.orders_per_recommendation >= orders)
        holds = {
            "advocacy": advocates,
            "adoption": orders > 1,
            "purchase": orders > 0,
            "consideration": nw.col("consideration_days") <= interest_since,
            "education": nw.col("education_days") <= interest_since,
        }
        named = {six: stage for stage, parts in MODELS[self.model].items() for six in parts}
        cases = [(condition.fill_null(False), named[six]) for six, condition in holds.items()]
        nothing = (orders.fill_null(0) == 0) & nw.col("awareness_days").is_null()
        return p.label_of(cases, named["awareness"], unknown=nothing)

    def details(self) -> dict[str, nw.Expr]:
        """Days since the stage was first reached, whether stalled there, and the state of the last cart."""
        taken, days, stalled = nw.col("segment"), nw.lit(None, dtype=nw.Int64), nw.lit(False)
        for stage, times in self.times_.items():
            since = nw.col(self.first_days(stage))
            days = nw.when(taken == stage).then(since).otherwise(days)
            if times["stalled_after"] is not None:
                stalled = nw.when(taken == stage).then(since > times["stalled_after"]).otherwise(stalled)
        fresh = (nw.col("cart_days") <= self.cart_days).fill_null(False)
        ordered = (nw.col("cart_ordered") == 1).fill_null(False)
        cart = p.label_of([(fresh & ordered, "ordered"), (fresh, "open")], "none")
        return {"stage_days": p.whole(days), "stalled": stalled.fill_null(False), "cart": cart}

    def first_days(self, stage: str) -> str:
        """Return the name of the fact that says how many days ago a stage was first reached."""
        return f"{MODELS[self.model][stage][0]}_first_days"

    def explain(self, facts: Mapping[str, Any], label: str) -> str:
        """Name the days in the stage, the usual time, and the cart."""
        if label not in self.labels:
            return "no visit and no order is known"
        days, usual = facts["stage_days"], self.times_[label]["stalled_after"]
        said = "it is not known since when" if days != days else f"there for {counted(days, 'day')}"
        if facts["stalled"]:
            share = f"{100 * self.stalled_after:.0f} %"
            at_most = min(round(usual), days - 1)  # rounded up it could read as long as the stay that is longer
            said += f", longer than {share} of those who moved on ({counted(at_most, 'day')})"
        cart = {"open": "; an abandoned cart is open", "ordered": "; an abandoned cart was ordered after all"}
        return said + cart.get(facts["cart"], "")
