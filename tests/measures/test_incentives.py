"""Conversion with and without an offer, counted by hand on every engine."""

import math

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ColumnProblem, MissingTable
from tests.engines import open_tables


def tables():
    """Two campaigns: a bundle from 3 to 5 June, sent to ann and bob; a letter on 10 June, sent to ann."""
    visits = [
        # customer, visit, day of June, ordered
        ("ann", "s1", 2, True),  # the day before
        ("ann", "s2", 3, True),
        ("ann", "s3", 5, False),
        ("bob", "s4", 4, True),
        ("cyd", "s5", 3, False),
        ("cyd", "s6", 5, True),
        ("dee", "s7", 4, False),
        ("dee", "s8", 6, True),  # the day after
        ("ann", "s9", 10, True),
        ("bob", "s10", 10, True),
        (None, "s11", 4, True),  # a guest was sent nothing, and nothing is known of them
    ]
    events = [(who, visit, day, "page_viewed", 9) for who, visit, day, _ in visits]
    events += [(who, visit, day, "order_completed", 10) for who, visit, day, ordered in visits if ordered]
    events = pd.DataFrame(
        [(f"e{n}", visit, who, pd.Timestamp(2026, 6, day, hour), what)
         for n, (who, visit, day, what, hour) in enumerate(events)],
        columns=["event_id", "session_id", "customer_id", "happened_at", "name"],
    )  # fmt: skip
    campaigns = pd.DataFrame(
        {
            "campaign_id": ["k1", "k2"],
            "starts_at": pd.to_datetime(["2026-06-03 09:30", "2026-06-10 09:00"]).astype("datetime64[us]"),
            "ends_at": pd.to_datetime(["2026-06-05 08:00", "2026-07-01 08:00"]).astype("datetime64[us]"),
            "incentive": ["bundle", None],
        }
    )
    messages = pd.DataFrame(
        {"campaign_id": ["k1", "k1", "k1", "k2", None], "customer_id": ["ann", "ann", "bob", "ann", "dee"]}
    )
    messages["message_id"] = [f"m{n}" for n in range(len(messages))]
    messages["sent_at"] = pd.Timestamp("2026-06-03 09:30").to_datetime64().astype("datetime64[us]")
    orders = pd.DataFrame({"order_id": ["1"], "customer_id": ["ann"], "ordered_at": events["happened_at"].iloc[:1]})
    orders["ordered_at"] = orders["ordered_at"].astype("datetime64[us]")
    events["happened_at"] = events["happened_at"].astype("datetime64[us]")
    return {"orders": orders, "events": events, "campaigns": campaigns, "messages": messages}


def test_conversion_of_those_it_was_sent_to_and_of_the_others(engine):
    table = sk.measures.incentives(sk.Shop(open_tables(tables(), engine), as_of="2026-06-12")).set_index("incentive")
    assert table.index.tolist() == ["bundle", "none"]
    assert table.loc["bundle", ["exposed_visits", "other_visits"]].tolist() == [3, 3]
    assert table.loc["bundle", ["exposed_conversion", "other_conversion"]].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert table.loc["bundle", "lift"] == pytest.approx(2.0)
    reach = 1.959964 * (1 / 2 - 1 / 3 + 1 / 1 - 1 / 3) ** 0.5
    interval = [math.exp(math.log(2) - reach), math.exp(math.log(2) + reach)]
    assert table.loc["bundle", ["low", "high"]].tolist() == pytest.approx(interval, abs=1e-4)
    assert table.loc["none", "lift"] == 1.0
    assert "not sent to" in table.attrs["compared_with"]


def test_without_a_single_order_on_a_side_there_is_no_lift():
    given = tables()
    given["events"] = given["events"][given["events"]["session_id"] != "s6"]
    table = sk.measures.incentives(sk.Shop(given, as_of="2026-06-12")).set_index("incentive")
    assert table.loc["bundle", ["lift", "low", "high"]].isna().all()
    assert table.index.tolist() == ["none", "bundle"]  # what is not known stands last


@pytest.mark.parametrize(("table", "name"), [("campaigns", "incentive"), ("messages", "campaign_id")])
def test_what_it_cannot_do_without_is_named(table, name):
    given = tables()
    given[table] = given[table].drop(columns=name)
    with pytest.raises(ColumnProblem, match=f"The {table} table needs '{name}'"):
        sk.measures.incentives(sk.Shop(given, as_of="2026-06-12"))


def test_no_campaigns_no_comparison():
    given = tables()
    del given["campaigns"]
    with pytest.raises(MissingTable, match="no 'campaigns' table"):
        sk.measures.incentives(sk.Shop(given, as_of="2026-06-12"))
