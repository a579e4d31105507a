"""Intervals beside published figures, and that they hold the true value as often as they say."""

import math

import numpy as np
import pytest

from segkit import intervals


def test_share_as_published():
    """Newcombe (1998), Statistics in Medicine 17:857, table I: 81 of 263, and 0 of 20."""
    assert intervals.share(81, 263)[1:] == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert intervals.share(0, 20)[1:] == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_difference_as_published():
    """Newcombe (1998), Statistics in Medicine 17:873, table II, method 10."""
    assert intervals.difference(9, 10, 3, 10)[1:] == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert intervals.difference(10, 10, 0, 20)[1:] == pytest.approx((0.6791, 1.0), abs=5e-5)


@pytest.mark.parametrize(("function", "counts"), [
    (intervals.share, (0, 0)), (intervals.difference, (1, 2, 0, 0)), (intervals.ratio, (0, 5, 1, 5)),
])  # fmt: skip
def test_nothing_counted_is_not_known(function, counts):
    assert all(math.isnan(value) for value in function(*counts))


def test_means_of_one_customer_have_no_interval():
    difference, low, high = intervals.mean_difference(5.0, 0.0, 1, 3.0, 1.0, 9)
    assert difference == 2.0
    assert math.isnan(low)
    assert math.isnan(high)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    draw = np.random.default_rng(4)
    held = {"share": 0, "difference": 0, "ratio": 0, "mean_difference": 0}
    for _ in range(800):
        a, b = int(draw.binomial(120, 0.3)), int(draw.binomial(80, 0.2))
        x, y = draw.normal(5, 2, 30), draw.normal(3, 1, 20)
        means = (x.mean(), x.std(ddof=1), 30, y.mean(), y.std(ddof=1), 20)
        for name, found, truth in (
            ("share", intervals.share(a, 120), 0.3),
            ("difference", intervals.difference(a, 120, b, 80), 0.1),
            ("ratio", intervals.ratio(a, 120, b, 80), 1.5),
            ("mean_difference", intervals.mean_difference(*means), 2.0),
        ):
            held[name] += found[1] <= truth <= found[2]
    assert all(0.93 <= count / 800 <= 0.975 for count in held.values()), held
