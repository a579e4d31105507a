"""Orders in windows beside what the season explains, by hand and on every engine."""

import datetime as dt

import pandas as pd
import pytest

import segkit as sk
from segkit.measures.calendar import windows
from tests.engines import by_customer, open_tables

FEAST = {"feast": [(dt.date(2026, 3, 10), dt.date(2026, 3, 12))]}


def tables():
    moments = {
        "ann": ["2026-03-02 12:00", "2026-03-10 00:00", "2026-03-12 23:59"],
        "bob": ["2026-03-11 12:00", "2026-03-13 00:00"],
        "cyd": ["2026-03-09 23:59", "2026-03-27 17:00", "2026-04-01 13:59", "2026-04-02 14:00", "2026-03-27 16:59"],
    }
    rows = [(name, moment) for name, some in moments.items() for moment in some]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at"])
    orders["ordered_at"] = pd.to_datetime(orders["ordered_at"], format="%Y-%m-%d %H:%M").astype("datetime64[us]")
    return {"orders": orders.assign(order_id=[str(i) for i in range(len(orders))])}


def facts_of(given, **how):
    return by_customer(sk.measures.occasions(sk.Shop(given), **how))


def test_both_ends_of_a_window_belong_to_it(engine):
    facts = facts_of(open_tables(tables(), engine), windows=FEAST)
    assert facts["feast_orders"].to_dict() == {"ann": 2, "bob": 1, "cyd": 0}


def test_expected_is_the_shops_share_since_the_customer_came(engine):
    facts = facts_of(open_tables(tables(), engine), windows=FEAST)
    # 3 of 10 orders fell in the window; since ann came 3 of 10, since bob (11 March) 2 of 7, since cyd 3 of 9
    assert facts["feast_expected"].to_dict() == pytest.approx(
        {"ann": 0.3 + 2 * 3 / 10, "bob": 0.3 + 2 / 7, "cyd": 0.3 + 4 * 3 / 9}, abs=1e-6
    )


def test_rhythms_have_edges(engine):
    facts = facts_of(open_tables(tables(), engine), windows=FEAST)
    cyd = facts.loc["cyd"]
    assert cyd["rhythm_friday_evening_orders"] == 1  # 17:00 is evening, 16:59 is not
    assert cyd["rhythm_lunch_hour_orders"] == 1  # 13:59 is lunch, 14:00 is not
    assert cyd["rhythm_month_end_orders"] == 1  # the 1st counts, the 27th does not
    assert cyd["rhythm_every_friday_orders"] == 2
    assert cyd["rhythm_every_friday_expected"] == pytest.approx(5 * 3 / 10)  # bob's order of the 13th was a Friday too


def test_lunch_is_from_twelve_to_two_on_workdays():
    moments = ["2026-03-13 11:59", "2026-03-13 12:00", "2026-03-13 13:59", "2026-03-13 14:00", "2026-03-14 12:30"]
    given = tables()
    given["orders"] = given["orders"].head(5).assign(customer_id="ann", ordered_at=pd.to_datetime(moments))
    facts = facts_of(given, windows=FEAST)
    assert facts.loc["ann", "rhythm_lunch_hour_orders"] == 2  # the 14th is a Saturday


def test_birthdays_count_the_fortnight_up_to_the_day(engine):
    given = tables()
    given["customers"] = pd.DataFrame(
        {
            "customer_id": ["ann", "bob", "cyd"],
            "birth_date": pd.to_datetime(["1990-03-15", None, "1990-03-23"]).astype("datetime64[us]"),
        }
    )
    facts = facts_of(open_tables(given, engine), windows=FEAST)
    assert facts.loc["ann", "birthday_orders"] == 3  # 2 March is 13 days before, the 12th 3 days before
    assert facts.loc["cyd", "birthday_orders"] == 0  # the 27th is 4 days after, the 9th 14 days before
    assert facts.loc["ann", "birthday_expected"] == pytest.approx(3 * 8 / 10 * 12 * 14 / 365.25)  # 8 of 10 in March
    assert pd.isna(facts.loc["bob", "birthday_expected"])


def test_the_year_end_does_not_cut_a_birthday_window():
    orders = pd.DataFrame({"order_id": ["1"], "customer_id": ["ann"], "ordered_at": [pd.Timestamp("2025-12-28")]})
    born = pd.DataFrame({"customer_id": ["ann"], "birth_date": [pd.Timestamp("1990-01-04")]})
    facts = facts_of({"orders": orders, "customers": born}, windows=FEAST)
    assert facts.loc["ann", "birthday_orders"] == 1


def test_the_calendar_knows_its_days():
    found = windows(dt.date(2025, 1, 1), dt.date(2026, 4, 1))
    assert found["black_friday"] == [(dt.date(2025, 11, 28), dt.date(2025, 12, 1))]
    assert [last for _, last in found["nowruz"]] == [dt.date(2025, 3, 21), dt.date(2026, 3, 21)]
    assert found["valentines_day"] == [
        (dt.date(2025, 2, 6), dt.date(2025, 2, 14)),
        (dt.date(2026, 2, 6), dt.date(2026, 2, 14)),
    ]
