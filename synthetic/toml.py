"""TOML files into dataclasses: an unknown key, a missing one or a number out of range is an error in words."""

import tomllib
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path

from synthetic.errors import SyntheticError, did_you_mean


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
    """Make a dataclass from a TOML table.

    Raises
    ------
    SyntheticError
        For an unknown key, with the near miss and what is allowed, and for a missing one.
    """
    if not isinstance(entries, dict):
        raise SyntheticError(f"{where} must be a table of keys, not {entries!r}.")
    known = {f.name: f for f in fields(kind)}
    for key in entries:
        check_name(key, known, where)
    needed = [name for name, f in known.items() if f.default is MISSING and f.default_factory is MISSING]
    missing = [name for name in needed if name not in entries]
    if missing:
        raise SyntheticError(f"{where} lacks {', '.join(map(repr, missing))}. Add a line such as: {missing[0]} = …")
    values = {}
    for key, value in entries.items():
        if is_dataclass(known[key].type):
            value = build(known[key].type, value, f"{where} [{key}]")
        values[key] = tuple(value) if isinstance(value, list) else value
    return kind(**values)


def check_name(name, allowed, where: str):
    """Refuse a name that is not one of those allowed."""
    if name not in allowed:
        raise SyntheticError(f"{where} has an unknown key {name!r}. {did_you_mean(name, allowed)}")


def check_number(value, where: str, least: float = 0.0, most: float = float("inf")):
    """Refuse what is no number or lies outside its range."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        bounds = f"{least:g} or more" if most == float("inf") else f"between {least:g} and {most:g}"
        raise SyntheticError(f"{where} is {value!r}; it must be a number, {bounds}.")


def check_weights(weights: dict, where: str, allowed=None):
    """Refuse weights that are not numbers, are negative, add up to nothing or name something unknown."""
    if not isinstance(weights, dict):
        raise SyntheticError(f"{where} must be a table of weights, not {weights!r}.")
    for key, value in weights.items():
        if allowed is not None:
            check_name(key, allowed, where)
        check_number(value, f"{where} {key}")
    if weights and not sum(weights.values()) > 0:
        raise SyntheticError(f"The weights of {where} add up to 0. Give at least one of them a number above 0.")
