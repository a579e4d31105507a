"""Small changes by hand: a day, an order, a step, another binning."""

import numpy as np
import pandas as pd
import pytest

import segkit as sk
from segkit.trust.boundary import Remeasured, equal_parts, one_step
from segkit.trust.sample import taken
from tests.trust.toy_types import _Clusters, facts_of, labelled


def shop_of(days, as_of, **orders):
    """A shop from customer to the days of their orders."""
    rows = [(who, day) for who, ordered in days.items() for day in ordered]
    table = pd.DataFrame(rows, columns=["customer_id", "ordered_at"])
    table.insert(0, "order_id", [f"O{number}" for number in range(len(table))])
    return sk.Shop({"orders": table.assign(ordered_at=pd.to_datetime(table["ordered_at"]), **orders)}, as_of=as_of)


def remeasured(shop, usage):
    seg = sk.segment(shop, usage)
    return Remeasured(taken(seg, 20_000, 0), shop)


DAYS = {
    "edge": ["2026-03-01", "2026-03-08"],  # recency 2 on the 10th, 3 a day later
    "far": ["2026-01-01"],
    "near": ["2026-03-09", "2026-03-09", "2026-03-09"],
    "new": ["2026-03-10"],
}


def test_one_day_moves_only_who_stands_on_the_edge():
    # on the 10th: edge 2, far 68, near 1, new 0 days since the last order; heavy from 3 (the words do not matter)
    again = remeasured(shop_of(DAYS, "2026-03-10"), sk.Usage(by="recency_days", cuts=(1, 3)))
    assert again.before.to_dict() == {"edge": "medium", "far": "heavy", "near": "medium", "new": "light"}
    # a day later edge (3) and new (1) move; a day earlier near (0) moves and new is not there yet: 3 of 4
    assert again.one_day() == pytest.approx(3 / 4)


def test_the_day_before_the_first_order_is_left_out():
    again = remeasured(
        shop_of({"a": ["2026-03-10"], "b": ["2026-03-10"]}, "2026-03-10"), sk.Usage(by="recency_days", cuts=(1, 3))
    )
    assert again.one_day() == 1  # both are a day old tomorrow; yesterday there was no shop


def test_one_order_less_or_more():
    # orders 2, 1, 3, 1 with cuts at 2 and 3: edge moves both ways, far and new move up, near moves down; far and new
    # are gone without their only order, which is no change of group
    again = remeasured(shop_of(DAYS, "2026-03-10"), sk.Usage(by="orders", cuts=(2, 3)))
    assert again.one_order() == 1
    # cuts at 2 and 9: edge falls, far and new rise, near (3, then 2 or 4) stays
    assert remeasured(shop_of(DAYS, "2026-03-10"), sk.Usage(by="orders", cuts=(2, 9))).one_order() == pytest.approx(
        3 / 4
    )


def test_an_order_that_comes_once_more_brings_its_lines():
    shop = shop_of({"a": ["2026-03-01"], "b": ["2026-03-01"]}, "2026-03-10")
    lines = pd.DataFrame({"order_id": ["O0", "O1"], "quantity": [1, 1], "unit_price": [60.0, 20.0]})
    shop = sk.Shop({**shop.tables, "order_lines": lines}, as_of="2026-03-10")
    again = remeasured(shop, sk.Usage(by="revenue", cuts=(100, 200)))
    assert again.one_order() == pytest.approx(1 / 2)  # 60 becomes 120 and medium; 20 becomes 40 and stays


def test_only_tables_the_measure_asks_for_are_collected():
    shop = shop_of(DAYS, "2026-03-10")
    consents = pd.DataFrame({"customer_id": ["edge"], "purpose": ["email"], "granted": [True]})
    shop = sk.Shop({**shop.tables, "consents": consents}, as_of="2026-03-10")
    assert list(remeasured(shop, sk.Usage(by="orders", cuts=(2, 3))).tables) == ["orders"]


def test_one_step_of_a_whole_number_is_one():
    # cuts at 5 and 10: 4 (rises), 5 (falls), 7 (stays), 9 (rises), 10 (falls), 30 (stays), 0 (cannot fall)
    facts = facts_of(np.array([[4.0, 0], [5, 0], [7, 0], [9, 0], [10, 0], [30, 0], [0, 0]]))
    seg = labelled(sk.Usage(by="x", cuts=(5, 10)), facts)
    assert one_step(taken(seg, 20_000, 0)) == pytest.approx(4 / 7)


def test_one_step_of_another_number_is_five_percent():
    # cuts at 10 and 100: 9.6 rises to 10.08, 9.5 to 9.975 does not; 10.4 falls to 9.88, 10.6 to 10.07 does not
    facts = facts_of(np.array([[9.6, 0], [9.5, 0], [10.4, 0], [10.6, 0]]))
    seg = labelled(sk.Usage(by="x", cuts=(10, 100)), facts)
    assert one_step(taken(seg, 20_000, 0)) == pytest.approx(2 / 4)


def test_any_of_several_facts_may_take_the_step():
    facts = facts_of(np.array([[0.0, 0.0], [0.4, 0.0], [10.0, 10.0], [9.6, 10.0], [4.9, 4.9]]) + 0.01)
    seg = labelled(_Clusters(groups=2), facts)
    assert 0 <= one_step(taken(seg, 20_000, 0)) < 1


def test_equal_parts_by_hand():
    # thirds of 1..9 are 1-3, 4-6, 7-9; the rule says heavy from 9, medium from 4: 7 and 8 would be heavy
    facts = facts_of(np.array([[float(value), 0] for value in range(1, 10)]))
    seg = labelled(sk.Usage(by="x", cuts=(4, 9)), facts)
    assert equal_parts(taken(seg, 20_000, 0)) == pytest.approx(2 / 9)


def test_equal_parts_need_two_groups():
    seg = labelled(sk.Usage(by="x", cuts=(50, 90)), facts_of(np.array([[1.0, 0], [2.0, 0]])))
    assert np.isnan(equal_parts(taken(seg, 20_000, 0)))
