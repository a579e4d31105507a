"""The five questions, counted by hand: windows at their edges, what is not known, and answers in words."""

import pandas as pd
import pytest

import segkit as sk
from segkit import _portable as p
from segkit import intervals
from segkit import loyalty_questions as questions
from segkit.errors import MissingTable
from segkit.measures.early import early
from tests.engines import open_tables

FIRST = pd.Timestamp("2025-01-01 12:00")


def after(days):
    return FIRST + pd.Timedelta(days=days)


def times(values):
    return pd.Series(pd.to_datetime(values)).astype("datetime64[us]")


def tables():
    """Everybody starts on 1 January 2025, but zoe on 2 January 2026, which is a day less than a year before the end."""
    ordered = {"ann": [0, 90, 91], "bob": [0, 91], "cyd": [0, 365], "dee": [0, 366], "eve": [0], "zoe": [366, 400]}
    rows = [(who, after(days)) for who, several in ordered.items() for days in several]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at"])
    orders["ordered_at"] = times(orders["ordered_at"])
    orders["order_id"] = [f"o{n:02d}" for n in range(len(orders))]
    orders["shipping_fee"] = [0.0, 5, 5, 5, 5, 0, 0, None, 5, 0, 5, 5]
    orders["coupon"] = ["bundle", *[None] * 11]
    orders["buying_for"] = ["gift", *["self"] * 4, None, "self", "self", "self", "club", "self", "self"]
    lines = orders[["order_id"]].assign(quantity=2, unit_price=10.0, discount=0.0, returned_quantity=0)
    lines.loc[lines["order_id"].isin(["o00", "o01"]), ["discount", "returned_quantity"]] = [1.0, 1]
    messages = pd.DataFrame(
        {
            "message_id": ["m1", "m2", "m3", "m4"],
            "customer_id": ["ann", "bob", "cyd", "dee"],
            "sent_at": times([after(90), after(91), after(5), after(5)]),
            "opened_at": times([after(200), after(92), None, after(6)]),
        }
    )
    joined = times([after(90), after(91), after(800)])
    memberships = pd.DataFrame({"customer_id": ["ann", "bob", "cyd"], "joined_at": joined})
    events = pd.DataFrame(
        {
            "event_id": ["e1", "e2", "e3", "e4"],
            "session_id": ["s1", "s2", "s3", "s4"],
            "customer_id": ["ann", "ann", "bob", "cyd"],
            "happened_at": times([after(90), after(-1), after(91), after(3)]),
            "name": ["product_shared", "cart_abandoned", "product_shared", "cart_abandoned"],
        }
    )
    answers = pd.DataFrame({"customer_id": ["ann", "bob", "cyd"], "score": [4, 3, 5]})
    answers["question"] = ["satisfaction", "satisfaction", "recommend"]
    customers = pd.DataFrame({"customer_id": ["ann", "bob", "cyd", "dee"]})
    customers["first_source"] = ["search", "search", "social", None]
    return {"orders": orders, "order_lines": lines, "messages": messages, "memberships": memberships, "events": events,
            "answers": answers, "customers": customers}  # fmt: skip


def shop_of(given, engine="pandas"):
    return sk.Shop(open_tables(given, engine), as_of="2027-01-01")


def test_the_first_days_and_the_rest_of_the_year(engine):
    facts = p.small(early(shop_of(tables(), engine))).set_index("customer_id").sort_index()
    known = {name: [None if pd.isna(value) else int(value) for value in facts[name]] for name in facts}
    assert known == {
        "tenure_days": [730, 730, 730, 730, 730, 364],
        "ordered_again": [1, 0, 0, 0, 0, 1],  # on day 90, not on day 91
        "ordered_later": [1, 1, 1, 0, 0, 0],  # on day 91 and on day 365, not on day 366
        "member": [1, 1, 0, 0, 0, 0],  # cyd joins after the end
        "joined": [1, 0, 0, 0, 0, 0],
        "opened": [1, None, 0, 1, None, None],  # who was sent nothing in those days could open nothing
        "recommended": [1, 0, 0, 0, 0, 0],
        "left_a_cart": [0, 0, 1, 0, 0, 0],  # ann's was before
        "at_a_discount": [1, 0, 0, 0, 0, 0],
        "sent_back": [1, 0, 0, 0, 0, 0],
        "free_delivery": [1, 0, 1, None, 1, 0],
        "used_an_offer": [1, 0, 0, 0, 0, 0],
        "for_others": [1, 0, None, 0, 1, 0],
        "satisfied": [1, 0, None, None, None, None],
    }


def test_who_joined_with_and_without_a_trait(engine):
    answer = questions.who_would_answer_a_programme(shop_of(tables(), engine))
    table = answer.table.set_index("trait")
    assert list(table.index) == [
        "recommended a product within 90 days", "opened a message sent within 90 days", "ordered again within 90 days",
        "left a cart within 90 days",
    ]  # fmt: skip
    assert table.loc["recommended a product within 90 days"].tolist() == [
        1, 1.0, 5, 0.2, *intervals.difference(1, 1, 1, 5), 0,
    ]  # fmt: skip
    assert table.loc["ordered again within 90 days", ["with_it", "share_with", "not_yet"]].tolist() == [2, 0.5, 1]
    assert "Nothing stands out" in answer.sentence


def test_only_those_of_a_year_ago_are_asked_what_they_did_later(engine):
    shop = shop_of(tables(), engine)
    table = questions.what_leads_to_loyalty(shop).table.set_index("trait")
    assert table.loc["ordered again within 90 days", ["with_it", "share_with"]].tolist() == [1, 1.0]  # zoe is too young
    assert table.loc["joined the programme within 90 days", "without"] == 4
    table = questions.which_experiences_make_loyal(shop).table.set_index("trait")
    assert table.loc["the first delivery was free", ["with_it", "share_with", "without"]].tolist() == [3, 2 / 3, 1]
    assert table.loc["says to be satisfied (4 or 5 of 5)", ["with_it", "without"]].tolist() == [1, 1]


def test_who_comes_back_by_source_and_after_each_order(engine):
    table = questions.how_to_attract_and_keep(shop_of(tables(), engine)).table
    assert table[["part", "group", "customers", "share"]].to_numpy().tolist() == [
        ["attract", "search", 2, 1.0],
        ["attract", "social", 1, 1.0],
        ["keep", "after order 1", 5, 0.6],  # dee came back on day 366, a day too late; zoe's order is too young
        ["keep", "after order 2", 3, 1 / 3],  # dee's second is less than a year ago
        ["keep", "after order 3", 1, 0.0],
    ]


def test_a_step_up_the_ladder_by_hand(engine):
    rungs = pd.DataFrame(
        {"n": [4, 9], "mean": [10.0, 30.0], "square": [103.0, 908.0], "times": [1.0, 3.0], "basket": [10.0, 15.0]},
        index=["one_time", "repeat"],
    )
    expected = intervals.mean_difference(30.0, 3.0, 9, 10.0, 2.0, 4)  # 8 and 3, by one fewer: 9 and 4
    assert questions._step(rungs, "one_time", "repeat") == ("one_time to repeat", 4, 3.0, 1.5, *expected)
    table = questions.how_to_raise_lifetime_value(shop_of(tables(), engine)).table.set_index("step")
    assert table.index.tolist() == ["one_time to repeat", "lapsed to repeat"]
    # repeat: cyd and dee 40 in two years, zoe 40 in one; one_time: eve 20 in two; lapsed: ann 39 and bob 40 in two
    assert table["customers"].tolist() == [1, 2]
    assert table["difference"].tolist() == pytest.approx([80 / 3 - 10, 80 / 3 - 19.75])
    assert table["orders_per_year"].tolist() == pytest.approx([(4 / 3) / 0.5, (4 / 3) / 1.25])
    assert table["mean_order_value"].tolist() == pytest.approx([1.0, 20 / (79 / 5)])


def test_a_trait_that_stands_out_is_said_in_words():
    orders = pd.DataFrame({"customer_id": [f"c{n:03d}" for n in range(200)]})
    orders["order_id"] = [f"o{n:03d}" for n in range(200)]
    orders["ordered_at"] = times([FIRST] * 200)
    again = orders.head(100).assign(order_id=[f"p{n:03d}" for n in range(100)], ordered_at=times([after(30)] * 100))
    later = pd.concat([orders.head(80), orders.tail(20)])
    later = later.assign(order_id=[f"q{n:03d}" for n in range(100)], ordered_at=times([after(200)] * 100).to_numpy())
    answer = questions.what_leads_to_loyalty(shop_of({"orders": pd.concat([orders, again, later])}))
    assert answer.sentence == (
        "Ordered again within 90 days: of these 100 customers 80 % ordered in days 91 to 365, of the 100 others "
        "20 %; a difference of 60 points, between 47 and 69."
    )


def test_without_a_programme_it_says_which_table_is_missing():
    given = tables()
    del given["memberships"]
    with pytest.raises(MissingTable, match="no 'memberships' table"):
        questions.who_would_answer_a_programme(shop_of(given))
    assert "joined" not in p.columns(early(shop_of(given)))


def test_a_young_shop_has_nothing_to_compare_yet():
    young = {"orders": tables()["orders"].tail(2)}
    assert questions.what_leads_to_loyalty(shop_of(young)).sentence == "These tables hold nothing to compare."
    assert questions.how_to_attract_and_keep(shop_of(young)).sentence.startswith("No order is a year ago")


def test_an_answer_shows_its_caveat():
    answer = questions.what_leads_to_loyalty(shop_of(tables()))
    assert "not what causes what" in repr(answer)
    assert "not what causes what" in answer._repr_html_()
    assert repr(answer).startswith("Which indicators lead to loyalty?")


def test_printed_an_answer_is_its_words_in_short_lines():
    answer = questions.Answer("Why?", f"Of these {'very ' * 15}many customers 100 % came back.", pd.DataFrame(), "?")
    lines = str(answer).splitlines()
    assert lines[0] == "Why?"
    assert " ".join(line.strip() for line in lines[1:]) == answer.sentence
    assert all(len(line) <= 92 for line in lines)
    assert not any(line.strip().startswith("%") for line in lines)
