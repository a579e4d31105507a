"""The events whose customer is known, which every measure of behaviour starts from."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.errors import ColumnProblem

RECOMMENDING = ("product_reviewed", "product_shared")
"""Events in which a customer tells others of a product."""


def known_events(shop: Any) -> nw.LazyFrame:
    """Return the events up to ``as_of`` whose customer is known, with ``ago``, the days from the event to ``as_of``.

    A guest's event belongs to the customer who signed in from the same browser before or later, where that is one
    customer only. Events of other guests belong to nobody and are left out.

    Raises
    ------
    MissingTable
        When there is no ``events`` table.
    ColumnProblem
        When events carry no ``customer_id``.
    """
    events = shop.lazy("events")
    there = p.columns(events)
    if p.KEY not in there:
        raise ColumnProblem(f"The events table needs '{p.KEY}' (empty for a guest). It has: {', '.join(there)}.")
    ago = p.day_number_of(shop.as_of) - p.day_number(nw.col("happened_at"))
    events = events.with_columns(ago=ago).filter(nw.col("ago") >= 0)
    if "visitor_id" in there:
        events = events.join(_owners(events), on="visitor_id", how="left")
        events = events.with_columns(nw.coalesce(p.KEY, "_owner").alias(p.KEY)).drop("_owner")
    return events.filter(~nw.col(p.KEY).is_null())


def _owners(events: nw.LazyFrame) -> nw.LazyFrame:
    """Browsers from which one customer, and no other, has signed in."""
    seen = events.filter(~nw.col(p.KEY).is_null(), ~nw.col("visitor_id").is_null())
    owners = seen.group_by("visitor_id").agg(_owner=nw.col(p.KEY).min(), _other=nw.col(p.KEY).max())
    return owners.filter(nw.col("_owner") == nw.col("_other")).drop("_other")
