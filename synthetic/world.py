"""A world: the shop, its products and its personas, checked and laid out as arrays once."""

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from synthetic.errors import SyntheticError, did_you_mean
from synthetic.personas import (
    Persona,
    Season,
    build,
    check_number,
    check_weights,
    read_personas,
    read_toml,
)

FORMAT = 1
"""Raised whenever the same seed gives other customers than before."""

OUTDOOR = Path(__file__).parent / "outdoor"
AXES = (
    "benefit", "decision_style", "obstacle", "incentive", "buying_role", "occasion", "rhythm", "usage",
)  # fmt: skip
"""Axes of truth that are drawn with weights from shop.toml, or from the persona where it says otherwise."""


@dataclass(frozen=True)
class UsageClass:
    """How often customers of one usage class buy and how soon they leave.

    Parameters
    ----------
    r, alpha : float
        Purchases per day follow gamma(shape r, rate alpha); the mean is r / alpha per day.
    a, b : float
        The chance to leave after an order follows beta(a, b).
    """

    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True)
class Shop:
    """What shop.toml holds: the dates and, per axis, the weights of its values."""

    first_day: dt.date
    as_of: dt.date
    last_day: dt.date
    buyers: float
    usage_class: dict
    benefit: dict
    decision_style: dict
    obstacle: dict
    incentive: dict
    buying_role: dict
    occasion: dict
    rhythm: dict
    usage: dict


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
    flat : bool
        No season, no weekday, no occasion: for checking estimators against planted parameters.
    """

    shop: Shop
    personas: tuple[Persona, ...]
    products: "Products"
    overlap: float = 0.05
    kappa: float = 15.0
    migrate: float = 0.08
    flat: bool = False

    @cached_property
    def days(self) -> int:
        """Days from the first to the last simulated day, both included."""
        return (self.shop.last_day - self.shop.first_day).days + 1

    @cached_property
    def observed_days(self) -> int:
        """Days from the first day to ``as_of``, both included; what comes later is hidden from the tables."""
        return (self.shop.as_of - self.shop.first_day).days + 1

    def words(self, axis: str) -> tuple[str, ...]:
        """The values an axis can take."""
        if axis == "persona":
            return tuple(persona.name for persona in self.personas)
        return tuple(getattr(self.shop, axis))

    def weights(self, axis: str) -> np.ndarray:
        """Weights of an axis: one row per persona, one column per word."""
        own = getattr(self.shop, axis)
        rows = [getattr(persona, axis) or own for persona in self.personas]
        return np.array([[row.get(word, 0.0) for word in own] for row in rows], dtype=np.float64)

    @cached_property
    def shares(self) -> np.ndarray:
        """Share of each persona among the customers."""
        shares = np.array([persona.share for persona in self.personas], dtype=np.float64)
        return shares / shares.sum()

    @cached_property
    def category_mix(self) -> np.ndarray:
        """Share of each category in what a persona buys, after ``overlap``: personas × categories."""
        rows = [[p.categories.get(name, 0.0) for name in self.products.categories] for p in self.personas]
        mix = np.array(rows, dtype=np.float64)
        mix /= mix.sum(axis=1, keepdims=True)
        return (1 - self.overlap) * mix + self.overlap * (self.shares @ mix)

    @cached_property
    def usage_parameters(self) -> np.ndarray:
        """Columns r, alpha, a, b; one row per usage class."""
        classes = (self.shop.usage_class[word] for word in self.words("usage"))
        return np.array([[u.r, u.alpha, u.a, u.b] for u in classes])


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
    bestseller: np.ndarray = field(repr=False)


def read_world(world=None, personas=None, **knobs) -> World:
    """Read a world and check every number in it.

    Parameters
    ----------
    world : path, optional
        Folder with ``shop.toml`` and ``products.toml``; the outdoor shop by default.
    personas : path, optional
        Folder with one TOML file per persona; by default the world's own ``personas`` folder.
    **knobs
        ``overlap``, ``kappa``, ``migrate``: see World.

    Raises
    ------
    SyntheticError
        What is wrong, in which file, and what is allowed.
    """
    return _read_world(str(world or OUTDOOR), str(personas) if personas else None, tuple(sorted(knobs.items())))


@lru_cache(maxsize=8)
def _read_world(folder, personas, knobs) -> World:
    folder = Path(folder)
    shop = _read_shop(folder / "shop.toml")
    products = _read_products(folder / "products.toml", tuple(shop.benefit))
    people = read_personas(personas or folder / "personas")
    for persona in people:
        check_weights(persona.categories, f"{persona.name} [categories]", products.categories)
        for axis in AXES:
            check_weights(getattr(persona, axis), f"{persona.name} [{axis}]", getattr(shop, axis))
    return check_knobs(World(shop, people, products, **dict(knobs)))


def check_knobs(world: World) -> World:
    """Return the world if its knobs lie within their ranges."""
    check_number(world.overlap, "overlap", most=1)
    check_number(world.kappa, "kappa", least=0.01)
    check_number(world.migrate, "migrate", most=1)
    return world


def _read_shop(path: Path) -> Shop:
    shop = build(Shop, read_toml(path), path.name)
    for axis in AXES:
        check_weights(getattr(shop, axis), f"{path.name} [{axis}]")
    check_number(shop.buyers, f"{path.name} buyers", most=1)
    if not shop.first_day < shop.as_of < shop.last_day:
        raise SyntheticError(f"{path.name}: first_day, as_of and last_day must follow each other in this order.")
    classes = {}
    for word in shop.usage:
        where = f"{path.name} [usage_class.{word}]"
        if word not in shop.usage_class:
            raise SyntheticError(f"{where} is missing. {did_you_mean(word, shop.usage_class)}")
        classes[word] = build(UsageClass, shop.usage_class[word], where)
        for f in fields(UsageClass):
            check_number(getattr(classes[word], f.name), f"{where} {f.name}", least=1e-6)
    return replace(shop, usage_class=classes)


def _read_products(path: Path, benefits) -> Products:
    rows, categories = [], tuple(read_toml(path))
    for index, (category, entries) in enumerate(read_toml(path).items()):
        for row in entries.get("products", []):
            where = f"{path.name} [{category}] {row[0] if row else ''!r}"
            if len(row) != 6:
                raise SyntheticError(
                    f"{where} has {len(row)} entries; 6 are needed: name, list price, unit cost, "
                    "primary benefit, secondary benefit, bestseller (true or false)."
                )
            for benefit in row[3:5]:
                if benefit not in benefits:
                    hint = did_you_mean(benefit, benefits)
                    raise SyntheticError(f"{where} has an unknown benefit {benefit!r}. {hint}")
            check_number(row[1], f"{where} list price", least=0.01)
            check_number(row[2], f"{where} unit cost")
            rows.append((index, *row))
        if not rows or rows[-1][0] != index:
            raise SyntheticError(f"{path.name} [{category}] has no products.")
    category, name, price, cost, primary, secondary, best = zip(*rows, strict=True)
    return Products(
        categories, name, np.array(category), np.array(price, dtype=float), np.array(cost, dtype=float),
        primary, secondary, np.array(best, dtype=bool),
    )  # fmt: skip


@lru_cache(maxsize=8)
def without_structure(world: World) -> World:
    """The same shop with one persona: average tastes, one class on every axis, no occasion and no rhythm."""
    shop = world.shop
    mix = world.shares @ world.category_mix
    months = world.shares @ np.array([p.season.months for p in world.personas])
    average = Persona(
        name="everyone",
        text="The average of all personas.",
        share=1.0,
        categories=dict(zip(world.products.categories, mix.tolist(), strict=True)),
        lines=float(world.shares @ [p.lines for p in world.personas]),
        quantity=float(world.shares @ [p.quantity for p in world.personas]),
        season=Season(tuple(months.tolist())),
    )
    single = {
        "decision_style": {"habitual": 1}, "occasion": {"none": 1}, "rhythm": {"none": 1}, "usage": {"medium": 1},
    }  # fmt: skip
    kept = {axis: {word: single[axis].get(word, 0) for word in getattr(shop, axis)} for axis in single}
    classes = dict(shop.usage_class, medium=UsageClass(r=0.6, alpha=105, a=0.9, b=2.6))
    plain = replace(shop, **kept, usage_class=classes)
    return replace(world, shop=plain, personas=(average,), migrate=0.0, overlap=0.0)
