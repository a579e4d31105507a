"""Dates as people write them -> year, month, day, clock and offset, without deciding yet what is what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.load.texts import NO_VALUE, western_digits

_CLOCK = (
    r"(?:(?:T|\s+|,\s*)(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<ap>[AaPp]\.?[Mm]\.?)?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)
_NUMERIC = r"^(?P<a>\d{1,4})[-/.](?P<b>\d{1,2})[-/.](?P<c>\d{1,4})" + _CLOCK
_COMPACT = r"^(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})(?:T?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?(?P<z>Z)?)?$"
_DAY_NAMED = (
    r"^(?:[A-Za-z]{3,9},?\s+)?(?P<c>\d{1,2})(?:st|nd|rd|th)?[\s./-]+(?P<m>[A-Za-z]{3,9})\.?[\s,./-]+(?P<a>\d{2,4})"
    + _CLOCK
)
_MONTH_NAMED = (
    r"^(?:[A-Za-z]{3,9},\s+)?(?P<m>[A-Za-z]{3,9})\.?\s+(?P<c>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<a>\d{2,4})" + _CLOCK
)
_MONTHS = {
    name: i
    for i, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_EPOCH_DIGITS = {10: "epoch_s", 13: "epoch_ms", 16: "epoch_us", 19: "epoch_ns"}

# What a text is taken for. 'year_last' may be day first or month first: the whole column decides.
FORMS = ("missing", "unreadable", "year_first", "year_last", "two_digit", "compact", "named",
         "epoch_s", "epoch_ms", "epoch_us", "epoch_ns", "serial")  # fmt: skip
CODE = {form: code for code, form in enumerate(FORMS)}
NAIVE = -9_999  # offset in minutes of a time that carries none


@dataclass
class DateParts:
    """The parts of every different text of a column.

    Attributes
    ----------
    form : numpy.ndarray of int
        Index into :data:`FORMS`.
    first, second, third : numpy.ndarray of int
        The three numbers of the date in the order written; a named month is always second.
    microseconds : numpy.ndarray of int
        Time of day; -1 when the clock is impossible.
    offset : numpy.ndarray of int
        Minutes east of Greenwich, or :data:`NAIVE`.
    number : numpy.ndarray of float
        The value, where the text is one number (an epoch or an Excel serial).
    """

    form: np.ndarray
    first: np.ndarray
    second: np.ndarray
    third: np.ndarray
    microseconds: np.ndarray
    offset: np.ndarray
    number: np.ndarray


def split_dates(texts: pa.StringArray) -> DateParts:
    """Take every different text of a column apart."""
    size = len(texts)
    zeros = [np.zeros(size, np.int64) for _ in range(4)]
    parts = DateParts(np.full(size, CODE["unreadable"], np.int8), *zeros, np.full(size, NAIVE), np.full(size, np.nan))
    if not pc.all(pc.string_is_ascii(texts), min_count=0).as_py():
        texts = pa.array([western_digits(word) for word in texts.to_pylist()], pa.string())
    text = pc.utf8_trim_whitespace(texts)
    for pattern, shape in (
        (_NUMERIC, "numeric"),
        (_COMPACT, "compact"),
        (_DAY_NAMED, "named"),
        (_MONTH_NAMED, "named"),
    ):
        todo = np.flatnonzero(parts.form == CODE["unreadable"])
        if len(todo) == 0:
            break
        _match(parts, text.take(pa.array(todo)), todo, pattern, shape)
    todo = np.flatnonzero(parts.form == CODE["unreadable"])
    for i in todo:
        _match_number(parts, i, text[i].as_py())
    return parts


def _match(parts: DateParts, text: pa.Array, rows: np.ndarray, pattern: str, shape: str) -> None:
    found = pc.extract_regex(text, pattern)
    hit = found.is_valid().to_numpy(zero_copy_only=False)
    if not hit.any():
        return
    rows, found = rows[hit], found.filter(pa.array(hit))
    group = {found.type[i].name: found.field(i) for i in range(found.type.num_fields)}
    first, third = _int(group["a"]), _int(group["c"])
    if shape == "named":
        months = pc.utf8_lower(pc.utf8_slice_codeunits(group["m"], 0, 3)).to_pylist()
        second = np.array([_MONTHS.get(month, 0) for month in months])
        form = np.where(second == 0, CODE["unreadable"], np.where(first < 100, CODE["two_digit"], CODE["named"]))
    else:
        second = _int(group["b"])
        long_a, long_c = (_length(group[name]) == 4 for name in ("a", "c"))
        form = np.select([long_a, long_c], [CODE["year_first"], CODE["year_last"]], CODE["two_digit"])
        if shape == "compact":
            form = np.where((second <= 12) & (third <= 31), CODE["compact"], CODE["unreadable"])
    parts.form[rows] = form
    parts.first[rows], parts.second[rows], parts.third[rows] = first, second, third
    parts.microseconds[rows] = _clock(group)
    parts.offset[rows] = _offset(group["z"])


def _match_number(parts: DateParts, i: int, text: str) -> None:
    if text in NO_VALUE:
        parts.form[i] = CODE["missing"]
        return
    whole, _, rest = text.partition(".")
    if not whole.isdigit() or (rest and not rest.isdigit()):
        return
    form = _EPOCH_DIGITS.get(len(whole)) or ("serial" if len(whole) == 5 else "")
    if form:
        parts.form[i], parts.number[i] = CODE[form], float(text)
        parts.first[i] = int(whole)


def _int(texts: pa.Array) -> np.ndarray:
    filled = pc.if_else(pc.equal(texts, ""), "0", texts)
    return filled.cast(pa.int64()).to_numpy(zero_copy_only=False)


def _length(texts: pa.Array) -> np.ndarray:
    return pc.utf8_length(texts).to_numpy(zero_copy_only=False)


def _clock(group: dict[str, pa.Array]) -> np.ndarray:
    hour, minute, second = (_int(group[name]) if name in group else 0 for name in ("h", "mi", "s"))
    micro: np.ndarray | int = 0
    if "f" in group:
        micro = _int(pc.utf8_slice_codeunits(pc.utf8_rpad(group["f"], 6, "0"), 0, 6))
    if "ap" in group:
        half = pc.utf8_lower(pc.utf8_slice_codeunits(group["ap"], 0, 1)).to_numpy(zero_copy_only=False)
        wrong = (half != "") & ((hour > 12) | (hour == 0))
        hour = np.where(half == "p", hour % 12 + 12, np.where(half == "a", hour % 12, hour))
        hour = np.where(wrong, 99, hour)
    total = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro
    possible = (np.asarray(hour) < 24) & (np.asarray(minute) < 60) & (np.asarray(second) < 60)
    return np.where(possible, total, -1)


def _offset(texts: pa.Array) -> np.ndarray:
    def minutes(zone: str) -> int:
        if zone == "":
            return NAIVE
        if zone[0] not in "+-":
            return 0
        digits = zone[1:].replace(":", "").ljust(4, "0")
        return (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if zone[0] == "-" else 1)

    encoded = texts.dictionary_encode()
    values = np.array([minutes(zone) for zone in encoded.dictionary.to_pylist()], dtype=np.int64)
    return values[encoded.indices.to_numpy(zero_copy_only=False)]
