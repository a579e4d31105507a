"""Natural breaks against an exhaustive search."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from segkit import _portable as p
from segkit.errors import DataProblem
from segkit.segmenters.breaks import _fisher, natural_breaks


def spread(x, weight, starts):
    pieces = np.split(np.arange(len(x)), starts)
    return sum((weight[i] * (x[i] - np.average(x[i], weights=weight[i])) ** 2).sum() for i in pieces)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("groups", [2, 3, 4])
def test_no_other_cuts_leave_less_spread(seed, groups):
    rng = np.random.default_rng(seed)
    x = np.sort(rng.gamma(1, 3, 14))
    weight = rng.integers(1, 9, 14).astype(float)
    best = min(spread(x, weight, cuts) for cuts in combinations(range(1, 14), groups - 1))
    assert spread(x, weight, _fisher(x, weight, groups)) == pytest.approx(best)


def breaks(values, groups=3):
    facts = pd.DataFrame({"customer_id": [str(i) for i in range(len(values))], "orders": values})
    return natural_breaks(p.lazy(facts), "orders", groups)


def test_cuts_fall_in_the_gaps_and_are_values_that_occur():
    assert breaks([1, 1, 1, 2, 10, 11, 12, 100, 110]) == [10, 100]


def test_order_of_rows_changes_nothing():
    values = list(np.random.default_rng(3).integers(1, 60, 200))
    assert breaks(values) == breaks(sorted(values)) == breaks(sorted(values, reverse=True))


def test_missing_and_negative_values_are_not_used():
    assert breaks([1, 1, 2, 10, 11, 100, 120, None, -50]) == [10, 100]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([5, 9, -3, -4], "Customers whose 'orders' is known and 0 or more: 2, too few for 3 groups"),
        ([4] * 30, "Different values of 'orders' among 30 customers: 1"),
    ],
)
def test_too_few_is_said_in_words_of_customers(values, said):
    with pytest.raises(DataProblem, match=said) as told:
        breaks(values)
    assert "Usage" not in str(told.value), "grids and other types cut by it too"
    assert str(told.value).endswith("take another fact, or, where cuts=... can be given, cut by hand.")
