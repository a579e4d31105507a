"""What is between groups: crowds cut in two show no valley, crowds apart do."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import wasserstein_distance

import segkit as sk
from segkit.trust.sample import taken
from segkit.trust.structure import FEWEST, borders, distinctness, gaps, markers, silhouette, space, valley
from tests.trust.toy_types import _Clusters, facts_of, labelled, one_cloud, planted


def sample_of(segmenter, facts):
    return taken(labelled(segmenter, facts), 20_000, 0)


def halves(values, at):
    return values[values < at], values[values >= at]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("draw", ["normal", "exponential", "uniform", "lognormal"])
def test_one_crowd_cut_in_two_has_no_deep_valley(draw, seed):
    crowd = getattr(np.random.default_rng(seed), draw)(size=800)
    assert valley(*halves(crowd, np.quantile(crowd, 0.7))) < 0.5


@pytest.mark.parametrize("seed", range(4))
def test_two_crowds_apart_have_a_deep_one(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.normal(0, 1, 600), rng.normal(6, 1, 200)
    assert valley(one, other) > 0.9
    assert valley(one, other) == valley(other, one)


def test_steps_of_a_count_are_not_gaps():
    rng = np.random.default_rng(0)
    counts = rng.poisson(3, 900).astype(float)
    labels = np.where(counts >= 4, "many", "few")
    depth = gaps(pd.DataFrame({"orders": counts}), labels, np.random.default_rng(1))
    assert max(depth.values()) < 0.5


def test_a_group_too_small_to_show_a_density_is_left_out():
    values = np.concatenate([np.zeros(50), np.ones(50), np.full(FEWEST - 1, 9.0)]) + np.linspace(0, 0.1, 109)
    labels = np.repeat(["a", "b", "c"], [50, 50, FEWEST - 1])
    assert set(gaps(pd.DataFrame({"x": values}), labels, np.random.default_rng(0))) == {"a", "b"}


def test_thin_borders_of_planted_groups_are_filled_by_shuffling():
    ground = borders(sample_of(_Clusters(), planted()[0]), 0)
    assert ground.thin > 0.8
    assert ground.filled > 0.1
    assert ground.filled == ground.thin - ground.shuffled


def test_one_long_cloud_has_no_thin_borders():
    assert borders(sample_of(_Clusters(), one_cloud()), 0).thin < 0.3


def test_thin_ground_of_single_facts_stays_when_they_are_shuffled():
    rng = np.random.default_rng(3)
    corner = np.where(rng.random((800, 2)) < 0.5, 0.0, 8.0) + rng.normal(size=(800, 2))
    ground = borders(sample_of(_Clusters(groups=4), facts_of(corner)), 0)
    assert ground.thin > 0.8
    assert ground.filled < 0.1


def test_the_scale_takes_logs_of_what_leans_and_nothing_of_a_constant():
    frame = pd.DataFrame(
        {"money": [1.0, 2, 3, 1000], "even": [1.0, 2, 3, 4], "same": [5.0] * 4, "gap": [1, None, 3, 2]}
    )
    scaled = space(frame, list(frame))
    assert list(scaled) == ["money", "even", "gap"]
    logs = np.log1p(frame["money"])
    assert scaled["money"].tolist() == pytest.approx(((logs - logs.mean()) / logs.std(ddof=0)).tolist())
    assert scaled["gap"][1] == 0


def test_distance_to_the_rest_against_scipy():
    facts = facts_of(np.array([[0.0, 0], [0, 1], [4, 0], [4, 1], [5, 0], [5, 1]]))
    sample = sample_of(sk.Usage(by="x", cuts=(2, 4.5)), facts)
    fact, distance = distinctness(sample)["light"]
    x = (facts["x"] - facts["x"].mean()) / facts["x"].std(ddof=0)
    assert fact == "x"
    assert distance == pytest.approx(wasserstein_distance(x[:2], x[2:]))


def test_markers_by_hand():
    # means of y: light 1, medium 10, heavy 1; of all 4. y is off by 6 in medium (> 2.5) and by 3 in light (> 2).
    facts = facts_of(np.array([[1.0, 1], [3, 10], [9, 1]]), level=[5.0, 5.0, 5.5])
    marked = markers(sample_of(sk.Usage(by="x", cuts=(2, 6)), facts))
    assert marked["medium"] == ["y"]  # x is 3 of a mean of 4.3: neither 2.25 nor 2.17 off
    assert marked["light"] == ["x", "y"]
    assert "level" not in marked["heavy"]


def test_silhouette_needs_two_groups():
    facts = facts_of(np.array([[0.0, 0], [1, 1], [2, 2]]))
    assert np.isnan(silhouette(sample_of(sk.Usage(by="x", cuts=(5, 6)), facts), 0))
    assert silhouette(sample_of(_Clusters(), planted()[0]), 0) > 0.5
