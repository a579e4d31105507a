"""Benefits bought beside benefits expected, worked by hand on every engine."""

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ColumnProblem, MissingTable
from tests.engines import by_customer, open_tables

DAY = pd.Timestamp("2026-01-05").to_datetime64().astype("datetime64[us]")


def tables():
    """Two shelves. Boots: ann and bob take the grippy pair, cyd the light one. Socks leave no choice."""
    orders = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": ["ann", "bob", "cyd"], "ordered_at": [DAY] * 3})
    lines = pd.DataFrame(
        {
            "order_id": ["1", "2", "3", "3", "3"],
            "product_id": ["grippy", "grippy", "light", "socks", "grippy"],
            "quantity": [2, 1, 1, 4, 1],
            "unit_price": [50.0] * 5,
            "returned_quantity": [0, 0, 0, 0, 1],
        }
    )
    products = pd.DataFrame(
        {
            "product_id": ["grippy", "light", "socks", "unsold"],
            "category": ["boots", "boots", "socks", "boots"],
            "primary_benefit": ["grip", "lightness", "comfort", "grip"],
            "secondary_benefit": ["comfort", None, None, None],
        }
    )
    return {"orders": orders, "order_lines": lines, "products": products}


def facts_of(given):
    return by_customer(sk.measures.benefits(sk.Shop(given)))


def test_bought_and_expected(engine):
    facts = facts_of(open_tables(tables(), engine))
    assert facts["pieces"].to_dict() == {"ann": 2, "bob": 1, "cyd": 5}  # the pair sent back is not counted
    assert facts["grip_bought"].to_dict() == {"ann": 2, "bob": 1, "cyd": 0}
    # of 4 boots sold and kept 3 have grip, and those have comfort as second benefit, which counts half
    assert facts["grip_expected"].to_dict() == {"ann": 1.5, "bob": 0.75, "cyd": 0.75}
    assert facts["comfort_expected"].to_dict() == {"ann": 0.75, "bob": 0.375, "cyd": 4.375}
    assert facts["comfort_bought"].to_dict() == {"ann": 1, "bob": 0.5, "cyd": 4}


def test_over_all_customers_bought_equals_expected(engine):
    facts = facts_of(open_tables(tables(), engine))
    for word in ("grip", "lightness", "comfort"):
        assert facts[f"{word}_bought"].sum() == pytest.approx(facts[f"{word}_expected"].sum())


def test_ratings_are_means_and_missing_where_not_answered(engine):
    given = tables()
    given["answers"] = pd.DataFrame(
        {
            "customer_id": ["ann", "ann", "cyd"],
            "question": ["benefit_grip", "benefit_grip", "likes_dogs"],
            "score": [4, 5, 1],
        }
    )
    facts = facts_of(open_tables(given, engine))
    assert facts.loc["ann", "grip_rating"] == 4.5
    assert facts.loc[["bob", "cyd"], "grip_rating"].isna().all()


def test_products_without_benefits_say_which_columns_are_needed():
    given = tables()
    given["products"] = given["products"].drop(columns=["primary_benefit", "secondary_benefit"])
    with pytest.raises(ColumnProblem, match="'category' and 'primary_benefit'"):
        sk.measures.benefits(sk.Shop(given))


def test_no_products_at_all():
    given = tables()
    del given["products"]
    with pytest.raises(MissingTable, match="no 'products' table"):
        sk.measures.benefits(sk.Shop(given))
