"""Which types these tables allow, and what the others lack."""

from typing import ClassVar

import pandas as pd
import pytest

import segkit as sk
from segkit.segmenters import TYPES
from segkit.segmenters.base import Segmenter
from tests import toy


@pytest.fixture
def made_up():
    """A type that asks for a table and a column that the toy shop does not have."""

    class MadeUpType(Segmenter):
        question = "Who is made up?"
        labels = ("yes", "no")
        tables: ClassVar[tuple[str, ...]] = ("orders", "products.list_price", "answers")

    yield MadeUpType
    TYPES.pop("made_up_type")


def row(shop, name):
    return sk.possible(shop).set_index("type").loc[name]


def test_every_type_is_listed_and_the_possible_ones_come_first(made_up):
    table = sk.possible(sk.Shop(toy.tables()))
    assert sorted(table["type"]) == sorted(TYPES)
    assert table["possible"].is_monotonic_decreasing
    assert list(table.columns) == ["type", "question", "possible", "missing", "instead"]


def test_orders_alone_allow_usage():
    usage = row(sk.Shop({"orders": toy.tables()["orders"]}), "usage")
    assert (usage["possible"], usage["missing"], usage["instead"]) == (True, "", "")


def test_a_missing_table_and_a_missing_column_are_named(made_up):
    lacking = row(sk.Shop(toy.tables()), "made_up_type")
    assert not lacking["possible"]
    assert lacking["missing"] == "products.list_price, answers"
    assert lacking["instead"] == "Add the column list_price (price per piece before any discount) to products."
    made_up.tables = ("answers",)
    expected = "Add a table of answers: one row per customer and question, with customer_id, question, score."
    assert row(sk.Shop(toy.tables()), "made_up_type")["instead"] == expected


def test_the_types_own_advice_wins(made_up):
    made_up.instead = "Ask twenty customers."
    assert row(sk.Shop(toy.tables()), "made_up_type")["instead"] == "Ask twenty customers."


def test_what_is_there_is_possible(made_up):
    tables = toy.tables()
    tables["products"]["list_price"] = 1.0
    tables["answers"] = pd.DataFrame({"customer_id": ["ann"], "question": ["q"], "score": [3]})
    assert row(sk.Shop(tables), "made_up_type")["possible"]


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_asks_for_tables_that_exist_and_says_what_to_do_without(name):
    for wanted in TYPES[name].tables:
        table, _, column = wanted.partition(".")
        assert table in sk.schema.TABLES
        assert not column or sk.schema.TABLES[table].column(column)
