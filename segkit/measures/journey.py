"""How far customers have come: when they first and last reached each stage on the way to buying and after."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.measures.events import RECOMMENDING, known_events
from segkit.measures.orders import known_orders

STAGE_OF_EVENT = {
    "page_viewed": "awareness",
    "product_searched": "awareness",
    "product_viewed": "education",
    "review_read": "education",
    "policy_read": "education",
    "product_added": "consideration",
    "checkout_started": "consideration",
    "cart_abandoned": "consideration",
    **dict.fromkeys(RECOMMENDING, "advocacy"),
}
"""What an event says about the customer. Any other event is awareness: somebody was there. The first order is purchase
and the second adoption; both come from the orders table."""

SIX = ("awareness", "education", "consideration", "purchase", "adoption", "advocacy")

AIDA = {
    "attention": ("awareness",),
    "interest": ("education",),
    "desire": ("consideration",),
    "action": ("purchase", "adoption", "advocacy"),
}
"""The same log read as attention, interest, desire and action."""


def journey(shop: Any) -> Any:
    """Measure when each customer first and last reached each stage.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``, and ``events`` with ``customer_id``. A guest's events count where the same browser was used
        to sign in by one customer only.

    Returns
    -------
    frame
        One row per customer with an event or an order, in the frame type of the shop's own tables. Days count back from
        ``as_of``; a stage never reached is missing.

        - ``orders``, ``visits``, ``recommendations`` (visits in which a review was written or a product shared),
        - per stage of :data:`SIX` ``<stage>_first_days`` (since first reached) and ``<stage>_days`` (since last),
        - ``cart_days`` (since a cart was last abandoned) and ``cart_ordered`` (1 when an order came after that cart).

    Raises
    ------
    MissingTable
        When there is no ``events`` table.
    ColumnProblem
        When events carry no ``customer_id``.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> facts = journey(sk.Shop(synthetic.outdoor_shop(customers=50, seed=7)))
    >>> bool((facts["purchase_first_days"] >= facts["purchase_days"])[facts["orders"] > 0].all())
    True
    """
    events, orders = _events(shop), _orders(shop)
    everybody = nw.concat([events.select(p.KEY), orders.select(p.KEY)]).unique()
    facts = everybody.join(orders, on=p.KEY, how="left").join(events, on=p.KEY, how="left")
    later = p.as_count(nw.col("_last_order") > nw.col("_last_cart"))
    counted = [nw.col(name).fill_null(0) for name in ("orders", "visits", "recommendations")]
    facts = facts.with_columns(*counted, cart_ordered=nw.when(~nw.col("cart_days").is_null()).then(later))
    times = [f"{stage}{when}" for stage in SIX for when in ("_first_days", "_days")]
    wanted = (p.KEY, "orders", "visits", "recommendations", *times, "cart_days", "cart_ordered")
    return p.give_back(facts.select(*wanted), like=shop.table("orders"))


def _events(shop: Any) -> nw.LazyFrame:
    """Per customer the days since each stage's events, the visits, and the last cart."""
    events = known_events(shop)
    times = {}
    for stage in ("education", "consideration", "advocacy"):
        names = [name for name, of in STAGE_OF_EVENT.items() if of == stage]
        days = nw.when(nw.col("name").is_in(names)).then(nw.col("ago"))
        times |= {f"{stage}_first_days": p.whole(days.max()), f"{stage}_days": p.whole(days.min())}
    left = nw.col("name") == "cart_abandoned"
    visits = events.group_by(p.KEY, "session_id").agg(told=p.as_count(nw.col("name").is_in(RECOMMENDING)).max())
    counted = visits.group_by(p.KEY).agg(visits=p.whole(nw.len()), recommendations=p.whole(nw.col("told").sum()))
    return events.group_by(p.KEY).agg(
        awareness_first_days=p.whole(nw.col("ago").max()),
        awareness_days=p.whole(nw.col("ago").min()),
        **times,
        cart_days=p.whole(nw.when(left).then(nw.col("ago")).min()),
        _last_cart=nw.when(left).then(nw.col("happened_at")).max(),
    ).join(counted, on=p.KEY, how="left")  # fmt: skip


def _orders(shop: Any) -> nw.LazyFrame:
    """Per customer the orders, and the days since the first, the second and the last."""
    orders = known_orders(shop)
    known = p.running_count(~nw.col("order_id").is_null(), within=p.KEY, order_by=("ordered_at", "order_id"))
    numbered = orders.select(p.KEY, "order_id", "ordered_at", "ago").with_columns(number=known)
    again = nw.when(nw.col("number") > 1).then(nw.col("ago"))
    return numbered.group_by(p.KEY).agg(
        orders=p.whole(nw.len()),
        purchase_first_days=p.whole(nw.col("ago").max()),
        purchase_days=p.whole(nw.col("ago").min()),
        adoption_first_days=p.whole(again.max()),
        adoption_days=p.whole(again.min()),
        _last_order=nw.col("ordered_at").max(),
    )
