"""Windows of the year in which people buy for an occasion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

Windows = Mapping[str, Sequence[tuple[dt.date, dt.date]]]
"""Name of an occasion to its windows, each a first and a last day that both belong to it."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def windows(first_day: dt.date, last_day: dt.date) -> dict[str, list[tuple[dt.date, dt.date]]]:
    """Return the windows of five widely kept occasions between two days.

    Dates come from the holidays library; Black Friday is the day after the fourth Thursday of November. Presents are
    bought before the day, so a window ends on it; a sale's window is the sale.

    Parameters
    ----------
    first_day, last_day : datetime.date
        Windows that touch this span are returned whole.

    Returns
    -------
    dict
        Occasion to list of (first day, last day).

    Examples
    --------
    >>> windows(dt.date(2025, 11, 1), dt.date(2025, 12, 31))
    {'black_friday': [(datetime.date(2025, 11, 28), datetime.date(2025, 12, 1))], 'christmas': [(datetime.date(2025, 12, 12), datetime.date(2025, 12, 25))]}
    """  # noqa: E501
    import holidays

    found: dict[str, list[tuple[dt.date, dt.date]]] = {}
    for year in range(first_day.year, last_day.year + 2):
        thanksgiving = _day_named(holidays.country_holidays("US", years=year), "Thanksgiving")
        iran = holidays.country_holidays("IR", years=year, language="en_US")
        nowruz = min(day for day, names in iran.items() if "Nowruz" in names.split("; "))
        spans = {
            "nowruz": [_before(nowruz, 14)],
            "valentines_day": [_before(dt.date(year, 2, 14), 9)],
            "end_of_season": [_before(dt.date(year, 1, 31), 12), _before(dt.date(year, 8, 31), 12)],
            "black_friday": [(thanksgiving + dt.timedelta(days=1), thanksgiving + dt.timedelta(days=4))],
            "christmas": [_before(dt.date(year, 12, 25), 14)],
        }
        for name, pairs in spans.items():
            inside = [(start, end) for start, end in pairs if start <= last_day and end >= first_day]
            if inside:
                found.setdefault(name, []).extend(inside)
    return dict(sorted(found.items()))


def _before(day: dt.date, length: int) -> tuple[dt.date, dt.date]:
    return day - dt.timedelta(days=length - 1), day


def _day_named(country: Mapping[dt.date, str], text: str) -> dt.date:
    return min(day for day, name in country.items() if name.startswith(text))
