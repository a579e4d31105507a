"""Occasion: the threshold, its edges, and nothing found where nothing is."""

import numpy as np
import pandas as pd
import pytest

import segkit as sk
import synthetic
from segkit import _portable as p
from segkit.errors import ColumnProblem, DataProblem
from tests.engines import PROMISED, open_tables


def facts_with(chances, orders=5):
    n = len(chances)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:04d}" for i in range(n)],
            "orders": np.broadcast_to(orders, n),
            "feast_orders": 3,
            "feast_expected": 0.5,
            "feast_chance": chances,
            "rhythm_noon_orders": 1,
            "rhythm_noon_expected": 1.0,
            "rhythm_noon_chance": 1.0,
        }
    )


@pytest.fixture(params=PROMISED)
def engine(request):
    return request.param


def benjamini_hochberg(chances, rate):
    ordered = np.sort(chances)
    holds = ordered <= rate * np.arange(1, len(ordered) + 1) / len(ordered)
    return int(np.flatnonzero(holds).max() + 1) if holds.any() else 0


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_the_finds_are_those_of_benjamini_and_hochberg(rate):
    rng = np.random.default_rng(1)
    chances = np.concatenate([rng.random(900), rng.random(100) * 1e-3])
    found = sk.Occasion(rate).fit_predict(facts_with(chances))
    wanted = benjamini_hochberg(chances, rate)
    assert wanted * 0.95 <= (found["segment"] == "feast").sum() <= wanted  # the grid rounds to the strict side


def test_luck_alone_finds_next_to_nothing():
    chances = np.random.default_rng(2).random(4000)
    assert (sk.Occasion().fit_predict(facts_with(chances))["segment"] != "none").mean() <= 0.001


def test_too_few_orders_are_not_tested(engine):
    facts = facts_with([1e-9] * 4, orders=[2, 3, 4, 3])
    rule = sk.Occasion(least_orders=3).fit(facts)
    labels = p.small(p.lazy(rule.predict(open_tables({"f": facts}, engine)["f"]))).sort_values("customer_id")
    assert labels["segment"].tolist() == ["none", "feast", "feast", "feast"]
    assert labels["rhythm"].tolist() == ["none"] * 4


def test_a_chance_at_the_threshold_is_a_find(engine):
    facts = facts_with([0.01, 0.0100001, 0.5])
    rule = sk.Occasion().fit(facts)
    rule.threshold_ = 0.01
    labels = p.small(p.lazy(rule.predict(open_tables({"f": facts}, engine)["f"]))).sort_values("customer_id")
    assert labels["segment"].tolist() == ["feast", "none", "none"]


def test_a_birthday_not_known_is_not_tested():
    facts = facts_with([0.9, 0.9]).assign(birthday_orders=[3, None], birthday_expected=[0.1, None],
                                          birthday_chance=[1e-8, None])  # fmt: skip
    assert sk.Occasion().fit_predict(facts)["segment"].tolist() == ["birthday", "none"]


def test_no_more_finds_than_the_rate_where_nothing_is_planted():
    shop = sk.Shop(synthetic.no_structure(customers=2_000, seed=8))
    sizes = sk.segment(shop, sk.Occasion()).sizes().set_index("segment")
    assert 1 - sizes.loc["none", "share"] <= 0.05


def test_finds_in_the_planted_shop_are_mostly_true():
    population = synthetic.outdoor_shop(customers=2_000, seed=8)
    found = sk.segment(sk.Shop(population), sk.Occasion()).to_pandas().merge(population.truth, on="customer_id")
    found = found[found["segment"] != "none"]
    assert len(found) > 50
    assert (found["segment"] == found["occasion"]).mean() > 0.85


def test_written_down_and_read_again():
    facts = facts_with([1e-9, 1e-9, 0.5])
    fitted = sk.Occasion().fit(facts)
    again = sk.read_segmenter(fitted.to_json())
    pd.testing.assert_frame_equal(again.predict(facts), fitted.predict(facts))


def test_why_tells_orders_season_and_luck():
    seg = sk.Occasion().fit(facts_with([1e-4] * 9)).segment(facts_with([1e-4, 0.9]))
    assert "3 of 5 orders fell in its window, where the shop's own season explains 0.5" in seg.why("c0000")
    assert "one in 10,000 customers" in seg.why("c0000")
    assert "no window holds more orders" in seg.why("c0001")


@pytest.mark.parametrize("rate", [0, 1, -0.1])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(DataProblem, match="between 0 and 1"):
        sk.Occasion(rate).fit(facts_with([0.5]))


def test_facts_of_another_kind_are_refused():
    with pytest.raises(ColumnProblem, match=r"measures\.occasions"):
        sk.Occasion().fit(pd.DataFrame({"customer_id": ["a"], "orders": [1]}))
