"""When each customer orders: count, then place.

Every reason to buy is a process of its own (own need, each occasion), so that truth knows why an order happened.
Points are counted first (Poisson) and placed afterwards by inverse look-up of the process's cumulative intensity.
A customer leaves after a geometric number of orders, the first included: the MBG/NBD model (Batislam, Denizel and
Filiztekin, 2007).
"""

from dataclasses import dataclass

import numpy as np

from synthetic.calendar import calendar_of
from synthetic.people import DAY, People, is_waiter, occasion_spans
from synthetic.streams import Streams, repeat_index
from synthetic.world import World

FIRST, OWN, OCCASION = 0, 1, 2
OCCASION_ORDERS = {"light": 1.3, "medium": 1.9, "heavy": 2.6}
"""Mean orders per window of someone who buys for that occasion; 1.6 for a usage class of another name."""


@dataclass
class Purchases:
    """The orders of one block, sorted by customer and minute.

    Attributes
    ----------
    customer : array of int
        Row of the customer in the block, 0-based.
    minute : array of int
        Minutes since the first day.
    trigger : array of int
        FIRST, OWN or OCCASION: why the order happened.
    rank : array of int
        0 for a customer's first order, 1 for the next, …
    left : array of int
        Per customer: minute of the order after which they left, or -1 for those who had not left by the last day.
    """

    customer: np.ndarray
    minute: np.ndarray
    trigger: np.ndarray
    rank: np.ndarray
    left: np.ndarray


def draw_purchases(world: World, streams: Streams, people: People) -> Purchases:
    """Draw all orders of a block from each customer's first order to the last simulated day."""
    calendar = calendar_of(world)
    parts = [_first_orders(people), _own_need(world, calendar, streams, people)]
    if not world.flat:
        parts.append(_for_occasions(world, calendar, streams, people))
    packed = np.concatenate([(c << 27) | (m << 4) | t for c, m, t in parts])
    packed.sort()
    customer, minute, trigger = packed >> 27, (packed >> 4) & (2**23 - 1), packed & 15
    kept = _every_kth(customer, trigger, people.regularity)
    customer, minute, trigger = customer[kept], minute[kept], trigger[kept]
    first_of = np.searchsorted(customer, np.arange(len(people)))
    rank = np.arange(len(customer)) - first_of[customer]
    stay = streams("stay").geometric(np.clip(people.leaving, 1e-9, 1.0))
    left = np.full(len(people), -1)
    last = rank == stay[customer] - 1
    left[customer[last]] = minute[last]
    kept = rank < stay[customer]
    return Purchases(customer[kept], minute[kept], trigger[kept], rank[kept], left)


def _first_orders(people):
    buyers = np.flatnonzero(people.buyer)
    return buyers, people.birth[buyers], np.full(len(buyers), FIRST)


def _own_need(world, calendar, streams, people):
    """Repeat orders for own need; those who change persona have two spells, each with its own season."""
    waiter = is_waiter(world, people.decision_style)
    moved = people.second_persona != people.persona
    spell_of, spell = repeat_index(1 + moved)
    persona = np.where(spell == 0, people.persona[spell_of], people.second_persona[spell_of])
    row = calendar.row(persona, waiter[spell_of], people.rhythm[spell_of])
    day_after = people.birth[spell_of] // DAY + 1
    start = np.where(spell == 0, day_after, np.maximum(day_after, people.switch_day[spell_of]))
    end = np.where((spell == 0) & moved[spell_of], np.maximum(people.switch_day[spell_of], start), world.days)
    low, high = calendar.own.level(row, start), calendar.own.level(row, end)
    mean = people.rate * people.buyer * people.regularity
    count = streams("own_count").poisson(mean[spell_of] * calendar.mass[row] * np.maximum(high - low, 0))
    point, _ = repeat_index(count)
    u = streams("own_place").random((len(point), 2))
    low, high, row = low[point], high[point], row[point]
    day, _ = calendar.own.place(row, low + u[:, 0] * (high - low))
    customer = spell_of[point]
    return customer, _at_an_hour(calendar, people, customer, day, u[:, 1]), np.full(len(day), OWN)


def _for_occasions(world, calendar, streams, people):
    """Orders for the customer's occasion, in each of its windows after the first order."""
    start, length = occasion_spans(world, calendar, people.occasion, people.birth_date)
    after = start > people.birth[:, None] // DAY
    rates = np.array([OCCASION_ORDERS.get(word, 1.6) for word in world.words("usage")])
    mean = rates[people.usage][:, None] * (after & (length > 0) & people.buyer[:, None])
    count = streams("occasion_count").poisson(mean)
    cell, _ = repeat_index(count.ravel())
    u = streams("occasion_place").random((len(cell), 2))
    day = start.ravel()[cell] + np.floor(u[:, 0] * length.ravel()[cell]).astype(np.int64)
    customer = cell // start.shape[1]
    return customer, _at_an_hour(calendar, people, customer, day, u[:, 1]), np.full(len(day), OCCASION)


def _at_an_hour(calendar, people, customer, day, u):
    hour, part = calendar.clock.place(people.rhythm[customer], u)
    return day * DAY + hour * 60 + np.floor(part * 60).astype(np.int64)


def _every_kth(customer, trigger, regularity):
    """Keep every k-th point of own need; the points in between make the gaps of regular buyers even."""
    own = trigger == OWN
    before = np.cumsum(own) - own
    starts = np.searchsorted(customer, customer)
    number = before - before[starts]
    k = regularity[customer]
    return ~own | (number % k == k - 1)
