"""Numbers as people write them -> float64. What is ambiguous is asked, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from segkit.errors import ColumnProblem
from segkit.load.options import Options
from segkit.load.texts import NO_VALUE, as_words, count_of, mask, western_digits

_SYMBOLS = {
    "$": "$", "US$": "USD", "USD": "USD", "£": "GBP", "GBP": "GBP", "€": "EUR", "EUR": "EUR", "¥": "¥", "₹": "INR",
    "₺": "TRY", "CHF": "CHF", "kr": "kr", "zł": "PLN", "ریال": "rial", "﷼": "rial", "IRR": "rial", "Rls": "rial",
    "تومان": "toman", "IRT": "toman",
}  # fmt: skip
_SYMBOL = re.compile("|".join(sorted(map(re.escape, _SYMBOLS), key=len, reverse=True)))
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FORMS = {
    "comma_groups": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+"),
    "comma_groups_point": re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+"),
    "point_groups": re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}|[+-]?\d{1,3}(\.\d{3})+,\d+"),
    "comma_decimal": re.compile(r"[+-]?\d+,\d+"),
    "point_three": re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}"),
    "point_decimal": re.compile(r"[+-]?\d*\.\d+([eE][+-]?\d+)?"),
}
_WHOLE = r"-?\d+"
_DECIMAL = r"-?\d+\.(?:\d|\d\d|\d{4,15})"  # with three digits it may be a thousand; those are looked at one by one
NOT_FINITE = {"inf", "+inf", "-inf", "infinity", "-infinity", "∞", "1.#inf"}


@dataclass
class NumberEvidence:
    """How the numbers of one column are written, counted over the whole file."""

    forms: Counter = field(default_factory=Counter)
    symbols: Counter = field(default_factory=Counter)
    example: dict[str, str] = field(default_factory=dict)

    def add(self, column: pa.Array) -> None:
        """Look at one batch."""
        if not _is_text(column):
            return
        words = as_words(column)
        counts = words.counts()
        whole, decimal = words.matching(_WHOLE), words.matching(_DECIMAL)
        self.forms["point_decimal"] += int(counts[decimal].sum())
        for i in np.flatnonzero(~(whole | decimal)):
            word, rows = words.unique[i], counts[i]
            bare, symbol, _ = strip_number(word)
            if symbol:
                self.symbols[symbol] += int(rows)
            for form, pattern in _FORMS.items():
                if pattern.fullmatch(bare):
                    self.forms[form] += int(rows)
                    self.example.setdefault(form, mask(word))
                    break


@dataclass(frozen=True)
class NumberReading:
    """How the numbers of one column are to be read."""

    decimal: str = "."
    thousands: str = ""
    symbol: str = ""


def decide_numbers(evidence: NumberEvidence, options: Options, column: str, file: str) -> NumberReading:
    """Settle the decimal and the group mark.

    Raises
    ------
    ColumnProblem
        When the column could be read in two ways, or holds two currencies.
    """
    if len(evidence.symbols) > 1:
        found = ", ".join(f"{symbol} ({count_of(rows, 'row')})" for symbol, rows in evidence.symbols.most_common())
        raise ColumnProblem(
            f"{file}: column '{column}' holds {len(evidence.symbols)} currencies: {found}. "
            "Convert them to one, or pass currency= to keep the rows of one currency."
        )
    symbol = next(iter(evidence.symbols), "")
    if options.decimal or options.thousands:
        decimal = options.decimal or ("," if options.thousands == "." else ".")
        thousands = options.thousands or ("." if decimal == "," else ",")
        return NumberReading(decimal, thousands, symbol)
    found = evidence.forms
    for form, ask in (
        ("point_groups", "decimal=','"),
        ("comma_decimal", "decimal=','"),
        ("comma_groups", "thousands=',' (or decimal=',')"),
        ("point_three", "decimal='.' (or decimal=',')"),
    ):
        sure = found["comma_groups_point"] or found["point_decimal"]
        if found[form] and not (sure and form in ("comma_groups", "point_three")):
            raise ColumnProblem(
                f"{file}: column '{column}' has {count_of(found[form], 'row')} such as '{evidence.example[form]}', "
                f"which can be read in two ways, a thousand times apart. Pass {ask}."
            )
    return NumberReading(".", ",", symbol)


def strip_number(word: str) -> tuple[str, str, bool]:
    """Take off what surrounds a number: blanks, a currency, brackets for a minus.

    Returns
    -------
    tuple of (str, str, bool)
        The bare number, the currency found, and whether it is a percentage.

    Examples
    --------
    >>> strip_number("($12.00)"), strip_number("12%")
    (('-12.00', '$', False), ('12', '', True))
    """
    bare = western_digits(word).strip()
    if _PLAIN.fullmatch(bare):
        return bare, "", False
    symbol = ""
    found = _SYMBOL.search(bare)
    if found:
        symbol = _SYMBOLS[found.group()]
        bare = (bare[: found.start()] + bare[found.end() :]).strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1].strip()
    elif bare.endswith("-"):
        bare = "-" + bare[:-1].strip()
    percent = bare.endswith(("%", "٪"))
    bare = re.sub(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3}(\D|$))", "", bare.rstrip("%٪ ").strip())
    return bare.replace("- ", "-"), symbol, percent


def read_numbers(column: pa.Array, reading: NumberReading) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read one batch of a column.

    Returns
    -------
    values : numpy.ndarray of float64
        NaN where there is none.
    state : numpy.ndarray of str
        ``""`` when read, ``"missing"``, ``"unreadable"``, ``"not_finite"`` or ``"percent"``.
    fixed : numpy.ndarray of bool
        Rows whose number was written with marks that had to be taken off.
    """
    if not _is_text(column):
        values = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype(float)
        state = np.where(_nulls(column) | np.isnan(values), "missing", np.where(np.isinf(values), "not_finite", ""))
        return np.where(np.isfinite(values), values, np.nan), state, np.zeros(len(values), bool)
    words = as_words(column)
    values = np.full(len(words.text), np.nan)
    state = np.full(len(values), "", "U10")
    fixed = np.zeros(len(values), bool)
    plain = words.matching(r"-?\d{1,15}(?:\.\d{1,15})?" if reading.decimal == "." else r"-?\d{1,15}")
    if reading.thousands == ".":
        plain &= words.matching(_WHOLE)
    values[plain] = words.text.filter(pa.array(plain)).cast(pa.float64()).to_numpy(zero_copy_only=False)
    for i in np.flatnonzero(~plain):
        values[i], state[i], fixed[i] = _read(words.unique[i], reading)
    return words.spread(values, np.nan), words.spread(state, "missing"), words.spread(fixed, False)


def _read(word: str, reading: NumberReading) -> tuple[float, str, bool]:
    if word.strip() in NO_VALUE:
        return np.nan, "missing", False
    bare, _, percent = strip_number(word)
    if bare.casefold() in NOT_FINITE:
        return np.nan, "not_finite", False
    if reading.thousands:
        bare = _drop_groups(bare, reading)
    if reading.decimal != ".":
        bare = bare.replace(reading.decimal, ".")
    if not _PLAIN.fullmatch(bare):
        return np.nan, "unreadable", False
    value = float(bare)
    if not np.isfinite(value):
        return np.nan, "not_finite", False
    return value, "percent" if percent else "", bare != word


def _drop_groups(bare: str, reading: NumberReading) -> str:
    """Take group marks out only where they part groups of three, so that '1,2,3' stays unreadable."""
    whole, mark, rest = bare.partition(reading.decimal)
    groups = whole.lstrip("+-").split(reading.thousands)
    if len(groups) > 1 and 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]):
        whole = whole.replace(reading.thousands, "")
    return whole + mark + rest


def _is_text(column: pa.Array) -> bool:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _nulls(column: pa.Array) -> np.ndarray:
    return column.is_null().to_numpy(zero_copy_only=False)
