"""Dates of one column: gather how they are written, settle on one reading, read. What is ambiguous is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from segkit.errors import ColumnProblem, FileProblem
from segkit.load.dateparts import CODE, FORMS, NAIVE, DateParts, split_dates
from segkit.load.options import Options
from segkit.load.texts import as_words, count_of, mask

_JALALI_YEARS = (1300, 1500)
_YEARS = (1900, 2200)
PLACEHOLDERS = np.array(["9999-12-31", "0001-01-01", "1900-01-01", "1970-01-01", "1899-12-30"], "datetime64[D]")
_UNIT_OF = {"epoch_s": "s", "epoch_ms": "ms", "epoch_us": "us", "epoch_ns": "ns", "serial": "excel"}
_FIELDS_OF = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
_NAT = np.datetime64("NaT", "us")


@dataclass
class DateEvidence:
    """How the dates of one column are written, counted over the whole file."""

    rows: Counter = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)
    offsets: Counter = field(default_factory=Counter)
    typed: bool = False

    def add(self, column: pa.Array, lines: np.ndarray) -> None:
        """Look at one batch."""
        if is_moment(column):
            self.typed = True
            return
        words = as_words(column)
        parts = split_dates(words.text)
        counts = words.counts()
        seen = [(FORMS[code], parts.form == code) for code in np.unique(parts.form)]
        last, jalali = parts.form == CODE["year_last"], _looks_jalali(parts)
        seen += [
            ("day_first", last & (parts.first > 12)),
            ("month_first", last & (parts.second > 12)),
            ("jalali", jalali),
        ]
        for name, those in seen:
            self._count(name, those, words, counts, lines)
        dated = (parts.form >= CODE["year_first"]) & (parts.form <= CODE["named"])
        for offset in np.unique(parts.offset[dated]):
            self.offsets[int(offset)] += int(counts[dated & (parts.offset == offset)].sum())

    def _count(self, name: str, those: np.ndarray, words, counts: np.ndarray, lines: np.ndarray) -> None:
        if not those.any():
            return
        self.rows[name] += int(counts[those].sum())
        first = self.lines.setdefault(name, [])
        if len(first) < 3:
            where = np.flatnonzero(words.spread(those, False))
            first.extend(int(line) for line in lines[where[: 3 - len(first)]])
        first_text = words.unique[np.flatnonzero(those)[0]]
        self.example.setdefault(name, f"{first_text[:3]}…" if name.startswith("epoch") else mask(first_text))


@dataclass(frozen=True)
class DateReading:
    """How the dates of one column are to be read."""

    form: str = "year_first"
    dayfirst: bool = False
    calendar: str = "gregorian"
    unit: str | None = None
    tz: str | None = None
    convert: bool = False
    said: str = ""

    @property
    def moved(self) -> str:
        """What was done to a date that is not kept as written."""
        done = []
        if self.unit:
            done.append(
                "read as Excel's days" if self.unit == "excel" else f"read as {_FIELDS_OF[self.unit]} since 1970"
            )
        if self.calendar == "jalali":
            done.append("read in the Jalali calendar")
        if self.convert:
            done.append(f"moved to {self.tz}")
        return " and ".join(done)


def decide_dates(evidence: DateEvidence, options: Options, column: str, file: str) -> DateReading:
    """Settle form, order of day and month, calendar and time zone.

    Raises
    ------
    ColumnProblem
        When the column could be read in two ways; the message says what to pass.
    """
    rows = evidence.rows
    dated = {form: rows[form] for form in FORMS[2:] if rows[form]}
    filled = sum(dated.values()) + rows["unreadable"]
    if evidence.typed or not filled:
        return DateReading(tz=options.tz, convert=options.tz is not None)
    form = max(dated, key=lambda name: dated[name], default="unreadable")

    def stop(what: str, name: str) -> ColumnProblem:
        where = ", ".join(str(line) for line in evidence.lines[name])
        return ColumnProblem(
            f"{file}: column '{column}': {rows[name]:,} of {filled:,} dates {what}, such as "
            f"'{evidence.example[name]}' (first lines: {where})."
        )

    if form == "unreadable" or rows["unreadable"] * 2 > filled:
        raise _with(stop("cannot be read as a date", "unreadable"), "Pass columns= if another column holds the date.")
    if form == "two_digit":
        raise _with(stop("have a year of two digits", form), "Export them again with four digits, as 2026-09-30.")
    if form in _UNIT_OF and options.unit is None:
        what = (
            "look like Excel serial days" if form == "serial" else f"look like {_FIELDS_OF[_UNIT_OF[form]]} since 1970"
        )
        raise _with(stop(what, form), f"Pass unit='{_UNIT_OF[form]}'.")
    if rows["jalali"] * 2 > filled and options.calendar is None:
        raise _with(stop("have years 1300-1500, which look Jalali", "jalali"), "Pass calendar='jalali'.")
    dayfirst = _day_first(evidence, options, stop) if form == "year_last" else False
    tz, convert = _zone(evidence, options, column, file)
    unit = options.unit if form in _UNIT_OF else None
    if unit and unit != "excel":
        tz, convert = options.tz or "UTC", True
    said = ""
    if form == "year_last" and options.dayfirst is None:
        said = f"is read with the {'day' if dayfirst else 'month'} first, as some can only be"
    elif convert and options.tz is None and not unit:
        said = f"carries {len(evidence.offsets)} different offsets; moved to UTC (pass tz= for the shop's own days)"
    return DateReading(form, dayfirst, options.calendar or "gregorian", unit, tz, convert, said)


def _with(problem: ColumnProblem, advice: str) -> ColumnProblem:
    return ColumnProblem(f"{problem} {advice}")


def _day_first(evidence: DateEvidence, options: Options, stop) -> bool:
    if options.dayfirst is not None:
        return options.dayfirst
    day, month = evidence.rows["day_first"], evidence.rows["month_first"]
    if day and not month:
        return True
    if month and not day:
        return False
    if day:
        problem = stop("fit only with the day first and others only with the month first", "day_first")
    else:
        problem = stop("are ambiguous: no day is above 12, so day and month cannot be told apart", "year_last")
    raise _with(problem, "Pass dayfirst=True or dayfirst=False.")


def _zone(evidence: DateEvidence, options: Options, column: str, file: str) -> tuple[str | None, bool]:
    """Say in which zone the times end up, and whether they must be moved there."""
    offsets = {offset: rows for offset, rows in evidence.offsets.items() if offset != NAIVE}
    if not offsets:
        return options.tz, False
    naive = evidence.offsets[NAIVE]
    if options.tz:
        return options.tz, True
    if naive:
        raise ColumnProblem(
            f"{file}: column '{column}': {count_of(sum(offsets.values()), 'time')} with an offset from UTC, "
            f"{naive:,} without. Pass tz= with the shop's time zone, in which the others are meant: tz='Europe/London'."
        )
    if len(offsets) == 1:
        minutes = next(iter(offsets))
        sign = "-" if minutes < 0 else "+"
        return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}" if minutes else "UTC", False
    return "UTC", True


def read_dates(column: pa.Array, reading: DateReading) -> tuple[np.ndarray, np.ndarray]:
    """Read one batch of a column.

    Returns
    -------
    values : numpy.ndarray of datetime64[us]
        NaT where there is none.
    state : numpy.ndarray of str
        ``""`` when read, or ``"missing"``, ``"unreadable"``, ``"other_form"``, ``"impossible"``, ``"placeholder"``.
    """
    if is_moment(column):
        values = _typed(column, reading)
        empty = np.isnat(values)
        state = np.where(empty, "missing", "").astype("U12")
    else:
        words = as_words(column)
        parts = split_dates(words.text)
        values, state = _read(parts, reading)
        values, state = words.spread(values, _NAT), words.spread(state, "missing")
    day = values.astype("datetime64[D]")
    state[(state == "") & np.isin(day, PLACEHOLDERS)] = "placeholder"
    year = values.astype("datetime64[Y]").astype(np.int64) + 1970
    state[(state == "") & ((year < _YEARS[0]) | (year >= _YEARS[1]))] = "impossible"
    return np.where(state == "", values, _NAT), state


def _read(parts: DateParts, reading: DateReading) -> tuple[np.ndarray, np.ndarray]:
    state = np.full(len(parts.form), "", "U12")
    for name in ("missing", "unreadable"):
        state[parts.form == CODE[name]] = name
    state[(state == "") & (parts.form != CODE.get(reading.form, -1))] = "other_form"
    good = state == ""
    if reading.unit:
        values = _from_number(parts, reading)
        if reading.unit == "excel":
            return np.where(good, values, _NAT), state
        return np.where(good, _to_zone(values, str(reading.tz)), _NAT), state
    year, month, day = parts.first, parts.second, parts.third
    if reading.form == "year_last":
        year, month, day = parts.third, parts.second, parts.first
        if not reading.dayfirst:
            month, day = day, month
    values, possible = _build(year, month, day, reading.calendar, good)
    possible &= parts.microseconds >= 0
    state[good & ~possible] = "impossible"
    values = values + parts.microseconds.astype("timedelta64[us]")
    if reading.convert:
        aware = parts.offset != NAIVE
        utc = values - np.where(aware, parts.offset, 0).astype("timedelta64[m]")
        local = _to_zone(utc, str(reading.tz))
        values = np.where(aware, local, values)
    return np.where(state == "", values, _NAT), state


def _build(year: np.ndarray, month: np.ndarray, day: np.ndarray, calendar: str, wanted: np.ndarray):
    """Midnight of each date, and whether there is such a date."""
    possible = wanted & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1)
    if calendar == "jalali":
        return _from_jalali(year, month, day, possible)
    year, month = np.where(possible, year, 2000), np.where(possible, month, 1)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    values = months.astype("datetime64[D]") + (np.where(possible, day, 1) - 1).astype("timedelta64[D]")
    possible &= values.astype("datetime64[M]") == months
    return values.astype("datetime64[us]"), possible


def _from_jalali(year: np.ndarray, month: np.ndarray, day: np.ndarray, possible: np.ndarray):
    try:
        from persiantools.jdatetime import JalaliDate
    except ImportError:
        raise FileProblem("Reading Jalali dates needs persiantools. Type: pip install 'segkit[files]'") from None
    values = np.full(len(year), "1970-01-01", "datetime64[us]")
    possible = possible.copy()
    for i in np.flatnonzero(possible):
        try:
            values[i] = np.datetime64(JalaliDate(int(year[i]), int(month[i]), int(day[i])).to_gregorian(), "us")
        except ValueError:
            possible[i] = False
    return values, possible


def _from_number(parts: DateParts, reading: DateReading) -> np.ndarray:
    if reading.unit == "excel":  # day 1 is 1900-01-01, and Excel counts a 29 February 1900 that never was
        seconds = np.round(np.nan_to_num(parts.number) * 86_400)
        return np.datetime64("1899-12-30", "us") + (seconds * 1e6).astype("timedelta64[us]")
    if reading.unit == "ns":
        return (parts.first // 1000).astype("datetime64[us]")
    return (parts.first * {"s": 10**6, "ms": 10**3, "us": 1}[str(reading.unit)]).astype("datetime64[us]")


def _to_zone(utc: np.ndarray, tz: str) -> np.ndarray:
    """Wall-clock time in a zone, without the zone."""
    stamps = pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(ZoneInfo(tz)).tz_localize(None)
    return stamps.to_numpy().astype("datetime64[us]")


def clock_changes(values: np.ndarray, reading: DateReading) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose hour the clock of the shop's time zone skipped, and rows whose hour it showed twice."""
    none = np.zeros(len(values), bool)
    if reading.tz is None or reading.convert or reading.tz.startswith("UTC"):
        return none, none
    stamps = pd.DatetimeIndex(values)
    known = stamps.notna()
    both = ~stamps.tz_localize(ZoneInfo(reading.tz), ambiguous="NaT", nonexistent="NaT").notna() & known
    doubled = ~stamps.tz_localize(ZoneInfo(reading.tz), ambiguous="NaT", nonexistent="shift_forward").notna() & known
    return both & ~doubled, doubled


def _typed(column: pa.Array, reading: DateReading) -> np.ndarray:
    zone = getattr(column.type, "tz", None)
    if zone is not None:
        stamps = pd.DatetimeIndex(column.to_pandas()).tz_convert(ZoneInfo(reading.tz or zone)).tz_localize(None)
        return stamps.to_numpy().astype("datetime64[us]")
    return column.cast(pa.timestamp("us"), safe=False).to_numpy(zero_copy_only=False).astype("datetime64[us]")


def is_moment(column: pa.Array) -> bool:
    """Whether a column already holds dates (Parquet)."""
    return pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)


def _looks_jalali(parts: DateParts) -> np.ndarray:
    year = np.where(parts.form == CODE["year_last"], parts.third, parts.first)
    dated = np.isin(parts.form, [CODE["year_first"], CODE["year_last"], CODE["compact"]])
    return dated & (year >= _JALALI_YEARS[0]) & (year <= _JALALI_YEARS[1])
