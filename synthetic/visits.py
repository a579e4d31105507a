"""Visits to the shop: with an order, looking something up before one, with an abandoned cart, or just looking.

Visits are a process of their own; those who left still drop in now and then, and strangers come who never sign up.
"""

from dataclasses import dataclass

import numpy as np

from synthetic.baskets import Baskets, own_devices
from synthetic.calendar import calendar_of
from synthetic.people import DAY, People, is_waiter
from synthetic.purchases import CAMPAIGN, Purchases, at_an_hour
from synthetic.streams import Lookup, Streams, repeat_index
from synthetic.world import World

ORDER, RESEARCH, CART, BROWSE, SITUATION, ADVOCACY, STRANGER = range(7)
SOURCES = ("search", "direct", "social", "referral", "campaign")
SOURCE_SHARES = (0.34, 0.26, 0.14, 0.08, 0.18)
CROWD_SOURCE_SHARES = (0.14, 0.12, 0.34, 0.34, 0.06)
OS = ("android", "ios", "windows", "macos", "linux")
CONNECTIONS = ("slow", "mobile", "fast")
RESCUED = 0.22
"""Share of orders whose cart was left behind once before."""
LONGEST = 120
"""No visit that ends without an order starts in the last minutes before the end of ``as_of``."""


@dataclass
class Visits:
    """The visits of one block up to ``as_of``, sorted by customer, then visitor, then minute; one entry per visit.

    Attributes
    ----------
    customer : array of int
        Row of the customer in the block; of a stranger, the customer they came with in the numbering.
    visitor : array of int
        0 and 1 for the customer's own devices, 2 and more for strangers.
    minute : array of int
        When the visit starts; for ORDER, when the order is placed.
    kind : array of int
    order : array of int
        Row in Purchases of the order placed, rescued later or talked about; -1 for none.
    signed_in : array of bool
    source, device, os, connection : array of int
        Codes.
    rank : array of int
        Number of the visit among those of the customer's row, from 0.
    """

    customer: np.ndarray
    visitor: np.ndarray
    minute: np.ndarray
    kind: np.ndarray
    order: np.ndarray
    signed_in: np.ndarray
    source: np.ndarray
    device: np.ndarray
    os: np.ndarray
    connection: np.ndarray
    rank: np.ndarray

    def __len__(self):
        return len(self.customer)


def draw_visits(world: World, streams: Streams, people: People, orders: Purchases, baskets: Baskets) -> Visits:
    """Draw all visits of a block up to ``as_of``."""
    parts = [
        (orders.customer, orders.minute, ORDER, np.arange(len(orders))),
        *_around_orders(world, streams, people, orders),
        *_looking(world, streams, people, orders),
    ]
    strangers = _strangers(world, streams, people)
    columns = [np.concatenate([np.broadcast_to(part[k], len(part[0])) for part in parts]) for k in range(4)]
    customer, minute, kind, order = (np.concatenate([c, s]) for c, s in zip(columns, strangers[:4], strict=True))
    visitor = np.concatenate([np.zeros(len(columns[0]), int), strangers[4]])
    in_time = (minute >= 0) & ((kind == ORDER) | (minute < world.observed_days * DAY - LONGEST))
    key = (customer << 47) | (visitor << 44) | (np.maximum(minute, 0) << 23) | np.arange(len(customer))
    key = np.sort(key[in_time])
    at = key & (2**23 - 1)
    visits = customer[at], visitor[at], minute[at], kind[at], order[at]
    return _described(world, streams, people, orders, baskets, visits)


def _around_orders(world, streams, people, orders):
    """Look-ups before an order, the same cart left behind once, and talking about the product afterwards."""
    customer, minute = orders.customer, orders.minute
    researcher = (people["decision_style"] == world.code("decision_style", "researcher"))[customer]
    row, _ = repeat_index(streams("research_count").poisson(np.where(researcher, 1.6, 0.22)))
    u = streams("research_place").random(len(row))
    research = minute[row] - 60 - np.floor(14 * DAY * u * u).astype(np.int64)
    u = streams("around_orders").random((len(orders), 4))
    back = np.flatnonzero(u[:, 0] < RESCUED)
    left_behind = minute[back] - 120 - np.floor(3 * DAY * u[back, 1]).astype(np.int64)
    advocate = (people["attachment"] == world.code("attachment", "advocate"))[customer]
    told = np.flatnonzero(u[:, 2] < np.where(advocate, 0.62, 0.025))
    talk = minute[told] + 5 * DAY + np.floor(25 * DAY * u[told, 3]).astype(np.int64)
    return [
        (customer[row], research, RESEARCH, row),
        (customer[back], left_behind, CART, back),
        (customer[told], talk, ADVOCACY, told),
    ]


def _looking(world, streams, people, orders):
    """Visits without an order: while they are customers, while a situation is open, and now and then afterwards."""
    count, end = len(people), world.observed_days
    bought = np.bincount(orders.customer, minlength=count)
    gone = (orders.left >= 0) & (orders.left < end * DAY)
    first = people.signed_up // DAY
    last = np.where(gone, np.minimum(orders.left // DAY + 12, end), end)
    considers = people["looker_stage"] == world.code("looker_stage", "consideration")
    carts = np.where(people.buyer, 0.5 + 1.75 * bought, np.where(considers, 2.2, 0.0))
    browses = np.where(people.buyer, 1.5 + 0.3 * bought, 3.0)
    some = people["situation"] != world.code("situation", "none")
    spans = [
        (CART, carts, first, last),
        (BROWSE, browses, first - np.where(people.buyer, 25, 5), last),
        (BROWSE, np.where(gone, 0.0022 * (end - last), 0.0), last, np.full(count, end)),
        (SITUATION, np.where(some, 7.0, 0.0), np.maximum(people.opened, first), np.minimum(people.closes, end)),
    ]
    parts = []
    for number, (kind, mean, start, stop) in enumerate(spans):
        start = np.clip(start, 0, end - 1)
        mean = np.where(stop > start, mean, 0.0)
        customer, _ = repeat_index(streams(f"looking_count_{number}").poisson(mean))
        u = streams(f"looking_place_{number}").random((len(customer), 2))
        row = calendar_of(world).row(people.persona, is_waiter(world, people), people["rhythm"])[customer]
        day = calendar_of(world).day_between(row, start[customer], stop[customer], u[:, 0])
        parts.append((customer, at_an_hour(world, people, customer, day, u[:, 1]), kind, -1))
    return parts


def _strangers(world, streams, people):
    """Visitors who never sign up, numbered along with the customers; at most six to a customer's number."""
    many = np.minimum(streams("strangers").poisson(np.full(len(people), world.guests)), 6)
    slot, number = repeat_index(many)
    stranger, _ = repeat_index(1 + streams("stranger_visits").poisson(np.full(len(slot), 0.7)))
    customer = slot[stranger]
    u = streams("stranger_place").random((len(stranger), 2))
    day, _ = calendar_of(world).arrivals.place(people.persona[customer], u[:, 0])
    minute = at_an_hour(world, people, customer, day, u[:, 1])
    return customer, minute, np.full(len(customer), STRANGER), np.full(len(customer), -1), 2 + number[stranger]


def _described(world, streams, people, orders, baskets, visits):
    """Add to each visit what a shop's log says of it: source, device, signed in or not."""
    customer, visitor, minute, kind, order = visits
    u = streams("visits").random((len(customer), 5))
    stranger = kind == STRANGER
    crowd = (people["decision_style"] == world.code("decision_style", "social_proof")).astype(np.int64)
    shares = Lookup([SOURCE_SHARES, CROWD_SOURCE_SHARES])
    source = shares.pick(np.where(stranger, 0, crowd[customer]), u[:, 0])
    usual = shares.pick(crowd, streams("usual_source").random(len(people)))
    source = np.where((u[:, 1] < 0.5) & ~stranger, usual[customer], source)
    ordered = kind == ORDER
    by_mail = ordered & (orders.trigger[order] == CAMPAIGN)
    source = np.where(by_mail, SOURCES.index("campaign"), source)
    own, _ = own_devices(streams, len(people))
    other = np.floor(u[:, 2] * 3).astype(np.int64)
    device = np.where(stranger | (u[:, 3] >= 0.85), other, own[customer])
    device = np.where(ordered, baskets.device[order], device)
    visitor = np.where(stranger, visitor, (device != own[customer]).astype(np.int64))
    signed_in = ordered | (~stranger & (u[:, 4] < 0.9) & (minute >= people.signed_up[customer]))
    os, connection = _equipment(world, streams, people, customer, visitor, device)
    rank = np.arange(len(customer)) - np.searchsorted(customer, np.arange(len(people)))[customer]
    return Visits(customer, visitor, minute, kind, order, signed_in, source, device, os, connection, rank)


def _equipment(world, streams, people, customer, visitor, device):
    """Operating system and connection, fixed per visitor: the skilled have faster lines and rarer systems."""
    u = streams("equipment").random((len(people), 2))
    skill = people["tech_skill"]
    taste = (u[:, 0][customer] + 0.37 * visitor) % 1.0
    expert = (skill == world.code("tech_skill", "professional"))[customer]
    handheld = np.where(taste < np.where(expert, 0.45, 0.6), 0, 1)
    desktop = np.where(taste < np.where(expert, 0.45, 0.75), 2, np.where(taste < np.where(expert, 0.75, 0.96), 3, 4))
    speed = Lookup([[0.10, 0.25, 0.65], [0.45, 0.35, 0.20], [0.20, 0.45, 0.35]])  # expert, beginner, ordinary
    kind = np.where(skill == world.code("tech_skill", "professional"), 0, 2)
    kind = np.where(skill == world.code("tech_skill", "beginner"), 1, kind)
    return np.where(device == 1, desktop, handheld), speed.pick(kind, u[:, 1])[customer]
