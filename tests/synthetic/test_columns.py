"""Every column is described, and nothing is described that is not there."""

import pytest

import synthetic
from synthetic.population import columns_told


@pytest.fixture(scope="module")
def shop():
    return synthetic.outdoor_shop(customers=300, seed=3)


def test_the_description_and_the_tables_agree(shop):
    there = {name: ["one_row_per", *frame.columns] for name, frame in {**shop.tables, "truth": shop.truth}.items()}
    assert {name: list(columns) for name, columns in columns_told().items()} == there


def test_describe_tells_what_a_column_holds(shop):
    told = shop.describe("orders").set_index("column").holds
    assert "US dollars" in told["shipping_fee"]
    assert shop.describe().set_index("table").rows["truth"] == 300


def test_a_table_that_is_not_there_is_named_with_its_near_miss(shop):
    with pytest.raises(synthetic.SyntheticError, match="Did you mean 'orders'"):
        shop.describe("order")


def test_the_words_of_the_truth_are_those_described(shop):
    told = columns_told()["truth"]
    for axis in ("decision_style", "obstacle", "incentive", "buying_role", "occasion", "rhythm", "attachment", "usage",
                 "lifestyle", "need", "tech_skill", "campaign_response", "loyalty_state", "stage", "situation",
                 "value_tier"):  # fmt: skip
        for word in shop.truth[axis].dropna().unique():
            assert word in told[axis], (axis, word)


def test_every_question_asked_has_a_wording(shop):
    assert set(shop.tables["answers"].question) == set(synthetic.questions())
