"""What is really so: one row per customer, never part of the shop's tables."""

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, moments, text_ids
from synthetic.homes import CLIMATE_CODE, CLIMATES
from synthetic.people import DAY, People
from synthetic.purchases import ANNIVERSARY, CAMPAIGN, OCCASION, SITUATION
from synthetic.world import World

GOLDEN_FROM, REGULAR_FROM = 600.0, 110.0
"""Contribution in the shop's currency from the first day to a year after ``as_of``."""
COST_TO_SERVE = 4.0
"""Cost of handling an order."""
TIERS = ("low", "regular", "golden")
LOYALTY = ("new", "one_time", "repeat", "loyal", "advocate", "lapsed")
STAGES = ("awareness", "education", "consideration", "purchase", "adoption", "advocacy")
NEW_DAYS = 90


def truth_table(world: World, people: People, past, future) -> pa.Table:
    """Return the planted truth of a block.

    Parameters
    ----------
    world : World
    people : People
    past, future : pair of Purchases and Baskets
        What was bought up to ``as_of``, and in the year after.
    """
    count, end, first_day = len(people), world.observed_days * DAY, world.shop.first_day
    (orders, _), (later, later_baskets) = past, future
    bought = np.bincount(orders.customer, minlength=count)
    contribution = sum(_contribution(world, *lot, count) for lot in (past, future))
    gone = people.buyer & (orders.left >= 0) & (orders.left < end)
    moved = people.second_persona != people.persona
    open_now = (people.opened < world.observed_days) & (people.closes >= world.observed_days - 1)
    open_now &= people["situation"] != world.code("situation", "none")
    situation = np.where(open_now, people["situation"], world.code("situation", "none"))
    axes = {axis: coded(people[axis], world.words(axis)) for axis in _AS_DRAWN}
    buyers = np.where(people.buyer, 0, -1)
    climate = CLIMATE_CODE[people.home] if world.shop.climate_favours else np.full(count, -1)
    return pa.table({
        "customer_id": text_ids("C", people.number),
        "persona": coded(people.persona, world.words("persona")),
        "second_persona": coded(np.where(moved, people.second_persona, -1), world.words("persona")),
        "changed_at": moments(first_day, people.switch_day * DAY, ~moved),
        **axes,
        "second_benefit": coded(people.second_benefit, world.words("benefit")),
        "usage": coded(np.where(people.buyer, people["usage"], -1), world.words("usage")),
        "loyalty_state": coded(np.where(people.buyer, _loyalty(world, people, bought, gone), -1), LOYALTY),
        "stage": coded(_stage(world, people, bought), STAGES),
        "value_tier": coded(np.digitize(contribution, (REGULAR_FROM, GOLDEN_FROM)) + buyers * 3, TIERS),
        "climate": coded(climate, CLIMATES),
        "anniversary": _days_of_year(people.anniversary),
        "situation": coded(situation, world.words("situation")),
        "situation_opened_at": moments(first_day, people.opened * DAY, ~open_now),
        "situation_closes_at": moments(first_day, (people.closes + 1) * DAY, ~open_now),
        "left_at": moments(first_day, np.maximum(orders.left, 0), ~gone),
        "future_orders": pa.array(np.bincount(later.customer, minlength=count)),
        "future_revenue": pa.array(np.round(_sum(later.customer[later_baskets.order], later_baskets.net, count), 2)),
        "contribution": pa.array(np.round(contribution, 2)),
        "orders_per_year": pa.array(np.round(365 * people.rate * people.buyer, 4)),
        "leaving_chance": pa.array(np.round(people.leaving, 6)),
        "occasion_orders": _orders_because(orders, OCCASION, count),
        "campaign_orders": _orders_because(orders, CAMPAIGN, count),
        "anniversary_orders": _orders_because(orders, ANNIVERSARY, count),
        "situation_orders": _orders_because(orders, SITUATION, count),
    })  # fmt: skip


_AS_DRAWN = (
    "decision_style", "obstacle", "incentive", "buying_role", "occasion", "rhythm", "benefit", "attachment",
    "lifestyle", "need", "tech_skill", "campaign_response",
)  # fmt: skip


def _days_of_year(days):
    """Return days as month-day texts such as 06-24."""
    names = (np.datetime64("2025-01-01") + np.arange(365)).astype(str)
    return coded(days, [name[5:] for name in names.tolist()])


def _sum(group, values, groups):
    """Add up values by group; a float also where there are none."""
    return np.bincount(group, weights=values, minlength=groups).astype(np.float64)


def _orders_because(orders, trigger, count):
    return pa.array(np.bincount(orders.customer[orders.trigger == trigger], minlength=count))


def _contribution(world, orders, baskets, count):
    """Revenue less cost of goods and cost to serve, per customer."""
    cost = world.products.cost[baskets.product] * (baskets.quantity - baskets.returned)
    customer = orders.customer[baskets.order]
    served = COST_TO_SERVE * np.bincount(orders.customer, minlength=count)
    return _sum(customer, baskets.net - cost, count) - served


def _loyalty(world, people, bought, gone):
    """Where a buyer stands: the first that holds of new, one order, gone, advocate, loyal, repeat."""
    attachment = people["attachment"]
    recent = people.birth // DAY >= world.observed_days - NEW_DAYS
    conditions = [
        recent,
        bought == 1,
        gone,
        attachment == world.code("attachment", "advocate"),
        attachment == world.code("attachment", "loyal"),
    ]
    choices = [LOYALTY.index(word) for word in ("new", "one_time", "lapsed", "advocate", "loyal")]
    return np.select(conditions, choices, LOYALTY.index("repeat"))


def _stage(world, people, bought):
    """How far a customer has come by ``as_of``: those who only look have a planted stage, buyers get on by buying."""
    looking = {code: STAGES.index(word) for code, word in enumerate(world.words("looker_stage")) if word in STAGES}
    planted = np.array([looking.get(code, 0) for code in range(len(world.words("looker_stage")))])
    stage = np.where(bought >= 2, STAGES.index("adoption"), STAGES.index("purchase"))
    advocate = people["attachment"] == world.code("attachment", "advocate")
    stage = np.where(advocate, STAGES.index("advocacy"), stage)
    return np.where(people.buyer, stage, planted[people["looker_stage"]])
