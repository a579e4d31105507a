"""Which offer moves people: conversion of visits with and without it."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from segkit import _portable as p
from segkit import intervals
from segkit.errors import ColumnProblem
from segkit.measures.events import known_events

COLUMNS = [
    "incentive", "exposed_visits", "exposed_conversion", "other_visits", "other_conversion", "lift", "low", "high",
]  # fmt: skip


def incentives(shop: Any) -> pd.DataFrame:
    """Compare visits during a campaign: of customers it was sent to, and of customers it was not.

    Parameters
    ----------
    shop : Shop
        Needs ``events`` with ``customer_id``, ``campaigns`` with ``incentive``, and ``messages`` with ``campaign_id``.
        With ``holdouts`` (customers left out at random) only those are compared with.

    Returns
    -------
    pandas.DataFrame
        The highest lift first, equals by the alphabet: ``incentive`` (``none`` for a campaign without), per side the
        visits and their ``conversion`` (share that ended in an order), ``lift`` (one conversion over the other: 1 is no
        effect) and its 95 % interval ``low`` to ``high``. ``.attrs["compared_with"]`` says who the others are.

    Raises
    ------
    MissingTable
        When a table is missing.
    ColumnProblem
        When a column is missing.

    Notes
    -----
    Days count whole: a visit on the first or last day of a campaign is during it. Visits of one customer are alike, so
    the interval is a little too narrow. Without ``holdouts`` those who got no message may differ in many ways: then a
    lift says what goes together, not what causes it.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> table = incentives(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)))
    >>> "free_shipping" in set(table["incentive"])
    True
    """
    days, visits = _campaign_days(shop), _visits(shop)
    during = visits.join(p.same_engine(days, like=visits), on="day", how="inner")
    sent = _told(shop, "messages").with_columns(_sent=nw.lit(1))
    during = during.join(sent, on=[p.KEY, "campaign_id"], how="left")
    held = shop.has("holdouts")
    if held:
        out = _told(shop, "holdouts").with_columns(_held=nw.lit(1))
        during = during.join(out, on=[p.KEY, "campaign_id"], how="left")
        during = during.filter(~nw.col("_sent").is_null() | ~nw.col("_held").is_null())
    counted = p.small(
        during.with_columns(exposed=p.as_count(~nw.col("_sent").is_null()))
        .group_by("incentive", "exposed")
        .agg(visits=p.whole(nw.len()), ordered=p.whole(nw.col("ordered").sum()))
    )
    table = pd.DataFrame([_compared(name, side) for name, side in counted.groupby("incentive")], columns=COLUMNS)
    table = table.sort_values(["lift", "incentive"], ascending=[False, True], ignore_index=True)
    table.attrs["compared_with"] = "customers held out at random" if held else "customers the campaign was not sent to"
    return table


def _campaign_days(shop: Any) -> pd.DataFrame:
    """One row per campaign and day on which it ran, up to ``as_of``."""
    campaigns = shop.lazy("campaigns")
    if "incentive" not in p.columns(campaigns):
        raise ColumnProblem("The campaigns table needs 'incentive', what each campaign offered (empty for nothing).")
    first, last = p.day_number(nw.col("starts_at")), p.day_number(nw.col("ends_at"))
    rows = p.small(campaigns.select("campaign_id", "incentive", first=first, last=last).sort("campaign_id"))
    end = p.day_number_of(shop.as_of)
    days = [
        (row.campaign_id, row.incentive if isinstance(row.incentive, str) else "none", day)
        for row in rows.itertuples()
        for day in range(int(row.first), min(int(row.last), end) + 1)
    ]
    return pd.DataFrame(days, columns=["campaign_id", "incentive", "day"])


def _visits(shop: Any) -> nw.LazyFrame:
    day = p.day_number_of(shop.as_of) - nw.col("ago")
    events = known_events(shop).with_columns(ordered=p.as_count(nw.col("name") == "order_completed"), day=day)
    return events.group_by(p.KEY, "session_id").agg(day=nw.col("day").min(), ordered=nw.col("ordered").max())


def _told(shop: Any, table: str) -> nw.LazyFrame:
    """Customer and campaign, each pair once."""
    rows = shop.lazy(table)
    if "campaign_id" not in p.columns(rows):
        raise ColumnProblem(f"The {table} table needs 'campaign_id', the campaign each row belongs to.")
    return rows.select(p.KEY, "campaign_id").filter(~nw.col("campaign_id").is_null()).unique()


def _compared(incentive: str, side: pd.DataFrame) -> tuple[Any, ...]:
    counts = {bool(row.exposed): (int(row.ordered), int(row.visits)) for row in side.itertuples()}
    (hits, tries), (other_hits, other_tries) = counts.get(True, (0, 0)), counts.get(False, (0, 0))
    lift = intervals.ratio(hits, tries, other_hits, other_tries)
    conversion, other = intervals.share(hits, tries)[0], intervals.share(other_hits, other_tries)[0]
    return incentive, tries, conversion, other_tries, other, *lift
