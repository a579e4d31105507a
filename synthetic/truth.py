"""What is really so: one row per customer, never part of the shop's tables."""

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, moments, text_ids
from synthetic.baskets import Baskets
from synthetic.people import DAY, People
from synthetic.purchases import OCCASION, Purchases
from synthetic.world import World

GOLDEN_FROM, REGULAR_FROM = 330.0, 75.0
"""Contribution in the shop's currency from the first day to a year after ``as_of``."""
COST_TO_SERVE = 4.0
"""Cost of handling an order."""
TIERS = ("low", "regular", "golden")


def truth_table(world: World, people: People, orders: Purchases, baskets: Baskets) -> pa.Table:
    """Return the planted truth of a block."""
    count, end = len(people), world.observed_days * DAY
    hidden = orders.minute >= end
    net = baskets.net
    future = hidden[baskets.order]
    customer = orders.customer[baskets.order]
    cost = world.products.cost[baskets.product] * (baskets.quantity - baskets.returned)
    contribution = _sum(customer, net - cost, count)
    contribution -= COST_TO_SERVE * np.bincount(orders.customer, minlength=count)
    tier = np.digitize(contribution, (REGULAR_FROM, GOLDEN_FROM))
    gone = (people.buyer) & (orders.left >= 0) & (orders.left < end)
    moved = people.second_persona != people.persona
    words = world.words
    return pa.table({
        "customer_id": text_ids("C", people.number),
        "persona": coded(people.persona, words("persona")),
        "second_persona": coded(np.where(moved, people.second_persona, -1), words("persona")),
        "changed_at": moments(world.shop.first_day, people.switch_day * DAY, ~moved),
        "decision_style": coded(people.decision_style, words("decision_style")),
        "obstacle": coded(people.obstacle, words("obstacle")),
        "incentive": coded(people.incentive, words("incentive")),
        "buying_role": coded(people.buying_role, words("buying_role")),
        "occasion": coded(people.occasion, words("occasion")),
        "rhythm": coded(people.rhythm, words("rhythm")),
        "usage": coded(np.where(people.buyer, people.usage, -1), words("usage")),
        "benefit": coded(people.benefit, words("benefit")),
        "second_benefit": coded(people.second_benefit, words("benefit")),
        "value_tier": coded(tier, TIERS),
        "left_at": moments(world.shop.first_day, np.maximum(orders.left, 0), ~gone),
        "future_orders": pa.array(np.bincount(orders.customer[hidden], minlength=count)),
        "future_revenue": pa.array(np.round(_sum(customer[future], net[future], count), 2)),
        "contribution": pa.array(np.round(contribution, 2)),
        "orders_per_year": pa.array(np.round(365 * people.rate * people.buyer, 4)),
        "leaving_chance": pa.array(np.round(people.leaving, 6)),
        "occasion_orders": pa.array(np.bincount(orders.customer[orders.trigger == OCCASION], minlength=count)),
    })  # fmt: skip


def _sum(group, values, groups):
    """Add up values by group; a float also where there are none."""
    return np.bincount(group, weights=values, minlength=groups).astype(np.float64)
