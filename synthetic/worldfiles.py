"""Reading a world from its files and checking every number in them."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from synthetic.errors import SyntheticError, did_you_mean
from synthetic.homes import CLIMATES
from synthetic.personas import read_personas
from synthetic.toml import build, check_name, check_number, check_weights, read_toml
from synthetic.world import AXES, LOCALES, Products, Shop, UsageClass, World

OUTDOOR = Path(__file__).parent / "outdoor"
KNOBS = ("overlap", "kappa", "migrate", "guests", "locales", "shock", "shock_factor")


def read_world(world=None, personas=None, **knobs) -> World:
    """Read a world and check every number in it.

    Parameters
    ----------
    world : path, optional
        Folder with ``shop.toml`` and ``products.toml``; the outdoor shop by default.
    personas : path, optional
        Folder with one TOML file per persona; by default the world's own ``personas`` folder.
    **knobs
        ``overlap``, ``kappa``, ``migrate``, ``guests``, ``locales``, ``shock``, ``shock_factor``: see World.

    Raises
    ------
    SyntheticError
        What is wrong, in which file, and what is allowed.
    """
    for name in knobs:
        if name not in KNOBS:
            raise SyntheticError(f"There is no knob {name!r}. {did_you_mean(name, KNOBS)}")
    if "locales" in knobs:
        knobs["locales"] = _locales(knobs["locales"])
    folder, own = _folders(world, personas)
    return _read_world(folder, own, tuple(sorted(knobs.items())), _stamp(folder, own))


def world_mark(world, personas, knobs) -> dict:
    """Return what tells one world from another, in words that can be kept in a file: knobs, and a mark of the files."""
    files = hashlib.blake2b(digest_size=16)
    for path, _ in _stamp(*_folders(world, personas)):
        files.update(Path(path).name.encode() + Path(path).read_bytes())
    return {"world": files.hexdigest(), "knobs": {name: str(value) for name, value in sorted(knobs.items())}}


def _folders(world, personas):
    return str(Path(world or OUTDOOR).resolve()), str(Path(personas).resolve()) if personas else None


def _stamp(*folders):
    """Return when the files were last changed, so that an edited persona is read again."""
    paths = (path for folder in folders if folder for path in Path(folder).rglob("*.toml"))
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=8)
def _read_world(folder, personas, knobs, _) -> World:
    folder = Path(folder)
    products = _read_products(folder / "products.toml")
    shop = _read_shop(folder / "shop.toml", products)
    people = read_personas(personas or folder / "personas")
    for persona in people:
        where = f"Persona {persona.name!r}"
        check_weights(persona.categories, f"{where} [categories]", products.categories)
        for axis, weights in persona.axes.items():
            check_name(axis, AXES, f"{where} [axes]")
            check_weights(weights, f"{where} [axes.{axis}]", shop.axes[axis])
    return _check_knobs(World(shop, people, products, **dict(knobs)))


def _locales(shares):
    check_weights(shares if isinstance(shares, Mapping) else None, "locales", LOCALES)
    return tuple(float(shares.get(locale, 0.0)) for locale in LOCALES)


def _check_knobs(world: World) -> World:
    check_number(world.overlap, "overlap", most=1)
    check_number(world.kappa, "kappa", least=0.01)
    check_number(world.migrate, "migrate", most=1)
    check_number(world.guests, "guests", most=10)
    check_number(world.shock_factor, "shock_factor", most=10)
    if world.shock is None:
        return world
    try:
        shock = world.shock if isinstance(world.shock, dt.date) else dt.date.fromisoformat(world.shock)
    except (TypeError, ValueError):
        raise SyntheticError(f"shock is {world.shock!r}; it must be a day such as '2026-03-01'.") from None
    if not world.shop.first_day < shock <= world.shop.last_day:
        raise SyntheticError(
            f"shock is {shock}; it must lie after {world.shop.first_day} and by {world.shop.last_day}."
        )
    return replace(world, shock=shock)


def _read_shop(path: Path, products: Products) -> Shop:
    shop = build(Shop, read_toml(path), path.name)
    for axis in shop.axes:
        check_name(axis, AXES, f"{path.name} [axes]")
    for axis in AXES:
        if axis not in shop.axes:
            raise SyntheticError(f"{path.name} lacks [axes.{axis}].")
        check_weights(shop.axes[axis], f"{path.name} [axes.{axis}]")
    check_number(shop.buyers, f"{path.name} buyers", most=1)
    check_number(shop.holdout, f"{path.name} holdout", most=0.9)
    check_number(shop.campaign_days, f"{path.name} campaign_days", least=7, most=365)
    for name in ("first_day", "as_of", "last_day"):
        if type(getattr(shop, name)) is not dt.date:
            raise SyntheticError(f"{path.name} {name} must be a day such as 2026-09-30, without quotes.")
    if not shop.first_day < shop.as_of < shop.last_day:
        raise SyntheticError(f"{path.name}: first_day, as_of and last_day must follow each other in this order.")
    for situation, categories in shop.situation_categories.items():
        check_name(situation, shop.axes["situation"], f"{path.name} [situation_categories]")
        for category in categories:
            check_name(category, products.categories, f"{path.name} [situation_categories] {situation}")
    for climate, favours in shop.climate_favours.items():
        where = f"{path.name} [climate_favours"
        check_name(climate, CLIMATES, f"{where}]")
        check_weights(favours, f"{where}.{climate}]", products.categories)
    return replace(shop, usage_class=_usage_classes(shop, products, path.name))


def _usage_classes(shop: Shop, products: Products, file: str) -> dict:
    classes = {}
    for word in shop.axes["usage"]:
        where = f"{file} [usage_class.{word}]"
        if word not in shop.usage_class:
            raise SyntheticError(f"{where} is missing. {did_you_mean(word, shop.usage_class)}")
        classes[word] = build(UsageClass, shop.usage_class[word], where)
        for f in fields(UsageClass)[:4]:
            check_number(getattr(classes[word], f.name), f"{where} {f.name}", least=1e-6)
        check_weights(classes[word].favours, f"{where} favours", products.categories)
    return classes


def _read_products(path: Path) -> Products:
    rows, shelves = [], read_toml(path)
    for index, (category, entries) in enumerate(shelves.items()):
        products = entries.get("products") if isinstance(entries, dict) else None
        if not products:
            raise SyntheticError(f"{path.name} [{category}] has no products. Add: products = [[…], …]")
        rows += [(index, *_product(row, f"{path.name} [{category}]")) for row in products]
    category, name, price, cost, primary, secondary, best = zip(*rows, strict=True)
    return Products(
        tuple(shelves), name, np.array(category), np.array(price, dtype=float), np.array(cost, dtype=float),
        primary, secondary, np.array(best, dtype=bool),
    )  # fmt: skip


def _product(row, where):
    if len(row) != 6:
        raise SyntheticError(
            f"{where} {row[0] if row else ''!r} has {len(row)} entries; 6 are needed: name, list price, unit cost, "
            "primary benefit, secondary benefit, bestseller (true or false)."
        )
    check_number(row[1], f"{where} {row[0]!r} list price", least=0.01)
    check_number(row[2], f"{where} {row[0]!r} unit cost")
    return row
