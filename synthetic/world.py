"""A world: the shop, its products and its personas, laid out as arrays once. ``worldfiles`` reads it."""

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np

from synthetic.personas import Persona, Season

AXES = (
    "benefit", "decision_style", "obstacle", "incentive", "buying_role", "occasion", "rhythm", "usage", "attachment",
    "looker_stage", "lifestyle", "need", "situation", "tech_skill", "campaign_response",
)  # fmt: skip
"""Axes of truth drawn with weights from shop.toml, or from the persona where it says otherwise."""

FORMAT = 1
"""Raised whenever the same seed and world give other customers than before."""

LOCALES = ("en_US", "fa_IR", "zh_TW")


@dataclass(frozen=True)
class UsageClass:
    """How often customers of one usage class buy and how soon they leave.

    Parameters
    ----------
    r, alpha : float
        Purchases per day follow gamma(shape r, rate alpha); the mean is r / alpha per day.
    a, b : float
        The chance to leave after an order follows beta(a, b).
    favours : dict
        Factors on the weights of categories.
    """

    r: float
    alpha: float
    a: float
    b: float
    favours: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Shop:
    """What shop.toml holds: dates, shares, usage classes, tastes by climate, weights of each axis of truth."""

    first_day: dt.date
    as_of: dt.date
    last_day: dt.date
    buyers: float
    campaign_days: int
    holdout: float
    usage_class: dict
    situation_categories: dict
    axes: dict
    climate_favours: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Products:
    """The catalogue as columns of equal length, one entry per product."""

    categories: tuple[str, ...]
    name: tuple[str, ...]
    category: np.ndarray
    price: np.ndarray
    cost: np.ndarray
    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    bestseller: np.ndarray


@dataclass(frozen=True, eq=False)
class World:
    """Everything that is fixed before the first customer is drawn.

    Parameters
    ----------
    shop : Shop
    personas : tuple of Persona
    products : Products
    overlap : float
        0 to 1, pulls the personas' category weights towards the shop's average.
    kappa : float
        How alike two people of a persona shop: concentration of a Dirichlet distribution, above 0.
    migrate : float
        Share of customers who change to a second persona at some time.
    guests : float
        Strangers who look around and never sign up, per customer; their visits are in the events without a customer.
    locales : tuple of float
        Shares of en_US, fa_IR and zh_TW.
    shock : datetime.date, optional
        From this day on demand is multiplied by ``shock_factor``.
    flat : bool
        No season, no weekday, no occasion: for checking estimators against planted parameters.
    leaves_after_first : bool
        True plants MBG/NBD; False plants BG/NBD, where nobody leaves after the first order.
    absent : tuple of str
        Axes of truth that do not exist in this world; they are null in the truth and move nothing.
    """

    shop: Shop
    personas: tuple[Persona, ...]
    products: Products
    overlap: float = 0.05
    kappa: float = 15.0
    migrate: float = 0.08
    guests: float = 0.6
    locales: tuple[float, ...] = (0.70, 0.20, 0.10)
    shock: dt.date | None = None
    shock_factor: float = 0.6
    flat: bool = False
    leaves_after_first: bool = True
    absent: tuple[str, ...] = ()

    @cached_property
    def days(self) -> int:
        """Days from the first to the last simulated day, both included."""
        return (self.shop.last_day - self.shop.first_day).days + 1

    @cached_property
    def observed_days(self) -> int:
        """Days from the first day to ``as_of``, both included; what comes later is hidden from the tables."""
        return (self.shop.as_of - self.shop.first_day).days + 1

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Axes on which everybody is alike: absent ones, and those where all have the same word."""
        return tuple(axis for axis in AXES if axis in self.absent or (self.weights(axis) > 0).any(axis=0).sum() == 1)

    def words(self, axis: str) -> tuple[str, ...]:
        """Return the values an axis can take."""
        if axis == "persona":
            return tuple(persona.name for persona in self.personas)
        return tuple(self.shop.axes[axis])

    def code(self, axis: str, word: str) -> int:
        """Return the place of a word among the values of an axis; -2, which no customer has, if it is not there."""
        words = self.words(axis)
        return words.index(word) if word in words else -2

    def weights(self, axis: str) -> np.ndarray:
        """Return the weights of an axis: one row per persona, one column per word."""
        own = self.shop.axes[axis]
        rows = [persona.axes.get(axis, own) for persona in self.personas]
        return np.array([[row.get(word, 0.0) for word in own] for row in rows], dtype=np.float64)

    def of_personas(self, read) -> np.ndarray:
        """Return one number per persona, read by a function."""
        return np.array([read(persona) for persona in self.personas], dtype=np.float64)

    @cached_property
    def shares(self) -> np.ndarray:
        """Share of each persona among the customers."""
        shares = self.of_personas(lambda persona: persona.share)
        return shares / shares.sum()

    @cached_property
    def category_mix(self) -> np.ndarray:
        """Share of each category in what a persona buys, after ``overlap``: personas × categories."""
        rows = [[p.categories.get(name, 0.0) for name in self.products.categories] for p in self.personas]
        mix = np.array(rows, dtype=np.float64)
        mix /= mix.sum(axis=1, keepdims=True)
        average = (self.shares[:, None] * mix).sum(axis=0)
        return (1 - self.overlap) * mix + self.overlap * average

    @cached_property
    def favours(self) -> np.ndarray:
        """Factors on the category weights: usage classes × categories."""
        classes = [self.shop.usage_class[word] for word in self.words("usage")]
        return np.array([[u.favours.get(name, 1.0) for name in self.products.categories] for u in classes])

    @cached_property
    def usage_parameters(self) -> np.ndarray:
        """Columns r, alpha, a, b; one row per usage class."""
        classes = (self.shop.usage_class[word] for word in self.words("usage"))
        return np.array([[u.r, u.alpha, u.a, u.b] for u in classes])


@lru_cache(maxsize=8)
def without_structure(world: World) -> World:
    """Return the same shop with one persona: average tastes, one usage class, and no other axis of truth."""
    shop = world.shop
    mix = (world.shares[:, None] * world.category_mix).sum(axis=0)
    months = (world.shares[:, None] * np.array([p.season.months for p in world.personas])).sum(axis=0)
    average = Persona(
        name="everyone",
        text="The average of all personas.",
        share=1.0,
        categories=dict(zip(world.products.categories, mix.tolist(), strict=True)),
        lines=float((world.shares * world.of_personas(lambda p: p.lines)).sum()),
        quantity=float((world.shares * world.of_personas(lambda p: p.quantity)).sum()),
        season=Season(tuple(months.tolist())),
        axes={"usage": {"medium": 1}, "occasion": {"none": 1}, "rhythm": {"none": 1}, "situation": {"none": 1}},
    )
    classes = dict(shop.usage_class, medium=UsageClass(r=0.6, alpha=105, a=0.9, b=2.6))
    kept = ("usage", "occasion", "rhythm", "situation", "looker_stage")
    return replace(
        world,
        shop=replace(shop, usage_class=classes, climate_favours={}),
        personas=(average,),
        migrate=0.0,
        overlap=0.0,
        absent=tuple(axis for axis in AXES if axis not in kept),
    )


def flat_world(world: World, usage: UsageClass) -> World:
    """Return a world without season or occasion, where everybody buys by one MBG/NBD model and joins on day one.

    It exists to check estimators: fitted to its orders, they must find the parameters that were planted.
    """
    plain = without_structure(world)
    shop = replace(plain.shop, usage_class=dict(plain.shop.usage_class, medium=usage), buyers=1.0)
    return replace(plain, shop=shop, flat=True)
