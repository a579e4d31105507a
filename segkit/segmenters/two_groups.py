"""Two groups in one crowd: those who come for a window in time, and everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import narwhals as nw
import numpy as np
import pandas as pd

from segkit import _portable as p

STEPS = 50
"""Steps per factor e in which expected shares are gathered: 2 % wide."""
ROUNDS, CLOSE = 1000, 1e-7
"""A window's estimate ends after so many rounds, or when a round moves none of its figures by more than this."""
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
        What the others put there, as a multiple of what the whole shop's orders do. It is below 1: the group itself
        makes part of the shop's season.
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
    table = _counted(facts, names)
    columns = (table[name].to_numpy(float) for name in ("orders", "hits", "customers", "share"))
    counts = _Counts(len(names), table["window"].to_numpy(int), *columns)
    figures = np.repeat([[0.1], [0.5], [1.0]], len(names), axis=1)  # per window: buyers, share, season
    windows = np.arange(len(names))
    moving = counts
    for _ in range(ROUNDS):
        before = figures[:, windows]
        figures[:, windows] = after = moving.round(before)
        still = np.abs(after - before).max(axis=0) >= CLOSE
        if not still.any():
            break
        if not still.all():  # a window that has settled is left alone: most do soon, and one without a group late
            windows, moving = windows[still], moving.of(still)
    buyers, share, season = figures
    window, n, c = counts.window, counts.orders, counts.customers
    total, evidence = counts.total, counts.evidence(figures)
    alone = total(counts.hits * c) / np.maximum(total(c * counts.by_season), 1e-9)
    two = np.logaddexp(0, evidence) + np.log1p(-buyers)[window] + counts.of_others(season)
    gain = total(c * (two - counts.of_others(alone)))
    times = share / np.maximum(total(c * n * counts.others(season)) / np.maximum(total(c * n), 1), LEAST_SHARE)
    there = (gain > np.log(counts.people)) & (times >= LEAST_TIMES)
    found = {
        name: Group(*(float(f"{figure[i]:.6g}") for figure in (np.where(there, buyers, 0.0), share, season)))
        for i, name in enumerate(names)
    }
    belongs = np.where(there[window], probability(evidence), 0.0)
    chances = pd.DataFrame({"window": window, "probability": belongs, "customers": c})
    return found, chances


@dataclass(frozen=True)
class _Counts:
    """Customers counted by window (numbered from 0), orders, orders in it and expected share."""

    windows: int
    window: np.ndarray
    orders: np.ndarray
    hits: np.ndarray
    customers: np.ndarray
    expected: np.ndarray

    def of(self, windows: np.ndarray) -> _Counts:
        """Those of some windows only, numbered anew; `windows` says of each whether it stays."""
        rows = windows[self.window]
        window = (np.cumsum(windows) - 1)[self.window[rows]]
        columns = (self.orders, self.hits, self.customers, self.expected)
        return _Counts(int(windows.sum()), window, *(values[rows] for values in columns))

    def total(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.window, values, minlength=self.windows)

    def others(self, season: np.ndarray) -> np.ndarray:
        return np.clip(season[self.window] * self.expected, LEAST_SHARE, MOST_SHARE)

    def log_likelihood(self, log_inside: np.ndarray, log_outside: np.ndarray) -> np.ndarray:
        return self.hits * log_inside + self.misses * log_outside

    def of_others(self, season: np.ndarray) -> np.ndarray:
        """Log likelihood of each row for those who do not come for the window."""
        share = self.others(season)
        return self.log_likelihood(np.log(share), np.log1p(-share))

    def evidence(self, figures: np.ndarray) -> np.ndarray:
        """Log odds that such a customer belongs to the group."""
        buyers, share, season = figures
        at = self.window
        group = logit(buyers)[at] + self.log_likelihood(np.log(share)[at], np.log1p(-share)[at])
        return group - self.of_others(season)

    def round(self, figures: np.ndarray) -> np.ndarray:
        """One round of expectation and maximisation."""
        inside = self.customers * probability(self.evidence(figures))
        outside = self.customers - inside
        return np.stack([
            np.clip(self.total(inside) / self.people, 1e-6, 0.5),
            np.clip(self.total(inside * self.hits) / np.maximum(self.total(inside * self.orders), 1e-9), 1e-3, 0.98),
            self.total(outside * self.hits) / np.maximum(self.total(outside * self.by_season), 1e-9),
        ])  # fmt: skip

    @cached_property
    def misses(self) -> np.ndarray:
        """Orders outside the window."""
        return self.orders - self.hits

    @cached_property
    def by_season(self) -> np.ndarray:
        """Orders in the window, had the shop's season alone decided."""
        return self.orders * self.expected

    @cached_property
    def people(self) -> np.ndarray:
        """Customers per window, at least 1."""
        return np.maximum(self.total(self.customers), 1)


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
    long = facts.select("orders", **packed).unpivot(on=list(packed), index=["orders"], variable_name="window")
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
