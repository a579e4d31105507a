"""The tables of one block: what the shop sees up to ``as_of``, and the truth behind it."""

import numpy as np
import pyarrow as pa

from synthetic.answers import answers_table
from synthetic.arrow import coded, moments, text_ids
from synthetic.baskets import CHANNELS, DEVICES, Baskets, draw_baskets
from synthetic.campaigns import campaigns_table, draw_contacts, holdouts_table, messages_table
from synthetic.consents import consents_table, draw_consents
from synthetic.events import events_table
from synthetic.memberships import memberships_table
from synthetic.people import DAY, People, draw_people
from synthetic.profile import customers_table
from synthetic.purchases import Purchases, draw_purchases
from synthetic.streams import Streams
from synthetic.traffic import count_visits
from synthetic.truth import truth_table
from synthetic.visits import draw_visits
from synthetic.world import World

TABLES = (
    "customers", "products", "orders", "order_lines", "events", "messages", "campaigns", "holdouts", "answers",
    "memberships", "consents", "traffic", "truth",
)  # fmt: skip
"""Every table there is; ``products`` and ``campaigns`` are the same for all blocks, ``traffic`` is counted over all."""
SHARED = ("products", "campaigns")


def block_tables(world: World, seed: int, block: int, count: int, names=TABLES) -> dict:
    """Return tables of the first ``count`` customers of a block; a pure function of its arguments.

    Parameters
    ----------
    world : World
    seed, block, count : int
    names : collection of str
        The tables wanted; leaving some out changes no other.

    Returns
    -------
    dict
        Name to pyarrow.Table; ``traffic`` is an array of counts, to be added up over the blocks.
    """
    streams = Streams(seed, block)
    people = draw_people(world, streams, count)
    consents = draw_consents(world, streams, people)
    contacts = None if world.flat else draw_contacts(world, streams, people, consents)
    orders, future = draw_purchases(world, streams, people, contacts).split(world.observed_days * DAY)
    baskets = draw_baskets(world, streams, people, orders)
    visits = None
    if "events" in names or "traffic" in names:
        visits = draw_visits(world, streams, people, orders, baskets)
    makers = {
        "customers": lambda: customers_table(world, streams, people),
        "orders": lambda: orders_table(world, people, orders, baskets),
        "order_lines": lambda: lines_table(world, people, orders, baskets),
        "events": lambda: events_table(world, streams, people, orders, baskets, visits),
        "messages": lambda: messages_table(world, streams, people, contacts, orders.left),
        "holdouts": lambda: holdouts_table(world, people, contacts),
        "answers": lambda: answers_table(world, streams, people, orders),
        "memberships": lambda: memberships_table(world, streams, people, orders, baskets),
        "consents": lambda: consents_table(world, people, consents),
        "traffic": lambda: count_visits(world, people, visits),
        "truth": lambda: _truth(world, streams, people, (orders, baskets), future),
    }
    return {name: make() for name, make in makers.items() if name in names}


def _truth(world, streams, people, past, future):
    """Return the truth. What is bought after ``as_of`` is drawn here, from streams of its own, and shown nowhere."""
    return truth_table(world, people, past, (future, draw_baskets(world, streams, people, future, "future_")))


def shared_tables(world: World, names=TABLES) -> dict[str, pa.Table]:
    """Return the tables that do not depend on the customers."""
    makers = {"products": products_table, "campaigns": campaigns_table}
    return {name: make(world) for name, make in makers.items() if name in names}


def products_table(world: World) -> pa.Table:
    """Return the catalogue."""
    products = world.products
    return pa.table({
        "product_id": product_ids(world),
        "name": pa.array(products.name),
        "category": coded(products.category, products.categories),
        "list_price": pa.array(products.price),
        "unit_cost": pa.array(products.cost),
        "primary_benefit": pa.array(products.primary),
        "secondary_benefit": pa.array(products.secondary),
        "is_bestseller": pa.array(products.bestseller),
    })  # fmt: skip


def product_ids(world: World) -> pa.Array:
    """Return the ids of the catalogue's products in its order."""
    return text_ids("P", 1 + np.arange(len(world.products.name)), 4)


def order_numbers(people: People, orders: Purchases) -> np.ndarray:
    """Number orders by customer and rank, so that no order's number depends on another customer."""
    return people.number[orders.customer] * 1000 + orders.rank + 1


def orders_table(world: World, people: People, orders: Purchases, baskets: Baskets) -> pa.Table:
    """Return the orders."""
    return pa.table({
        "order_id": text_ids("O", order_numbers(people, orders), 9),
        "customer_id": text_ids("C", people.number[orders.customer]),
        "ordered_at": moments(world.shop.first_day, orders.minute),
        "channel": coded(baskets.channel, CHANNELS),
        "device": coded(baskets.device, DEVICES),
        "coupon": coded(baskets.coupon, world.words("incentive")),
        "shipping_fee": pa.array(baskets.shipping),
        "buying_for": coded(baskets.buying_for, world.words("buying_role")),
        "currency": coded(np.zeros(len(orders), int), ["USD"]),
    })  # fmt: skip


def lines_table(world: World, people: People, orders: Purchases, baskets: Baskets) -> pa.Table:
    """Return the lines of the orders."""
    return pa.table({
        "order_id": text_ids("O", order_numbers(people, orders)[baskets.order], 9),
        "line": pa.array(baskets.line),
        "product_id": coded(baskets.product, product_ids(world)),
        "quantity": pa.array(baskets.quantity),
        "unit_price": pa.array(baskets.unit_price),
        "discount": pa.array(baskets.discount),
        "returned_quantity": pa.array(baskets.returned),
    })  # fmt: skip
