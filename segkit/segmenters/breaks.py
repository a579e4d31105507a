"""Natural breaks: where a scale falls apart into pieces."""

from __future__ import annotations

import narwhals as nw
import numpy as np

from segkit import _portable as p
from segkit.errors import DataProblem

GRID = 48
"""Steps per factor e on which values are gathered: 2 % wide, far finer than any cut is sure."""


def natural_breaks(facts: nw.LazyFrame, fact: str, groups: int) -> list[float]:
    """Cut one fact where its values fall apart into pieces.

    The cuts are those with the least squared distance of log values to their group's mean: exact, by dynamic
    programming (Fisher, 1958; known in mapping as Jenks breaks, 1967). Logs, because one order more means much to a
    customer with two and little to one with fifty. Ties cannot be split: equal values share a group. Values below 0
    (returns can make revenue negative) have no log and do not move the cuts.

    Parameters
    ----------
    facts : narwhals.LazyFrame
        One row per customer.
    fact : str
        Name of a fact.
    groups : int
        How many pieces.

    Returns
    -------
    list of float
        ``groups - 1`` cuts, ascending. A value equal to a cut belongs to the upper group.

    Raises
    ------
    DataProblem
        When there are fewer customers, or fewer different values, than groups.
    """
    value = nw.col(fact).cast(nw.Float64)
    known = facts.filter(~value.is_null(), value >= 0).select(value=value)
    step = ((nw.col("value") + 1).log() * GRID).floor()
    table = p.small(
        known.with_columns(step=step)
        .group_by("step")
        .agg(low=nw.col("value").min(), mean=nw.col("value").mean(), customers=nw.len())
        .sort("step")
    )
    customers = int(table["customers"].sum())
    _check_enough(customers, groups, f"Customers whose '{fact}' is known and 0 or more")
    _check_enough(len(table), groups, f"Different values of '{fact}' among {customers:,} customers")
    starts = _fisher(np.log1p(table["mean"].to_numpy(float)), table["customers"].to_numpy(float), groups)
    return [float(table["low"].iloc[start]) for start in starts]


def _check_enough(there: int, groups: int, what: str) -> None:
    if there < groups:
        raise DataProblem(
            f"{what}: {there:,}, too few for {groups} groups. Read more orders, take another fact, or, where cuts=... "
            "can be given, cut by hand."
        )


def _fisher(x: np.ndarray, weight: np.ndarray, groups: int) -> list[int]:
    """First index of every group but the first. `x` ascending, shape (n,); cost is O(groups n²), n a few hundred."""
    n = len(x)
    w, wx, wxx = (np.concatenate([[0.0], np.cumsum(weight * x**power)]) for power in range(3))
    i, j = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    mass = np.where(j > i, w[j] - w[i], 1.0)
    spread = np.where(j > i, (wxx[j] - wxx[i]) - (wx[j] - wx[i]) ** 2 / mass, np.inf)  # of x[i:j]
    best = spread[0]
    came_from = []
    for _ in range(groups - 1):
        total = best[:, None] + spread
        came_from.append(np.argmin(total, axis=0))  # a tie goes to the lower cut
        best = total.min(axis=0)
    end, starts = n, []
    for origin in reversed(came_from):
        end = int(origin[end])
        starts.append(end)
    return starts[::-1]
