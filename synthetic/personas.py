"""Personas: who the customers are, read from TOML files into dataclasses that refuse what they do not know."""

from dataclasses import dataclass, field
from pathlib import Path

from synthetic.errors import SyntheticError
from synthetic.toml import build, check_number, check_weights, read_toml


@dataclass(frozen=True)
class Season:
    """Relative demand of the twelve months, January first."""

    months: tuple[float, ...] = (1.0,) * 12


@dataclass(frozen=True)
class Declared:
    """How the persona's people differ from the shop's average; a shift of zero means not at all."""

    age_mean: float = 24.5
    age_spread: float = 5.5
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
    categories : dict
        Relative weight of each product category.
    price_tilt : float
        Above 0 they prefer the dearer products of a category, below 0 the cheaper ones.
    lines, quantity : float
        Mean number of lines in an order and of units in a line, 1 or more.
    season : Season
        Demand by month.
    people : Declared
        Age and income; the same for most personas, on purpose.
    axes : dict of dict
        Weights of an axis of truth that replace the shop's own for this persona, e.g. ``{"usage": {"light": 1}}``.
    """

    name: str
    text: str
    share: float
    categories: dict
    price_tilt: float = 0.0
    lines: float = 1.5
    quantity: float = 1.2
    season: Season = field(default_factory=Season)
    people: Declared = field(default_factory=Declared)
    axes: dict = field(default_factory=dict)


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
        own = Path(__file__).parent / "outdoor" / "personas"
        raise SyntheticError(f"No persona files (*.toml) in {str(folder)!r}. Copy one from {str(own)!r} to start.")
    personas = tuple(_checked(build(Persona, read_toml(path), path.name), path.name) for path in files)
    names = [persona.name for persona in personas]
    for name in names:
        if names.count(name) > 1:
            raise SyntheticError(f"Two persona files in {str(folder)!r} have the name {name!r}. Rename one.")
    if not sum(persona.share for persona in personas) > 0:
        raise SyntheticError(f"The shares in {str(folder)!r} add up to 0. Give at least one persona a share above 0.")
    return personas


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
    months = persona.season.months
    if not isinstance(months, tuple) or len(months) != 12:
        count = len(months) if isinstance(months, tuple) else 1
        raise SyntheticError(f"{where} [season] months has {count} numbers; a year has 12, January first.")
    check_weights(dict(enumerate(months, start=1)), f"{where} [season] month")
    check_weights(persona.categories, f"{where} [categories]")
    if not persona.categories:
        raise SyntheticError(f"{where} [categories] is empty. Name at least one category with a weight above 0.")
    return persona
