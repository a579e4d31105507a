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


def standing(consents: nw.LazyFrame) -> nw.LazyFrame:
    """Work out each customer's standing answer for each purpose, in the engine.

    The rows of the last date count, and every row without a date: all of them must say yes. Where they differ,
    the strictest answer stands.

    Parameters
    ----------
    consents : narwhals.LazyFrame
        ``customer_id``, ``purpose``, ``granted`` and, where known, ``changed_at``.

    Returns
    -------
    narwhals.LazyFrame
        ``customer_id``, ``purpose`` and ``said``: ``YES``, ``NO`` or ``UNCLEAR``. Who was never asked is not there.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "customer_id": ["a", "a"], "purpose": ["email", "email"], "granted": ["yes", "no"],
    ...     "changed_at": pd.to_datetime(["2026-01-01", "2026-02-01"])})
    >>> p.small(standing(p.lazy(rows)))["said"].tolist()
    [-1]
    """
    asked = [p.KEY, "purpose"]
    word = nw.col("granted").cast(nw.String).str.strip_chars().str.to_lowercase()
    no = nw.when(word.is_in(sorted(_NO_WORDS))).then(nw.lit(NO)).otherwise(nw.lit(UNCLEAR))
    rows = consents.with_columns(said=nw.when(word.is_in(sorted(_YES_WORDS))).then(nw.lit(YES)).otherwise(no))
    if "changed_at" in p.columns(consents):
        dated = rows.with_columns(_last=nw.col("changed_at").max().over(*asked))
        rows = dated.filter((nw.col("changed_at") == nw.col("_last")) | nw.col("changed_at").is_null())
    return rows.group_by(*asked).agg(said=p.whole(nw.col("said").min()))


def answers(shop: Any, purpose: str, people: nw.LazyFrame) -> pd.Series:
    """Return each customer's standing answer: ``YES``, ``NO`` or ``UNCLEAR``; who was never asked is not there.

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
    asked = shop.lazy("consents").filter(nw.col("purpose") == purpose).join(people, on=p.KEY, how="inner")
    return p.small(standing(asked)).set_index(p.KEY)["said"].astype("int64")
