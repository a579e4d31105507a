"""Bad inputs 38 to 53: when."""

import datetime as dt

import pandas as pd
import pytest

from tests.load.made import GOOD, read, refused, with_column, write


def _dates(tmp_path, values, **how):
    return read(write(tmp_path, with_column("ordered_at", values)), **how)


def _refused(tmp_path, values, **how):
    return refused(write(tmp_path, with_column("ordered_at", values)), **how)


def _days(loaded):
    return sorted(loaded.tables["orders"]["ordered_at"].dt.strftime("%Y-%m-%d %H:%M").unique())


@pytest.mark.parametrize("values", [["1403/01/15"], ["1403-01-15 10:00"], ["۱۴۰۳/۰۱/۱۵"], ["15/01/1403"], ["14030115"]])
def test_bad_input_38_jalali_dates(tmp_path, values):
    message = _refused(tmp_path, values)
    assert "orders.csv: column 'ordered_at': 4 of 4 dates have years 1300-1500, which look Jalali" in message
    assert message.endswith("Pass calendar='jalali'.")
    loaded = _dates(tmp_path, values, calendar="jalali", dayfirst=True)
    assert _days(loaded)[0].startswith("2024-04-03")
    assert "calendar: jalali" in str(loaded.report)


def test_bad_input_39_jalali_day_31(tmp_path):
    assert _refused(tmp_path, ["1403/02/31"]).endswith("Pass calendar='jalali'.")
    assert _days(_dates(tmp_path, ["1403/02/31"], calendar="jalali")) == ["2024-05-20 00:00"]


def test_bad_input_40_jalali_leap_day(tmp_path):
    loaded = _dates(tmp_path, ["1403/12/30", "1402/12/30", "1402/12/29"], calendar="jalali")
    assert _days(loaded) == ["2024-03-19 00:00", "2025-03-20 00:00"]  # 1403 is a leap year, 1402 is not
    assert "1 of 4 rows (25.0 %) have a date in ordered_at that does not exist" in str(loaded.report)
    assert loaded.report.rejected["line"].tolist() == [3]


def test_bad_input_41_day_or_month_first(tmp_path):
    message = _refused(tmp_path, ["01/02/2024", "03/04/2024"])
    assert "4 of 4 dates are ambiguous: no day is above 12" in message
    assert message.endswith("Pass dayfirst=True or dayfirst=False.")
    assert _days(_dates(tmp_path, ["01/02/2024"], dayfirst=True)) == ["2024-02-01 00:00"]
    assert _days(_dates(tmp_path, ["01/02/2024"], dayfirst=False)) == ["2024-01-02 00:00"]
    sure = _dates(tmp_path, ["01/02/2024", "23/02/2024"])  # the column itself says that the day is first
    assert _days(sure) == ["2024-02-01 00:00", "2024-02-23 00:00"]
    assert "day first" in str(sure.report)
    assert "fit only with the day first and others only with the month first" in _refused(
        tmp_path, ["13/01/2024", "01/13/2024"]
    )


def test_bad_input_42_mixed_formats(tmp_path):
    loaded = _dates(tmp_path, ["2024-01-05", "2024-01-06", "05/01/2024", "2024-01-07"])
    assert len(loaded.tables["orders"]) == 3
    assert "1 of 4 rows (25.0 %) write ordered_at in another way than most, such as '05/01/2024'" in str(loaded.report)
    assert loaded.report.rejected["line"].tolist() == [4]


def test_bad_input_43_excel_serial_days(tmp_path):
    message = _refused(tmp_path, ["45292", "45293.5"])
    assert "4 of 4 dates look like Excel serial days, such as '45292'" in message
    assert message.endswith("Pass unit='excel'.")
    assert _days(_dates(tmp_path, ["45292", "45293.5"], unit="excel")) == ["2024-01-01 00:00", "2024-01-02 12:00"]


@pytest.mark.parametrize(
    ("value", "unit"),
    [("1704110400", "s"), ("1704110400000", "ms"), ("1704110400000000", "us"), ("1704110400000000000", "ns")],
)
def test_bad_input_44_epochs(tmp_path, value, unit):
    message = _refused(tmp_path, [value])
    assert "seconds since 1970" in message
    assert message.endswith(f"Pass unit='{unit}'.")
    loaded = _dates(tmp_path, [value], unit=unit)
    assert _days(loaded) == ["2024-01-01 12:00"]
    assert "time zone: UTC" in str(loaded.report)
    assert _days(_dates(tmp_path, [value], unit=unit, tz="Asia/Tehran")) == ["2024-01-01 15:30"]


def test_bad_input_45_impossible_dates(tmp_path):
    loaded = _dates(tmp_path, ["2024-02-30", "2024-13-01", "2024-02-29", "2024-01-01 25:00"])
    assert _days(loaded) == ["2024-02-29 00:00"]
    assert "3 of 4 rows (75.0 %) have a date in ordered_at that does not exist" in str(loaded.report)
    assert "such as '2024-02-30'" in str(loaded.report)


def test_bad_input_46_placeholder_dates(tmp_path):
    loaded = _dates(tmp_path, ["9999-12-31", "0001-01-01", "1900-01-01", "2024-01-01"])
    assert _days(loaded) == ["2024-01-01 00:00"]
    assert "3 of 4 rows (75.0 %) have a date in ordered_at that only stands for 'none'" in str(loaded.report)
    epoch = _dates(tmp_path, ["1970-01-01", "2024-01-01"])
    assert epoch.report.rows_set_aside == 2
    frame = pd.DataFrame({"order_id": ["1", "2"], "customer_id": ["a", "b"], "amount": [1.5, 2.5]})
    frame["date"] = pd.to_datetime(["1970-01-01", "2024-01-01"])
    frame.to_parquet(tmp_path / "x.parquet")
    assert read(tmp_path / "x.parquet").report.rejected["line"].tolist() == [1]


def test_bad_input_47_orders_after_as_of(tmp_path):
    path = write(tmp_path, GOOD)
    message = refused(path, as_of=dt.date(2024, 3, 1))
    assert (
        message
        == "2 orders after as_of=2024-03-01 (the last on 2024-03-15). Pass as_of='2024-03-15', or take them out."
    )
    message = refused(path, as_of=dt.date(2023, 1, 1))
    assert "as_of=2023-01-01 is before the first order (2024-01-05)" in message
    assert read(path, as_of=dt.date(2024, 3, 15)).as_of == dt.date(2024, 3, 15)  # what happened that day counts


def test_bad_input_48_as_of_is_never_today(tmp_path):
    """Without as_of it is the day of the last order, and the report's first lines say so."""
    loaded = read(write(tmp_path, GOOD))
    assert loaded.as_of == dt.date(2024, 3, 15)
    assert "as_of: 2024-03-15 (the day of the last order)" in str(loaded.report)
    given = read(write(tmp_path, GOOD), as_of=dt.date(2024, 4, 1))
    assert "as_of: 2024-04-01 (as given)" in str(given.report)


def test_bad_input_49_mixed_offsets(tmp_path):
    values = ["2024-01-01T23:30:00+03:30", "2024-07-01T22:00:00Z"]
    loaded = _dates(tmp_path, values)
    assert _days(loaded) == ["2024-01-01 20:00", "2024-07-01 22:00"]
    assert "time zone: UTC" in str(loaded.report)
    assert "pass tz=" in str(loaded.report)
    local = _dates(tmp_path, values, tz="Asia/Tehran")
    assert _days(local) == ["2024-01-01 23:30", "2024-07-02 01:30"]
    assert "time zone: Asia/Tehran" in str(local.report)


def test_bad_input_50_some_with_offset_some_without(tmp_path):
    values = ["2024-01-01T23:30:00+03:30", "2024-01-01 23:30:00"]
    message = _refused(tmp_path, values)
    assert "2 times with an offset from UTC, 2 without. Pass tz= with the shop's time zone" in message
    assert _days(_dates(tmp_path, values, tz="Asia/Tehran")) == ["2024-01-01 23:30"]


def test_bad_input_51_clock_changes(tmp_path):
    values = ["2024-03-31 01:30", "2024-10-27 01:30", "2024-06-01 12:00"]
    loaded = _dates(tmp_path, values, tz="Europe/London")
    assert _days(loaded) == sorted(v for v in values)  # the calendar day is sure, and that is what measures use
    assert "2 rows in the hour that the clock skipped" in str(loaded.report)
    assert "1 row in the hour that the clock showed twice" in str(loaded.report)
    assert _dates(tmp_path, ["2021-03-22 00:30"], tz="Asia/Tehran").report.rows_kept == 4


def test_bad_input_52_day_boundary(tmp_path):
    """23:30 in Tehran is 20:00 UTC: the order belongs to the shop's day."""
    one_offset = _dates(tmp_path, ["2024-01-01T23:30:00+03:30"])
    assert _days(one_offset) == ["2024-01-01 23:30"]
    assert "time zone: UTC+03:30" in str(one_offset.report)
    utc = _dates(tmp_path, ["2024-01-01T21:30:00Z"], tz="Asia/Tehran")
    assert _days(utc) == ["2024-01-02 01:00"]
    frame = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "amount": [1.5]})
    frame["date"] = pd.to_datetime(["2024-01-01 21:30"]).tz_localize("UTC")
    frame.to_parquet(tmp_path / "x.parquet")
    assert _days(read(tmp_path / "x.parquet", tz="Asia/Tehran")) == ["2024-01-02 01:00"]


def test_bad_input_53_years_of_two_digits(tmp_path):
    for value in ("01/02/24", "24-02-01", "1 Feb 24", "03/01/15"):
        message = _refused(tmp_path, [value])
        assert "4 of 4 dates have a year of two digits" in message
        assert message.endswith("Export them again with four digits, as 2026-09-30.")


def test_a_column_that_holds_no_dates_at_all(tmp_path):
    message = _refused(tmp_path, ["yesterday", "soon"])
    assert "4 of 4 dates cannot be read as a date, such as 'xxxxxxxxx' (first lines: 2, 3, 4)" in message


def test_a_bad_birthday_empties_the_cell_and_keeps_the_customer(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path, "customer_id,birth_date\n00123,1980-02-30\n00124,1990-05-06\n00125,1985-05-06\n", "customers.csv")
    loaded = read(tmp_path)
    assert loaded.tables["customers"]["birth_date"].isna().tolist() == [True, False, False]
    assert "left empty" in str(loaded.report)
    assert "1980" not in str(loaded.report)  # a birthday is personal


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jan 5, 2024 10:00 am", "2024-01-05 10:00"),
        ("5 January 2024", "2024-01-05 00:00"),
        ("05-Jan-2024 13:00", "2024-01-05 13:00"),
        ("Fri, 5 Jan 2024 10:00:00 +0000", "2024-01-05 10:00"),
        ("20240105", "2024-01-05 00:00"),
        ("2024.01.05 3:05 PM", "2024-01-05 15:05"),
        ("2024-01-05T10:00:00.123456", "2024-01-05 10:00"),
        ("20240105T101500Z", "2024-01-05 10:15"),
    ],
)
def test_ways_of_writing_a_date(tmp_path, text, day):
    assert _days(_dates(tmp_path, [text])) == [day]
