"""The orders whose customer is known, which every measure of buying starts from."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p


def known_orders(shop: Any) -> nw.LazyFrame:
    """Return the orders whose customer is known, with ``ago``, the days from the order to ``as_of``.

    A guest's order belongs to nobody and is left out. Every order has a date, and none lies after ``as_of``: a Shop
    with others is refused.
    """
    ago = p.day_number_of(shop.as_of) - p.day_number(nw.col("ordered_at"))
    return shop.lazy("orders").filter(~nw.col(p.KEY).is_null()).with_columns(ago=ago)
