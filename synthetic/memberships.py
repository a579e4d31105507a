"""The loyalty programme: who joined, points, tier, friends they brought."""

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, moments, text_ids
from synthetic.baskets import Baskets
from synthetic.people import DAY, People
from synthetic.purchases import Purchases
from synthetic.streams import Streams
from synthetic.world import World

TIERS = ("bronze", "silver", "gold")
SILVER_FROM, GOLD_FROM = 300, 900
"""Points, one for each unit of revenue."""
JOINS = (0.14, 0.84, 0.80)
"""Chance that a buyer joins: neutral, loyal, advocate."""
FRIENDS = (0.03, 0.12, 1.8)
"""Mean number of friends brought: neutral, loyal, advocate."""


def memberships_table(world: World, streams: Streams, people: People, orders: Purchases, baskets: Baskets) -> pa.Table:
    """Return the members; points are earned from the day of joining."""
    end = world.observed_days * DAY
    u = streams("membership").random((len(people), 3))
    attachment = np.maximum(people["attachment"], 0)
    joins = people.buyer & (u[:, 0] < np.array(JOINS)[attachment])
    span = np.maximum(end - 1 - people.birth, 0)
    joined = people.birth + np.floor(np.minimum(u[:, 1] ** 2 * 60 * DAY, span)).astype(np.int64)
    counted = orders.minute >= joined[orders.customer]
    customer = orders.customer[baskets.order]
    own = counted[baskets.order]
    revenue = np.bincount(customer[own], weights=baskets.net[own], minlength=len(people))
    earned = np.floor(revenue + 50.000001).astype(np.int64)
    redeemed = (np.floor(earned * u[:, 2] * np.where(attachment > 0, 0.9, 0.3) / 50) * 50).astype(np.int64)
    referrals = streams("referrals").poisson(np.array(FRIENDS)[attachment])
    who = np.flatnonzero(joins)
    return pa.table({
        "customer_id": text_ids("C", people.number[who]),
        "joined_at": moments(world.shop.first_day, joined[who]),
        "tier": coded(np.digitize(earned[who], (SILVER_FROM, GOLD_FROM)), TIERS),
        "points_earned": pa.array(earned[who]),
        "points_redeemed": pa.array(redeemed[who]),
        "referrals": pa.array(referrals[who]),
    })  # fmt: skip
