"""When customers buy, beside when the whole shop buys."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from segkit import _portable as p
from segkit.errors import DataProblem
from segkit.measures import calendar
from segkit.measures.orders import known_orders

BIRTHDAY_DAYS = 14
"""Length of the window that ends on a birthday."""


def occasions(shop: Any, windows: calendar.Windows | None = None) -> Any:
    """Count each customer's orders in every window, beside the orders the shop's own season would put there.

    Everybody buys more before Christmas. So an order's chance to fall in a window is the share of the whole shop's
    orders that fell there: since the shop began for a customer's first order, since that one for the later ones.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``; with ``customers`` and their ``birth_date`` it measures birthdays too.
    windows : mapping, optional
        Occasion to list of (first day, last day); :func:`segkit.measures.calendar.windows` when not given.

    Returns
    -------
    frame
        One row per customer with at least one order: ``orders``; per occasion ``<occasion>_orders`` and
        ``<occasion>_expected`` (orders, had the season alone decided); per rhythm (a weekday, Friday evening, lunch
        hour, month end) the same with the prefix ``rhythm_``. A birthday that is not known is missing in both.

    Raises
    ------
    DataProblem
        When no occasion falls into the shop's time and no birthday is known.

    Notes
    -----
    A birthday's expected share is that of its month, spread evenly over the month's days.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> facts = occasions(sk.Shop(synthetic.outdoor_shop(customers=50, seed=7)))
    >>> bool((facts["christmas_orders"] <= facts["orders"]).all())
    True
    """
    windows = windows or calendar.windows(shop.first_day, shop.as_of)
    if not windows and not _has_birthdays(shop):
        raise DataProblem(
            f"No occasion falls between {shop.first_day} and {shop.as_of}, and no birthday is known: there is nothing "
            "to test. Read the orders of a longer time, or a customers table with birth_date."
        )
    orders = known_orders(shop)
    orders = orders.select(p.KEY, "ordered_at", _day=p.day_number(nw.col("ordered_at")))
    days = _days(shop.first_day, shop.as_of, windows)
    orders = orders.join(p.same_engine(days, like=orders), on="_day", how="left")
    hour = nw.col("ordered_at").dt.hour()
    orders = orders.with_columns(
        rhythm_friday_evening_orders=nw.col("rhythm_every_friday_orders") * p.as_count(hour >= 17),
        rhythm_lunch_hour_orders=nw.col("_workday") * p.as_count((hour >= 12) & (hour < 14)),
    )
    inside = [f"{name}_orders" for name in windows]
    at = [name for name in p.columns(orders) if name.startswith("rhythm_")]
    facts = orders.group_by(p.KEY).agg(
        orders=p.whole(nw.len()),
        _day=nw.col("_day").min(),
        **{name: p.whole(nw.col(name).sum()) for name in (*inside, *at)},
    )
    facts = _with_rhythms_expected(facts, orders, at)
    facts = _with_expected(facts, orders, inside) if inside else facts
    if _has_birthdays(shop):
        facts = facts.join(_birthdays(shop, orders), on=p.KEY, how="left")
    return p.give_back(facts.drop("_day"), like=shop.table("orders"))


def _days(first: dt.date, last: dt.date, windows: calendar.Windows) -> pd.DataFrame:
    """The shop's calendar: 1 where a day lies in a window or has a rhythm's mark, else 0."""
    days = pd.date_range(first, last)
    table = pd.DataFrame({"_day": range(p.day_number_of(first), p.day_number_of(last) + 1)})
    for name, spans in windows.items():
        inside = [(days >= pd.Timestamp(start)) & (days <= pd.Timestamp(end)) for start, end in spans]
        table[f"{name}_orders"] = np.any(inside, axis=0).astype(int)
    for number, name in enumerate(calendar.WEEKDAYS):
        table[f"rhythm_every_{name}_orders"] = (days.day_of_week == number).astype(int)
    table["rhythm_month_end_orders"] = ((days.day >= 28) | (days.day == 1)).astype(int)
    return table.assign(_workday=(days.day_of_week < 5).astype(int))


def _with_rhythms_expected(facts: nw.LazyFrame, orders: nw.LazyFrame, names: list[str]) -> nw.LazyFrame:
    """A rhythm is open all year: the shop's own share of it, times the customer's orders."""
    shares = orders.select(**{f"_{name}": nw.col(name).mean() for name in names}).with_columns(_all=nw.lit(1))
    joined = facts.with_columns(_all=nw.lit(1)).join(shares, on="_all", how="left")
    expected = {_expected(name): p.money(nw.col("orders") * nw.col(f"_{name}")) for name in names}
    return joined.with_columns(**expected).drop("_all", *(f"_{name}" for name in names))


def _with_expected(facts: nw.LazyFrame, orders: nw.LazyFrame, names: list[str]) -> nw.LazyFrame:
    """The first order may fall on any day of the shop's, the later ones on any day since."""
    daily = orders.group_by("_day").agg(_n=nw.len(), **{name: nw.col(name).sum() for name in names})
    daily = daily.with_columns(_all=nw.lit(1)).with_columns(
        **{f"{name}_total": nw.col(name).sum().over("_all") for name in ("_n", *names)},
        **{f"{name}_since": nw.col(name).cum_sum(reverse=True).over(order_by="_day") for name in ("_n", *names)},
    )
    shares = {f"{name}_{when}": nw.col(f"{name}_{when}") / nw.col(f"_n_{when}") for name in names for when in _WHEN}
    joined = facts.join(daily.select("_day", **shares), on="_day", how="left")
    expected = {
        _expected(name): p.money(nw.col(f"{name}_total") + (nw.col("orders") - 1) * nw.col(f"{name}_since"))
        for name in names
    }
    return joined.with_columns(**expected).drop(*shares)


_WHEN = ("total", "since")


def _has_birthdays(shop: Any) -> bool:
    return shop.has("customers") and "birth_date" in shop.lazy("customers").collect_schema().names()


def _birthdays(shop: Any, orders: nw.LazyFrame) -> nw.LazyFrame:
    born = shop.lazy("customers").filter(~nw.col("birth_date").is_null())
    born = born.select(p.KEY, _born=nw.col("birth_date").dt.ordinal_day(), _month=nw.col("birth_date").dt.month())
    ahead = (nw.col("_born") - nw.col("ordered_at").dt.ordinal_day() + 366) % 366  # days until the next one
    hits = orders.join(born, on=p.KEY, how="inner").with_columns(_hit=p.as_count(ahead < BIRTHDAY_DAYS))
    counted = hits.group_by(p.KEY, "_month").agg(birthday_orders=p.whole(nw.col("_hit").sum()), _n=p.whole(nw.len()))
    months = orders.select(_month=nw.col("ordered_at").dt.month(), _all=nw.lit(1))
    months = months.group_by("_month", "_all").agg(_in_month=nw.len())
    months = months.with_columns(_share=nw.col("_in_month") / nw.col("_in_month").sum().over("_all"))
    chance = nw.col("_share") * 12.0 * BIRTHDAY_DAYS / 365.25
    joined = counted.join(months, on="_month", how="left")
    return joined.select(p.KEY, "birthday_orders", birthday_expected=p.money(nw.col("_n") * chance))


def _expected(name: str) -> str:
    return f"{name.removesuffix('_orders')}_expected"
