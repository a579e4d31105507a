"""How customers come to a decision: what they look at before they buy, and what they buy for whom."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.errors import ColumnProblem
from segkit.measures.carts import carts_left
from segkit.measures.events import known_events
from segkit.measures.orders import known_orders
from segkit.measures.purchases import valued_lines

LOOK_BACK_DAYS = 14
"""A visit without an order belongs to the next order when that comes within so many days."""

RECOMMENDED_BY_PEOPLE = ("referral", "social")
"""Sources of a visit that began with other people."""


def decisions(shop: Any) -> Any:
    """Measure how each customer comes to a decision.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``, ``order_lines``, ``products`` with ``is_bestseller``, and ``events`` with ``customer_id``.

    Returns
    -------
    frame
        One row per customer with at least one order, in the frame type of the shop's own tables. Shares are 0 to 1;
        what was never counted is missing.

        - ``orders``, ``lines`` and ``discounted_share`` (of the lines, bought below their price),
        - ``visits``, ``views`` (products looked at), ``views_per_visit``, ``reviews_per_view`` (reviews read),
          ``bestseller_share`` (of the products looked at), ``referral_share`` (of the visits, from a referral or social
          network),
        - ``lookups_per_order`` (visits without an order in the 14 days before one) and ``days_before_order`` (from the
          first of them to the order, 0 where there was none),
        - ``carts`` (left behind), and in words ``usual_role`` (whom most orders were for), ``usual_offer`` (the coupon
          used most) and ``usual_obstacle`` (where most carts were left); a tie goes to the first in the alphabet.

    Raises
    ------
    MissingTable
        When a table is missing.
    ColumnProblem
        When products do not say which are bestsellers, or events do not say who.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> facts = decisions(sk.Shop(synthetic.outdoor_shop(customers=50, seed=7)))
    >>> bool(facts["discounted_share"].between(0, 1).all())
    True
    """
    orders = known_orders(shop)
    facts = orders.group_by(p.KEY).agg(orders=p.whole(nw.len()))
    events = known_events(shop)
    visits = _visits(shop, events)
    parts = [_lines(shop), _looks(visits), _lookups(visits), *_most_often(orders, carts_left(events))]
    for part in parts:
        facts = facts.join(part, on=p.KEY, how="left")
    counts = ("lines", "visits", "views", "carts")
    return p.give_back(facts.with_columns(nw.col(name).fill_null(0) for name in counts), like=shop.table("orders"))


def _lines(shop: Any) -> nw.LazyFrame:
    cheaper = p.as_count(nw.col("discount") > 0)
    lines = valued_lines(shop).with_columns(cheaper=cheaper)
    return lines.group_by(p.KEY).agg(lines=p.whole(nw.len()), discounted_share=p.money(nw.col("cheaper").mean()))


def _visits(shop: Any, events: nw.LazyFrame) -> nw.LazyFrame:
    """One row per visit of a known customer: when, what was looked at, and whether it ended in an order."""
    products = shop.lazy("products")
    if "is_bestseller" not in p.columns(products):
        raise ColumnProblem("The products table needs 'is_bestseller' (true for the articles sold most).")
    there = p.columns(events)
    if "product_id" not in there:
        raise ColumnProblem(f"The events table needs 'product_id', the article looked at. It has: {', '.join(there)}.")
    best = products.filter(nw.col("is_bestseller")).select("product_id", _best=nw.lit(1))
    events = events.join(best, on="product_id", how="left")
    viewed = nw.col("name") == "product_viewed"
    from_people = nw.col("source").is_in(RECOMMENDED_BY_PEOPLE) if "source" in there else nw.lit(None, dtype=nw.Boolean)
    marks = {
        "viewed": p.as_count(viewed),
        "best": p.as_count(viewed & (nw.col("_best") == 1)),
        "read": p.as_count(nw.col("name") == "review_read"),
        "ordered": p.as_count(nw.col("name") == "order_completed"),
        "people": nw.when(~from_people.is_null()).then(p.as_count(from_people)),
    }
    sums = {name: nw.col(name).sum() for name in ("viewed", "best", "read")}
    return events.with_columns(**marks).group_by(p.KEY, "session_id").agg(
        start=nw.col("happened_at").min(), ago=nw.col("ago").min(), ordered=nw.col("ordered").max(),
        people=nw.col("people").max(), **sums,
    )  # fmt: skip


def _looks(visits: nw.LazyFrame) -> nw.LazyFrame:
    views = nw.col("views").cast(nw.Float64)
    some = views > 0
    summed = visits.group_by(p.KEY).agg(
        visits=p.whole(nw.len()),
        referral_share=p.money(nw.col("people").mean()),
        views=p.whole(nw.col("viewed").sum()),
        _best=nw.col("best").sum(),
        _read=nw.col("read").sum(),
    )
    return summed.select(
        p.KEY, "visits", "views", "referral_share",
        views_per_visit=p.money(nw.col("views") / nw.col("visits")),
        reviews_per_view=nw.when(some).then(p.money(nw.col("_read") / views)),
        bestseller_share=nw.when(some).then(p.money(nw.col("_best") / views)),
    )  # fmt: skip


def _lookups(visits: nw.LazyFrame) -> nw.LazyFrame:
    """Visits without an order, each put to the order that comes next."""
    ordered = nw.col("ordered") == 1
    so_far = p.running_count(ordered, within=p.KEY, order_by=("start", "session_id"))
    numbered = visits.with_columns(_order=so_far + 1 - nw.col("ordered"))
    order_ago = nw.when(ordered).then(nw.col("ago")).max().over(p.KEY, "_order")
    early = (nw.col("ago") - order_ago).cast(nw.Float64)  # days before the order
    known = numbered.with_columns(_early=early).filter(~nw.col("_early").is_null())
    looked = nw.when((nw.col("ordered") == 0) & (nw.col("_early") <= LOOK_BACK_DAYS)).then(nw.col("_early"))
    each = known.group_by(p.KEY, "_order").agg(looks=looked.count(), first=looked.max())
    return each.group_by(p.KEY).agg(
        lookups_per_order=p.money(nw.col("looks").mean()),
        days_before_order=p.money(nw.col("first").fill_null(0.0).mean()),
    )


def _most_often(orders: nw.LazyFrame, carts: nw.LazyFrame) -> list[nw.LazyFrame]:
    """Per customer the commonest word of each kind."""
    there = p.columns(orders)
    named = {"usual_role": "buying_for", "usual_offer": "coupon"}
    words = {name: nw.col(of) if of in there else nw.lit(None, dtype=nw.String) for name, of in named.items()}
    said = orders.select(p.KEY, **words)
    stopped = carts.filter(nw.col("obstacle") != "other").rename({"obstacle": "usual_obstacle"})
    return [
        p.most_often(said, "usual_role"),
        p.most_often(said, "usual_offer"),
        p.most_often(stopped, "usual_obstacle"),
        carts.group_by(p.KEY).agg(carts=p.whole(nw.len())),
    ]
