"""When people buy: seasons, occasions, weekdays and hours, as cumulative tables to draw from."""

import datetime as dt
from functools import lru_cache

import numpy as np

from synthetic.streams import Lookup
from synthetic.world import World

FIXED_OCCASIONS = ("nowruz", "christmas", "black_friday", "valentines_day", "end_of_season")
PERSONAL_OCCASIONS = ("birthday",)
SALES = ("black_friday", "end_of_season")
"""Occasions during which the whole shop is on sale."""

WEEKDAYS = np.array([0.95, 0.9, 0.9, 0.95, 1.05, 1.15, 1.1])
HOURS = np.array([2, 1, 0.6, 0.4, 0.4, 0.8, 2, 4, 6, 7, 8, 8, 9, 8, 7, 7, 8, 9, 11, 13, 14, 12, 8, 4])


@lru_cache(maxsize=4)
def occasion_windows(first_day: dt.date, last_day: dt.date) -> dict[str, list[tuple[int, int]]]:
    """Return, per shop-wide occasion, its windows as (first day, length in days); day 0 is ``first_day``.

    The dates come from the holidays library; Black Friday is the day after Thanksgiving, its window runs to the
    Monday after. The other windows end on the day itself, because presents are bought before.
    """
    import holidays

    windows = {name: [] for name in FIXED_OCCASIONS}
    for year in range(first_day.year, last_day.year + 1):
        usa = holidays.country_holidays("US", years=year)
        iran = holidays.country_holidays("IR", years=year, language="en_US")
        thanksgiving = _named(usa, "Thanksgiving")
        new_year = min(day for day, names in iran.items() if "Nowruz" in names.split("; "))
        ends = {
            "nowruz": [(new_year, 14)],
            "christmas": [(_named(usa, "Christmas Day"), 14)],
            "black_friday": [(thanksgiving + dt.timedelta(days=4), 5)],
            "valentines_day": [(dt.date(year, 2, 14), 9)],
            "end_of_season": [(dt.date(year, 1, 31), 12), (dt.date(year, 8, 31), 12)],
        }
        for name, spans in ends.items():
            for last, length in spans:
                start = (last - first_day).days - length + 1
                if start >= 0 and last <= last_day:
                    windows[name].append((start, length))
    return windows


def _named(country, text: str) -> dt.date:
    return min(day for day, name in country.items() if name.startswith(text))


class Calendar:
    """The cumulative tables of one world.

    Attributes
    ----------
    own : Lookup
        Rows: persona × (sale waiter or not) × rhythm; options: days. Where a customer's own need falls.
    mass : array
        Per row of ``own``, the expected number of orders of someone who buys once a day on average.
    arrivals : Lookup
        Rows: personas; options: observed days. When customers buy first.
    clock : Lookup
        Rows: rhythms; options: the 24 hours.
    on_sale : array of bool
        Per day, whether the shop is on sale.
    demand : array of float
        Per day, 1, or the factor of a planted shock.
    """

    def __init__(self, world: World):
        self.world = world
        self.windows = occasion_windows(world.shop.first_day, world.shop.last_day)
        dates = np.datetime64(world.shop.first_day) + np.arange(world.days)
        self.month = dates.astype("datetime64[M]").astype(int) % 12
        self.weekday = (dates.astype(int) + 3) % 7
        self.day_of_month = (dates - dates.astype("datetime64[M]")).astype(int) + 1
        self.on_sale = self._on_sale()
        self.rhythms = world.words("rhythm")
        self.demand = self._demand()
        intensity = self._intensity() * self.demand
        self.own = Lookup(intensity, buckets=1024)
        self.mass = intensity.sum(axis=1)
        self.arrivals = Lookup(self._arrival_weights(), buckets=1024)
        self.clock = Lookup(np.array([self._hours(rhythm) for rhythm in self.rhythms]), buckets=64)

    def row(self, persona, waiter, rhythm):
        """Return the row of ``own`` for persona, sale waiter (0 or 1) and rhythm codes."""
        return (persona * 2 + waiter) * len(self.rhythms) + rhythm

    def count_mean(self, row, start, end):
        """Return the expected orders from ``start`` up to, not including, ``end`` of someone who buys once a day."""
        return self.mass[row] * np.maximum(self.own.level(row, end) - self.own.level(row, start), 0.0)

    def day_between(self, row, start, end, u):
        """Return days from ``start`` up to, not including, ``end``, spread as the row's intensity is."""
        low, high = self.own.level(row, start), self.own.level(row, end)
        day = self.own.pick(row, low + u * (high - low))
        return np.clip(day, start, np.maximum(end - 1, start))

    def _demand(self):
        """One for every day, and the factor of the planted shock from its day on."""
        demand = np.ones(self.world.days)
        if self.world.shock:
            demand[(self.world.shock - self.world.shop.first_day).days :] = self.world.shock_factor
        return demand

    def own_season(self):
        """Return the shop's demand per day relative to its mean: season, weekday, and the growth of the shop."""
        season = (self._seasons() * self.world.shares[:, None]).sum(axis=0) * WEEKDAYS[self.weekday]
        growth = 1 - np.exp(-(np.arange(self.world.days) + 60) / 500.0)
        return season * growth / (season * growth)[: self.world.observed_days].mean()

    def _on_sale(self):
        on_sale = np.zeros(self.world.days, dtype=bool)
        if not self.world.flat:
            for name in SALES:
                for start, length in self.windows[name]:
                    on_sale[start : start + length] = True
        return on_sale

    def _seasons(self):
        if self.world.flat:
            return np.ones((len(self.world.personas), self.world.days))
        months = np.array([persona.season.months for persona in self.world.personas])
        return (months / months.mean(axis=1, keepdims=True))[:, self.month]

    def _intensity(self):
        """Orders per day of own need: persona × waiter × rhythm rows, each with a mean of one per day."""
        seasons = self._seasons()
        if self.world.flat:
            return np.repeat(seasons, 2 * len(self.rhythms), axis=0)
        sales = np.array([np.where(self.on_sale, 1.25, 1.0), np.where(self.on_sale, 6.0, 0.5)])
        weeks = np.array([self._days(rhythm) for rhythm in self.rhythms])
        rows = seasons[:, None, None, :] * sales[None, :, None, :] * weeks[None, None, :, :]
        rows = rows.reshape(-1, self.world.days)
        return rows / rows.mean(axis=1, keepdims=True)

    def _days(self, rhythm: str):
        weights = WEEKDAYS[self.weekday]
        if rhythm == "weekly_trip":
            return np.where(self.weekday == 3, 30 * weights, weights)
        if rhythm == "friday_evening":
            return np.where(self.weekday == 4, 30 * weights, weights)
        if rhythm == "month_end":
            return np.where((self.day_of_month >= 28) | (self.day_of_month == 1), 30 * weights, weights)
        if rhythm == "lunch_hour":
            return np.where(self.weekday < 5, weights, 0.15 * weights)
        return weights

    def _hours(self, rhythm: str):
        hours = HOURS.copy()
        if rhythm == "lunch_hour":
            hours[12:14] *= 25
        if rhythm in ("friday_evening", "weekly_trip"):
            hours[18:22] *= 10
        return hours

    def _arrival_weights(self):
        """The shop opens with a wave of customers and then grows ever more slowly."""
        days = np.arange(self.world.observed_days)
        growth = np.ones(len(days)) if self.world.flat else np.exp(-days / 500.0) + 0.12
        return (self._seasons() * self.demand)[:, : len(days)] * growth


@lru_cache(maxsize=8)
def calendar_of(world: World) -> Calendar:
    """Return the calendar of a world, made once."""
    return Calendar(world)
