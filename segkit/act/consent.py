"""Who said yes to what: the last answer counts, and only a clear yes is a yes."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from segkit import _portable as p
from segkit.errors import MissingTable, UnknownName, did_you_mean

YES, UNCLEAR, NO = 1, 0, -1
_YES_WORDS = {"true", "1", "1.0", "yes", "y", "on", "granted", "بله", "بلی", "آری", "是"}
_NO_WORDS = {"false", "0", "0.0", "no", "n", "off", "refused", "denied", "withdrawn", "خیر", "نه", "否"}


def purposes(shop: Any) -> list[str]:
    """List the purposes that customers were asked about, in order of the alphabet.

    Raises
    ------
    MissingTable
        When the shop has no ``consents``.
    """
    if not shop.has("consents"):
        raise MissingTable(
            "This shop has no 'consents' table, and nobody is reached without a recorded yes. Add a file consents.csv "
            "with the columns customer_id, purpose, granted (and changed_at), or pass the table: "
            "sk.Shop({**shop.tables, 'consents': consents})."
        )
    known = shop.lazy("consents").select("purpose").unique()
    return sorted(str(word) for word in p.small(known)["purpose"].dropna())


def check_purpose(shop: Any, purpose: str) -> str:
    """Return `purpose` if customers were asked about it.

    Raises
    ------
    UnknownName
        When they were not; the message names the nearest.
    """
    asked = purposes(shop)
    if purpose not in asked:
        raise UnknownName(f"Nobody was asked about the purpose '{purpose}'. {did_you_mean(purpose, asked)}")
    return purpose


def answers(shop: Any, purpose: str, people: nw.LazyFrame) -> pd.Series:
    """Return each customer's standing answer: ``YES``, ``NO`` or ``UNCLEAR``; who was never asked is not there.

    The rows of the last date count, and every row without a date: all of them must say yes. Where they differ,
    the strictest answer stands.

    Parameters
    ----------
    shop : Shop
        With ``consents``.
    purpose : str
        One of :func:`purposes`.
    people : narwhals.LazyFrame
        Whose answers; one column, ``customer_id``, no customer twice.

    Returns
    -------
    pandas.Series
        The answers, by ``customer_id``.
    """
    consents = shop.lazy("consents")
    wanted = [name for name in (p.KEY, "granted", "changed_at") if name in consents.collect_schema().names()]
    rows = p.small(consents.filter(nw.col("purpose") == purpose).select(wanted).join(people, on=p.KEY, how="inner"))
    rows["said"] = rows["granted"].map(_said).astype("int64")
    if "changed_at" in rows:
        last = rows.groupby(p.KEY)["changed_at"].transform("max")
        rows = rows[(rows["changed_at"] == last) | rows["changed_at"].isna()]
    return rows.groupby(p.KEY)["said"].min()


def _said(granted: object) -> int:
    word = str(granted).strip().casefold()
    if word in _YES_WORDS:
        return YES
    return NO if word in _NO_WORDS else UNCLEAR
