"""How sure a figure is: intervals that would hold the true value in 95 of 100 shops like this one."""

from __future__ import annotations

from math import sqrt

from scipy import stats
from scipy.stats import contingency

LEVEL = 0.95


def share(hits: int, tries: int) -> tuple[float, float, float]:
    """Return a share and its interval, by the method of Wilson (1927); nan where there was nothing to count.

    Examples
    --------
    >>> [round(x, 3) for x in share(5, 10)]
    [0.5, 0.237, 0.763]
    """
    if not tries:
        return (float("nan"),) * 3
    low, high = stats.binomtest(int(hits), int(tries)).proportion_ci(LEVEL, method="wilson")
    return hits / tries, float(low), float(high)


def difference(hits: int, tries: int, other_hits: int, other_tries: int) -> tuple[float, float, float]:
    """Return one share less another and its interval, by the hybrid score method of Newcombe (1998, method 10).

    Examples
    --------
    >>> [round(x, 4) for x in difference(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    if not (tries and other_tries):
        return (float("nan"),) * 3
    one, one_low, one_high = share(hits, tries)
    two, two_low, two_high = share(other_hits, other_tries)
    down, up = sqrt((one - one_low) ** 2 + (two_high - two) ** 2), sqrt((one_high - one) ** 2 + (two - two_low) ** 2)
    return one - two, one - two - down, one - two + up


def ratio(hits: int, tries: int, other_hits: int, other_tries: int) -> tuple[float, float, float]:
    """Return one share over another and its interval, by the logarithms of Katz and others (1978).

    Examples
    --------
    >>> [round(x, 2) for x in ratio(20, 100, 10, 100)]
    [2.0, 0.99, 4.05]
    """
    if not (tries and other_tries and hits and other_hits):
        return (float("nan"),) * 3
    found = contingency.relative_risk(int(hits), int(tries), int(other_hits), int(other_tries))
    low, high = found.confidence_interval(LEVEL)
    return float(found.relative_risk), float(low), float(high)


def mean_difference(
    mean: float, spread: float, count: int, other_mean: float, other_spread: float, other_count: int
) -> tuple[float, float, float]:
    """Return one mean less another and its interval, by the method of Welch (1947); spreads are standard deviations.

    Examples
    --------
    >>> [round(x, 2) for x in mean_difference(30.0, 4.0, 16, 24.0, 3.0, 9)]
    [6.0, 3.06, 8.94]
    """
    if min(count, other_count) < 2 or not (spread or other_spread):
        return mean - other_mean, float("nan"), float("nan")
    one, two = spread**2 / count, other_spread**2 / other_count
    freedom = (one + two) ** 2 / (one**2 / (count - 1) + two**2 / (other_count - 1))
    reach = float(stats.t.ppf(0.5 + LEVEL / 2, freedom)) * sqrt(one + two)
    return mean - other_mean, mean - other_mean - reach, mean - other_mean + reach
