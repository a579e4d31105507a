"""What each table of a shop holds: columns, kinds, units and keys.

One place answers "what is this column?" for the loader, the measures, the lessons and the book.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segkit.errors import UnknownName, did_you_mean

Kind = Literal["id", "text", "time", "day", "money", "count", "share", "flag", "score"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        The column's one name.
    kind : {"id", "text", "time", "day", "money", "count", "share", "flag", "score"}
        What its values are. An ``id`` is always text. A ``time`` is a moment in the shop's local time, a ``day``
        is a moment at midnight. ``money`` is in the order's currency.
    text : str
        One line in plain words, with the unit.
    required : bool
        Whether the table is useless without it.
    personal : bool
        Whether the value tells who somebody is; such columns are masked wherever rows are displayed.
    """

    name: str
    kind: Kind
    text: str
    required: bool = False
    personal: bool = False


@dataclass(frozen=True)
class Table:
    """One table of a shop: what a row is, its key and its columns."""

    name: str
    one_row_per: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which the table is useless."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def personal(self) -> tuple[str, ...]:
        """Names of the columns that tell who somebody is."""
        return tuple(column.name for column in self.columns if column.personal)

    def column(self, name: str) -> Column:
        """Return one column by name.

        Raises
        ------
        UnknownName
            When the table has no such column.

        Examples
        --------
        >>> TABLES["orders"].column("ordered_at").kind
        'time'
        """
        for column in self.columns:
            if column.name == name:
                return column
        names = [column.name for column in self.columns]
        raise UnknownName(f"Table '{self.name}' has no column '{name}'. {did_you_mean(name, names)}")


def _c(name: str, kind: Kind, text: str, *flags: str) -> Column:
    return Column(name, kind, text, required="required" in flags, personal="personal" in flags)


_CUSTOMER = _c("customer_id", "id", "who the customer is, as the shop numbers them", "required")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("customers", "customer", ("customer_id",), (
            _CUSTOMER,
            _c("first_name", "text", "given name", "personal"),
            _c("last_name", "text", "family name", "personal"),
            _c("email", "text", "e-mail address", "personal"),
            _c("phone", "text", "phone number with country code", "personal"),
            _c("signed_up_at", "time", "when the account was made"),
            _c("birth_date", "day", "birthday, if told", "personal"),
            _c("gender", "text", "as declared, if told"),
            _c("marital_status", "text", "as declared, if told"),
            _c("household_size", "count", "people in the household"),
            _c("children", "count", "children in the household"),
            _c("education", "text", "highest level, if told"),
            _c("occupation", "text", "as declared, if told"),
            _c("income_band", "text", "band of yearly income, if told"),
            _c("country", "text", "where orders are sent"),
            _c("province", "text", "state or province"),
            _c("city", "text", "town or city"),
            _c("density", "text", "rural, suburban or urban"),
            _c("language", "text", "language of the account, such as en_US"),
            _c("first_source", "text", "what brought the customer the first time"),
        )),
        Table("products", "product", ("product_id",), (
            _c("product_id", "id", "the article's number", "required"),
            _c("name", "text", "the article's name"),
            _c("category", "text", "the shelf it stands on"),
            _c("list_price", "money", "price per piece before any discount"),
            _c("unit_cost", "money", "what one piece costs the shop"),
            _c("primary_benefit", "text", "what it does best for its owner"),
            _c("secondary_benefit", "text", "what it does next best"),
            _c("is_bestseller", "flag", "whether it is among the shop's most sold"),
        )),
        Table("orders", "order", ("order_id",), (
            _c("order_id", "id", "the order's number", "required"),
            _CUSTOMER,
            _c("ordered_at", "time", "when the order was placed, shop's local time", "required"),
            _c("channel", "text", "web, app, shop floor, phone"),
            _c("device", "text", "phone, tablet or desktop"),
            _c("coupon", "text", "code used, if any"),
            _c("shipping_fee", "money", "what the customer paid for shipping; not part of revenue"),
            _c("buying_for", "text", "self, gift, household or club"),
            _c("currency", "text", "three-letter code"),
        )),
        Table("order_lines", "line of an order", ("order_id", "line"), (
            _c("order_id", "id", "the order it belongs to", "required"),
            _c("line", "count", "1, 2, 3 ... within the order"),
            _c("product_id", "id", "the article"),
            _c("quantity", "count", "pieces ordered", "required"),
            _c("unit_price", "money", "price per piece before the discount", "required"),
            _c("discount", "money", "money taken off the whole line as ordered, 0 or more"),
            _c("returned_quantity", "count", "pieces sent back later, of those ordered"),
        )),
        Table("events", "event of a visit", ("event_id",), (
            _c("event_id", "id", "the event's number", "required"),
            _c("session_id", "id", "the visit it belongs to", "required"),
            _c("customer_id", "id", "who, when signed in; empty for a guest"),
            _c("visitor_id", "id", "the browser or app it came from"),
            _c("happened_at", "time", "when, shop's local time", "required"),
            _c("name", "text", "what happened: page_viewed, product_viewed, product_added ...", "required"),
            _c("product_id", "id", "the article looked at, if one"),
            _c("source", "text", "what brought the visit: search, campaign, direct ..."),
            _c("device", "text", "phone, tablet or desktop"),
            _c("os", "text", "operating system"),
            _c("connection", "text", "speed of the connection"),
        )),
        Table("messages", "e-mail sent", ("message_id",), (
            _c("message_id", "id", "the message's number", "required"),
            _c("campaign_id", "id", "the campaign it belongs to"),
            _CUSTOMER,
            _c("sent_at", "time", "when it was sent", "required"),
            _c("opened_at", "time", "when it was first opened, if it was"),
            _c("clicked_at", "time", "when a link was first clicked, if one was"),
        )),
        Table("campaigns", "campaign", ("campaign_id",), (
            _c("campaign_id", "id", "the campaign's number", "required"),
            _c("name", "text", "what it was called"),
            _c("starts_at", "time", "first moment it ran", "required"),
            _c("ends_at", "time", "last moment it ran", "required"),
            _c("incentive", "text", "what it offered, if anything"),
            _c("channel", "text", "how it reached people"),
        )),
        Table("holdouts", "customer left out of a campaign", ("campaign_id", "customer_id"), (
            _c("campaign_id", "id", "the campaign they could have been sent", "required"),
            _CUSTOMER,
        )),
        Table("answers", "customer and question", ("customer_id", "question"), (
            _CUSTOMER,
            _c("question", "text", "what was asked", "required"),
            _c("score", "score", "1 (not at all) to 5 (very much)", "required"),
            _c("asked_at", "time", "when it was asked"),
        )),
        Table("memberships", "member of the programme", ("customer_id",), (
            _CUSTOMER,
            _c("joined_at", "time", "when they joined", "required"),
            _c("tier", "text", "level within the programme"),
            _c("points_earned", "count", "points collected so far"),
            _c("points_redeemed", "count", "points spent so far"),
            _c("referrals", "count", "new customers they brought"),
        )),
        Table("consents", "customer and purpose", ("customer_id", "purpose"), (
            _CUSTOMER,
            _c("purpose", "text", "what the data may be used for: email, phone, post, ads ...", "required"),
            _c("granted", "flag", "whether they said yes", "required"),
            _c("changed_at", "time", "when they last decided"),
        )),
        Table("traffic", "day, source and device", ("day", "source", "device"), (
            _c("day", "day", "calendar day", "required"),
            _c("source", "text", "what brought the visits"),
            _c("device", "text", "phone, tablet or desktop"),
            _c("visits", "count", "visits that day, customers and strangers", "required"),
            _c("visitors", "count", "different browsers that day"),
        )),
    )
}


def table(name: str) -> Table:
    """Return the description of one table.

    Raises
    ------
    UnknownName
        When there is no such table; the message names the nearest.

    Examples
    --------
    >>> table("orders").required
    ('order_id', 'customer_id', 'ordered_at')
    """
    if name not in TABLES:
        raise UnknownName(f"There is no table '{name}'. {did_you_mean(name, TABLES)}")
    return TABLES[name]
