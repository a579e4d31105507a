"""First and last day of each stage, guests who turn out to be customers, and carts, worked by hand."""

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ColumnProblem, MissingTable
from segkit.measures.journey import SIX, STAGE_OF_EVENT
from tests.engines import by_customer, column, open_tables

EVENTS = [
    # customer, browser, visit, day of June, hour, what
    ("ann", "v1", "s1", 1, 9, "page_viewed"),
    (None, "v1", "s2", 2, 9, "product_viewed"),  # a guest, but on ann's browser
    ("ann", "v1", "s3", 4, 9, "product_added"),
    ("ann", "v1", "s3", 4, 10, "cart_abandoned"),
    ("ann", "v1", "s4", 9, 9, "product_reviewed"),
    ("ann", "v1", "s4", 9, 10, "product_shared"),
    ("ann", "v1", "s9", 11, 9, "product_shared"),  # after the day
    ("bob", "v2", "s5", 3, 9, "policy_read"),
    ("cyd", "v2", "s6", 5, 9, "chat_opened"),  # no stage of its own: somebody was there
    (None, "v2", "s7", 6, 9, "product_added"),  # bob's or cyd's?
    (None, "v3", "s8", 7, 9, "product_added"),  # nobody's
    ("cyd", None, "s10", 8, 9, "checkout_started"),
    ("cyd", None, "s10", 8, 10, "cart_abandoned"),
    (None, None, "s11", 8, 10, "product_added"),
]
ORDERS = [
    ("1", "ann", 4, 11), ("2", "ann", 7, 9), ("3", "ann", 7, 9), ("4", "cyd", 8, 10), ("5", "dee", 10, 9),
    ("6", None, 1, 9),
]  # fmt: skip


def moment(day, hour):
    return pd.Timestamp(2026, 6, day, hour)


def tables():
    events = pd.DataFrame(
        [(f"e{n}", visit, who, browser, moment(day, hour), what)
         for n, (who, browser, visit, day, hour, what) in enumerate(EVENTS)],
        columns=["event_id", "session_id", "customer_id", "visitor_id", "happened_at", "name"],
    )  # fmt: skip
    orders = pd.DataFrame(
        [(number, who, moment(day, hour)) for number, who, day, hour in ORDERS],
        columns=["order_id", "customer_id", "ordered_at"],
    )
    events["happened_at"] = events["happened_at"].astype("datetime64[us]")
    orders["ordered_at"] = orders["ordered_at"].astype("datetime64[us]")
    return {"orders": orders, "events": events}


def facts_of(given):
    return by_customer(sk.measures.journey(sk.Shop(given, as_of="2026-06-10")))


def test_first_and_last_day_of_each_stage(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert facts.index.tolist() == ["ann", "bob", "cyd", "dee"]  # an event or an order is enough
    assert column(facts, "awareness_first_days") == [9, 7, 5, None]
    assert column(facts, "awareness_days") == [1, 7, 2, None]
    assert column(facts, "education_first_days") == [8, 7, None, None]  # the guest's look is ann's
    assert column(facts, "consideration_first_days") == [6, None, 2, None]  # nobody knows whose browser v2 is
    assert column(facts, "purchase_first_days") == [6, None, 2, 0]
    assert column(facts, "purchase_days") == [3, None, 2, 0]
    assert column(facts, "adoption_first_days") == [3, None, None, None]
    assert column(facts, "advocacy_first_days") == [1, None, None, None]
    assert column(facts, "advocacy_days") == [1, None, None, None]


def test_counts(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert column(facts, "orders") == [3, 0, 1, 1]
    assert column(facts, "visits") == [4, 1, 2, 0]
    assert column(facts, "recommendations") == [1, 0, 0, 0]  # a review that is shared in the same visit counts once


def test_a_cart_is_ordered_only_by_an_order_that_came_after_it(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert column(facts, "cart_days") == [6, None, 2, None]
    assert column(facts, "cart_ordered") == [1, None, 0, None]  # cyd's order came in the same moment, not after it


def test_without_browsers_guests_are_nobody(engine):
    given = tables()
    given["events"] = given["events"].drop(columns="visitor_id")
    assert column(facts_of(open_tables(given, engine)), "education_first_days") == [None, 7, None, None]


def test_events_must_say_who():
    given = tables()
    given["events"] = given["events"].drop(columns="customer_id")
    with pytest.raises(ColumnProblem, match="needs 'customer_id' \\(empty for a guest\\)"):
        facts_of(given)


def test_no_events_no_journey():
    with pytest.raises(MissingTable, match="no 'events' table"):
        facts_of({"orders": tables()["orders"]})


def test_every_stage_but_those_of_orders_has_its_events():
    assert {*STAGE_OF_EVENT.values(), "purchase", "adoption"} == set(SIX)
