"""Segmenters made for these tests; named with a low line, so that they do not enter the list of types."""

from __future__ import annotations

from functools import reduce
from operator import add

import narwhals as nw
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

from segkit import _portable as p
from segkit import measures
from segkit.errors import DataProblem
from segkit.segmenters.base import Segmenter


class _Clusters(Segmenter):
    """Customers go to the nearest of the learned centres (k-means on standardised facts)."""

    question = "Which customers are alike?"
    labels = ("north", "east", "south", "west")
    needs = ("x", "y")
    measure = measures.purchases
    truth_axis = "side"

    def __init__(self, groups=3, by=("x", "y")):
        self.groups = groups
        self.by = by

    def _needed(self):
        return tuple(self.by)

    def learn(self, facts):
        points = p.small(facts.select(*self.by)).dropna().to_numpy(float)
        if len(np.unique(points, axis=0)) < self.groups:
            raise DataProblem("Too few different customers.")
        self.mean_ = points.mean(axis=0).tolist()
        self.spread_ = [spread or 1.0 for spread in points.std(axis=0).tolist()]
        means = KMeans(self.groups, n_init=3, random_state=0).fit((points - self.mean_) / self.spread_)
        self.centres_ = sorted(means.cluster_centers_.tolist())

    def rule(self):
        scaled = [(nw.col(by) - m) / s for by, m, s in zip(self.by, self.mean_, self.spread_, strict=True)]
        far = [reduce(add, ((v - c) ** 2 for v, c in zip(scaled, centre, strict=True))) for centre in self.centres_]
        words = self.labels[: self.groups]
        nearest = [
            (reduce(lambda a, b: a & b, [far[i] <= other for j, other in enumerate(far) if j != i]), words[i])
            for i in range(self.groups - 1)
        ]
        missing = reduce(lambda a, b: a | b, [nw.col(by).is_null() for by in self.by])
        return p.label_of(nearest, words[-1], unknown=missing)

    def explain(self, facts, label):
        return "nearest"


class _Quadrants(_Clusters):
    """The same four words, given by the signs of two facts; nothing is learned."""

    def learn(self, facts):
        pass

    def rule(self):
        x, y = nw.col("x") >= 0, nw.col("y") >= 0
        return p.label_of([(x & y, "north"), (x & ~y, "east"), (~x & ~y, "south")], "west")


def facts_of(points, **more):
    """Points as facts of customers."""
    ids = [f"C{row + 1:06d}" for row in range(len(points))]
    return pd.DataFrame({"customer_id": ids, "x": points[:, 0], "y": points[:, 1], **more})


def planted(customers=600, seed=0, apart=6.0):
    """Three round crowds of customers, and which each belongs to."""
    rng = np.random.default_rng(seed)
    centres = np.array([[0.0, 0.0], [1.0, 0.2], [0.4, 1.0]]) * apart
    side = rng.integers(0, 3, customers)
    return facts_of(centres[side] + rng.normal(size=(customers, 2))), side


def one_cloud(customers=600, seed=0):
    """Two facts that go together closely, and no groups at all."""
    rng = np.random.default_rng(seed)
    long, short = rng.normal(size=customers), rng.normal(size=customers)
    return facts_of(np.column_stack([long, 0.95 * long + 0.31 * short]))


def labelled(segmenter, facts):
    return segmenter.fit(facts).segment(facts)
