"""Carts left behind, and the last step before."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from segkit import _portable as p
from segkit import intervals

OBSTACLE_OF_STEP = {
    "checkout_started": "payment",
    "policy_read": "returns_policy",
    "page_viewed": "shipping_cost",
    "product_viewed": "out_of_stock",
}
"""The last step before a cart was left, and what it says. A page seen after the checkout began shows the cost of
delivery; before that, or after any other step, the obstacle is ``other``. Two steps in one moment: the upper counts."""


def carts_left(events: nw.LazyFrame) -> nw.LazyFrame:
    """Return one row per visit that left a cart: its ``customer_id`` and its ``obstacle``."""
    moment = nw.col("happened_at")
    left = nw.when(nw.col("name") == "cart_abandoned").then(moment).max().over("session_id")
    before = events.with_columns(_left=left).filter(moment < nw.col("_left"))
    last = {step: nw.when(nw.col("name") == step).then(moment).max() for step in OBSTACLE_OF_STEP}
    visits = before.group_by(p.KEY, "session_id").agg(_last=moment.max(), **last)
    cases = [
        ((nw.col(step) >= nw.col("_last")) & _means(step), obstacle) for step, obstacle in OBSTACLE_OF_STEP.items()
    ]
    return visits.select(p.KEY, "session_id", obstacle=p.label_of(cases, "other"))


def _means(step: str) -> nw.Expr:
    if step == "page_viewed":
        return ~nw.col("checkout_started").is_null()
    return ~nw.col(step).is_null()


def obstacles(shop: Any) -> pd.DataFrame:
    """Count where carts were left, guests' carts included.

    Parameters
    ----------
    shop : Shop
        Needs ``events``.

    Returns
    -------
    pandas.DataFrame
        The commonest first, equals by the alphabet: ``obstacle``, ``carts``, ``share`` of all carts left (0 to 1) and
        its 95 % interval ``low`` to ``high``. ``other`` is where the last step says nothing.

    Raises
    ------
    MissingTable
        When there is no ``events`` table.

    Notes
    -----
    The last step is where somebody stopped, which need not be why. Ask a few of them.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> table = obstacles(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)))
    >>> round(float(table["share"].sum()), 6)
    1.0
    """
    events = shop.lazy("events").filter(p.day_number(nw.col("happened_at")) <= p.day_number_of(shop.as_of))
    if p.KEY not in p.columns(events):
        events = events.with_columns(nw.lit("").alias(p.KEY))
    carts = carts_left(events.with_columns(nw.col(p.KEY).fill_null("")))  # engines drop or keep a missing key
    table = p.small(carts.group_by("obstacle").agg(carts=p.whole(nw.len())))
    table = table.sort_values(["carts", "obstacle"], ascending=[False, True], ignore_index=True)
    shares = [intervals.share(count, table["carts"].sum()) for count in table["carts"]]
    return table.join(pd.DataFrame(shares, columns=["share", "low", "high"], dtype=float))
