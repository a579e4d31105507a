"""What customers do for a shop beyond one order: coming back, replying, taking part, recommending."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.measures.events import RECOMMENDING, known_events
from segkit.measures.orders import known_orders
from segkit.measures.purchases import purchases


def loyalty(shop: Any) -> Any:
    """Measure how customers come back, and what they do beside buying.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``. Each further table adds its facts: ``order_lines``, ``messages``, ``memberships``, ``events``.

    Returns
    -------
    frame
        One row per customer with at least one order, in the frame type of the shop's own tables:

        - ``orders``, ``recency_days``, ``tenure_days`` and, with lines, ``revenue``, as :func:`purchases` has them,
        - ``mean_gap_days`` (between orders; missing for one order), ``gap_variation`` (standard deviation of the gaps
          over their mean: 0 like a clock, 1 by chance; missing for fewer than three orders),
        - with messages: ``messages`` (sent), ``opened_share`` and ``clicked_share`` of them, ``opened_since_share`` (of
          those sent after the last order); a share of no messages is missing,
        - with memberships: ``member`` (1 or 0), ``redeemed_share`` (of the points earned), ``referrals``,
        - with events or referrals: ``recommendations`` (visits in which a review was written or a product shared, and
          referrals).

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
    >>> loyalty(shop)[["customer_id", "orders", "mean_gap_days"]].values.tolist()
    [['a', 2, 59.0], ['b', 1, nan]]
    """
    bought = p.lazy(purchases(shop))
    taken = [name for name in ("orders", "recency_days", "tenure_days", "revenue") if name in p.columns(bought)]
    facts = bought.select(p.KEY, *taken).join(_gaps(shop), on=p.KEY, how="left")
    if shop.has("messages"):
        facts = facts.join(_replies(shop), on=p.KEY, how="left").with_columns(nw.col("messages").fill_null(0))
    told = []
    if shop.has("memberships"):
        facts = facts.join(_membership(shop), on=p.KEY, how="left")
        facts = facts.with_columns(nw.col("member").fill_null(0), nw.col("referrals").fill_null(0))
        told.append("referrals")
    if shop.has("events") and p.KEY in p.columns(shop.lazy("events")):
        facts = facts.join(_recommendations(shop), on=p.KEY, how="left").with_columns(nw.col("_told").fill_null(0))
        told.append("_told")
    if told:
        facts = facts.with_columns(recommendations=p.whole(nw.sum_horizontal(*told)))
    return p.give_back(facts.drop("_told", strict=False), like=shop.table("orders"))


def _gaps(shop: Any) -> nw.LazyFrame:
    """Days between one order and the next: their mean, and how much they vary."""
    orders = known_orders(shop)
    days = orders.select(p.KEY, moment=nw.col("ordered_at"), day=p.day_number(nw.col("ordered_at")))
    gap = (nw.col("day") - nw.col("day").shift(1).over(p.KEY, order_by="moment")).cast(nw.Float64)
    gaps = days.with_columns(gap=gap).filter(~nw.col("gap").is_null())
    sums = gaps.group_by(p.KEY).agg(n=nw.len(), mean=nw.col("gap").mean(), square=(nw.col("gap") ** 2).mean())
    spread = (nw.col("square") - nw.col("mean") ** 2).clip(0.0).sqrt() / nw.col("mean")
    return sums.select(
        p.KEY,
        mean_gap_days=p.money(nw.col("mean")),
        gap_variation=nw.when((nw.col("n") > 1) & (nw.col("mean") > 0)).then(p.money(spread)),
    )


def _replies(shop: Any) -> nw.LazyFrame:
    """Messages sent up to ``as_of``, and how many of them were opened and clicked."""
    orders = known_orders(shop)
    last = orders.group_by(p.KEY).agg(_last=nw.col("ordered_at").max())
    messages = shop.lazy("messages").filter(p.day_number(nw.col("sent_at")) <= p.day_number_of(shop.as_of))
    there = p.columns(messages)
    replied = {
        f"_{name}": p.as_count(~nw.col(f"{name}_at").is_null()) if f"{name}_at" in there else nw.lit(0)
        for name in ("opened", "clicked")
    }
    sent = messages.join(last, on=p.KEY, how="inner").with_columns(**replied)
    since = nw.col("sent_at") > nw.col("_last")
    return sent.group_by(p.KEY).agg(
        messages=p.whole(nw.len()),
        opened_share=p.money(nw.col("_opened").mean()),
        clicked_share=p.money(nw.col("_clicked").mean()),
        opened_since_share=p.money(nw.when(since).then(nw.col("_opened")).mean()),
    )


def _membership(shop: Any) -> nw.LazyFrame:
    """Members up to ``as_of``; points and referrals of 0 where the table does not have them."""
    members = shop.lazy("memberships").filter(p.day_number(nw.col("joined_at")) <= p.day_number_of(shop.as_of))
    names = ("points_earned", "points_redeemed", "referrals")
    there = p.columns(members)
    members = members.with_columns(
        **{name: nw.col(name).fill_null(0) if name in there else nw.lit(0) for name in names}
    )
    earned = nw.col("points_earned").cast(nw.Float64)
    redeemed = nw.when(earned > 0).then(p.money(nw.col("points_redeemed") / earned)).otherwise(nw.lit(0.0))
    return members.select(p.KEY, member=nw.lit(1), redeemed_share=redeemed, referrals=p.whole(nw.col("referrals")))


def _recommendations(shop: Any) -> nw.LazyFrame:
    """Visits in which a customer recommended; a review that is also shared counts once."""
    told = known_events(shop).filter(nw.col("name").is_in(RECOMMENDING))
    return told.group_by(p.KEY).agg(_told=p.whole(nw.col("session_id").n_unique()))
