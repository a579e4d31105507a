"""E-mail addresses and phone numbers, written so that equal ones are equal and broken ones are known."""

from __future__ import annotations

import re

import pandas as pd

from segkit.errors import DataProblem

FIELD_BYTES = 255
"""Longest text of one field in UTF-8; Mailchimp's limit, and the narrowest of the platforms written for."""

# A local part may by the standard begin with = + or -, but a spreadsheet would run it; international letters
# before the @ are refused by the platforms themselves.
_EMAIL = re.compile(r"[a-z0-9_][a-z0-9.!#$%&'*/?^_`{|}~+=-]*@[^\s@.,;:()<>\[\]\"'\\]+(\.[^\s@.,;:()<>\[\]\"'\\]+)+")
_PHONE = re.compile(r"\+\d{8,15}")
_FILLERS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]")


def clean_email(text: object) -> str | None:
    """Return an e-mail address in lower case and trimmed; None when it cannot be one.

    Examples
    --------
    >>> clean_email("  Ann@Example.com. ")
    'ann@example.com'
    >>> clean_email("=cmd@example.com") is None
    True
    """
    address = str(text).strip().lower().rstrip(".")
    local = address.partition("@")[0]
    if len(address.encode()) > 254 or ".." in address or local.endswith(".") or not _EMAIL.fullmatch(address):
        return None
    return address


def clean_phone(text: object, country_code: str | None = None) -> str | None:
    """Return a phone number as E.164, such as +14155550123; None when it cannot be one.

    Parameters
    ----------
    text : object
        The number as written; blanks, brackets, dots and dashes are dropped, 00 in front means +, Persian and Arabic
        digits count.
    country_code : str, optional
        Digits such as ``"98"``, for a number written with a single 0 in front. Without it such a number is None: no
        country is guessed.

    Examples
    --------
    >>> clean_phone("+1-415-555-0123"), clean_phone("0912 345 6789", "98"), clean_phone("0912 345 6789")
    ('+14155550123', '+989123456789', None)
    """
    number = _FILLERS.sub("", str(text))
    number = "".join(str(int(c)) if c.isdecimal() else c for c in number)
    if number.startswith("00"):
        number = "+" + number[2:]
    elif number.startswith("0") and country_code:
        number = f"+{country_code}{number[1:]}"
    return number if is_e164(number) else None


def is_e164(number: object) -> bool:
    """Whether this is a phone number as platforms want it: + and 8 to 15 digits."""
    return bool(_PHONE.fullmatch(str(number))) and str(number).isascii()


def check_country_code(code: str | None) -> str | None:
    """Return the digits of a country code.

    Raises
    ------
    DataProblem
        When it is not one to three digits.
    """
    if code is None:
        return None
    digits = str(code).lstrip("+")
    if not re.fullmatch(r"[1-9]\d{0,2}", digits):
        raise DataProblem(
            f"country_code={code!r} is not a country's phone code. Pass digits such as country_code='98'."
        )
    return digits


def cleaned(column: pd.Series, kind: str, country_code: str | None = None) -> pd.Series:
    """Clean a whole column of addresses; kind is "email" or "phone"."""
    clean = clean_email if kind == "email" else lambda text: clean_phone(text, country_code)
    return column.map(lambda text: None if is_blank(text) else clean(text)).astype(object)


def is_blank(text: object) -> bool:
    """Whether there is nothing there."""
    return text is None or text is pd.NA or text != text or not str(text).strip()
