"""Personas: who the customers are, read from TOML files into dataclasses that refuse what they do not know."""

import tomllib
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path

from synthetic.errors import SyntheticError, did_you_mean


@dataclass(frozen=True)
class Season:
    """Relative demand of the twelve months, January first."""

    months: tuple[float, ...] = (1.0,) * 12


@dataclass(frozen=True)
class People:
    """How the persona's people differ from the shop's average; zero shift means not at all."""

    age_mean: float = 33.0
    age_spread: float = 11.0
    income_shift: float = 0.0


@dataclass(frozen=True)
class Persona:
    """One kind of customer.

    Parameters
    ----------
    name, text : str
        The word used in ``truth.persona`` and one sentence about them.
    share : float
        Relative number of customers.
    price_tilt : float
        Above 0 they prefer the dearer products of a category, below 0 the cheaper ones.
    lines, quantity : float
        Mean number of lines in an order and of units in a line, 1 or more.
    categories : dict
        Relative weight of each product category.
    season : Season
        Demand by month.
    people : People
        Age and income; the same for most personas, on purpose.
    benefit, decision_style, obstacle, incentive, buying_role, occasion, rhythm, usage : dict
        Relative weights that replace the shop's own for this persona.
    """

    name: str
    text: str
    share: float
    categories: dict
    price_tilt: float = 0.0
    lines: float = 1.5
    quantity: float = 1.2
    season: Season = field(default_factory=Season)
    people: People = field(default_factory=People)
    benefit: dict = field(default_factory=dict)
    decision_style: dict = field(default_factory=dict)
    obstacle: dict = field(default_factory=dict)
    incentive: dict = field(default_factory=dict)
    buying_role: dict = field(default_factory=dict)
    occasion: dict = field(default_factory=dict)
    rhythm: dict = field(default_factory=dict)
    usage: dict = field(default_factory=dict)


def read_toml(path) -> dict:
    """Read a TOML file, or say where it is broken."""
    path = Path(path)
    if not path.is_file():
        raise SyntheticError(f"No file at {str(path)!r}.")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SyntheticError(f"{path.name} is not valid TOML: {error}.") from None


def build(kind, entries: dict, where: str):
    """Make a dataclass from a TOML table; an unknown or missing key is an error that names the near miss."""
    if not isinstance(entries, dict):
        raise SyntheticError(f"{where} must be a table of keys, not {entries!r}.")
    known = {f.name: f for f in fields(kind)}
    for key in entries:
        if key not in known:
            raise SyntheticError(f"{where} has an unknown key {key!r}. {did_you_mean(key, known)}")
    needed = [name for name, f in known.items() if f.default is MISSING and f.default_factory is MISSING]
    missing = [name for name in needed if name not in entries]
    if missing:
        raise SyntheticError(f"{where} lacks {', '.join(map(repr, missing))}. Add a line such as: {missing[0]} = …")
    values = {}
    for key, value in entries.items():
        if known[key].type in (Season, People):
            value = build(known[key].type, value, f"{where} [{key}]")
        values[key] = tuple(value) if isinstance(value, list) else value
    return kind(**values)


def read_personas(folder) -> tuple[Persona, ...]:
    """Read every ``*.toml`` of a folder, in the order of their file names.

    Raises
    ------
    SyntheticError
        If the folder holds none, or a file has an unknown key, a negative number, or weights that add up to nothing.
    """
    folder = Path(folder)
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise SyntheticError(f"No persona files (*.toml) in {str(folder)!r}. Copy one from {_own_folder()} to start.")
    personas = tuple(_checked(build(Persona, read_toml(path), path.name), path.name) for path in files)
    names = [persona.name for persona in personas]
    for name in names:
        if names.count(name) > 1:
            raise SyntheticError(f"Two persona files in {str(folder)!r} have the name {name!r}. Rename one.")
    if not sum(persona.share for persona in personas) > 0:
        raise SyntheticError(f"The shares in {str(folder)!r} add up to 0. Give at least one persona a share above 0.")
    return personas


def check_weights(weights: dict, where: str, allowed=None):
    """Refuse weights that are not numbers, are negative, add up to nothing or name something unknown."""
    if not isinstance(weights, dict):
        raise SyntheticError(f"{where} must be a table of weights, not {weights!r}.")
    for key, value in weights.items():
        if allowed is not None and key not in allowed:
            raise SyntheticError(f"{where} has an unknown key {key!r}. {did_you_mean(key, allowed)}")
        check_number(value, f"{where} {key}")
    if weights and not sum(weights.values()) > 0:
        raise SyntheticError(f"The weights of {where} add up to 0. Give at least one of them a number above 0.")


def check_number(value, where: str, least: float = 0.0, most: float = float("inf")):
    """Refuse what is no number or lies outside its range."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        bounds = f"{least:g} or more" if most == float("inf") else f"between {least:g} and {most:g}"
        raise SyntheticError(f"{where} is {value!r}; it must be a number, {bounds}.")


def check_season(season: Season, where: str):
    """Refuse a year that has not twelve months."""
    if not isinstance(season.months, tuple) or len(season.months) != 12:
        count = len(season.months) if isinstance(season.months, tuple) else 1
        raise SyntheticError(f"{where} [season] months has {count} numbers; a year has 12, January first.")
    check_weights(dict(enumerate(season.months, start=1)), f"{where} [season] month")


def _checked(persona: Persona, where: str) -> Persona:
    for key in ("name", "text"):
        if not isinstance(getattr(persona, key), str) or not getattr(persona, key):
            raise SyntheticError(f"{where} {key} must be a text in quotes.")
    check_number(persona.share, f"{where} share")
    check_number(persona.price_tilt, f"{where} price_tilt", least=-5, most=5)
    check_number(persona.lines, f"{where} lines", least=1, most=20)
    check_number(persona.quantity, f"{where} quantity", least=1, most=50)
    check_number(persona.people.age_mean, f"{where} [people] age_mean", least=16, most=90)
    check_number(persona.people.age_spread, f"{where} [people] age_spread", least=1, most=40)
    check_number(persona.people.income_shift, f"{where} [people] income_shift", least=-3, most=3)
    check_season(persona.season, where)
    check_weights(persona.categories, f"{where} [categories]")
    if not persona.categories:
        raise SyntheticError(f"{where} [categories] is empty. Name at least one category with a weight above 0.")
    return persona


def _own_folder() -> Path:
    return Path(__file__).parent / "outdoor" / "personas"
