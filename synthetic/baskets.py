"""What an order holds: lines, prices, discounts, returns, coupon, delivery."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from synthetic.calendar import calendar_of
from synthetic.people import DAY, People, is_waiter
from synthetic.purchases import OCCASION, Purchases
from synthetic.streams import Lookup, Streams, repeat_index
from synthetic.world import World

DEPTHS = np.array([0.10, 0.15, 0.20, 0.25, 0.30, 0.40])
FREE_DELIVERY_FROM, DELIVERY = 75.0, 5.9
CHANNELS = ("web", "app")
DEVICES = ("phone", "desktop", "tablet")


@dataclass
class Baskets:
    """Lines (sorted by order) and what is decided per order.

    Attributes
    ----------
    order : array of int
        Row of the order in Purchases, one entry per line; so are ``line`` (from 1), ``product``, ``quantity``,
        ``unit_price``, ``discount``, ``returned``.
    coupon, buying_for, channel, device : array of int
        Codes per order; coupon -1 for none.
    shipping : array of float
        Delivery fee per order.
    """

    order: np.ndarray
    line: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    unit_price: np.ndarray
    discount: np.ndarray
    returned: np.ndarray
    coupon: np.ndarray
    buying_for: np.ndarray
    channel: np.ndarray
    device: np.ndarray
    shipping: np.ndarray

    @property
    def net(self):
        """Revenue per line, net of discounts and returns."""
        return (self.quantity * self.unit_price - self.discount) * (1 - self.returned / self.quantity)


class Shelf:
    """Which product is chosen from a category by someone who seeks certain benefits."""

    def __init__(self, world: World):
        self.world = world
        products, benefits = world.products, world.words("benefit")
        primary = np.array([benefits.index(word) for word in products.primary])
        secondary = np.array([benefits.index(word) for word in products.secondary])
        tilt = np.array([persona.price_tilt for persona in world.personas])
        members = [np.flatnonzero(products.category == c) for c in range(len(products.categories))]
        self.first = np.array([m[0] for m in members])
        width = max(len(m) for m in members)
        shape = (len(tilt), 2, len(benefits), len(benefits), len(members), width)
        weights = np.zeros(shape)
        for c, own in enumerate(members):
            relative = products.price[own] / products.price[own].mean()
            price = np.exp(tilt[:, None] * np.log(relative))[:, None, None, None, :]
            best = np.stack([1 + 1.5 * products.bestseller[own], 1 + 9.0 * products.bestseller[own]])
            wanted = np.arange(len(benefits))[:, None]
            fit = 1 + 7.0 * (primary[own] == wanted) + 2.0 * (secondary[own] == wanted)
            second_fit = 1 + 2.5 * (primary[own] == wanted) + 0.7 * (secondary[own] == wanted)
            weights[:, :, :, :, c, : len(own)] = (
                price * best[None, :, None, None, :] * fit[None, None, :, None, :] * second_fit[None, None, None, :, :]
            )
        self.shape = shape
        self.lookup = Lookup(weights.reshape(-1, width))

    def pick(self, people: People, persona, customer, category, u):
        """Return product rows for customers (rows of the block), their persona at the time, and category codes."""
        crowd = (people.decision_style[customer] == _style(self.world, "social_proof")).astype(np.int64)
        row = (persona * 2 + crowd) * self.shape[2] + people.benefit[customer]
        row = (row * self.shape[3] + people.second_benefit[customer]) * self.shape[4] + category
        return self.first[category] + self.lookup.pick(row, u)


@lru_cache(maxsize=8)
def shelf_of(world: World) -> Shelf:
    """Return the shelf of a world, made once."""
    return Shelf(world)


def _style(world, word):
    words = world.words("decision_style")
    return words.index(word) if word in words else -1


def persona_at(people: People, customer, day):
    """Return the persona a customer has on a day, and whether it is the second one."""
    second = day >= people.switch_day[customer]
    return np.where(second, people.second_persona[customer], people.persona[customer]), second


class Tastes:
    """Each customer's own shares of the categories as look-up rows: first the mixes, then the second mixes."""

    def __init__(self, people: People):
        self.size = len(people)
        self.lookup = Lookup(np.concatenate([people.mix, people.second_mix]))

    def pick(self, customer, second, u):
        """Return a category code per customer row."""
        return self.lookup.pick(customer + second * self.size, u)


def draw_baskets(world: World, streams: Streams, people: People, orders: Purchases) -> Baskets:
    """Fill the orders of a block."""
    day = orders.minute // DAY
    persona, second = persona_at(people, orders.customer, day)
    mean_lines = np.array([p.lines for p in world.personas])[persona]
    lines = 1 + streams("lines").poisson(mean_lines - 1)
    order, line = repeat_index(lines)
    customer = orders.customer[order]
    u = streams("products").random((len(order), 2))
    category = Tastes(people).pick(customer, second[order], u[:, 0])
    product = shelf_of(world).pick(people, persona[order], customer, category, u[:, 1])
    mean_quantity = np.array([p.quantity for p in world.personas])[persona]
    quantity = 1 + streams("quantity").poisson(mean_quantity[order] - 1)
    coupon = _coupons(world, streams, people, orders)
    unit_price = world.products.price[product]
    discount = _discounts(world, streams, people, day, coupon, order, customer, quantity * unit_price)
    returned = _returns(streams, quantity)
    value = np.bincount(order, weights=quantity * unit_price - discount, minlength=len(day))
    free = (value >= FREE_DELIVERY_FROM) | (coupon == _word(world, "incentive", "free_shipping"))
    channel, device = _channels(streams, people, orders)
    return Baskets(
        order, line + 1, product, quantity, unit_price, discount, returned, coupon,
        _buying_for(world, streams, people, orders), channel, device, np.where(free, 0.0, DELIVERY),
    )  # fmt: skip


def _word(world, axis, word):
    words = world.words(axis)
    return words.index(word) if word in words else -1


def _coupons(world, streams, people, orders):
    """Three in ten orders redeem an offer, mostly the one that moves the customer."""
    u = streams("coupon").random((len(orders.customer), 3))
    own = people.incentive[orders.customer]
    other = np.floor(u[:, 2] * len(world.words("incentive"))).astype(np.int64)
    return np.where(u[:, 0] < 0.30, np.where(u[:, 1] < 0.85, own, other), -1)


def _discounts(world, streams, people, day, coupon, order, customer, amount):
    """Money off a line: rare outside the sales, except for those who wait for one."""
    u = streams("discount").random((len(order), 2))
    on_sale = calendar_of(world).on_sale[day[order]]
    waiter = is_waiter(world, people.decision_style)[customer] == 1
    chance = np.where(waiter, np.where(on_sale, 0.92, 0.60), np.where(on_sale, 0.28, 0.06))
    depth = DEPTHS[np.floor(u[:, 1] * len(DEPTHS)).astype(np.int64)]
    coded = coupon[order] == _word(world, "incentive", "discount")
    share = np.where(u[:, 0] < chance, depth, np.where(coded, 0.10, 0.0))
    return np.round(amount * share, 2)


def _returns(streams, quantity):
    u = streams("return").random((len(quantity), 2))
    returned = 1 + np.floor(u[:, 1] * quantity).astype(np.int64)
    return np.where(u[:, 0] < 0.06, np.minimum(returned, quantity), 0)


def _buying_for(world, streams, people, orders):
    """Mostly the customer's usual role; occasions other than sales turn many orders into presents."""
    roles = world.words("buying_role")
    u = streams("buying_for").random((len(orders.customer), 2))
    usual = people.buying_role[orders.customer]
    other = np.floor(u[:, 1] * min(3, len(roles))).astype(np.int64)
    return np.where(u[:, 0] < np.where(orders.trigger == OCCASION, 0.78, 0.86), usual, other)


def _channels(streams, people, orders):
    taste = streams("device_taste").random((len(people), 2))
    u = streams("device").random((len(orders.customer), 3))
    own = np.where(taste[:, 0] < 0.58, 0, np.where(taste[:, 0] < 0.93, 1, 2))[orders.customer]
    other = np.floor(u[:, 1] * len(DEVICES)).astype(np.int64)
    device = np.where(u[:, 0] < 0.85, own, other)
    app = (device != 1) & (u[:, 2] < np.where(taste[:, 1] < 0.4, 0.8, 0.08)[orders.customer])
    return app.astype(np.int64), device
