"""What customers bought: how often, how much, how long ago, and of what."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.errors import UnknownName, did_you_mean
from segkit.measures.orders import known_orders

DAYS_A_YEAR = 365.25


def purchases(shop: Any) -> Any:
    """Measure every customer's purchases.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``; with ``order_lines`` it measures money and pieces too, with ``products`` the categories.

    Returns
    -------
    frame
        One row per customer with at least one order, in the frame type of the shop's own tables:

        - ``orders``, ``repeat_orders`` (without the first), ``active_days`` (days with an order),
        - ``recency_days`` (last order to ``as_of``), ``tenure_days`` (first order to ``as_of``),
        - ``orders_per_year`` (orders a year since the first, over at least one year),
        - with lines: ``quantity`` (pieces kept), ``revenue`` (net of discounts and returns, without shipping),
          ``mean_order_value``, ``discount_share`` (of the value before discounts),
          ``returned_share`` (of pieces ordered),
        - with products: ``categories`` (how many different ones).

    Raises
    ------
    MissingTable
        When there is no ``orders`` table.

    Examples
    --------
    >>> import pandas as pd, segkit as sk
    >>> shop = sk.Shop({"orders": pd.DataFrame({
    ...     "order_id": ["1", "2", "3"], "customer_id": ["a", "a", "b"],
    ...     "ordered_at": pd.to_datetime(["2026-01-01", "2026-03-01", "2026-03-11"])})})
    >>> purchases(shop)[["customer_id", "orders", "recency_days", "tenure_days"]].values.tolist()
    [['a', 2, 10, 69], ['b', 1, 0, 0]]
    """
    facts = _orders(shop)
    if shop.has("order_lines"):
        facts = facts.join(_lines(shop), on=p.KEY, how="left")
        bought = ["quantity", "revenue", *(["categories"] if _has_categories(shop) else [])]
        facts = facts.with_columns(nw.col(name).fill_null(0) for name in bought).with_columns(
            mean_order_value=p.money(nw.col("revenue") / nw.col("orders"))
        )
    return p.give_back(facts, like=shop.table("orders"))


def _orders(shop: Any) -> nw.LazyFrame:
    counted = known_orders(shop).group_by(p.KEY).agg(
        orders=p.whole(nw.len()),
        active_days=p.whole(nw.col("ago").n_unique()),
        recency_days=nw.col("ago").min(),
        tenure_days=nw.col("ago").max(),
    )
    tenure = nw.col("tenure_days")
    years = nw.when(tenure > DAYS_A_YEAR).then(tenure / DAYS_A_YEAR).otherwise(nw.lit(1.0))
    return counted.select(
        p.KEY,
        "orders",
        (nw.col("orders") - 1).alias("repeat_orders"),
        "active_days",
        "recency_days",
        "tenure_days",
        p.money(nw.col("orders") / years).alias("orders_per_year"),
    )


def _lines(shop: Any) -> nw.LazyFrame:
    lines = valued_lines(shop)
    sums = {
        "quantity": p.whole(nw.col("kept").sum()),
        "revenue": p.money(nw.col("net").sum()),
        "_gross": nw.col("gross").sum(),
        "_discount": nw.col("discount").sum(),
        "_ordered": nw.col("quantity").sum(),
        "_returned": nw.col("returned_quantity").sum(),
    }
    if not _has_categories(shop):
        return _shares(lines.group_by(p.KEY).agg(**sums))
    lines = _with_product(lines, shop, "category").with_columns(_none=p.as_count(nw.col("category").is_null()))
    sums["categories"] = p.whole(nw.col("category").n_unique())  # engines count "no category" as one: taken off below
    sums["_none"] = nw.col("_none").max()
    facts = _shares(lines.group_by(p.KEY).agg(**sums))
    return facts.with_columns(categories=nw.col("categories") - nw.col("_none")).drop("_none")


def _shares(sums: nw.LazyFrame) -> nw.LazyFrame:
    return sums.with_columns(
        discount_share=_share("_discount", "_gross"), returned_share=_share("_returned", "_ordered")
    ).drop("_gross", "_discount", "_ordered", "_returned")


def used(shop: Any, by: str = "category") -> Any:
    """Measure what each customer bought of each kind of product.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``, ``order_lines`` and ``products``.
    by : str
        A text column of ``products``: ``"category"``, ``"primary_benefit"`` ...

    Returns
    -------
    frame
        One row per customer and kind: ``customer_id``, `by`, ``quantity`` (pieces kept), ``revenue``.

    Raises
    ------
    UnknownName
        When products have no such column.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> shop = sk.Shop(synthetic.outdoor_shop(customers=50, seed=7))
    >>> sorted(used(shop).columns)
    ['category', 'customer_id', 'quantity', 'revenue']
    """
    there = nw.from_native(shop.table("products")).collect_schema().names()
    if by not in there:
        raise UnknownName(f"Products have no column '{by}'. {did_you_mean(by, there)}")
    kinds = _with_product(valued_lines(shop), shop, by).filter(~nw.col(by).is_null())
    summed = kinds.group_by(p.KEY, by).agg(quantity=p.whole(nw.col("kept").sum()), revenue=p.money(nw.col("net").sum()))
    return p.give_back(summed, like=shop.table("orders"), key=[p.KEY, by])


def valued_lines(shop: Any) -> nw.LazyFrame:
    """Every line with its customer and its net value."""
    lines = shop.lazy("order_lines")
    there = lines.collect_schema().names()
    absent = {name: nw.lit(0) for name in ("discount", "returned_quantity") if name not in there}
    if "product_id" not in there:
        absent["product_id"] = nw.lit(None, dtype=nw.String)
    if absent:
        lines = lines.with_columns(**absent)
    lines = lines.with_columns(
        nw.col("discount").cast(nw.Float64).fill_null(0.0), nw.col("returned_quantity").fill_null(0)
    )
    gross = nw.col("quantity") * nw.col("unit_price")
    kept = nw.col("quantity") - nw.col("returned_quantity")
    share_kept = nw.when(nw.col("quantity") != 0).then(kept / nw.col("quantity")).otherwise(nw.lit(0.0))
    lines = lines.with_columns(gross=gross, kept=kept, net=(gross - nw.col("discount")) * share_kept)
    buyers = known_orders(shop).select("order_id", p.KEY)
    return lines.join(buyers, on="order_id", how="inner")


def _with_product(lines: nw.LazyFrame, shop: Any, column: str) -> nw.LazyFrame:
    return lines.join(shop.lazy("products").select("product_id", column), on="product_id", how="left")


def _has_categories(shop: Any) -> bool:
    return (
        shop.has("products", "order_lines")
        and "category" in nw.from_native(shop.table("products")).collect_schema().names()
        and "product_id" in nw.from_native(shop.table("order_lines")).collect_schema().names()
    )


def _share(part: str, whole: str) -> nw.Expr:
    total = nw.col(whole).cast(nw.Float64)
    return nw.when(total > 0).then((nw.col(part) / total).round(9)).otherwise(nw.lit(0.0))


