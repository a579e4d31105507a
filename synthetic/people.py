"""Who the customers of a block are: persona, the other axes of truth, rates, tastes, dates. No tables yet."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from synthetic.calendar import FIXED_OCCASIONS, calendar_of
from synthetic.homes import CLIMATE_CODE, climate_favours, draw_homes
from synthetic.streams import BLOCK, Lookup, Streams
from synthetic.world import World

DAY = 1440
"""Minutes in a day; all times inside the package are minutes since the first day's midnight."""

OCCASION_OWN_NEED = 0.25
"""Customers of an occasion buy less outside it."""
ANNIVERSARIES = 0.10
"""Share of customers with an anniversary; nobody tells the shop when it is."""
REGULAR = 3
"""A regular buyer keeps every third point of a process three times as fast."""


class Axes(dict):
    """Codes per axis, drawn when first asked for: each axis has a stream of its own, so the order does not matter."""

    def __init__(self, draw):
        super().__init__()
        self._draw = draw

    def __missing__(self, axis: str) -> np.ndarray:
        self[axis] = codes = self._draw(axis)
        return codes


@dataclass
class People:
    """The customers of one block; every array has one entry per customer unless said otherwise.

    Attributes
    ----------
    number : array of int
        1-based customer number over the whole population.
    axes : Axes
        Per axis of truth, codes into ``world.words(axis)``; -1 where the axis does not exist in this world.
    persona, second_persona : array of int
        Codes; the second equals the first for those who stay.
    switch_day : array of int
        Day of the change of persona; after the last day for those who stay.
    second_benefit : array of int
        Code of the benefit sought next.
    buyer : array of bool
        Whether the customer ever buys.
    rate : array of float
        Own orders per day after the first.
    leaving : array of float
        Chance to leave after each order.
    regularity : array of int
        1 for memoryless buyers, 3 for regular ones.
    birth, signed_up : array of int
        Minute of the first order (of the first visit, for those who only look) and of the sign-up.
    birth_date : array of int
        Day of birth, relative to the first simulated day (negative).
    anniversary : array of int
        Day of the year (0 to 364) of an anniversary that is kept with a present; -1 for those without one.
    home : array of int
        Row of ``homes.CITIES``.
    opened, closes : array of int
        First and last day of the customer's situation in life; only meaningful where there is one.
    mix : array of shape (customers + those who change, categories)
        Relative weight of each category in what a customer buys; after all customers, one row for each of those who
        change persona, as it is afterwards.
    second_row : array of int
        The customer's row of ``mix`` after the change; the customer's own row for those who stay.
    """

    number: np.ndarray
    axes: Axes
    persona: np.ndarray
    second_persona: np.ndarray
    switch_day: np.ndarray
    second_benefit: np.ndarray
    buyer: np.ndarray
    rate: np.ndarray
    leaving: np.ndarray
    regularity: np.ndarray
    birth: np.ndarray
    signed_up: np.ndarray
    birth_date: np.ndarray
    anniversary: np.ndarray
    home: np.ndarray
    opened: np.ndarray
    closes: np.ndarray
    mix: np.ndarray
    second_row: np.ndarray

    def __len__(self):
        return len(self.number)

    def __getitem__(self, axis: str) -> np.ndarray:
        return self.axes[axis]


def draw_people(world: World, streams: Streams, count: int) -> People:
    """Draw the first ``count`` customers of a block."""
    persona = Lookup(world.shares[None, :]).pick(np.zeros(count, int), streams("persona").random(count))
    axes = Axes(lambda axis: _draw_axis(world, streams, axis, persona))
    axes["rhythm"] = np.where(axes["usage"] == world.code("usage", "light"), none_of(world, "rhythm"), axes["rhythm"])
    second_persona, switch_day = _draw_second_persona(world, streams, persona)
    rate, leaving = _draw_rates(world, streams, axes)
    birth_date = _draw_birth_dates(world, streams, persona)
    birth, signed_up = _draw_births(world, streams, persona, axes, birth_date)
    opened, closes = _draw_situations(world, streams, count)
    regular = axes["decision_style"] == world.code("decision_style", "habitual")
    home = draw_homes(world, streams, count)
    favours = world.favours[axes["usage"]] * climate_favours(world)[CLIMATE_CODE[home]]
    mix = _draw_mix(world, streams, "mix", persona, favours)
    moved = second_persona != persona
    second_mix = _draw_mix(world, streams, "second_mix", second_persona[moved], favours[moved])
    return People(
        number=streams.block * BLOCK + 1 + np.arange(count),
        axes=axes,
        persona=persona,
        second_persona=second_persona,
        switch_day=switch_day,
        second_benefit=_draw_second_benefit(world, streams, persona, axes["benefit"]),
        buyer=streams("buyer").random(count) < world.shop.buyers,
        rate=rate,
        leaving=leaving,
        regularity=np.where(regular, REGULAR, 1),
        birth=birth,
        signed_up=signed_up,
        birth_date=birth_date,
        anniversary=_draw_anniversaries(world, streams, count),
        home=home,
        opened=opened,
        closes=closes,
        mix=np.concatenate([mix, second_mix]),
        second_row=np.where(moved, count - 1 + np.cumsum(moved), np.arange(count)),
    )


def none_of(world, axis) -> int:
    """Return the code of ``none`` on an axis; without such a word, of its first."""
    return max(world.code(axis, "none"), 0)


def is_waiter(world, people):
    """Return 1 for sale waiters, else 0."""
    return (people["decision_style"] == world.code("decision_style", "sale_waiter")).astype(np.int64)


def persona_at(people, customer, day):
    """Return the persona a customer has on a day, and whether it is the second one."""
    second = day >= people.switch_day[customer]
    return np.where(second, people.second_persona[customer], people.persona[customer]), second


def _draw_axis(world, streams, axis, persona):
    if axis in world.absent:
        return np.full(len(persona), -1)
    return _axis_lookup(world, axis).pick(persona, streams(axis).random(len(persona)))


@lru_cache(maxsize=64)
def _axis_lookup(world, axis) -> Lookup:
    return Lookup(world.weights(axis))


def _draw_second_benefit(world, streams, persona, first):
    """Another benefit than the first, by the same weights."""
    if "benefit" in world.absent:
        return first.copy()
    row = persona * len(world.words("benefit")) + first
    return _second_lookup(world).pick(row, streams("second_benefit").random(len(persona)))


@lru_cache(maxsize=8)
def _second_lookup(world) -> Lookup:
    weights = world.weights("benefit")
    options = weights.shape[1]
    pairs = np.repeat(weights, options, axis=0)
    pairs[np.arange(len(pairs)), np.arange(len(pairs)) % options] = 0
    pairs[pairs.sum(axis=1) == 0] = 1
    return Lookup(pairs)


def _draw_rates(world, streams, axes):
    """Purchase rate and chance to leave by usage class; fewer own orders and more loyalty around an occasion."""
    r, alpha, a, b = world.usage_parameters[axes["usage"]].T
    rate = streams("rate").standard_gamma(r) / alpha
    leaving = streams("leaving").beta(a, b)
    occasional = axes["occasion"] != world.code("occasion", "none")
    attached = axes["attachment"] > world.code("attachment", "neutral")
    rate = np.where(occasional, rate * OCCASION_OWN_NEED, rate)
    leaving = np.where(occasional, leaving * 0.25, leaving)
    return rate, np.where(attached & ("attachment" not in world.absent), leaving * 0.6, leaving)


def _draw_situations(world, streams, count):
    """When a situation in life opens and closes; recent ones are more common, so that some are open at ``as_of``."""
    u = streams("situation_dates").random((count, 2))
    opened = np.floor(world.observed_days * (1 - u[:, 0] * u[:, 0])).astype(np.int64) - 1
    return opened, opened + 100 + np.floor(120 * u[:, 1]).astype(np.int64)


def _draw_second_persona(world, streams, persona):
    """A few customers change to another persona somewhere in the middle of the observed time."""
    u = streams("second_persona").random((len(persona), 3))
    moves = (u[:, 0] < world.migrate) & (len(world.personas) > 1)
    others = np.tile(world.shares, (len(world.personas), 1))
    if len(world.personas) > 1:
        np.fill_diagonal(others, 0)
    second = np.where(moves, Lookup(others).pick(persona, u[:, 1]), persona)
    day = ((0.3 + 0.5 * u[:, 2]) * world.observed_days).astype(np.int64)
    return second, np.where(moves, day, world.days)


def _draw_birth_dates(world, streams, persona):
    mean = np.array([p.people.age_mean for p in world.personas])[persona]
    spread = np.array([p.people.age_spread for p in world.personas])[persona]
    u = streams("age").random((len(persona), 3))
    triangle = u[:, 0] + u[:, 1] - 1  # mean 0, variance 1/6: a bounded bell without a logarithm
    age = np.clip(mean + spread * 6**0.5 * triangle, 16, 85)
    return world.observed_days - np.floor((age + u[:, 2] * 0.99) * 365.25).astype(np.int64)


def _draw_anniversaries(world, streams, count):
    u = streams("anniversary").random((count, 2))
    keeps = (u[:, 0] < ANNIVERSARIES) & ("occasion" not in world.plain)
    return np.where(keeps, np.floor(365 * u[:, 1]).astype(np.int64), -1)


def birthdays(world, birth_date):
    """Return the days of the customers' birthdays within the simulated time: customers × years."""
    born = np.datetime64(world.shop.first_day) + birth_date
    return every_year(world, (born - born.astype("datetime64[Y]")).astype(np.int64))


def every_year(world, day_of_year):
    """Return a day of the year in each year of the simulated time: customers × years; some lie outside it."""
    origin = np.datetime64(world.shop.first_day)
    years = np.datetime64(f"{world.shop.first_day.year}") + np.arange(world.days // 365 + 2)
    return (years.astype("datetime64[D]") - origin).astype(np.int64)[None, :] + day_of_year[:, None]


def occasion_spans(world, calendar, occasion, birth_date):
    """Return first day and length of each customer's occasion windows (customers × windows); length 0 for none."""
    width = max([len(calendar.windows[name]) for name in FIXED_OCCASIONS] + [world.days // 365 + 2])
    words = world.words("occasion")
    starts, lengths = np.zeros((len(words), width), int), np.zeros((len(words), width), int)
    for code, word in enumerate(words):
        for k, (start, length) in enumerate(calendar.windows.get(word, [])):
            starts[code, k], lengths[code, k] = start, length
    start, length = starts[occasion], lengths[occasion]
    own = np.flatnonzero(occasion == world.code("occasion", "birthday"))
    days = birthdays(world, birth_date[own])
    start[own, : days.shape[1]] = days - 13
    length[own, : days.shape[1]] = np.where((days - 13 >= 0) & (days < world.days), 14, 0)
    return start, length


def _draw_births(world, streams, persona, axes, birth_date):
    """First order: anywhere in the season, or in one of the customer's own windows. Sign-up: some days before."""
    count, calendar = len(persona), calendar_of(world)
    if world.flat:
        return np.full(count, 720), np.zeros(count, int)
    u = streams("birth").random((count, 5))
    day, inside = calendar.arrivals.place(persona, u[:, 0])
    start, length = occasion_spans(world, calendar, axes["occasion"], birth_date)
    usable = (length > 0) & (start + length <= world.observed_days)
    order = np.cumsum(usable, axis=1)
    weights = np.where(usable, 0.6**order, 0.0)
    some = usable.any(axis=1) & (u[:, 1] < 0.75)
    weights[~some, 0] = 1.0
    window = Lookup(weights).pick(np.arange(count), u[:, 2])
    rows = np.arange(count)
    in_window = start[rows, window] + np.floor(inside * length[rows, window]).astype(np.int64)
    day = np.where(some, in_window, day)
    hour, part = calendar.clock.place(axes["rhythm"], u[:, 3])
    birth = day * DAY + hour * 60 + np.floor(part * 60).astype(np.int64)
    lag = np.floor(DAY * 30 * np.maximum(u[:, 4] - 0.5, 0) ** 2 * 4).astype(np.int64)
    return birth, np.maximum(birth - lag - 60, 0)


def _draw_mix(world, streams, site, persona, favours):
    """A customer's own shares of the categories: Dirichlet around the persona's, ``kappa`` is how alike they are."""
    shape = world.kappa * world.category_mix[persona] * favours
    return streams(site).standard_gamma(shape) + 1e-12
