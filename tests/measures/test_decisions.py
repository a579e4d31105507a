"""What is looked at before an order, for whom it was bought and what stopped a cart, worked by hand."""

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ColumnProblem
from tests.engines import by_customer, column, open_tables

EVENTS = [
    # customer, visit, day of June, hour, what, product, source
    ("ann", "s1", 2, 9, "page_viewed", None, "search"),  # 15 days before her order: too early
    ("ann", "s2", 3, 9, "product_viewed", "best", "social"),  # 14 days before: counts
    ("ann", "s2", 3, 10, "review_read", "best", "social"),
    ("ann", "s3", 10, 9, "product_viewed", "plain", "search"),
    ("ann", "s4", 17, 9, "product_viewed", "best", "referral"),
    ("ann", "s4", 17, 10, "order_completed", None, "referral"),
    ("ann", "s5", 17, 11, "product_viewed", "gone", "search"),  # belongs to the next order, on the 20th
    ("ann", "s6", 20, 9, "order_completed", None, "search"),
    ("ann", "s7", 21, 9, "product_viewed", "plain", "search"),  # no order follows
    ("bob", "s8", 5, 9, "page_viewed", None, None),
    ("eve", "s9", 5, 9, "product_viewed", "best", "search"),  # never bought
    # carts: the last step before they were left
    ("cyd", "c1", 6, 8, "page_viewed", None, "search"),
    ("cyd", "c1", 6, 9, "checkout_started", None, "search"),
    ("cyd", "c1", 6, 10, "cart_abandoned", None, "search"),
    ("cyd", "c2", 7, 9, "checkout_started", None, "search"),
    ("cyd", "c2", 7, 10, "page_viewed", None, "search"),
    ("cyd", "c2", 7, 11, "cart_abandoned", None, "search"),
    ("cyd", "c2", 7, 12, "policy_read", None, "search"),  # after it
    ("cyd", "c3", 8, 9, "product_added", "best", "search"),
    ("cyd", "c3", 8, 10, "page_viewed", None, "search"),  # before any checkout: says nothing
    ("cyd", "c3", 8, 11, "cart_abandoned", None, "search"),
    ("bob", "c4", 9, 9, "product_viewed", "best", None),
    ("bob", "c4", 9, 9, "policy_read", None, None),  # in the same moment: the upper of the two counts
    ("bob", "c4", 9, 10, "cart_abandoned", None, None),
    (None, "c5", 9, 9, "product_viewed", "best", "search"),
    (None, "c5", 9, 10, "cart_abandoned", None, "search"),
    ("cyd", "c6", 21, 10, "cart_abandoned", None, "search"),  # nothing before it
]
ORDERS = [
    ("1", "ann", 17, "self", "bundle"), ("2", "ann", 20, "gift", None), ("3", "bob", 5, "household", None),
    ("4", "cyd", 5, "self", None), ("5", "cyd", 6, "self", "discount"), ("6", "cyd", 7, "club", "discount"),
    ("7", None, 8, "gift", "bundle"),
]  # fmt: skip


def tables():
    events = pd.DataFrame(
        [(f"e{n}", visit, who, pd.Timestamp(2026, 6, day, hour), what, product, source)
         for n, (who, visit, day, hour, what, product, source) in enumerate(EVENTS)],
        columns=["event_id", "session_id", "customer_id", "happened_at", "name", "product_id", "source"],
    )  # fmt: skip
    orders = pd.DataFrame(
        [(number, who, pd.Timestamp(2026, 6, day, 12), role, coupon) for number, who, day, role, coupon in ORDERS],
        columns=["order_id", "customer_id", "ordered_at", "buying_for", "coupon"],
    )
    events["happened_at"] = events["happened_at"].astype("datetime64[us]")
    orders["ordered_at"] = orders["ordered_at"].astype("datetime64[us]")
    lines = pd.DataFrame(
        {
            "order_id": ["1", "1", "2", "4", "7"],
            "product_id": ["best", "plain", "plain", "best", "best"],
            "quantity": [1, 1, 1, 1, 1],
            "unit_price": [10.0] * 5,
            "discount": [0.01, 0.0, None, 5.0, 5.0],
        }
    )
    products = pd.DataFrame({"product_id": ["best", "plain"], "is_bestseller": [True, False]})
    return {"orders": orders, "order_lines": lines, "products": products, "events": events}


def facts_of(given):
    return by_customer(sk.measures.decisions(sk.Shop(given, as_of="2026-06-21")))


def test_lines_and_looks(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert facts.index.tolist() == ["ann", "bob", "cyd"]
    assert column(facts, "orders") == [2, 1, 3]
    assert column(facts, "lines") == [3, 0, 1]
    assert column(facts, "discounted_share") == [pytest.approx(1 / 3, abs=1e-6), None, 1]
    assert column(facts, "visits") == [7, 2, 4]
    assert column(facts, "views") == [5, 1, 0]
    assert column(facts, "views_per_visit") == [pytest.approx(5 / 7, abs=1e-6), 0.5, 0]
    assert column(facts, "reviews_per_view") == [0.2, 0, None]
    assert column(facts, "bestseller_share") == [0.4, 1, None]  # a product that is gone is no bestseller
    assert column(facts, "referral_share") == [pytest.approx(2 / 7, abs=1e-6), None, 0]  # bob's sources are not known


def test_visits_belong_to_the_next_order_of_the_fortnight(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert column(facts, "lookups_per_order") == [1.5, None, None]  # two before the 17th, one before the 20th
    assert column(facts, "days_before_order") == [(14 + 3) / 2, None, None]


def test_words_are_the_commonest_and_ties_go_to_the_alphabet(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert column(facts, "usual_role") == ["gift", "household", "self"]
    assert column(facts, "usual_offer") == ["bundle", None, "discount"]
    assert column(facts, "carts") == [0, 1, 3]
    assert column(facts, "usual_obstacle") == [None, "returns_policy", "payment"]  # payment ties with shipping_cost


def test_obstacles_of_all_carts(engine):
    table = sk.measures.obstacles(sk.Shop(open_tables(tables(), engine), as_of="2026-06-21"))
    assert table["obstacle"].tolist() == ["other", "out_of_stock", "payment", "returns_policy", "shipping_cost"]
    assert table["carts"].tolist() == [1, 1, 1, 1, 1]
    assert table["share"].tolist() == [0.2] * 5
    assert table.loc[0, ["low", "high"]].tolist() == pytest.approx([0.0362, 0.6245], abs=1e-4)


def test_roles_offers_and_sources_may_be_missing(engine):
    given = tables()
    given["orders"] = given["orders"].drop(columns=["buying_for", "coupon"])
    given["events"] = given["events"].drop(columns="source")
    facts = facts_of(open_tables(given, engine))
    assert column(facts, "usual_role") == column(facts, "usual_offer") == [None] * 3
    assert column(facts, "referral_share") == [None] * 3


@pytest.mark.parametrize(("table", "name"), [("products", "is_bestseller"), ("events", "product_id")])
def test_what_it_cannot_do_without_is_named(table, name):
    given = tables()
    given[table] = given[table].drop(columns=name)
    with pytest.raises(ColumnProblem, match=f"The {table} table needs '{name}'"):
        facts_of(given)
