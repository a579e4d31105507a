"""What sells surprisingly well in which month: by hand, against luck, and the same on every engine."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

import segkit as sk
from segkit.errors import MissingTable, UnknownName
from tests.engines import PROMISED, open_tables


def tables(counts):
    """A shop whose orders hold one product each: `counts` is (product, month) to orders."""
    rows = [pair for pair, n in counts.items() for _ in range(n)]
    ids = [str(i) for i in range(len(rows))]
    moments = pd.to_datetime([f"2026-{month:02d}-10" for _, month in rows]).astype("datetime64[us]")
    lines = pd.DataFrame(
        {"order_id": ids, "line": 1, "product_id": [name for name, _ in rows], "quantity": 1, "unit_price": 1.0}
    )
    products = pd.DataFrame({"product_id": ["a", "b"], "name": ["Axe", "Boat"], "category": ["tools", "boats"]})
    return {
        "orders": pd.DataFrame({"order_id": ids, "customer_id": ids, "ordered_at": moments}),
        "order_lines": pd.concat([lines, lines.head(1).assign(line=2)]),  # twice in a basket is one order
        "products": products,
    }


COUNTS = {("a", 1): 30, ("a", 6): 10, ("b", 1): 10, ("b", 6): 50}


@pytest.mark.parametrize("engine", PROMISED)
def test_orders_beside_what_the_season_would_bring(engine):
    found = sk.measures.seasons(sk.Shop(open_tables(tables(COUNTS), engine)), by="name")
    table = found.set_index(["name", "month"])
    assert table.loc[("Axe", 1), "orders"] == 30
    assert table.loc[("Axe", 1), "expected"] == pytest.approx(40 * 40 / 100)
    assert table.loc[("Axe", 1), "times"] == pytest.approx(30 / 16, abs=0.01)
    assert len(found) == 24
    assert found.loc[0, ["name", "month"]].tolist() == ["Axe", 1]


def test_luck_is_the_chance_corrected_for_looking_often():
    table = sk.measures.seasons(sk.Shop(tables(COUNTS))).set_index(["category", "month"])
    best, second = binom.sf(29, 40, 0.4), binom.sf(49, 60, 0.6)
    assert table.loc[("tools", 1), "luck"] == pytest.approx(best * 24, rel=0.01, abs=1e-6)
    assert table.loc[("boats", 6), "luck"] == pytest.approx(second * 24 / 2, rel=0.01, abs=1e-6)


def test_luck_alone_is_called_luck():
    rng = np.random.default_rng(4)
    counts = {(name, month): int(rng.poisson(40)) for name in "ab" for month in range(1, 13)}
    assert sk.measures.seasons(sk.Shop(tables(counts)))["luck"].min() > 0.05


def test_another_word_is_refused_and_a_missing_table_is_named():
    with pytest.raises(UnknownName, match="Did you mean 'category'"):
        sk.measures.seasons(sk.Shop(tables(COUNTS)), by="categories")
    with pytest.raises(MissingTable, match="order_lines"):
        sk.measures.seasons(sk.Shop({"orders": tables(COUNTS)["orders"]}))
