"""The tables of one block: what the shop sees up to ``as_of``, and the truth behind it."""

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, moments, text_ids
from synthetic.baskets import CHANNELS, DEVICES, Baskets, draw_baskets
from synthetic.people import DAY, People, draw_people
from synthetic.profile import customers_table
from synthetic.purchases import Purchases, draw_purchases
from synthetic.streams import Streams
from synthetic.truth import truth_table
from synthetic.world import World

PURPOSES = ("email", "ads", "analytics")
CONSENT = (0.72, 0.48, 0.81)
TABLES = ("customers", "products", "orders", "order_lines", "consents")


def block_tables(world: World, seed: int, block: int, count: int) -> dict[str, pa.Table]:
    """Return all tables of the first ``count`` customers of a block; a pure function of its arguments."""
    streams = Streams(seed, block)
    people = draw_people(world, streams, count)
    orders = draw_purchases(world, streams, people)
    baskets = draw_baskets(world, streams, people, orders)
    return {
        "customers": customers_table(world, streams, people),
        "orders": orders_table(world, people, orders, baskets),
        "order_lines": lines_table(world, people, orders, baskets),
        "consents": consents_table(world, streams, people),
        "truth": truth_table(world, people, orders, baskets),
    }


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


def observed(world: World, orders: Purchases) -> np.ndarray:
    """Return which orders the shop has seen by ``as_of``."""
    return orders.minute < world.observed_days * DAY


def orders_table(world: World, people: People, orders: Purchases, baskets: Baskets) -> pa.Table:
    """Return the orders up to ``as_of``."""
    seen = np.flatnonzero(observed(world, orders))
    return pa.table({
        "order_id": text_ids("O", order_numbers(people, orders)[seen], 9),
        "customer_id": coded(orders.customer[seen], text_ids("C", people.number)),
        "ordered_at": moments(world.shop.first_day, orders.minute[seen]),
        "channel": coded(baskets.channel[seen], CHANNELS),
        "device": coded(baskets.device[seen], DEVICES),
        "coupon": coded(baskets.coupon[seen], world.words("incentive")),
        "shipping_fee": pa.array(baskets.shipping[seen]),
        "buying_for": coded(baskets.buying_for[seen], world.words("buying_role")),
        "currency": coded(np.zeros(len(seen), int), ["USD"]),
    })  # fmt: skip


def lines_table(world: World, people: People, orders: Purchases, baskets: Baskets) -> pa.Table:
    """Return the lines of the orders up to ``as_of``."""
    seen = np.flatnonzero(observed(world, orders)[baskets.order])
    ids = text_ids("O", order_numbers(people, orders), 9)
    return pa.table({
        "order_id": coded(baskets.order[seen], ids),
        "line": pa.array(baskets.line[seen]),
        "product_id": coded(baskets.product[seen], product_ids(world)),
        "quantity": pa.array(baskets.quantity[seen]),
        "unit_price": pa.array(baskets.unit_price[seen]),
        "discount": pa.array(baskets.discount[seen]),
        "returned_quantity": pa.array(baskets.returned[seen]),
    })  # fmt: skip


def consents_table(world: World, streams: Streams, people: People) -> pa.Table:
    """Return what each customer allows: one row per customer and purpose."""
    u = streams("consents").random((len(people), len(PURPOSES), 2))
    granted = u[:, :, 0] < np.array(CONSENT)
    span = world.observed_days * DAY - 1 - people.signed_up
    changed = np.where(u[:, :, 1] < 0.85, 0, np.floor((u[:, :, 1] - 0.85) / 0.15 * span[:, None])).astype(np.int64)
    return pa.table({
        "customer_id": coded(np.repeat(np.arange(len(people)), len(PURPOSES)), text_ids("C", people.number)),
        "purpose": coded(np.tile(np.arange(len(PURPOSES)), len(people)), PURPOSES),
        "granted": pa.array(granted.ravel()),
        "changed_at": moments(world.shop.first_day, (people.signed_up[:, None] + changed).ravel()),
    })  # fmt: skip
