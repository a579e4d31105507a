"""All visits per day, source and device, known and unknown: what a shop's counter shows, without people."""

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, moments
from synthetic.baskets import DEVICES
from synthetic.calendar import calendar_of
from synthetic.people import DAY
from synthetic.streams import Streams
from synthetic.visits import SOURCE_SHARES, SOURCES, Visits
from synthetic.world import World

UNKNOWN = 0.15
"""Visits per day and customer of people who leave no trace in the events, on an average day."""
DEVICE_SHARES = (0.62, 0.32, 0.06)
RETURNING = 0.12
"""Share of the unknown visits that come from a browser already seen on that day."""


def count_visits(world: World, people, visits: Visits) -> np.ndarray:
    """Return visits and visitors of a block: 2 × days × sources × devices."""
    shape = (world.observed_days, len(SOURCES), len(DEVICES))
    cell = np.ravel_multi_index((visits.minute // DAY, visits.source, visits.device), shape)
    size = int(np.prod(shape))
    who = people.number[visits.customer] * 10 + visits.visitor
    seen = np.sort(cell * 2**40 + who)
    different = seen[np.append(True, seen[1:] != seen[:-1])[: len(seen)]] >> 40
    counts = [np.bincount(cell, minlength=size), np.bincount(different, minlength=size)]
    return np.stack(counts).reshape(2, *shape)


def traffic_table(world: World, seed: int, customers: int, known: np.ndarray) -> pa.Table:
    """Add the unknown visits to the known ones and return the table, without empty rows."""
    calendar = calendar_of(world)
    season = (calendar.own_season() * calendar.demand)[: world.observed_days]
    mean = UNKNOWN * customers * season[:, None, None] * np.array(SOURCE_SHARES)[:, None] * np.array(DEVICE_SHARES)
    unknown = Streams(seed, 0)("traffic").poisson(mean)
    visits = known[0] + unknown
    visitors = known[1] + unknown - np.floor(RETURNING * unknown).astype(np.int64)
    day, source, device = np.nonzero(visits)
    return pa.table({
        "day": moments(world.shop.first_day, day * DAY),
        "source": coded(source, SOURCES),
        "device": coded(device, DEVICES),
        "visits": pa.array(visits[day, source, device]),
        "visitors": pa.array(visitors[day, source, device]),
    })  # fmt: skip
