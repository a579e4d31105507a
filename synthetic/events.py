"""The events of each visit: pages, searches, products viewed, reviews read, carts filled, left behind or ordered.

A visit is a head (pages, searches), one row per product looked at, and a tail (what stood in the way, or the order).
Each row holds up to four kinds of events, each some number of times; ``numpy.repeat`` turns rows into events.
"""

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, seconds, text_ids
from synthetic.baskets import DEVICES, Baskets, Tastes
from synthetic.people import DAY, People
from synthetic.purchases import Purchases
from synthetic.streams import Streams, repeat_index
from synthetic.visits import (
    ADVOCACY,
    BROWSE,
    CART,
    CONNECTIONS,
    ORDER,
    OS,
    RESEARCH,
    SITUATION,
    SOURCES,
    STRANGER,
    Visits,
)  # fmt: skip
from synthetic.world import World

NAMES = (
    "page_viewed", "product_searched", "product_viewed", "review_read", "policy_read", "product_added",
    "checkout_started", "order_completed", "cart_abandoned", "product_reviewed", "product_shared",
)  # fmt: skip
_CODE = {name: code for code, name in enumerate(NAMES)}
HEAD, ITEM, TAIL, END = range(4)
ROWS = np.array(
    [
        [_CODE[name] for name in row]
        for row in (
            ("page_viewed", "product_searched", "page_viewed", "page_viewed"),
            ("product_viewed", "review_read", "product_added", "page_viewed"),
            ("checkout_started", "page_viewed", "policy_read", "product_viewed"),
            ("cart_abandoned", "order_completed", "product_reviewed", "product_shared"),
        )
    ],
    dtype=np.int8,
)
"""The four kinds of events a row of each sort can hold, in the order in which they happen."""
HAS_PRODUCT = np.isin(NAMES, ["product_viewed", "review_read", "product_added", "product_reviewed", "product_shared"])
OBSTACLE_STEPS = {
    "shipping_cost": (1, 1, 0, 0),
    "payment": (1, 0, 0, 0),
    "returns_policy": (0, 0, 1, 0),
    "out_of_stock": (0, 0, 0, 1),
}
"""What the TAIL of an abandoned cart holds: the page with the delivery cost after the checkout began, the checkout
itself (payment), the return policy, or the product again (sold out)."""
OWN_OBSTACLE = 0.8


def events_table(world: World, streams: Streams, people: People, orders: Purchases, baskets: Baskets, visits: Visits):
    """Return the events of a block."""
    visit, copy, bought, product, items = _items(world, streams, people, orders, baskets, visits)
    rows = items + 3
    start = np.cumsum(rows) - rows
    sort = np.full(rows.sum(), ITEM, dtype=np.int8)
    sort[start], sort[start + rows - 2], sort[start + rows - 1] = HEAD, TAIL, END
    counts = np.zeros((len(sort), 4), dtype=np.uint8)
    row_product = np.zeros(len(sort), dtype=np.int16)
    at = start[visit] + 1 + copy
    row_product[at] = product
    counts[at, 0] = 1
    counts[at, 1], counts[at, 2] = _reviews_and_adds(world, streams, people, visits, items, visit, copy, bought)
    counts[start, 0], counts[start, 1] = _head(world, streams, people, visits)
    tail = start + rows - 2
    counts[tail], counts[tail + 1] = _tail(world, streams, people, visits)
    talked = np.flatnonzero(visits.kind == ADVOCACY)
    first_line = np.searchsorted(baskets.order, np.arange(len(orders.customer)))
    row_product[tail + 1] = row_product[tail] = row_product[tail - 1]
    row_product[tail[talked] + 1] = baskets.product[first_line[visits.order[talked]]]
    return _assemble(world, streams, people, visits, rows, sort, counts, row_product)


def _items(world, streams, people, orders, baskets, visits):
    """Return, per product looked at: visit, number in it, whether bought, product; and the number per visit."""
    style = people["decision_style"][visits.customer]
    researcher = style == world.code("decision_style", "researcher")
    stage = people["looker_stage"][visits.customer]
    looker = ~people.buyer[visits.customer]
    unaware = looker & (stage == world.code("looker_stage", "awareness"))
    mean = np.choose(visits.kind, [0.5, 1.0, 0.3, 1.2, 2.0, 0.0, 0.9])
    mean = np.where(researcher & np.isin(visits.kind, (ORDER, RESEARCH, BROWSE)), mean + 1.5, mean)
    mean = np.where(unaware & (visits.kind == BROWSE), 0.04, mean)
    least = np.choose(visits.kind, [0, 1, 0, 0, 1, 0, 0])
    extra = least + streams("views").poisson(mean)
    lines = np.bincount(baskets.order, minlength=len(orders.customer))
    first_line = np.cumsum(lines) - lines
    ordered = visits.kind == ORDER
    from_order = np.where(ordered, lines[visits.order], 0)
    known = (visits.kind == CART) | ((visits.kind == RESEARCH) & (visits.order >= 0))
    from_order = np.where(known, 1, from_order)
    items = extra + from_order
    visit, copy = repeat_index(items)
    bought = copy >= extra[visit]
    u = streams("viewed").random((len(visit), 2))
    customer, day = visits.customer[visit], visits.minute[visit] // DAY
    product = Tastes(world, people, buckets=16).pick(customer, day, u, visits.kind[visit] == SITUATION)
    taken = np.flatnonzero(bought & (visits.order[visit] >= 0))
    line = first_line[visits.order[visit[taken]]] + copy[taken] - extra[visit[taken]]
    product[taken] = baskets.product[line]
    return visit, copy, bought, product, items


def _reviews_and_adds(world, streams, people, visits, items, visit, copy, bought):
    """Reviews are read by researchers and those who trust the crowd; carts hold what is bought or left behind."""
    style = people["decision_style"]
    reads = np.where(style == world.code("decision_style", "researcher"), 0.50, 0.07)
    reads = np.where(style == world.code("decision_style", "social_proof"), 0.42, reads)
    learns = ~people.buyer & (people["looker_stage"] == world.code("looker_stage", "education"))
    reads = np.where(learns, np.maximum(reads, 0.30), reads)
    u = streams("reviews").random(len(visit))
    kind = visits.kind[visit]
    added = bought & ((kind == ORDER) | (kind == CART))
    return u < reads[visits.customer[visit]], added


def _head(world, streams, people, visits):
    """Pages before the first product, and searches: the skilled search, beginners click through pages."""
    u = streams("pages").random((len(visits), 2))
    skill = people["tech_skill"][visits.customer]
    searches = np.where(skill == world.code("tech_skill", "professional"), 0.75, 0.40)
    searches = np.where(skill == world.code("tech_skill", "beginner"), 0.12, searches)
    more = np.where(skill == world.code("tech_skill", "beginner"), 2.6, 1.7)
    return 1 + np.floor(u[:, 0] * more), u[:, 1] < searches


def _tail(world, streams, people, visits):
    """Return the counts of the TAIL and END rows of every visit."""
    tail = np.zeros((len(visits), 4), dtype=np.uint8)
    end = np.zeros((len(visits), 4), dtype=np.uint8)
    u = streams("endings").random((len(visits), 2))
    ordered, cart, talk = (visits.kind == kind for kind in (ORDER, CART, ADVOCACY))
    tail[ordered, 0] = 1
    end[ordered, 1] = 1
    words = world.words("obstacle")
    steps = np.array([OBSTACLE_STEPS.get(word, (1, 0, 0, 0)) for word in words], dtype=np.uint8)
    own = people["obstacle"][visits.customer]
    obstacle = np.where((u[:, 0] < OWN_OBSTACLE) & (own >= 0), own, np.floor(u[:, 1] * len(words)).astype(np.int64))
    tail[cart] = steps[obstacle[cart]]
    end[cart, 0] = 1
    researcher = people["decision_style"][visits.customer] == world.code("decision_style", "researcher")
    curious = np.isin(visits.kind, (RESEARCH, BROWSE, STRANGER)) & (u[:, 0] < np.where(researcher, 0.10, 0.03))
    tail[curious, 2] = 1
    end[talk, 2] = u[talk, 0] < 0.75
    end[talk, 3] = (u[talk, 0] >= 0.75) | (u[talk, 1] < 0.5)
    return tail, end


def _assemble(world, streams, people, visits, rows, sort, counts, row_product):
    """Turn rows into events and give them ids and times."""
    per_row = counts[:, 0] + counts[:, 1] + counts[:, 2] + counts[:, 3]
    per_visit = np.add.reduceat(per_row, np.cumsum(rows) - rows, dtype=np.int64)
    first = np.cumsum(per_visit) - per_visit
    some = np.flatnonzero(counts)
    name = np.repeat(ROWS.ravel()[sort[some >> 2] * 4 + (some & 3)], counts.ravel()[some])
    product = np.where(HAS_PRODUCT[name], np.repeat(row_product, per_row), np.int16(-1))
    gaps = streams("gaps").integers(4, 76, size=len(name), dtype=np.uint8)
    clock = np.cumsum(gaps, dtype=np.int64)
    lasts = clock[first + per_visit - 1] - clock[first]
    begins = visits.minute * 60 - np.where(visits.kind == ORDER, lasts, 0)
    number = people.number[visits.customer]
    customers_first = first[np.flatnonzero(visits.rank == 0)]
    slot = np.cumsum(visits.rank == 0) - 1
    numbering = number * 100_000 + 1 - customers_first[slot]
    origin = np.datetime64(world.shop.first_day, "us").astype(np.int64)

    def spread(values, kind=np.int8):
        return np.repeat(values.astype(kind), per_visit)

    who = np.where(visits.signed_in, visits.customer, -1)
    visit = spread(np.arange(len(visits)), np.int32)
    return pa.table({
        "event_id": text_ids("E", np.repeat(numbering, per_visit) + np.arange(len(name)), 11),
        "session_id": text_ids("S", np.repeat(number * 10_000 + visits.rank + 1, per_visit), 11),
        "customer_id": coded(spread(who, np.int16), text_ids("C", people.number)),
        "visitor_id": coded(visit, text_ids("V", number * 10 + visits.visitor, 7)),
        "happened_at": seconds(origin, clock + np.repeat(begins - clock[first], per_visit)),
        "name": coded(name, NAMES),
        "product_id": coded(product, text_ids("P", 1 + np.arange(len(world.products.name)), 4)),
        "source": coded(spread(visits.source), SOURCES),
        "device": coded(spread(visits.device), DEVICES),
        "os": coded(spread(visits.os), OS),
        "connection": coded(spread(visits.connection), CONNECTIONS),
    })  # fmt: skip
