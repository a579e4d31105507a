"""Occasion: two groups told apart, the threshold and its edges, and nothing found where nothing is."""

import numpy as np
import pandas as pd
import pytest

import segkit as sk
import synthetic
from segkit.errors import ColumnProblem, ParameterProblem
from segkit.segmenters.two_groups import threshold
from tests.engines import labels_of

COMES = {"buyers": 0.5, "share": 0.5, "season": 1.0}
NOBODY = {"buyers": 0.0, "share": 0.5, "season": 1.0}


def facts_of(hits, orders, expected=0.05, name="feast"):
    """Facts with one window, and a rhythm that nobody has."""
    orders = np.asarray(orders, float)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:05d}" for i in range(len(orders))],
            "orders": orders,
            f"{name}_orders": np.asarray(hits, float),
            f"{name}_expected": orders * np.asarray(expected, float),
            "rhythm_noon_orders": 0.0,
            "rhythm_noon_expected": orders * 0.1,
        }
    )


def drawn(customers, buyers, share=0.6, seed=1, most=5):
    """A shop in which a share of the customers comes for the feast; the shop's season holds their orders too."""
    rng = np.random.default_rng(seed)
    orders = rng.integers(1, most, customers)
    comes = rng.random(customers) < buyers
    hits = rng.binomial(orders, np.where(comes, share, 0.05))
    return facts_of(hits, orders, expected=hits.sum() / orders.sum()), comes


def fixed(occasions, threshold=0.5):
    """A rule whose figures are given, not learned."""
    rule = sk.Occasion()
    rule.occasions_, rule.threshold_, rule.rhythms_, rule.rhythm_threshold_ = occasions, threshold, {}, 1.0
    rule._fitted = True
    return rule


def test_the_two_groups_are_found_as_they_were_drawn():
    facts, _ = drawn(20_000, buyers=0.08)
    figures = sk.Occasion().fit(facts).occasions_["feast"]
    assert figures["buyers"] == pytest.approx(0.08, abs=0.01)
    assert figures["share"] == pytest.approx(0.6, abs=0.03)
    everybody = facts["feast_orders"].sum() / facts["orders"].sum()
    assert figures["season"] * everybody == pytest.approx(0.05, abs=0.003)  # the others, without those who come


@pytest.mark.parametrize("rate", [0.05, 0.15, 0.25])
def test_no_more_than_the_rate_of_the_finds_is_luck(rate):
    facts, comes = drawn(20_000, buyers=0.08)
    found = sk.Occasion(rate).fit_predict(facts)["segment"] == "feast"
    assert found.sum() > 200
    assert (~comes[found]).mean() < rate + 0.02


def test_a_higher_rate_finds_more_of_those_who_come():
    facts, comes = drawn(20_000, buyers=0.08)
    found = [(sk.Occasion(rate).fit_predict(facts)["segment"] == "feast")[comes].mean() for rate in (0.05, 0.25, 0.5)]
    assert found == sorted(found)
    assert found[-1] > found[0] + 0.1


@pytest.mark.parametrize("seed", range(5))
def test_luck_alone_finds_nobody(seed):
    facts, _ = drawn(3_000, buyers=0, seed=seed)
    rule = sk.Occasion().fit(facts)
    assert rule.occasions_["feast"]["buyers"] == 0
    labels = rule.predict(facts)
    assert set(labels["segment"]) == {"none"}
    assert set(labels["probability"]) == {0}


@pytest.mark.parametrize(("share", "there"), [(0.12, False), (0.25, True)])
def test_a_group_must_come_three_times_as_often_as_the_others(share, there):
    facts, _ = drawn(60_000, buyers=0.3, share=share, most=20)
    assert (sk.Occasion().fit(facts).occasions_["feast"]["buyers"] > 0) == there


def test_the_threshold_keeps_the_mean_of_luck():
    chances = pd.DataFrame({"probability": [0.5, 0.9, 0.7, 0.0], "customers": [10, 10, 10, 99]})
    assert threshold(chances, 0.3) == 0.5  # (.1 + .3 + .5) / 3
    assert threshold(chances, 0.29) == 0.7
    assert threshold(chances, 0.05) == 1  # none is so sure


def test_even_odds_are_a_find_and_less_is_not(engine):
    facts = facts_of([1, 1], [1, 1], expected=[0.5, 0.5001])
    labels = labels_of(fixed({"feast": COMES}), facts, engine)
    assert labels["segment"].tolist() == ["feast", "none"]
    assert labels["probability"].tolist() == pytest.approx([0.5, 0.5], abs=1e-3)


def test_the_probability_is_that_of_bayes(engine):
    facts = facts_of([2, 0], [3, 3], expected=0.1)
    labels = labels_of(fixed({"feast": {"buyers": 0.2, "share": 0.6, "season": 0.5}}), facts, engine)
    for hits, told in zip([2, 0], labels["probability"], strict=True):
        group, others = 0.2 * 0.6**hits * 0.4 ** (3 - hits), 0.8 * 0.05**hits * 0.95 ** (3 - hits)
        assert told == pytest.approx(group / (group + others), abs=1e-5)


def test_the_likeliest_wins_and_a_tie_goes_to_the_alphabet(engine):
    facts = facts_of([1, 1, 1], [1, 1, 1], expected=[0.1, 0.1, 0.2])
    facts["easter_orders"], facts["easter_expected"] = 1.0, [0.1, 0.2, 0.1]
    labels = labels_of(fixed({"easter": COMES, "feast": COMES}), facts, engine)
    assert labels["segment"].tolist() == ["easter", "feast", "easter"]


def test_what_nobody_told_is_not_tested_and_no_orders_is_unknown(engine):
    facts = facts_of([1, 1, 1], [1, 1, 1])
    facts["birthday_orders"], facts["birthday_expected"] = [1.0, None, 1.0], [0.01, None, 0.01]
    facts.loc[2, "orders"] = None
    labels = labels_of(fixed({"birthday": COMES, "feast": COMES}), facts, engine)
    assert labels["segment"].tolist() == ["birthday", "feast", "unknown"]


def test_an_occasion_without_buyers_is_never_given(engine):
    facts = facts_of([1], [1], expected=1e-6)
    assert labels_of(fixed({"feast": NOBODY}), facts, engine)["segment"].tolist() == ["none"]


def test_a_rhythm_is_found_beside_an_occasion():
    facts, _ = drawn(5_000, buyers=0.08)
    facts = facts.assign(rhythm_noon_orders=facts["feast_orders"], rhythm_noon_expected=facts["feast_expected"])
    labels = sk.Occasion().fit_predict(facts)
    assert ((labels["segment"] == "feast") == (labels["rhythm"] == "noon")).all()
    assert (labels["rhythm"] == "noon").sum() > 100


@pytest.mark.parametrize("customers", [200, 3_000])
def test_no_more_finds_than_the_rate_where_nothing_is_planted(customers):
    for seed in (7, 8, 9):
        found = sk.segment(sk.Shop(synthetic.no_structure(customers=customers, seed=seed)), sk.Occasion(0.05))
        assert (found.labels["segment"] != "none").mean() <= 0.05
        assert (found.labels["rhythm"] != "none").mean() <= 0.05


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_it_finds_nine_tenths_of_what_the_oracle_finds(seed):
    population = synthetic.outdoor_shop(customers=3_000, seed=seed)
    found = sk.recovery(sk.segment(sk.Shop(population), sk.Occasion()), population.truth)
    assert found.share_of_oracle > 0.9
    assert found.adjusted_rand > 0.4


def test_few_finds_are_luck_where_a_mistake_is_dear():
    population = synthetic.outdoor_shop(customers=3_000, seed=8)
    found = sk.segment(sk.Shop(population), sk.Occasion(0.05)).to_pandas().merge(population.truth, on="customer_id")
    found = found[found["segment"] != "none"]
    other = (found["occasion"] != found["segment"]) & (found["decision_style"] != "sale_waiter")
    assert len(found) > 300
    assert other.mean() < 0.1  # those who wait for a sale come in its window as well, and not by luck


def test_why_tells_orders_season_and_probability():
    facts = facts_of([2, 0], [3, 3], expected=0.1)
    seg = fixed({"feast": {"buyers": 0.2, "share": 0.6, "season": 0.5}}).segment(facts)
    assert "2 of 3 orders fell in its window, where the season explains 0.15; of customers like this, 94 % come" in (
        seg.why("c00000")
    )
    assert "no window holds more of these 3 orders" in seg.why("c00001")


@pytest.mark.parametrize("rate", [0, 1, -0.1])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(ParameterProblem, match="between 0 and 1"):
        sk.Occasion(rate).fit(facts_of([1], [1]))


def test_facts_of_another_kind_are_refused():
    with pytest.raises(ColumnProblem, match=r"measures\.occasions"):
        sk.Occasion().fit(pd.DataFrame({"customer_id": ["a"], "orders": [1]}))
