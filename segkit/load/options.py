"""How the reader wants a file read, and whether those wishes make sense."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from segkit.errors import UnknownName, did_you_mean

_WORDS = {
    "returns": ("net", "drop", "keep"),
    "duplicates": ("keep", "drop"),
    "free_lines": ("keep", "drop"),
    "calendar": (None, "gregorian", "jalali"),
    "unit": (None, "s", "ms", "us", "ns", "excel"),
    "decimal": (None, ".", ","),
    "engine": ("pandas", "polars", "duckdb"),
}


@dataclass(frozen=True)
class Options:
    """Everything a caller may say about a file. See :func:`segkit.load.read_tables` for the meaning of each."""

    as_of: dt.date | None = None
    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    returns: str = "net"
    duplicates: str = "keep"
    free_lines: str = "keep"
    encoding: str | None = None
    sep: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    dayfirst: bool | None = None
    calendar: str | None = None
    unit: str | None = None
    tz: str | None = None
    sheet: str | None = None
    member: str | None = None
    skiprows: int = 0
    currency: str | None = None
    engine: str = "pandas"

    def __post_init__(self) -> None:
        for name, allowed in _WORDS.items():
            value = getattr(self, name)
            if value not in allowed:
                words = [word for word in allowed if word is not None]
                raise UnknownName(f"{name}={value!r} is not known. {did_you_mean(value, words)}")
        if self.tz is not None:
            self._check_tz()

    def _check_tz(self) -> None:
        try:
            ZoneInfo(str(self.tz))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UnknownName(
                f"tz={self.tz!r} is not a time zone. Write it as continent and city, such as 'Europe/London'."
            ) from None
