"""The columns each platform's import reads, as its own documentation gives them.

Mailchimp: "Format guidelines for your import file" (a text field holds 255 bytes) and "Import tags". Klaviyo: "How to
create and add subscribers to a new list" (the first column is Email or Phone Number). Mautic: "Import contacts" (UTF-8,
columns named as the fields, tags apart by ``|``). Google Ads: "Formatting guidelines for uploading hashed data". Meta:
"How to format a customer list", "Normalising and hashing".
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pandas as pd

from segkit.errors import DataProblem

HASHED = ("google", "meta")

# One platform: our column -> its column, in its order. "segment" becomes the tag or property.
_COLUMNS = {
    "mailchimp": {"email": "Email Address", "first_name": "First Name", "last_name": "Last Name", "segment": "Tags"},
    "klaviyo": {
        "email": "Email",
        "phone": "Phone Number",
        "first_name": "First Name",
        "last_name": "Last Name",
        "segment": "Segment",
    },
    "mautic": {
        "email": "email",
        "phone": "mobile",
        "first_name": "firstname",
        "last_name": "lastname",
        "segment": "tags",
    },
    "google": {"email": "Email", "phone": "Phone"},
    "meta": {"email": "email", "phone": "phone"},
}


def layout(name: str, contacts: pd.DataFrame, reached_by: tuple[str, ...]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Arrange contacts as a platform reads them.

    Returns
    -------
    pandas.DataFrame
        The platform's columns.
    tuple of str
        Which of them hold phone numbers as they are.

    Raises
    ------
    DataProblem
        When the platform cannot reach anybody by this purpose's addresses.
    """
    columns = _COLUMNS[name]
    addresses = [column for column in reached_by if column in columns]
    if not addresses:
        by = " or ".join(column for column in columns if column in ("email", "phone"))
        needs = " and ".join(reached_by) or "no address"
        raise DataProblem(
            f"{name.capitalize()} reaches people by {by}, and this audience is reached by {needs}. "
            "Ask for the audience with another purpose, or write it with to_csv(path)."
        )
    frame = contacts[[column for column in columns if column in contacts]].rename(columns=columns)
    if name in HASHED:
        for column in addresses:
            frame[columns[column]] = frame[columns[column]].map(_hash_of(name, column)).astype(object)
        return frame, ()
    return frame, (columns["phone"],) if "phone" in addresses else ()


def _hash_of(platform: str, column: str) -> Callable[[object], str]:
    drop = "+" if (platform, column) == ("meta", "phone") else ""

    def hashed(address: object) -> str:
        return sha256(address.lstrip(drop).encode()).hexdigest() if isinstance(address, str) else ""

    return hashed
