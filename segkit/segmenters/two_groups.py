"""Two groups in one crowd: those who come for a window in time, and everybody else."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd

from segkit import _portable as p

STEPS = 50
"""Steps per factor e in which expected shares are gathered: 2 % wide."""
ROUNDS, CLOSE = 500, 1e-5
"""The estimate ends after so many rounds, or when a round moves no figure by more than this."""
PATIENCE = 30
"""After so many rounds the estimate of a group that is not marked by then is given up."""
LEAST_TIMES = 3.0
"""A group that comes for a window puts at least so many times the others' share of its orders there."""


@dataclass(frozen=True)
class Group:
    """Those who come for a window, as found in one shop.

    Attributes
    ----------
    buyers : float
        Share of customers who belong to the group; 0 where the shop shows no such group.
    share : float
        Share of the group's orders that falls in the window.
    season : float
        What the others put there, as a multiple of what the whole shop's orders do. Where there is a group it is below
        1: the group itself makes part of the shop's season.
    """

    buyers: float
    share: float
    season: float

    def others(self, name: str) -> nw.Expr:
        """Share of a customer's orders that the season alone puts into the window."""
        return (nw.col(f"{name}_expected") / nw.col("orders") * self.season).clip(LEAST_SHARE, MOST_SHARE)

    def log_odds(self, name: str, others: nw.Expr) -> nw.Expr:
        """Log of the odds that a customer belongs to the group: how common it is, and what each order tells."""
        hits, orders = nw.col(f"{name}_orders"), nw.col("orders")
        inside = float(np.log(self.share)) - others.log()
        outside = float(np.log(1 - self.share)) - (1.0 - others).log()
        return p.money(hits * inside + (orders - hits) * outside + logit(self.buyers))


LEAST_SHARE, MOST_SHARE = 1e-6, 0.95


def two_groups(facts: nw.LazyFrame, names: list[str]) -> tuple[dict[str, Group], pd.DataFrame]:
    """Estimate, per window, who comes for it: how many they are and how they differ from the others.

    Every customer's orders in the window are binomial: with the group's share for those who belong to it, with the
    season's for the others. The three figures of a :class:`Group` are those that make the counts most likely (found by
    expectation and maximisation: Dempster, Laird and Rubin, 1977). A window has a group only where two groups
    explain the counts better than one by the criterion of Schwarz (1978), which asks a price for the two figures more;
    and where the group is marked: at least ``LEAST_TIMES`` the others' share.

    Parameters
    ----------
    facts : narwhals.LazyFrame
        One row per customer: ``orders`` and, per name, ``<name>_orders`` and ``<name>_expected``.
    names : list of str
        The windows.

    Returns
    -------
    dict of str to Group
        One per window.
    pandas.DataFrame
        ``customers`` by ``window`` and ``probability`` of belonging to its group.
    """
    counted = _counted(facts, names)
    columns = counted[["hits", "orders", "share", "customers"]].to_numpy(float)
    starts = np.searchsorted(counted["window"], np.arange(len(names) + 1))
    found, belongs = {}, []
    for name, start, end in zip(names, starts, starts[1:], strict=False):
        found[name], chance = _one_window(*columns[start:end].T)
        belongs.append(chance)
    return found, counted[["window", "customers"]].assign(probability=np.concatenate(belongs))


def _one_window(x: np.ndarray, n: np.ndarray, expected: np.ndarray, c: np.ndarray) -> tuple[Group, np.ndarray]:
    """The group of one window, and who belongs to it: `c` customers have `x` hits of `n` orders."""

    def others(season: float) -> np.ndarray:
        return np.clip(season * expected, LEAST_SHARE, MOST_SHARE)

    def log_likelihood(share: float | np.ndarray) -> np.ndarray:
        return x * np.log(share) + (n - x) * np.log1p(-share)

    def evidence() -> np.ndarray:
        """Log odds that such a customer belongs to the group."""
        return logit(buyers) + log_likelihood(share) - log_likelihood(others(season))

    def times() -> float:
        """How many times the others' share of orders the group puts into the window."""
        return share / max(c @ (n * others(season)) / max(c @ n, 1.0), LEAST_SHARE)

    customers = max(c.sum(), 1.0)
    buyers, share, season = 0.1, 0.5, 1.0
    for rounds in range(ROUNDS):
        before = np.array([buyers, share, season])
        belongs = probability(evidence())
        inside, outside = c * belongs, c * (1 - belongs)
        buyers = np.clip(inside.sum() / customers, 1e-6, 0.5)
        share = np.clip(inside @ x / max(inside @ n, 1e-9), 1e-3, 0.98)
        season = outside @ x / max(outside @ (n * expected), 1e-9)
        if np.abs(before - (buyers, share, season)).max() < CLOSE or (rounds >= PATIENCE and times() < LEAST_TIMES):
            break
    alone = c @ x / max(c @ (n * expected), 1e-9)
    two = np.logaddexp(0, evidence()) + np.log1p(-buyers) + log_likelihood(others(season))
    gain = c @ (two - log_likelihood(others(alone)))
    there = gain > np.log(customers) and times() >= LEAST_TIMES
    group = Group(*(float(f"{figure:.6g}") for figure in (buyers if there else 0.0, share, season)))
    return group, probability(evidence()) if there else np.zeros(len(c))


def threshold(chances: pd.DataFrame, rate: float) -> float:
    """The lowest probability from which on the finds together hold at most `rate` of luck; 1 where there is none.

    A find with probability .7 is luck with .3; over all finds the mean of these is the share that luck explains (the
    local false discovery rate: Efron, Tibshirani, Storey and Tusher, 2001).

    Examples
    --------
    >>> threshold(pd.DataFrame({"probability": [0.9, 0.7, 0.5], "customers": [10, 10, 10]}), rate=0.2)
    0.7
    """
    ordered = chances[chances["probability"] > 0].sort_values("probability", ascending=False)
    probability, customers = ordered["probability"].to_numpy(float), ordered["customers"].to_numpy(float)
    luck = (customers * (1 - probability)).cumsum() / customers.cumsum()
    holds = probability[luck <= rate + 1e-12]
    return float(holds.min()) if len(holds) else 1.0


def logit(probability: float | np.ndarray) -> float | np.ndarray:
    """Log of the odds."""
    return np.log(probability) - np.log1p(-probability)


def probability(log_odds: np.ndarray) -> np.ndarray:
    """Turn log odds back into a probability."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -50, 50)))


_MOST = 1_000_000
"""Orders of a customer are counted up to here, and expected orders to so many parts of one."""


def _counted(facts: nw.LazyFrame, names: list[str]) -> pd.DataFrame:
    """Customers by window, orders, orders in it and expected share, in one pass over the facts.

    Both counts of a window travel as one number, and are worked with where the windows stand below one another: so the
    formulas are written once and not once per window, which Spark takes minutes to plan.
    """
    packed = {
        str(i): p.whole(nw.col(f"{name}_orders").clip(0, _MOST)) * (_MOST * _MOST)
        + p.whole((nw.col(f"{name}_expected") * _MOST).round())
        for i, name in enumerate(names)
    }
    long = p.stacked(facts.select("orders", **packed), list(packed), beside="orders", into="window")
    value, orders = nw.col("value"), nw.col("orders")
    long = long.filter(~value.is_null(), ~orders.is_null()).with_columns(
        hits=value // (_MOST * _MOST), share=value % (_MOST * _MOST) / (orders * float(_MOST))
    )
    step = (nw.col("share").clip(LEAST_SHARE, MOST_SHARE).log() * STEPS).round()
    counted = long.select("window", "hits", orders=p.whole(orders), step=p.whole(step))
    by = ["window", "step", "orders", "hits"]
    table = p.small(counted.group_by(by).agg(customers=p.whole(nw.len()))).astype("int64")
    table = table.sort_values(by, ignore_index=True)
    return table.assign(share=np.exp(table["step"] / STEPS))
