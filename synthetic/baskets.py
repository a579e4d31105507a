"""What an order holds: lines, prices, discounts, returns, coupon, delivery."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from synthetic.calendar import calendar_of
from synthetic.campaigns import campaign_days, campaign_incentives
from synthetic.people import DAY, People, is_waiter, persona_at
from synthetic.purchases import ANNIVERSARY, CAMPAIGN, OCCASION, SITUATION, Purchases
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


class Tastes:
    """Which category and product a customer of the block chooses.

    A category comes from the customer's own mix (the second one after a change of persona) or from what a situation in
    life asks for; a product of it by price, benefit sought and, for the social-proof buyers, by being a bestseller.
    """

    def __init__(self, world: World, people: People, buckets=0):
        self.world, self.people, self.shelf = world, people, shelf_of(world)
        self.mixes = Lookup(people.mix, buckets)
        self.crowd = (people["decision_style"] == world.code("decision_style", "social_proof")).astype(np.int64)
        names = world.words("situation")
        wanted = [world.shop.situation_categories.get(name, ()) for name in names]
        self.situations = Lookup([[c in w if w else 1 for c in world.products.categories] for w in wanted])

    def pick(self, customer, day, u, in_situation=None):
        """Return products for customers (rows of the block) on days.

        Parameters
        ----------
        customer, day : array of int
        u : array of shape (n, 2)
            Uniform numbers.
        in_situation : array of bool, optional
            Where to choose for the customer's situation.
        """
        persona, second = persona_at(self.people, customer, day)
        row = np.where(second, self.people.second_row[customer], customer)
        category = self.mixes.pick(row, u[:, 0])
        if in_situation is not None:
            there = np.flatnonzero(in_situation)
            category[there] = self.situations.pick(self.people["situation"][customer[there]], u[there, 0])
        benefit, second_benefit = self.people["benefit"][customer], self.people.second_benefit[customer]
        return self.shelf.pick(persona, self.crowd[customer], benefit, second_benefit, category, u[:, 1])


class Shelf:
    """The chance of each product within its category, by persona, social proof, and first and second benefit."""

    def __init__(self, world: World):
        products, words = world.products, world.words("benefit")
        primary = np.array([words.index(word) for word in products.primary])
        secondary = np.array([words.index(word) for word in products.secondary])
        tilt = world.of_personas(lambda persona: persona.price_tilt)
        members = [np.flatnonzero(products.category == c) for c in range(len(products.categories))]
        self.first = np.array([own[0] for own in members])
        self.benefits = len(words) + 1  # the last stands for none
        width = max(len(own) for own in members)
        weights = np.zeros((len(tilt), 2, self.benefits, self.benefits, len(members), width))
        wanted = np.arange(self.benefits)[:, None]
        for c, own in enumerate(members):
            relative = products.price[own] / products.price[own].mean()
            price = np.exp(tilt[:, None] * np.log(relative))[:, None, None, None, :]
            popular = np.stack([1 + 1.5 * products.bestseller[own], 1 + 9.0 * products.bestseller[own]])
            fit = 1 + 10.0 * (primary[own] == wanted) + 2.5 * (secondary[own] == wanted)
            next_fit = 1 + 3.5 * (primary[own] == wanted) + 1.0 * (secondary[own] == wanted)
            shares = price * popular[None, :, None, None, :] * fit[None, None, :, None, :] * next_fit
            weights[:, :, :, :, c, : len(own)] = shares
        self.categories = len(members)
        self.lookup = Lookup(weights.reshape(-1, width), buckets=8)

    def pick(self, persona, crowd, benefit, second_benefit, category, u):
        """Return product rows; a benefit of -1 is none."""
        row = (persona * 2 + crowd) * self.benefits + benefit % self.benefits
        row = (row * self.benefits + second_benefit % self.benefits) * self.categories + category
        return self.first[category] + self.lookup.pick(row, u)


@lru_cache(maxsize=8)
def shelf_of(world: World) -> Shelf:
    """Return the shelf of a world, made once."""
    return Shelf(world)


def draw_baskets(world: World, streams: Streams, people: People, orders: Purchases, prefix: str = "") -> Baskets:
    """Fill orders of a block; ``prefix`` tells the streams of one lot of orders from another's."""

    def lot(site):
        return streams(prefix + site)

    day = orders.minute // DAY
    persona, _ = persona_at(people, orders.customer, day)
    lines = 1 + lot("lines").poisson(world.of_personas(lambda p: p.lines)[persona] - 1)
    order, line = repeat_index(lines)
    customer = orders.customer[order]
    product = Tastes(world, people).pick(
        customer, day[order], lot("products").random((len(order), 2)), orders.trigger[order] == SITUATION
    )
    more = world.of_personas(lambda p: p.quantity)[persona] - 1
    quantity = 1 + lot("quantity").poisson(more[order])
    coupon = _coupons(world, lot, people, orders, day)
    unit_price = world.products.price[product]
    discount = _discounts(world, lot, people, day, coupon, order, customer, quantity * unit_price)
    value = np.bincount(order, weights=quantity * unit_price - discount, minlength=len(day))
    free = (value >= FREE_DELIVERY_FROM) | (coupon == world.code("incentive", "free_shipping"))
    channel, device = _channels(streams, lot, people, orders)
    return Baskets(
        order, line + 1, product, quantity, unit_price, discount, _returns(lot, quantity), coupon,
        _buying_for(world, lot, people, orders), channel, device, np.where(free, 0.0, DELIVERY),
    )  # fmt: skip


def _coupons(world, lot, people, orders, day):
    """Four in ten orders redeem an offer, mostly the one that moves the customer; campaign orders redeem its offer."""
    u = lot("coupon").random((len(orders.customer), 3))
    own = people["incentive"][orders.customer]
    other = np.floor(u[:, 2] * len(world.words("incentive"))).astype(np.int64)
    chosen = np.where((u[:, 1] < 0.88) & (own >= 0), own, other)
    campaign = np.maximum(np.searchsorted(campaign_days(world), day, side="right") - 1, 0)
    offered = campaign_incentives(world)[campaign]
    by_campaign = (orders.trigger == CAMPAIGN) & (offered == own)
    return np.where(by_campaign, offered, np.where(u[:, 0] < 0.40, chosen, -1))


def _discounts(world, lot, people, day, coupon, order, customer, amount):
    """Money off a line: rare outside the sales, except for those who wait for one."""
    u = lot("discount").random((len(order), 2))
    on_sale = calendar_of(world).on_sale[day[order]]
    waiter = is_waiter(world, people)[customer] == 1
    chance = np.where(waiter, np.where(on_sale, 0.92, 0.60), np.where(on_sale, 0.22, 0.04))
    depth = DEPTHS[np.floor(u[:, 1] * len(DEPTHS)).astype(np.int64)]
    coded = coupon[order] == world.code("incentive", "discount")
    share = np.where(u[:, 0] < chance, depth, np.where(coded, 0.10, 0.0))
    return np.round(amount * share, 2)


def _returns(lot, quantity):
    u = lot("return").random((len(quantity), 2))
    returned = 1 + np.floor(u[:, 1] * quantity).astype(np.int64)
    return np.where(u[:, 0] < 0.06, np.minimum(returned, quantity), 0)


def _buying_for(world, lot, people, orders):
    """Mostly the customer's usual role; occasions other than sales turn many orders into presents."""
    roles = world.words("buying_role")
    u = lot("buying_for").random((len(orders.customer), 2))
    usual = people["buying_role"][orders.customer]
    other = np.floor(u[:, 1] * min(3, len(roles))).astype(np.int64)
    keeps = u[:, 0] < np.where(orders.trigger == OCCASION, 0.78, 0.86)
    chosen = np.where(keeps & (usual >= 0), usual, other)
    return np.where(orders.trigger == ANNIVERSARY, max(world.code("buying_role", "gift"), 0), chosen)


def _channels(streams, lot, people, orders):
    u = lot("device").random((len(orders.customer), 3))
    own, likes_app = own_devices(streams, len(people))
    other = np.floor(u[:, 1] * len(DEVICES)).astype(np.int64)
    device = np.where(u[:, 0] < 0.85, own[orders.customer], other)
    app = (device != 1) & (u[:, 2] < np.where(likes_app, 0.8, 0.08)[orders.customer])
    return app.astype(np.int64), device


def own_devices(streams, count):
    """Return each customer's usual device and whether they like the app."""
    u = streams("device_taste").random((count, 2))
    return np.where(u[:, 0] < 0.58, 0, np.where(u[:, 0] < 0.93, 1, 2)), u[:, 1] < 0.4
