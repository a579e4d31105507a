"""A shop small enough to work every consent out by hand. All addresses are of domains reserved for examples."""

from __future__ import annotations

import pandas as pd

# id, first name, last name, e-mail, phone
CUSTOMERS = [
    ("c01", "Ann", "Ash", " Ann@Example.com ", "+1 (415) 555-0101"),
    ("c02", "Bob", "Birch", "bob@example.com", "0044 20 7946 0102"),
    ("c03", "Cyd", "Cedar", "cyd@example.com", None),
    ("c04", "Dee", "Dogwood", "dee@example.com", "۰۹۱۲ ۳۴۵ ۶۷۸۹"),
    ("c05", "Eve", "Elm", "", ""),
    ("c06", "Fay", "Fir", "fay-at-example.com", "12"),
    ("c07", "Gus", "Gum", "ann@example.com", "+14155550101"),
    ("c08", "Hal", "Hazel", "hal@example.com", None),
    ("c09", "Hal", "Hazel", "HAL@example.com", None),
    ("c10", "=cmd()", "@Ivy", "ivy@example.com", "+14155550110"),
    ("c12", "Kim", "Kapok", "kim@example.com", None),
]

# id, purpose, granted, day of the answer; c11 has consents and orders but no row among customers
CONSENTS = [
    *((c, "email", True, "2026-01-01") for c in ("c01", "c02", "c03", "c05", "c06", "c07", "c08", "c10", "c11")),
    ("c02", "email", False, "2026-02-01"),  # took the yes back
    ("c03", "email", False, "2025-02-01"),  # the no is older than the yes
    ("c04", "ads", True, "2026-01-01"),  # yes to something else
    ("c09", "email", False, "2026-01-01"),  # the same inbox as c08
    ("c12", "email", True, None),
    ("c12", "email", False, None),  # two answers, no dates
    *((c, "sms", True, "2026-01-01") for c in ("c01", "c02", "c03", "c04", "c06", "c07")),
    ("c01", "ads", True, "2026-01-01"),
    ("c08", "ads", True, "2026-01-01"),
    ("c01", "analytics", True, "2026-01-01"),
    ("c02", "newsletter", True, "2026-01-01"),
]


def tables(granted: dict | None = None) -> dict[str, pd.DataFrame]:
    """Twelve customers with one order each, and one with nine. `granted` rewrites answers, such as True as "yes"."""
    ids = [f"c{n:02}" for n in range(1, 13)]
    orders = pd.DataFrame({"customer_id": [*ids, *["c99"] * 9]})
    orders["order_id"] = [f"o{n}" for n in range(len(orders))]
    orders["ordered_at"] = pd.Timestamp("2026-01-05 10:00").as_unit("us")
    customers = pd.DataFrame(CUSTOMERS, columns=["customer_id", "first_name", "last_name", "email", "phone"])
    consents = pd.DataFrame(CONSENTS, columns=["customer_id", "purpose", "granted", "changed_at"])
    consents["changed_at"] = pd.to_datetime(consents["changed_at"]).astype("datetime64[us]")
    if granted:
        consents["granted"] = consents["granted"].map(granted)
    return {"orders": orders, "customers": customers, "consents": consents}
