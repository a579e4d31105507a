"""When each customer orders: count, then place.

Every reason to buy is a process of its own (own need, an occasion, a campaign, a situation in life), so that truth
knows why an order happened. Points are counted first (Poisson) and placed afterwards by inverse look-up of the
process's cumulative intensity. A customer leaves after a geometric number of orders, the first included: the MBG/NBD
model (Batislam, Denizel and Filiztekin, 2007).
"""

from dataclasses import dataclass

import numpy as np

from synthetic.calendar import calendar_of
from synthetic.campaigns import Contacts
from synthetic.people import DAY, People, every_year, is_waiter, occasion_spans
from synthetic.streams import Streams, repeat_index
from synthetic.world import World

FIRST, OWN, OCCASION, CAMPAIGN, SITUATION, ANNIVERSARY = range(6)
"""Why an order happened."""
OCCASION_ORDERS = {"light": 1.7, "medium": 2.2, "heavy": 3.0}
"""Mean orders per window of someone who buys for that occasion; 1.6 for a usage class of another name."""
SITUATION_ORDERS = {"light": 0.3, "medium": 1.2, "heavy": 2.0}
"""Mean orders while a situation in life is open; 1.3 for a usage class of another name."""


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
        FIRST, OWN, … or ANNIVERSARY: why the order happened.
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

    def __len__(self):
        return len(self.customer)

    def split(self, minute: int) -> tuple["Purchases", "Purchases"]:
        """Return the orders before a minute and those from it on."""
        before = self.minute < minute
        return self._those(before), self._those(~before)

    def _those(self, chosen):
        return Purchases(self.customer[chosen], self.minute[chosen], self.trigger[chosen], self.rank[chosen], self.left)


def draw_purchases(world: World, streams: Streams, people: People, contacts: Contacts | None) -> Purchases:
    """Draw all orders of a block from each customer's first order to the last simulated day."""
    parts = [_first_orders(people), _own_need(world, streams, people)]
    if not world.flat:
        parts += [_for_occasions(world, streams, people), _in_situations(world, streams, people)]
        parts.append(_for_anniversaries(world, streams, people))
    if contacts is not None:
        parts.append(_after_campaigns(world, streams, people, contacts))
    packed = np.concatenate([(c << 24) | (m << 3) | t for c, m, t in parts])
    packed.sort()
    customer, minute, trigger = packed >> 24, (packed >> 3) & (2**21 - 1), packed & 7
    kept = _every_kth(customer, trigger, people.regularity)
    customer, minute, trigger = customer[kept], minute[kept], trigger[kept]
    rank = np.arange(len(customer)) - np.searchsorted(customer, np.arange(len(people)))[customer]
    stay = streams("stay").geometric(np.clip(people.leaving, 1e-9, 1.0)) + (not world.leaves_after_first)
    left = np.full(len(people), -1)
    last = rank == stay[customer] - 1
    left[customer[last]] = minute[last]
    kept = rank < stay[customer]
    return Purchases(customer[kept], minute[kept], trigger[kept], rank[kept], left)


def _first_orders(people):
    buyers = np.flatnonzero(people.buyer)
    return buyers, people.birth[buyers], np.full(len(buyers), FIRST)


def _own_need(world, streams, people):
    """Repeat orders for own need; those who change persona have two spells, each with its own season."""
    calendar = calendar_of(world)
    moved = people.second_persona != people.persona
    spell_of, spell = repeat_index(1 + moved)
    persona = np.where(spell == 0, people.persona[spell_of], people.second_persona[spell_of])
    row = calendar.row(persona, is_waiter(world, people)[spell_of], people["rhythm"][spell_of])
    day_after = people.birth[spell_of] // DAY + 1
    switch = people.switch_day[spell_of]
    start = np.where(spell == 0, day_after, np.maximum(day_after, switch))
    end = np.where((spell == 0) & moved[spell_of], np.maximum(switch, start), world.days)
    mean = (people.rate * people.buyer * people.regularity)[spell_of]
    count = streams("own_count").poisson(mean * calendar.count_mean(row, start, end))
    point, _ = repeat_index(count)
    u = streams("own_place").random((len(point), 2))
    day = calendar.day_between(row[point], start[point], end[point], u[:, 0])
    customer = spell_of[point]
    return customer, at_an_hour(world, people, customer, day, u[:, 1]), np.full(len(day), OWN)


def _for_occasions(world, streams, people):
    """Orders for the customer's occasion, in each of its windows after the first order."""
    start, length = occasion_spans(world, calendar_of(world), people["occasion"], people.birth_date)
    after = (start > people.birth[:, None] // DAY) & (length > 0) & people.buyer[:, None]
    mean = _per_usage(world, people, OCCASION_ORDERS, 1.6)[:, None] * after
    mean = mean * calendar_of(world).demand[np.clip(start, 0, world.days - 1)]
    cell, _ = repeat_index(streams("occasion_count").poisson(mean).ravel())
    u = streams("occasion_place").random((len(cell), 2))
    day = start.ravel()[cell] + np.floor(u[:, 0] * length.ravel()[cell]).astype(np.int64)
    customer = cell // start.shape[1]
    return customer, at_an_hour(world, people, customer, day, u[:, 1]), np.full(len(day), OCCASION)


def _in_situations(world, streams, people):
    """Orders that a situation in life brings while it is open."""
    start = np.maximum(people.opened, people.birth // DAY + 1)
    length = np.minimum(people.closes, world.days - 1) - start + 1
    some = people.buyer & (length > 0) & (people["situation"] != world.code("situation", "none"))
    mean = np.where(some, _per_usage(world, people, SITUATION_ORDERS, 1.3), 0.0)
    customer, _ = repeat_index(streams("situation_count").poisson(mean))
    u = streams("situation_place").random((len(customer), 2))
    day = start[customer] + np.floor(u[:, 0] * length[customer]).astype(np.int64)
    return customer, at_an_hour(world, people, customer, day, u[:, 1]), np.full(len(day), SITUATION)


def _for_anniversaries(world, streams, people):
    """A present in most years, in the ten days before an anniversary."""
    keeps = np.flatnonzero(people.buyer & (people.anniversary >= 0))
    days = every_year(world, people.anniversary[keeps])
    u = streams("anniversary_place").random((len(keeps), days.shape[1], 3))
    day = days - np.floor(10 * u[:, :, 1]).astype(np.int64)
    later = (day > people.birth[keeps, None] // DAY) & (day < world.days)
    row, year = np.nonzero(later & (u[:, :, 0] < 0.8))
    customer, day = keeps[row], day[row, year]
    return customer, at_an_hour(world, people, customer, day, u[row, year, 2]), np.full(len(day), ANNIVERSARY)


def _after_campaigns(world, streams, people, contacts):
    """Orders that a campaign brought."""
    later = contacts.day > people.birth[contacts.customer] // DAY
    customer, day = contacts.customer[later], contacts.day[later]
    u = streams("campaign_place").random(len(customer))
    return customer, at_an_hour(world, people, customer, day, u), np.full(len(day), CAMPAIGN)


def at_an_hour(world, people, customer, day, u):
    """Return minutes: the day's, at an hour of the customer's rhythm."""
    hour, part = calendar_of(world).clock.place(people["rhythm"][customer], u)
    return day * DAY + hour * 60 + np.floor(part * 60).astype(np.int64)


def _per_usage(world, people, figures, other):
    return np.array([figures.get(word, other) for word in world.words("usage")])[people["usage"]]


def _every_kth(customer, trigger, regularity):
    """Keep every k-th point of own need; the points left out make the gaps of regular buyers even."""
    own = trigger == OWN
    before = np.cumsum(own) - own
    number = before - np.append(before, 0)[np.searchsorted(customer, np.arange(len(regularity)))][customer]
    k = regularity[customer]
    return ~own | (number % k == k - 1)
