"""Known answers: agreement by hand and against scikit-learn, what is learned, what shuffling leaves."""

import numpy as np
import pytest
from sklearn.metrics import jaccard_score

import segkit as sk
import synthetic
from segkit.trust.sample import predicted, shuffle, taken
from segkit.trust.stability import Stability, best_jaccard, learns, stability
from tests.trust.toy_types import _Clusters, _Quadrants, facts_of, labelled, one_cloud, planted


def sample_of(segmenter, facts):
    return taken(labelled(segmenter, facts), 20_000, 0)


def test_overlap_by_hand():
    # group 0 = {0,1,2}, its best match is {0,1}: 2 of 3. group 1 = {3,4}, best match {2,3,4}: 2 of 3.
    one, other = np.array([0, 0, 0, 1, 1]), np.array([5, 5, 2, 2, 2])
    assert best_jaccard(one, other).tolist() == pytest.approx([2 / 3, 2 / 3])


def test_overlap_against_scikit_learn():
    rng = np.random.default_rng(4)
    one, other = rng.integers(0, 3, 200), rng.integers(0, 4, 200)
    best = [max(jaccard_score(one == a, other == b) for b in range(4)) for a in range(3)]
    assert best_jaccard(one, other).tolist() == pytest.approx(best)


def test_null_adjusted_by_hand():
    found = Stability(True, np.array([0.9, 0.8, 0.7]), np.array([0.4, 0.6, 0.5]))
    assert (found.median, found.null) == (0.8, 0.5)
    assert found.adjusted == pytest.approx((0.8 - 0.5) / (1 - 0.5))
    assert found.quartiles == pytest.approx((0.75, 0.85))


def test_a_perfect_null_leaves_nothing_to_reach():
    assert Stability(True, np.array([1.0]), np.array([1.0])).adjusted == 0


def test_nothing_drawn_is_not_a_number():
    assert np.isnan(Stability(True).adjusted)


def test_clear_groups_come_back_and_every_one_of_them():
    found = stability(sample_of(_Clusters(), planted()[0]), 10, 0)
    assert found.median > 0.95
    assert set(found.overlap) == {"north", "east", "south"}
    assert min(found.overlap.values()) > 0.95


def test_what_is_learned_is_told_from_what_is_given():
    facts, _ = planted(200)
    assert learns(sample_of(_Clusters(), facts))
    assert not learns(sample_of(_Quadrants(), facts))
    usage = facts.rename(columns={"x": "orders_per_year"}).assign(orders_per_year=lambda f: f["orders_per_year"] + 9)
    assert learns(sample_of(sk.Usage(), usage))
    assert not learns(sample_of(sk.Usage(cuts=(2, 6)), usage))


def test_cuts_that_fall_on_the_same_whole_number_each_time_are_learned_all_the_same():
    counts = facts_of(np.repeat([[1.0, 0], [2, 0], [9, 0], [10, 0], [40, 0]], 60, axis=0))
    sample = sample_of(sk.Usage(by="x"), counts)
    found = stability(sample, 10, 0)
    assert found.learned
    assert found.median == 1


def test_shuffling_keeps_each_fact_and_parts_what_belongs_together():
    sample = sample_of(_Clusters(), one_cloud())
    mixed = shuffle(sample, np.random.default_rng(0))
    for fact in ("x", "y"):
        assert sorted(mixed[fact].to_list()) == sorted(sample.known[fact])
    before = np.corrcoef(sample.known["x"], sample.known["y"])[0, 1]
    assert before > 0.9 > 0.2 > abs(np.corrcoef(mixed["x"].to_numpy(), mixed["y"].to_numpy())[0, 1])


def test_of_one_fact_the_null_is_the_agreement_itself():
    found = stability(sample_of(sk.Usage(by="x"), planted()[0].assign(x=lambda f: f["x"] + 9)), 6, 0)
    assert found.shuffled.tolist() == found.agreement.tolist()
    assert found.adjusted == 0


def test_samples_too_poor_to_learn_from_are_counted():
    two = facts_of(np.array([[0.0, 0.0], [5.0, 5.0]]))
    found = stability(sample_of(_Clusters(groups=2), two), 40, 0)
    assert found.failed + len(found.agreement) == 40
    assert found.failed > 0


def test_without_polars_the_answers_are_the_same(monkeypatch):
    facts, _ = planted(150)
    with_polars = stability(sample_of(_Clusters(), facts), 5, 0)
    monkeypatch.setattr("segkit._portable._HAS_POLARS", False)
    without = stability(sample_of(_Clusters(), facts), 5, 0)
    assert without.agreement.tolist() == pytest.approx(with_polars.agreement.tolist())
    assert without.shuffled.tolist() == pytest.approx(with_polars.shuffled.tolist())


def test_what_decides_no_word_is_left_out_of_the_draws_and_changes_none():
    seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=300, seed=7)), sk.Occasion())
    sample = taken(seg, 20_000, 0)
    aside = set(sample.used) - set(sample.deciding)
    assert aside
    assert all(name.startswith("rhythm_") for name in aside)
    few = sk.Occasion().fit(sample.small.select("customer_id", *sample.deciding).to_native())
    assert predicted(few, sample.small).tolist() == sample.labels.tolist()
