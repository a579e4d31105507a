"""What sells surprisingly well in which month."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from segkit import _portable as p
from segkit.errors import UnknownName, did_you_mean


def seasons(shop: Any, by: str = "category") -> pd.DataFrame:
    """Count each product's orders by month, beside those that the shop's own season would bring.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``, ``order_lines`` and ``products``.
    by : {"category", "name"}
        Shelves, or single products.

    Returns
    -------
    pandas.DataFrame
        One row per product and month (1 to 12, all years together), the surest surprise first: ``orders`` that hold
        the product, ``expected`` (its orders in all months, times the share of all such orders that fell in this
        month), ``times`` (orders over expected) and ``luck`` (0 to 1: the share of luck among the surprises down to
        this row).

    Raises
    ------
    MissingTable
        When one of the tables is missing.
    UnknownName
        When `by` is another word.

    Notes
    -----
    Orders are counted, not pieces: six pieces in one basket are one decision. The chance of so many orders or more is
    binomial; ``luck`` is that chance after the correction for looking at many products and months (Benjamini and
    Hochberg, 1995).

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> table = seasons(sk.Shop(synthetic.outdoor_shop(customers=300, seed=7)))
    >>> list(table.columns)
    ['category', 'month', 'orders', 'expected', 'times', 'luck']
    """
    from scipy.stats import binom, false_discovery_control

    if by not in ("category", "name"):
        raise UnknownName(f"There are no seasons by '{by}'. {did_you_mean(by, ['category', 'name'])}")
    moments = shop.lazy("orders").select("order_id", month=nw.col("ordered_at").dt.month())
    lines = shop.lazy("order_lines").select("order_id", "product_id")
    lines = lines.join(shop.lazy("products").select("product_id", by), on="product_id", how="inner")
    held = lines.join(moments, on="order_id", how="inner").filter(~nw.col("month").is_null(), ~nw.col(by).is_null())
    counted = p.small(held.select(by, "month", "order_id").unique().group_by(by, "month").agg(orders=p.whole(nw.len())))
    table = counted.pivot(index=by, columns="month", values="orders").reindex(columns=range(1, 13)).fillna(0)
    share = (table.sum() / table.to_numpy().sum()).rename("share")
    long = table.sort_index().stack().rename("orders").astype("int64").reset_index()
    total = long.groupby(by)["orders"].transform("sum")
    long["expected"] = total * long["month"].map(share)
    long["times"] = long["orders"] / long["expected"].where(long["expected"] > 0)
    long["luck"] = false_discovery_control(binom.sf(long["orders"] - 1, total, long["month"].map(share)))
    return long.sort_values(["luck", "times"], ascending=[True, False], ignore_index=True, kind="stable").round(
        {"expected": 2, "times": 2, "luck": 6}
    )
