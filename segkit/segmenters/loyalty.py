"""Loyalty: how far up the ladder from a first order to speaking for the shop."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit import measures
from segkit._words import counted
from segkit.segmenters.base import Segmenter

REPLY_FACTS, PROGRAMME_FACTS = ("messages", "opened_share", "opened_since_share"), ("member", "redeemed_share")


class Loyalty(Segmenter):
    """A ladder; a customer stands on the first rung of this list that holds.

    1. ``new``: the first order is fewer than `new_days` ago.
    2. ``one_time``: one order.
    3. ``lapsed``: silent longer than the customer's own rhythm allows, and opening fewer than half as many messages
       since then as the shop's customers do.
    4. ``advocate``: `advocate_from` recommendations or more, and at least one for every `orders_per_recommendation`
       orders.
    5. ``loyal``: in the programme, and taking part: redeems `redeems_from` of the points or more, or opens messages as
       often as the shop's customers do (who gets none is given the benefit of the doubt). Where there is no programme:
       `loyal_orders` orders or more.
    6. ``repeat``: the others, who buy again without any such sign.

    The rhythm: customers' own gaps between orders, pulled towards the shop's by `steady` gaps' worth of doubt. A
    silence is too long where fewer than `lapsed_below` of customers with that rhythm would be silent so long by chance.

    Parameters
    ----------
    new_days : int, default 90
        Days since the first order.
    lapsed_below : float, default 0.1
        A chance. The smaller, the longer a silence must be to count as lapsed.
    steady : float, default 4.0
        How many gaps of the shop's rhythm are mixed into a customer's own.
    advocate_from : int, default 2
        Recommendations.
    orders_per_recommendation : float, default 4.0
        Orders.
    redeems_from : float, default 0.3
        Share of the points earned, 0 to 1.
    loyal_orders : int, default 5
        Orders; where there is no programme.

    Attributes
    ----------
    shop_gap_days_ : float
        The shop's rhythm: mean days between two orders of a customer, at least 1.
    shop_opened_share_ : float or None
        Share of all messages opened; None without messages.
    has_programme_, has_recommendations_ : bool
        Whether there were facts about them.

    Notes
    -----
    Loyalty is buying again together with an attitude: buying again alone may be mere habit (Dick and Basu, 1994).
    Orders come at random, at a rate that differs from customer to customer by a gamma distribution (Ehrenberg, 1959).
    So the chance of a silence is ``(1 + silence / (steady × shop's gap + days between first and last order))`` to the
    power of ``-(steady + repeat orders)``, as in Schmittlein, Morrison and Colombo (1987) without their model of
    leaving. ``predict`` adds ``usual_gap_days`` and ``silence_chance``.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)), sk.Loyalty())
    >>> seg.sizes()["segment"].tolist()
    ['new', 'one_time', 'repeat', 'loyal', 'advocate', 'lapsed']
    """

    question = "Who comes back, who speaks for us, and who has gone quiet?"
    labels = ("new", "one_time", "repeat", "loyal", "advocate", "lapsed")
    needs = ("orders", "recency_days", "tenure_days")
    measure = measures.loyalty
    truth_axis = "loyalty_state"
    limits = (
        ("new_days", -inf, inf), ("lapsed_below", 0, 1), ("steady", 0, inf),
        ("advocate_from", 0, inf), ("orders_per_recommendation", 0, inf), ("redeems_from", 0, 1),
        ("loyal_orders", 0, inf),
    )  # fmt: skip
    figure = "loyalty"

    def __init__(
        self, new_days: int = 90, lapsed_below: float = 0.1, steady: float = 4.0, advocate_from: int = 2,
        orders_per_recommendation: float = 4.0, redeems_from: float = 0.3, loyal_orders: int = 5,
    ) -> None:  # fmt: skip
        self.new_days = new_days
        self.lapsed_below = lapsed_below
        self.steady = steady
        self.advocate_from = advocate_from
        self.orders_per_recommendation = orders_per_recommendation
        self.redeems_from = redeems_from
        self.loyal_orders = loyal_orders

    def _needed(self) -> tuple[str, ...]:
        replies = REPLY_FACTS if getattr(self, "shop_opened_share_", None) is not None else ()
        programme = PROGRAMME_FACTS if getattr(self, "has_programme_", False) else ()
        told = ("recommendations",) if getattr(self, "has_recommendations_", False) else ()
        return (*self.needs, *replies, *programme, *told)

    def learn(self, facts: nw.LazyFrame) -> None:
        """Learn the shop's rhythm, how often its messages are opened, and which signs there are."""
        there = set(p.columns(facts))
        totals = {"span": nw.col("tenure_days") - nw.col("recency_days"), "gaps": nw.col("orders") - 1}
        if there.issuperset(REPLY_FACTS):
            totals |= {"sent": nw.col("messages"), "opened": nw.col("messages") * nw.col("opened_share")}
        sums = p.one_row(facts.select(**{name: value.sum() for name, value in totals.items()}))
        self.shop_gap_days_ = max(round(float(sums["span"] / sums["gaps"]), 6), 1.0) if sums["gaps"] else 1.0
        sent = sums.get("sent", 0)
        self.shop_opened_share_ = round(float(sums["opened"] / sent), 6) if sent else None
        self.has_programme_ = there.issuperset(PROGRAMME_FACTS)
        self.has_recommendations_ = "recommendations" in there

    def rule(self) -> nw.Expr:
        """The first rung that holds."""
        orders = nw.col("orders")
        silent = self._silence_chance() < self.lapsed_below
        asleep = ~self._replies("opened_since_share", 0.5, not_known=False)
        rungs = [(nw.col("tenure_days") < self.new_days, "new"), (orders == 1, "one_time"), (silent & asleep, "lapsed")]
        if self.has_recommendations_:
            told = nw.col("recommendations")
            often = told * self.orders_per_recommendation >= orders
            rungs.append(((told >= self.advocate_from) & often, "advocate"))
        if self.has_programme_:
            takes_part = (nw.col("redeemed_share") >= self.redeems_from).fill_null(False)
            takes_part = takes_part | self._replies("opened_share", 1.0, not_known=True)
            rungs.append(((nw.col("member") == 1) & takes_part, "loyal"))
        else:
            rungs.append((orders >= self.loyal_orders, "loyal"))
        return p.label_of(rungs, "repeat", unknown=orders.is_null() | nw.col("tenure_days").is_null())

    def details(self) -> dict[str, nw.Expr]:
        """The customer's rhythm, and the chance of a silence as long as this one."""
        gap = (self._days_of_rhythm() / (self.steady + nw.col("orders") - 1)).round(6)
        return {"usual_gap_days": gap, "silence_chance": self._silence_chance().round(9)}

    def _days_of_rhythm(self) -> nw.Expr:
        return nw.col("tenure_days") - nw.col("recency_days") + self.steady * self.shop_gap_days_

    def _silence_chance(self) -> nw.Expr:
        times = nw.col("recency_days") / self._days_of_rhythm() + 1.0
        return (times.log() * (1.0 - self.steady - nw.col("orders"))).exp()

    def _replies(self, share: str, of_shop: float, *, not_known: bool) -> nw.Expr:
        """Whether messages are opened at least `of_shop` times as often as the shop's are."""
        if self.shop_opened_share_ is None:
            return nw.lit(not_known)
        return (nw.col(share) >= of_shop * self.shop_opened_share_).fill_null(not_known)

    def lifts(self) -> dict[str, str]:
        """Say, per rung that has one above it, what lifts a customer there, as this rule was learned.

        Examples
        --------
        >>> import pandas as pd
        >>> facts = pd.DataFrame({"customer_id": ["a"], "orders": [1], "recency_days": [99], "tenure_days": [99]})
        >>> Loyalty().fit(facts).lifts()["repeat"]
        '5 orders'
        """
        self._check_fitted()
        often = f"and at least one in {self.orders_per_recommendation:g} orders"
        rungs = {
            "new": "a second order",
            "one_time": "a second order",
            "repeat": "taking part in the programme" if self.has_programme_ else f"{self.loyal_orders} orders",
            "lapsed": "back by an order",
        }
        if self.shop_opened_share_ is not None:
            rungs["lapsed"] += ", or by opening messages again"
        if self.has_recommendations_:
            rungs["loyal"] = f"{self.advocate_from} recommendations, {often}"
        return rungs

    def explain(self, facts: Mapping[str, Any], label: str) -> str:
        """Name what put the customer on this rung."""
        if label not in self.labels:
            return "orders are not known"
        orders, silent, first = (
            counted(facts[fact], thing)
            for fact, thing in (("orders", "order"), ("recency_days", "day"), ("tenure_days", "day"))
        )
        chance = facts["silence_chance"]
        luck = f"{100 * chance:.1f} %" if chance >= 0.0005 else "under 0.1 %"
        taking_part = "in the programme, and taking part in it"
        return {
            "new": f"the first order was {first} ago, and new lasts {counted(self.new_days, 'day')}",
            "one_time": f"one order, {silent} ago, and none since",
            "lapsed": f"silent for {silent} where a gap of about {facts['usual_gap_days']:.0f} is usual; with that "
            f"rhythm {luck} would be silent so long by chance",
            "advocate": f"{counted(facts.get('recommendations', 0), 'recommendation')} beside {orders}",
            "loyal": f"{orders}, {taking_part if self.has_programme_ else f'and loyal begins at {self.loyal_orders}'}",
            "repeat": f"{orders}, and no sign of attachment beside them",
        }[label]
