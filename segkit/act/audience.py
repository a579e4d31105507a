"""Audience: the customers of a segment who may be reached for a purpose, and why the others may not."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from segkit import _portable as p
from segkit.act import platforms
from segkit.act.addresses import check_country_code, cleaned, is_blank
from segkit.act.files import Written, write_csv
from segkit.consent import NO, UNCLEAR, answers, check_purpose
from segkit.errors import ColumnProblem, DataProblem, MissingTable, UnknownName, did_you_mean

REACHED_BY: dict[str, tuple[str, ...]] = {
    "email": ("email",),
    "phone": ("phone",),
    "sms": ("phone",),
    "ads": ("email", "phone"),
    "analytics": (),
    "post": (),
}
"""The columns of ``customers`` that a purpose reaches people by; one of them is enough."""

_NAMES = ("first_name", "last_name")


@dataclass(frozen=True, repr=False, eq=False)
class Audience:
    """The customers of a segment who may be reached for a purpose.

    Attributes
    ----------
    label, purpose : str
        Which segment, and what for.
    segment_size : int
        Customers in the segment, reached or not.
    customers : pandas.DataFrame
        ``customer_id`` and ``segment`` of those who may be reached, in order of ``customer_id``. No names, no
        addresses: :meth:`contacts` gives those.
    excluded : pandas.DataFrame
        ``reason`` and ``customers``: how many were left out, each counted once, under the first reason that applies.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> shop = sk.Shop(synthetic.outdoor_shop(customers=300, seed=7))
    >>> audience = sk.segment(shop, sk.Usage()).audience("light", purpose="email")
    >>> len(audience) + audience.excluded["customers"].sum() == audience.segment_size
    np.True_
    """

    label: str
    purpose: str
    segment_size: int
    customers: pd.DataFrame
    excluded: pd.DataFrame
    reached_by: tuple[str, ...]
    _contacts: pd.DataFrame

    def __len__(self) -> int:
        return len(self.customers)

    def contacts(self) -> pd.DataFrame:
        """Return names and addresses as well. Personal data: do not leave it in a stored notebook."""
        return self._contacts.copy()

    def to_csv(self, path: str | Path) -> Written:
        """Write a plain CSV: customer_id, segment, names, and the addresses that this purpose uses.

        Returns
        -------
        Written
            Path, rows, and how many cells were changed to be safe in a spreadsheet.
        """
        return write_csv(self._contacts, path)

    def to_mailchimp(self, path: str | Path) -> Written:
        """Write the columns that Mailchimp's import reads: Email Address, First Name, Last Name, Tags."""
        return self._to("mailchimp", path)

    def to_klaviyo(self, path: str | Path) -> Written:
        """Write the columns that Klaviyo's list import reads: Email or Phone Number, names, Segment."""
        return self._to("klaviyo", path)

    def to_mautic(self, path: str | Path) -> Written:
        """Write the columns that Mautic's import reads: email or mobile, firstname, lastname, tags."""
        return self._to("mautic", path)

    def to_hashed(self, path: str | Path, platform: str = "google") -> Written:
        """Write an ad list: addresses in lower case, trimmed, phones as E.164, then SHA-256.

        Parameters
        ----------
        path : str or pathlib.Path
            The file.
        platform : {"google", "meta"}
            Whose column names; Meta hashes phone numbers without the +.

        Raises
        ------
        UnknownName
            For another platform.
        DataProblem
            When the yes was given for e-mail, phone, post or analytics: that is no yes to an ad platform.
        """
        if platform not in platforms.HASHED:
            raise UnknownName(f"There is no ad list for '{platform}'. {did_you_mean(platform, platforms.HASHED)}")
        if self.purpose != "ads" and self.purpose in REACHED_BY:
            raise DataProblem(
                f"These customers said yes to '{self.purpose}', not to being given to an ad platform. "
                f"Ask for the audience with purpose='ads'."
            )
        return self._to(platform, path)

    def _to(self, name: str, path: str | Path) -> Written:
        frame, phones = platforms.layout(name, self._contacts, self.reached_by)
        return write_csv(frame, path, platform=True, phones=phones)

    def __repr__(self) -> str:
        reasons = ", ".join(f"{row.customers:,} {row.reason}" for row in self.excluded.itertuples())
        left_out = f" Left out: {reasons}." if reasons else ""
        return (
            f"Audience '{self.label}' for {self.purpose}: {len(self):,} of {self.segment_size:,} customers may be "
            f"reached.{left_out}"
        )

    def _repr_html_(self) -> str:
        first = html.escape(repr(self).split(" Left out")[0])
        table = self.excluded.to_html(index=False, escape=True) if len(self.excluded) else ""
        return f"<p><strong>{first}</strong></p>{table}"


def audience(
    segmentation: Any,
    label: str,
    purpose: str,
    *,
    reached_by: str | tuple[str, ...] | None = None,
    country_code: str | None = None,
) -> Audience:
    """Return the customers of a segment who may be reached for a purpose.

    Only a customer with a recorded yes for this very purpose is in it. A blank, unknown or unclear answer is no yes.
    Where customers share an address it is used once, for the ``customer_id`` that comes first; and an address that any
    customer of the shop has refused for this purpose is not used for another. Who has a second address keeps that one.

    Parameters
    ----------
    segmentation : Segmentation
        Made from a shop with ``consents`` and, where the purpose needs an address, ``customers``.
    label : str
        One of the segments.
    purpose : str
        One of the purposes in ``consents``, such as ``"email"``.
    reached_by : str or tuple of str, optional
        ``"email"``, ``"phone"`` or both, for a purpose with a name of your own, such as ``"newsletter"``; ``()`` when
        it needs no address. Known by themselves: email, phone, sms, ads, analytics, post.
    country_code : str, optional
        Digits such as ``"98"``, for phone numbers written without one.

    Returns
    -------
    Audience
        Who may be reached, and who was left out for which reason.

    Raises
    ------
    UnknownName
        When there is no such segment or purpose; the message names the nearest.
    MissingTable
        When the shop has no ``consents``, or no ``customers`` where an address is needed.
    DataProblem
        When the segmentation knows no shop, or does not say how a purpose reaches people.
    """
    segmentation.check_label(label)
    shop = segmentation.shop
    if shop is None:
        raise DataProblem(
            "This segmentation does not know its shop, and the shop holds the consents. Make it with "
            "sk.segment(shop, segmenter) or segmenter.segment(facts, shop=shop)."
        )
    check_purpose(shop, purpose)
    reached_by = _reached_by(purpose, reached_by)
    country_code = check_country_code(country_code)
    members = p.lazy(segmentation.labels).filter(nw.col("segment") == label).select(p.KEY)
    people = _people(shop, members, reached_by, country_code)
    reason = pd.Series(None, index=people.index, dtype=object)

    def leave_out(why: str, where: pd.Series) -> None:
        reason[where & reason.isna()] = why

    said = people[p.KEY].map(answers(shop, purpose, members))
    leave_out("never asked", said.isna())
    leave_out("refused", said == NO)
    leave_out("answer not clear", said == UNCLEAR)
    if reached_by:
        addresses = list(reached_by)
        leave_out("not in the customers table", ~people["known"])
        leave_out("no address", ~people[[f"{name} given" for name in addresses]].any(axis=1))
        leave_out("address not valid", people[addresses].isna().all(axis=1))
        for name in addresses:
            refused = _refused(shop, purpose, people, said, name, country_code)
            people[name] = people[name].mask(people[name].isin(refused))
        leave_out("address refused by another customer", people[addresses].isna().all(axis=1))
        for name in addresses:
            people[name] = people[name].mask(people[name].where(reason.isna()).duplicated())
        leave_out("address is another customer's too", people[addresses].isna().all(axis=1))
    counts = reason.value_counts(sort=False).reindex(REASONS).dropna().astype("int64")
    contacts = people.loc[reason.isna(), [p.KEY, *(n for n in (*_NAMES, *reached_by) if n in people)]]
    contacts.insert(1, "segment", label)
    contacts = contacts.reset_index(drop=True)
    return Audience(
        label=label,
        purpose=purpose,
        segment_size=len(people),
        customers=contacts[[p.KEY, "segment"]].copy(),
        excluded=counts.rename_axis("reason").reset_index(name="customers"),
        reached_by=reached_by,
        _contacts=contacts,
    )


REASONS = (
    "never asked",
    "refused",
    "answer not clear",
    "not in the customers table",
    "no address",
    "address not valid",
    "address refused by another customer",
    "address is another customer's too",
)
"""Why a customer is left out; the first that applies is counted."""


def _reached_by(purpose: str, given: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if given is None:
        if purpose not in REACHED_BY:
            raise DataProblem(
                f"The purpose '{purpose}' does not say how it reaches people. Pass reached_by='email', "
                "reached_by='phone', reached_by=('email', 'phone'), or reached_by=() when it needs no address."
            )
        return REACHED_BY[purpose]
    names = (given,) if isinstance(given, str) else tuple(given)
    for name in names:
        if name not in ("email", "phone"):
            raise UnknownName(f"Nobody is reached by '{name}'. {did_you_mean(name, ['email', 'phone'])}")
    return names


def _people(shop: Any, members: nw.LazyFrame, reached_by: tuple[str, ...], country_code: str | None) -> pd.DataFrame:
    """The members in order of id, with names, cleaned addresses and whether an address was given at all."""
    if not reached_by:
        people = p.small(members)
        return people.sort_values(p.KEY, ignore_index=True)
    if not shop.has("customers"):
        raise MissingTable(
            f"This shop has no 'customers' table, and it holds the {' and '.join(reached_by)} of each customer. Add a "
            f"file customers.csv with the columns customer_id, {', '.join(reached_by)}, or pass the table: "
            "sk.Shop({**shop.tables, 'customers': customers})."
        )
    customers = shop.lazy("customers")
    there = customers.collect_schema().names()
    for name in reached_by:
        if name not in there:
            raise ColumnProblem(f"Table 'customers' has no column '{name}'. {did_you_mean(name, there)}")
    wanted = [name for name in (p.KEY, *_NAMES, *reached_by) if name in there]
    known = customers.select(wanted).with_columns(known=nw.lit(True))
    people = p.small(members.join(known, on=p.KEY, how="left")).sort_values(p.KEY, ignore_index=True)
    twice = int(people[p.KEY].duplicated().sum())
    if twice:
        raise DataProblem(
            f"Table 'customers' holds {twice:,} of these customers more than once. Keep one row per customer_id, then "
            "ask again: who is reached must not depend on which row comes first."
        )
    people["known"] = people["known"].notna()
    for name in reached_by:
        people[f"{name} given"] = ~people[name].map(is_blank).astype(bool)
        people[name] = cleaned(people[name], name, country_code)
    return people


def _refused(
    shop: Any, purpose: str, people: pd.DataFrame, said: pd.Series, name: str, country_code: str | None
) -> set[str]:
    """The members' addresses that somebody has refused: a member, or another customer who has the same."""
    customers = shop.lazy("customers").with_columns(_loosely(name))
    ours = p.same_engine(people[[p.KEY]], customers)
    theirs = customers.join(ours, on=p.KEY, how="semi").select("_loosely").filter(~nw.col("_loosely").is_null())
    same = customers.join(ours, on=p.KEY, how="anti").join(theirs.unique(), on="_loosely", how="inner")
    twins = p.small(same.select(p.KEY, name))
    said_there = twins[p.KEY].map(answers(shop, purpose, same.select(p.KEY)))
    said_no = [people.loc[said == NO, name].dropna()]
    said_no.append(cleaned(twins.loc[said_there == NO, name], name, country_code).dropna())
    return set().union(*said_no)


def _loosely(name: str) -> nw.Expr:
    """An address without case and fillers, to find the same one in the engine before it is looked at closely."""
    return nw.col(name).str.to_lowercase().str.replace_all(r"[\s().-]", "").alias("_loosely")
