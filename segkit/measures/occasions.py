"""When customers buy, beside when the whole shop buys."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.errors import DataProblem
from segkit.measures import calendar

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
        One row per customer with at least one order: ``orders``; per occasion ``<occasion>_orders``,
        ``<occasion>_expected`` (orders) and ``<occasion>_chance`` (0 to 1: of so many or more, had the season alone
        decided); per rhythm (a weekday, Friday evening, lunch hour, month end) the same with the prefix ``rhythm_``. A
        birthday that is not known is missing in all three.

    Raises
    ------
    DataProblem
        When no occasion falls into the shop's time and no birthday is known.

    Notes
    -----
    The chance is the tail of a binomial distribution whose share is expected over all orders. A birthday's expected
    share is that of its month, spread evenly over the month's days.

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
    moment = nw.col("ordered_at")
    orders = shop.lazy("orders").filter(~nw.col(p.KEY).is_null(), ~moment.is_null())
    inside = {f"{name}_orders": p.as_count(_within(nw.col("_day"), spans)) for name, spans in windows.items()}
    at = {f"rhythm_{name}_orders": p.as_count(holds) for name, holds in _rhythms(moment).items()}
    orders = orders.select(p.KEY, "ordered_at", _day=p.day_number(moment)).with_columns(**inside, **at)
    facts = orders.group_by(p.KEY).agg(
        orders=p.whole(nw.len()),
        _day=nw.col("_day").min(),
        **{name: p.whole(nw.col(name).sum()) for name in (*inside, *at)},
    )
    facts = _with_rhythms_expected(facts, orders, list(at))
    facts = _with_expected(facts, orders, list(inside)) if inside else facts
    if _has_birthdays(shop):
        facts = facts.join(_birthdays(shop, orders), on=p.KEY, how="left")
    facts = facts.drop("_day")
    named = [c.removesuffix("_expected") for c in facts.collect_schema().names() if c.endswith("_expected")]
    facts = facts.with_columns(_log_factorial=p.log_factorial(nw.col("orders")))
    facts = facts.with_columns(**{f"{name}_chance": _chance(name) for name in named})
    return p.give_back(facts.drop("_log_factorial"), like=shop.table("orders"))


def _chance(name: str) -> nw.Expr:
    expected, orders = nw.col(f"{name}_expected"), nw.col("orders")
    share = (expected / orders).clip(1e-9, 0.999)
    tail = p.binomial_tail(nw.col(f"{name}_orders"), orders, share, nw.col("_log_factorial"))
    return nw.when(~expected.is_null()).then(tail.round(12))


def _within(day: nw.Expr, spans: Any) -> nw.Expr:
    holds = nw.lit(False)
    for first, last in spans:
        holds = holds | ((day >= p.day_number_of(first)) & (day <= p.day_number_of(last)))
    return holds


def _rhythms(moment: nw.Expr) -> dict[str, nw.Expr]:
    """Conditions on an order's moment, by the rhythm they stand for."""
    weekday, hour, day = moment.dt.weekday(), moment.dt.hour(), moment.dt.day()
    every = {f"every_{name}": weekday == number for number, name in enumerate(calendar.WEEKDAYS, start=1)}
    return every | {
        "friday_evening": (weekday == 5) & (hour >= 17),
        "lunch_hour": (weekday <= 5) & (hour >= 12) & (hour < 14),
        "month_end": (day >= 28) | (day == 1),
    }


def _with_rhythms_expected(facts: nw.LazyFrame, orders: nw.LazyFrame, names: list[str]) -> nw.LazyFrame:
    """A rhythm is open all year: the shop's own share of it, times the customer's orders."""
    shares = orders.select(**{f"_{name}": nw.col(name).mean() for name in names}).with_columns(_all=nw.lit(1))
    joined = facts.with_columns(_all=nw.lit(1)).join(shares, on="_all", how="left")
    expected = {_expected(name): p.money(nw.col("orders") * nw.col(f"_{name}")) for name in names}
    return joined.with_columns(**expected).drop("_all", *(f"_{name}" for name in names))


def _with_expected(facts: nw.LazyFrame, orders: nw.LazyFrame, names: list[str]) -> nw.LazyFrame:
    """The first order may fall on any day of the shop's, the later ones on any day since."""
    daily = orders.group_by("_day").agg(_n=p.whole(nw.len()), **{f"_{n}": nw.col(n).sum() for n in names})
    sums = {f"_{what}_since": nw.col(f"_{what}").cum_sum(reverse=True).over(order_by="_day") for what in ("n", *names)}
    totals = {f"_{what}_total": nw.col(f"_{what}").sum().over("_all") for what in ("n", *names)}
    daily = daily.with_columns(_all=nw.lit(1)).with_columns(**sums, **totals)
    joined = facts.join(daily.drop("_n", "_all", *(f"_{n}" for n in names)), on="_day", how="left")
    expected = {}
    for name in names:
        at_first = nw.col(f"_{name}_total") / nw.col("_n_total")
        later = nw.col(f"_{name}_since") / nw.col("_n_since")
        expected[_expected(name)] = p.money(at_first + (nw.col("orders") - 1) * later)
    return joined.with_columns(**expected).drop(*(c for w in ("n", *names) for c in (f"_{w}_since", f"_{w}_total")))


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
