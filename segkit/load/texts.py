"""Text as written in a file -> text that can be compared: ids, names, categories."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.errors import FileProblem

# Words that stand for "nothing here". Text columns keep 'NA' (Namibia) and 'None' (an answer); numbers, dates and ids
# cannot mean anything by them.
NO_TEXT = ("", "\\N", "NULL")
NO_VALUE = (*NO_TEXT, "null", "nan", "NaN", "NA", "N/A", "n/a", "#N/A", "None", "none", "NaT", "-", "<NA>")
NO_ID = NO_VALUE
_ARABIC = re.compile("[\u0600-\u06ff]")


@dataclass
class Words:
    """One column's different texts, and which of them each row holds (-1: none)."""

    text: pa.StringArray
    codes: np.ndarray

    @cached_property
    def unique(self) -> np.ndarray:
        """The texts as Python strings."""
        return self.text.to_numpy(zero_copy_only=False).astype(object)

    @cached_property
    def folded(self) -> pa.StringArray:
        """The texts without blanks at the ends, in lower case."""
        return pc.utf8_lower(pc.utf8_trim_whitespace(self.text))

    def spread(self, values: np.ndarray, empty: object) -> np.ndarray:
        """Give every row the value of its text."""
        if len(values) == 0:
            return np.full(len(self.codes), empty)
        spread = values[self.codes]
        if (self.codes < 0).any():
            spread[self.codes < 0] = empty
        return spread

    def counts(self) -> np.ndarray:
        """How many rows hold each text."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.text))

    def matching(self, pattern: str) -> np.ndarray:
        """Which texts match a regular expression (of RE2, in full)."""
        return pc.match_substring_regex(self.text, f"^(?:{pattern})$").to_numpy(zero_copy_only=False)

    def changed(self, change: Callable[[str], str | None], suspect: np.ndarray) -> tuple[pa.StringArray, np.ndarray]:
        """Change the suspect texts, one by one; give all texts, and which differ from before (and are not gone)."""
        places = np.flatnonzero(suspect)
        if not len(places):
            return self.text, np.zeros(len(self.text), bool)
        clean = self.unique.copy()
        clean[places] = [change(word) for word in clean[places]]
        differ = np.zeros(len(clean), bool)
        differ[places] = [clean[i] is not None and clean[i] != self.unique[i] for i in places]
        return pa.array(clean, pa.string()), differ


def as_words(column: pa.Array | pa.ChunkedArray) -> Words:
    """Turn any column into its different texts; whole numbers lose a '.0' that a blank cell gave them."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        if column.dictionary.type not in (pa.string(), pa.large_string()):
            column = column.cast(column.type.value_type)
            return as_words(column)
    else:
        column = _as_text(column).dictionary_encode()
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    text = column.dictionary
    return Words(text.cast(pa.string()) if pa.types.is_large_string(text.type) else text, codes)


def _as_text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_floating(kind):
        numbers = column.to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            whole = np.isfinite(numbers) & (np.abs(numbers) < 2**53) & (numbers == np.floor(numbers))
        ints = pa.array(np.where(whole, numbers, 0).astype(np.int64)).cast(pa.string())
        return pc.if_else(pc.is_null(column), None, pc.if_else(pa.array(whole), ints, column.cast(pa.string())))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())
    if pa.types.is_nested(kind):
        return pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def unplain(words: Words, empty: tuple[str, ...]) -> np.ndarray:
    """Which texts may need a look: not ASCII, blanks at an end, or a word for nothing."""
    odd = pc.invert(pc.string_is_ascii(words.text))
    odd = pc.or_(odd, pc.match_substring_regex(words.text, r"^\s|\s$"))
    odd = pc.or_(odd, pc.is_in(words.text, pa.array(empty, pa.string())))
    return odd.to_numpy(zero_copy_only=False)


def plain(word: str) -> str:
    r"""Strip what cannot be seen: blanks at the ends, joiners, direction marks; Arabic ye and kaf become Persian.

    Examples
    --------
    >>> plain("  A12\u00a0")
    'A12'
    """
    if word.isascii():
        return word.strip()
    word = word.replace("\u00a0", " ").replace("\u202f", " ")
    if _ARABIC.search(word):
        word = _persian().ar_to_fa(word)
    return "".join(c for c in word if unicodedata.category(c) != "Cf").strip()


def western_digits(word: str) -> str:
    """Write Persian and Arabic digits, decimal and group marks as 0-9, '.' and ','.

    Examples
    --------
    >>> western_digits("۱۲٫۵")
    '12.5'
    """
    if word.isascii():
        return word
    word = word.replace("٫", ".").replace("٬", ",").replace("−", "-")
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in word)


def plain_id(word: str) -> str:
    """Write an id so that equal ids are equal: no blanks around it, western digits.

    Examples
    --------
    >>> plain_id(" ۰۰۱۲۳ ")
    '00123'
    """
    return western_digits(plain(word))


def _persian():
    try:
        from persiantools import characters
    except ImportError:
        raise FileProblem(
            "The file holds Persian or Arabic text; reading it needs persiantools. Type: pip install 'segkit[files]'"
        ) from None
    return characters


def count_of(number: int, thing: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> count_of(1, "row"), count_of(1234, "row")
    ('1 row', '1,234 rows')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def mask(value: object) -> str:
    """Show what a value looks like without telling what it is, unless it is a plain date or number.

    Examples
    --------
    >>> mask("2024-02-30"), mask("ann@example.com"), mask("0912 345 6789")
    ('2024-02-30', 'xxx@xxxxxxx.xxx', '9999 999 9999')
    """
    text = str(value)[:40]
    digits = sum(c.isdigit() for c in text)
    if re.fullmatch(r"[\d.,]+[eE]\+?\d+|(1[34]|19|20)\d\d(0\d|1[0-2])[0-3]\d", text):
        return text
    looks_dated = re.match(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(\D|$)", text)
    if re.fullmatch(r"[\w%$€£.,:/+-]{0,2}[\d\s.,:/+TZ%-]*", text) and (digits <= 7 or looks_dated):
        return text
    return hide(text)


def hide(value: object) -> str:
    """Show only the shape of a value.

    Examples
    --------
    >>> hide("1980-02-30"), hide("Ann")
    ('9999-99-99', 'xxx')
    """
    return "".join("9" if c.isdigit() else "x" if c.isalpha() else c for c in str(value)[:40])


def shown_id(value: object) -> str:
    """An id for a message; one that is an address, a phone number or a name of two words shows only its shape.

    Examples
    --------
    >>> shown_id("C000042"), shown_id("ann@example.com"), shown_id("+44 20 7946 0000"), shown_id("Ann Ash")
    ('C000042', 'xxx@xxxxxxx.xxx', '+99 99 9999 9999', 'xxx xxx')
    """
    text = str(value)
    telling = "@" in text or re.match(r"(\+|00?[1-9])[\d ()-]{8,}$|[^\W\d_]+( [^\W\d_]+)+$", text)
    return hide(text) if telling else text[:40]


def spread_text(texts: pa.StringArray, codes: np.ndarray) -> pa.Array:
    """Give every row its text, as Arrow strings."""
    if len(texts) == 0:
        return pa.nulls(len(codes), pa.string())
    return texts.take(pa.array(codes, mask=codes < 0))
