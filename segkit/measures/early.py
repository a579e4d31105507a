"""How each customer's first order went, and what they did in the days after it."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.measures.events import RECOMMENDING, known_events
from segkit.measures.orders import known_orders
from segkit.measures.purchases import valued_lines

EARLY_DAYS, YEAR_DAYS = 90, 365
LIKES = 4
"""Score from which an answer counts as satisfied."""

INDICATORS = {
    "ordered_again": f"ordered again within {EARLY_DAYS} days",
    "opened": f"opened a message sent within {EARLY_DAYS} days",
    "joined": f"joined the programme within {EARLY_DAYS} days",
    "recommended": f"recommended a product within {EARLY_DAYS} days",
    "left_a_cart": f"left a cart within {EARLY_DAYS} days",
}
"""What a customer may do in the first days after the first order."""

EXPERIENCES = {
    "free_delivery": "the first delivery was free",
    "used_an_offer": "used an offer on the first order",
    "at_a_discount": "got a discount on the first order",
    "sent_back": "sent something of the first order back",
    "for_others": "bought the first order for others",
    "satisfied": f"says to be satisfied ({LIKES} or 5 of 5)",
}
"""How a first order may go, and what the customer said of the shop when asked."""


def early(shop: Any) -> nw.LazyFrame:
    """Return each customer's first order and the days after it, as far as the shop's tables tell.

    Returns
    -------
    narwhals.LazyFrame
        One row per customer with an order: ``tenure_days``, ``member`` (0 or 1, where there is a programme),
        ``ordered_later`` (1 when there is an order 91 to 365 days after the first), and 1, 0 or missing (not known) for
        each of :data:`INDICATORS` and :data:`EXPERIENCES` whose table is there.
    """
    first = _first_orders(shop)
    facts = first.select(p.KEY, tenure_days=p.day_number_of(shop.as_of) - nw.col("first_day"))
    for name, rows in {**_did(shop, first), **_first_lines(shop, first)}.items():
        facts = facts.join(rows.unique().with_columns(nw.lit(1).alias(name)), on=p.KEY, how="left")
        facts = facts.with_columns(nw.col(name).fill_null(0))
    if "_sent" in p.columns(facts):  # who was sent nothing could open nothing
        facts = facts.with_columns(opened=nw.when(nw.col("_sent") == 1).then(nw.col("opened"))).drop("_sent")
    facts = facts.join(_experiences(first), on=p.KEY, how="left")
    if shop.has("answers"):
        said = shop.lazy("answers").filter(nw.col("question") == "satisfaction")
        score = said.group_by(p.KEY).agg(_score=nw.col("score").mean())
        likes = nw.when(~nw.col("_score").is_null()).then(p.as_count(nw.col("_score") >= LIKES))
        facts = facts.join(score, on=p.KEY, how="left").with_columns(satisfied=likes).drop("_score")
    return facts


def _first_orders(shop: Any) -> nw.LazyFrame:
    orders = known_orders(shop)
    known = p.running_count(~nw.col("order_id").is_null(), within=p.KEY, order_by=("ordered_at", "order_id"))
    numbered = orders.with_columns(_number=known, first_day=p.day_number(nw.col("ordered_at")))
    return numbered.filter(nw.col("_number") == 1).drop("_number")


def _did(shop: Any, first: nw.LazyFrame) -> dict[str, nw.LazyFrame]:
    """Customers who did something within so many days after their first order, by what they did."""
    since, end = first.select(p.KEY, "first_day", _first="order_id"), p.day_number_of(shop.as_of)

    def within(rows: nw.LazyFrame, moment: str, start: int, stop: int) -> nw.LazyFrame:
        day = p.day_number(nw.col(moment))
        after = rows.join(since, on=p.KEY, how="inner").with_columns(_day=day, _after=day - nw.col("first_day"))
        return after.filter(nw.col("_after") >= start, nw.col("_after") <= stop, nw.col("_day") <= end)

    later = shop.lazy("orders").select(p.KEY, "order_id", "ordered_at")
    again = within(later, "ordered_at", 0, EARLY_DAYS).filter(nw.col("order_id") != nw.col("_first"))
    found = {"ordered_again": again, "ordered_later": within(later, "ordered_at", EARLY_DAYS + 1, YEAR_DAYS)}
    if shop.has("memberships"):
        members = shop.lazy("memberships").filter(p.day_number(nw.col("joined_at")) <= end)
        found |= {"member": members, "joined": within(members, "joined_at", 0, EARLY_DAYS)}
    if shop.has("messages") and "opened_at" in p.columns(shop.lazy("messages")):
        found["_sent"] = within(shop.lazy("messages"), "sent_at", 0, EARLY_DAYS)
        found["opened"] = found["_sent"].filter(~nw.col("opened_at").is_null())
    if shop.has("events") and p.KEY in p.columns(shop.lazy("events")):
        events = within(known_events(shop), "happened_at", 0, EARLY_DAYS)
        found["recommended"] = events.filter(nw.col("name").is_in(RECOMMENDING))
        found["left_a_cart"] = events.filter(nw.col("name") == "cart_abandoned")
    return {name: rows.select(p.KEY) for name, rows in found.items()}


def _first_lines(shop: Any, first: nw.LazyFrame) -> dict[str, nw.LazyFrame]:
    if not shop.has("order_lines"):
        return {}
    lines = valued_lines(shop).join(first.select("order_id"), on="order_id", how="inner")
    conditions = {"at_a_discount": nw.col("discount") > 0, "sent_back": nw.col("returned_quantity") > 0}
    return {name: lines.filter(condition).select(p.KEY) for name, condition in conditions.items()}


def _experiences(first: nw.LazyFrame) -> nw.LazyFrame:
    there = p.columns(first)
    role, fee = nw.col("buying_for"), nw.col("shipping_fee")
    known = {
        "free_delivery": ("shipping_fee", nw.when(~fee.is_null()).then(p.as_count(fee == 0))),
        "used_an_offer": ("coupon", p.as_count(~nw.col("coupon").is_null())),
        "for_others": ("buying_for", nw.when(~role.is_null()).then(p.as_count(role != "self"))),
    }
    return first.select(p.KEY, **{name: value for name, (column, value) in known.items() if column in there})
