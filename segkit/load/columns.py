"""Column names as shops write them -> segkit's names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from segkit.errors import ColumnProblem, did_you_mean
from segkit.schema import TABLES, Column

# segkit's name -> what exports call it, in lower case without blanks and marks. The first that is there wins.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "customer_id": (
        "customerid",
        "custid",
        "clientid",
        "userid",
        "customernumber",
        "customerno",
        "customercode",
        "customer",
        "client",
        "memberid",
        "buyerid",
        "accountid",
        "شناسهمشتری",
        "کدمشتری",
        "مشتری",
    ),
    "order_id": (
        "orderid",
        "invoiceno",
        "invoice",
        "invoiceid",
        "invoicenumber",
        "ordernumber",
        "orderno",
        "order",
        "transactionid",
        "receiptid",
        "receiptno",
        "basketid",
        "شمارهسفارش",
        "شمارهفاکتور",
        "سفارش",
        "فاکتور",
    ),
    "ordered_at": (
        "orderedat",
        "invoicedate",
        "orderdate",
        "transactiondate",
        "purchasedate",
        "date",
        "datetime",
        "createdat",
        "timestamp",
        "saledate",
        "تاریخ",
        "تاریخسفارش",
        "تاریخفاکتور",
    ),
    "product_id": (
        "productid",
        "stockcode",
        "sku",
        "itemid",
        "productcode",
        "itemcode",
        "articleid",
        "article",
        "product",
        "item",
        "کدکالا",
        "کالا",
        "محصول",
        "کدمحصول",
    ),
    "quantity": ("quantity", "qty", "units", "pieces", "itemquantity", "amountofitems", "تعداد"),
    "unit_price": ("unitprice", "price", "itemprice", "priceperunit", "lineitemprice", "قیمت", "قیمتواحد", "فی"),
    "revenue": (
        "revenue",
        "amount",
        "linetotal",
        "total",
        "sales",
        "totalprice",
        "value",
        "orderamount",
        "ordertotal",
        "ordervalue",
        "dollarvalue",
        "spend",
        "مبلغ",
        "مبلغکل",
        "جمعمبلغ",
    ),
    "discount": ("discount", "linediscount", "discountamount", "تخفیف"),
    "line": ("line", "lineno", "linenumber", "lineid", "linenr"),
    "name": ("name", "productname", "description", "title", "itemname", "نامکالا", "شرحکالا", "ناممحصول"),
    "category": ("category", "productcategory", "productgroup", "department", "گروه", "دسته", "دستهبندی"),
    "country": ("country", "billingcountry", "shippingcountry", "کشور"),
    "province": ("province", "state", "region", "استان"),
    "city": ("city", "town", "شهر"),
    "email": ("email", "emailaddress", "mail", "ایمیل"),
    "phone": ("phone", "phonenumber", "mobile", "telephone", "تلفن", "موبایل"),
    "first_name": ("firstname", "givenname", "forename", "نام"),
    "last_name": ("lastname", "surname", "familyname", "نامخانوادگی"),
    "birth_date": ("birthdate", "birthday", "dateofbirth", "dob", "تاریختولد"),
    "signed_up_at": ("signedupat", "registeredat", "registrationdate", "signupdate", "accountcreated"),
    "gender": ("gender", "sex", "جنسیت"),
    "currency": ("currency", "currencycode", "ارز"),
    "coupon": ("coupon", "couponcode", "discountcode", "promocode", "vouchercode"),
    "channel": ("channel", "saleschannel"),
    "shipping_fee": ("shippingfee", "shipping", "shippingcost", "postage", "freight"),
    "returned_quantity": ("returnedquantity", "returned", "refundedquantity"),
    "happened_at": ("happenedat", "timestamp", "eventtime", "datetime", "time", "date"),
    "session_id": ("sessionid", "session", "visitid"),
    "event_id": ("eventid",),
    "consent_email": (
        "acceptsmarketing",
        "acceptsemailmarketing",
        "emailconsent",
        "newsletter",
        "optin",
        "marketingconsent",
        "subscribed",
    ),
}
_DESCRIBED = {column.name: column for table in TABLES.values() for column in table.columns}
_REVENUE = Column("revenue", "money", "what the customer paid for the whole line")
_CONSENT = Column("consent_email", "flag", "whether e-mail was agreed to")
_EXTRA = {"revenue": _REVENUE, "consent_email": _CONSENT}  # columns of exports that become something else
_FLAT_TABLES = ("order_lines", "orders", "customers", "products")


def fold(name: object) -> str:
    """Write a column name so that 'Customer ID', 'customer_id' and 'CustomerID' are equal.

    Examples
    --------
    >>> fold(" Customer ID"), fold("customer_id")
    ('customerid', 'customerid')
    """
    text = str(name).replace("ي", "ی").replace("ك", "ک")
    return "".join(c for c in text.casefold() if c.isalnum())


def canonical(name: object) -> str:
    """Segkit's name for a column of an export, or the name itself when it is not known."""
    folded = fold(name)
    for ours in (*SYNONYMS, *_DESCRIBED):
        if folded == fold(ours):
            return ours
    for ours, theirs in SYNONYMS.items():
        if folded in theirs:
            return ours
    return str(name)


def is_known(name: object) -> bool:
    """Whether a column's name means something to segkit.

    Examples
    --------
    >>> is_known("Customer ID"), is_known("ann@example.com")
    (True, False)
    """
    return canonical(name) in {*SYNONYMS, *_DESCRIBED}


def described(name: str) -> Column:
    """The schema's description of a column, or that of one which only exports have."""
    return _EXTRA.get(name) or _DESCRIBED[name]


def flat_columns() -> tuple[Column, ...]:
    """Every column that an export with one row per line may hold."""
    seen = dict(_EXTRA)
    for table in _FLAT_TABLES:
        for column in TABLES[table].columns:
            seen.setdefault(column.name, column)
    return tuple(seen.values())


def match_columns(header: Iterable[str], wanted: Iterable[str], given: Mapping[str, str], file: str) -> dict[str, str]:
    """Find which of the file's columns is which of segkit's.

    Parameters
    ----------
    header : iterable of str
        The file's own names.
    wanted : iterable of str
        segkit's names that this kind of file may hold.
    given : mapping of str to str
        What the caller said: segkit's name to the file's. Wins over everything.
    file : str
        For messages.

    Returns
    -------
    dict of str to str
        segkit's name to the file's own, for those found.

    Examples
    --------
    >>> match_columns(["InvoiceNo", "CustomerID"], ["order_id", "customer_id", "city"], {}, "x.csv")
    {'order_id': 'InvoiceNo', 'customer_id': 'CustomerID'}
    """
    header = list(header)
    by_fold = {fold(name): name for name in reversed(header)}
    found = {}
    for ours, theirs in given.items():
        if theirs in header:
            found[ours] = theirs
        elif fold(theirs) in by_fold:
            found[ours] = by_fold[fold(theirs)]
    taken = set(found.values())
    wanted = [name for name in wanted if name not in found]
    for exact in (True, False):
        for ours in wanted:
            names = (fold(ours),) if exact else SYNONYMS.get(ours, ())
            hit = next((by_fold[name] for name in names if name in by_fold and by_fold[name] not in taken), None)
            if hit is not None and ours not in found:
                found[ours] = hit
                taken.add(hit)
    return {name: found[name] for name in [*given, *wanted] if name in found}


def check_given(given: Mapping[str, str], headers: Mapping[str, list[str]]) -> None:
    """Refuse a mapping that names a column no file has, or one that segkit does not know.

    Raises
    ------
    ColumnProblem
        With the nearest name.
    """
    known = {*_DESCRIBED, *_EXTRA}
    everything = [name for header in headers.values() for name in header]
    folded = {fold(name) for name in everything}
    for ours, theirs in given.items():
        if ours not in known:
            raise ColumnProblem(
                f"columns= names '{ours}', which segkit does not know. {did_you_mean(ours, sorted(known))}"
            )
        if fold(theirs) not in folded:
            where = ", ".join(headers)
            raise ColumnProblem(f"No column '{theirs}' in {where}. {did_you_mean(theirs, everything)}")


def missing_column(ours: str, header: Iterable[str], file: str, taken: Iterable[str] = ()) -> ColumnProblem:
    """Say that a column is not there, and what to type; columns already taken are not offered."""
    used = set(taken)
    hint = did_you_mean(ours, [name for name in header if name not in used])
    near = hint.split("'")[1] if hint.startswith("Did you mean") else "..."
    return ColumnProblem(f"No column '{ours}' in {file}. {hint} Pass columns={{'{ours}': '{near}'}}.")
