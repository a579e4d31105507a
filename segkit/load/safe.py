"""Rows that may be shown or opened: no names or addresses, no formulas."""

from __future__ import annotations

import re

import pandas as pd

from segkit.load.columns import canonical
from segkit.load.texts import hide, mask
from segkit.schema import TABLES

_PERSONAL = {column.name for table in TABLES.values() for column in table.columns if column.personal}
_PERSONAL_WORDS = re.compile(
    r"name|mail|phone|mobile|address|street|birth|zip|postal|company|note|نام|تلفن|موبایل|آدرس", re.IGNORECASE
)
_NOT_PERSONAL = re.compile(r"line ?item|product|item|file|coupon", re.IGNORECASE)
_LOOKS_PERSONAL = r"@|^\+?[\d ()-]{9,}$"
_OWN = ("file", "line", "reason", "revenue")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def hide_personal(rows: pd.DataFrame) -> pd.DataFrame:
    """Mask the columns that tell who somebody is, and any cell that looks like an address or a phone number."""
    hidden = {}
    for name in rows.columns:
        values = rows[name]
        if name in _OWN:
            hidden[name] = values
        elif canonical(name) in _PERSONAL or (_PERSONAL_WORDS.search(name) and not _NOT_PERSONAL.search(name)):
            hidden[name] = values.map(hide, na_action="ignore")
        else:
            text = values.astype("str")
            telling = text.str.contains(_LOOKS_PERSONAL, regex=True, na=False)
            hidden[name] = values.where(~telling, text.map(mask, na_action="ignore")) if telling.any() else values
    return pd.DataFrame(hidden, index=rows.index)


def spreadsheet_safe(rows: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before any text a spreadsheet would run as a formula; plain numbers stay as they are."""
    safe = rows.copy()
    for name in safe.columns:
        if safe[name].dtype.kind in "OU" or isinstance(safe[name].dtype, pd.StringDtype):
            safe[name] = safe[name].map(_cell, na_action="ignore")
    return safe


def _cell(value: object) -> object:
    text = str(value)
    if text.startswith(_FORMULA) and not re.fullmatch(r"[+-]?\d+([.,]\d+)*", text):
        return "'" + text
    return value
