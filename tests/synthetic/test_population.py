"""The customers a population already had never change, and every key leads somewhere."""

import pandas as pd
import pytest

import synthetic


@pytest.fixture(scope="module")
def shop():
    return synthetic.outdoor_shop(customers=5000, seed=7)


@pytest.mark.parametrize("size", [1, 7, 2047, 2048, 2049])
def test_a_smaller_population_is_a_prefix_of_a_larger_one(shop, size):
    small = synthetic.outdoor_shop(customers=size, seed=7)
    pd.testing.assert_frame_equal(small.truth, shop.truth.head(size))
    for name, table in small.tables.items():
        if name == "traffic":  # counts everybody
            continue
        pd.testing.assert_frame_equal(table, shop.tables[name].head(len(table)))


def test_another_seed_gives_other_customers():
    first, second = (synthetic.outdoor_shop(customers=50, seed=seed) for seed in (1, 2))
    assert first.fingerprint() != second.fingerprint()


def test_every_key_leads_somewhere(shop):
    tables = shop.tables
    customers, orders = set(tables["customers"].customer_id), set(tables["orders"].order_id)
    assert tables["customers"].customer_id.is_unique
    assert tables["orders"].order_id.is_unique
    assert set(shop.truth.customer_id) == customers
    assert set(tables["orders"].customer_id) <= customers
    assert set(tables["order_lines"].order_id) == orders
    assert set(tables["order_lines"].product_id) <= set(tables["products"].product_id)
    assert set(tables["consents"].customer_id) == customers
    assert not tables["order_lines"].duplicated(["order_id", "line"]).any()


def test_nothing_happens_before_the_sign_up_or_after_as_of(shop):
    orders = shop.tables["orders"].merge(shop.tables["customers"], on="customer_id")
    assert (orders.ordered_at >= orders.signed_up_at).all()
    assert orders.ordered_at.max() < pd.Timestamp(shop.as_of) + pd.Timedelta(days=1)


def test_lines_are_possible(shop):
    lines = shop.tables["order_lines"]
    assert (lines.quantity >= 1).all()
    assert lines.returned_quantity.between(0, lines.quantity).all()
    assert lines.discount.between(0, 0.5 * lines.quantity * lines.unit_price).all()


def test_the_repr_names_nobody(shop):
    assert "@" not in repr(shop)
    assert "C0" not in repr(shop)


@pytest.mark.parametrize(("customers", "seed"), [(0, 7), (2.5, 7), (10, -1), (True, 7)])
def test_impossible_sizes_are_refused(customers, seed):
    with pytest.raises(synthetic.SyntheticError, match="whole number"):
        synthetic.outdoor_shop(customers=customers, seed=seed)
