"""Gaps, replies, membership and recommendations, worked by hand on every engine."""

import pandas as pd
import pytest

import segkit as sk
from tests.engines import by_customer, column, open_tables


def moments(*texts):
    return pd.to_datetime(list(texts), format="ISO8601").astype("datetime64[us]")


def tables():
    """As of 10 June: ann orders every tenth day but once, bob twice on a day, cyd once."""
    orders = pd.DataFrame(
        {
            "order_id": ["1", "2", "3", "4", "5", "6", "7"],
            "customer_id": ["ann", "ann", "ann", "bob", "bob", "cyd", None],
            "ordered_at": moments(
                "2026-05-01T09:00", "2026-05-11T23:00", "2026-05-31T08:00", "2026-06-01T10:00", "2026-06-01T10:00",
                "2026-06-10T12:00", "2026-06-02",
            ),
        }
    )  # fmt: skip
    messages = pd.DataFrame(
        {
            "message_id": ["m1", "m2", "m3", "m4", "m5", "m6", "m7"],
            "customer_id": ["ann", "ann", "ann", "ann", "bob", "cyd", "nobody"],
            "sent_at": moments(
                "2026-05-01T09:00", "2026-05-31T08:00", "2026-05-31T08:01", "2026-06-09", "2026-05-01", "2026-06-11",
                "2026-06-01",
            ),
            "opened_at": moments("2026-05-02", "2026-05-31T09:00", None, "2026-06-09T01:00", None, None, None),
            "clicked_at": moments("2026-05-02", None, None, None, None, None, None),
        }
    )  # fmt: skip
    memberships = pd.DataFrame(
        {
            "customer_id": ["ann", "bob", "cyd"],
            "joined_at": moments("2026-05-02", "2026-06-10T23:59", "2026-06-11"),
            "points_earned": [200, 0, 50],
            "points_redeemed": [50, 0, 50],
            "referrals": [2, 0, 9],
        }
    )
    events = pd.DataFrame(
        {
            "event_id": ["e1", "e2", "e3", "e4", "e5", "e6"],
            "session_id": ["s1", "s1", "s2", "s3", "s4", "s5"],
            "customer_id": ["ann", "ann", "ann", "ann", None, "cyd"],
            "happened_at": moments("2026-05-20", "2026-05-20T00:01", "2026-06-10T23:59", "2026-06-01", "2026-06-01",
                                   "2026-06-11"),
            "name": ["product_reviewed", "product_shared", "product_shared", "page_viewed", "product_shared",
                     "product_shared"],
        }
    )  # fmt: skip
    return {"orders": orders, "messages": messages, "memberships": memberships, "events": events}


def facts_of(given):
    return by_customer(sk.measures.loyalty(sk.Shop(given, as_of="2026-06-10")))


def test_gaps_count_days_between_orders(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert facts.index.tolist() == ["ann", "bob", "cyd"]
    assert column(facts, "orders") == [3, 2, 1]
    assert column(facts, "mean_gap_days") == [15, 0, None]  # 10 and 20 days; the same day; one order has no gap
    assert column(facts, "gap_variation") == [pytest.approx(5 / 15, abs=1e-6), None, None]  # one gap cannot vary


def test_replies_up_to_the_day_and_since_the_last_order(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert column(facts, "messages") == [4, 1, 0]  # cyd's was sent the day after
    assert column(facts, "opened_share") == [0.75, 0, None]
    assert column(facts, "clicked_share") == [0.25, 0, None]
    assert column(facts, "opened_since_share") == [0.5, None, None]  # ann's second came with the order, not after it


def test_members_of_the_day_and_their_points(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert column(facts, "member") == [1, 1, 0]
    assert column(facts, "redeemed_share") == [0.25, 0, None]  # no points earned: none redeemed
    assert column(facts, "referrals") == [2, 0, 0]


def test_recommendations_are_visits_and_referrals(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert column(facts, "recommendations") == [4, 0, 0]  # two visits (one with two events) and two referrals


def test_each_table_adds_its_facts(engine):
    given = tables()
    assert list(facts_of(open_tables({"orders": given["orders"]}, engine)).columns) == [
        "orders", "recency_days", "tenure_days", "mean_gap_days", "gap_variation",
    ]  # fmt: skip
    given["messages"] = given["messages"][["message_id", "customer_id", "sent_at"]]
    given["memberships"] = given["memberships"][["customer_id", "joined_at"]]
    facts = facts_of(open_tables(given, engine))
    assert column(facts, "opened_share") == [0, 0, None]  # nothing says that one was opened
    assert column(facts, "redeemed_share") == [0, 0, None]
    assert column(facts, "recommendations") == [2, 0, 0]


def test_the_answer_is_a_frame_of_the_callers_own_kind(engine):
    given = open_tables(tables(), engine)
    assert type(sk.measures.loyalty(sk.Shop(given, as_of="2026-06-10"))) is type(given["orders"])
