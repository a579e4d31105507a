"""What is between the groups: thin ground or a crowd, and what marks each one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import wasserstein_distance
from sklearn.metrics import silhouette_score

from segkit.trust.sample import Sample, predicted, shuffle

FEWEST = 10
"""A group of fewer customers shows no density."""

SHUFFLES = 5
"""Times the facts are shuffled to see what becomes of the borders; the thinnest counts against the groups."""

SILHOUETTE_OF = 2_000
"""Customers a silhouette is taken of at most: it compares everybody with everybody."""


def space(frame: pd.DataFrame, facts: list[str], rng: np.random.Generator | None = None) -> pd.DataFrame:
    """Put facts on one scale, so that distances between customers mean something.

    Facts that are 0 or more and lean to the right (skewness above 1) are taken in logs; then each is in standard
    deviations from its mean. A missing value stands at the mean. A fact that is the same for all is left out.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per customer.
    facts : list of str
        Numeric columns.
    rng : numpy.random.Generator, optional
        Spreads whole numbers evenly over their own width (4 orders become 4 to 5), and zeros of a share or an amount
        evenly up to the smallest tenth of the others, so that steps of a count, and "none so far", are not taken for
        gaps between customers.
    """
    scaled = {}
    for fact in facts:
        value = frame[fact].astype("float64")
        leans = value.min() >= 0 and value.skew() > 1
        if rng is not None:
            value = _spread(value, rng)
        if leans:
            value = np.log1p(value)
        spread = value.std(ddof=0)
        if spread > 0:
            scaled[fact] = ((value - value.mean()) / spread).fillna(0.0)
    return pd.DataFrame(scaled, index=frame.index)


def _spread(value: pd.Series, rng: np.random.Generator) -> pd.Series:
    draw = rng.uniform(0, 1, len(value))
    if (value.dropna() % 1 == 0).all():
        return value + draw
    if value.min() == 0:
        return value.where(value != 0, draw * value[value > 0].quantile(0.1))
    return value


@dataclass(frozen=True)
class Borders:
    """How far the crowd thins out between the groups.

    Attributes
    ----------
    depth : dict of str to float
        Per segment at its shallowest border. 0: no thinner than the crowd around. 1: nobody stands there. Segments of
        fewer than 10 customers are left out.
    thin : float
        Mean of those, weighted by customers; nan where fewer than two segments can be compared.
    shuffled : float
        The same rule's ``thin`` when every fact is shuffled among the customers: the thinnest of 5 shuffles.
    """

    depth: dict[str, float]
    thin: float
    shuffled: float

    @property
    def filled(self) -> float:
        """How much of the thin ground shuffling fills, thin - shuffled; 0 where it fills none."""
        return max(self.thin - self.shuffled, 0.0) if self.depth else math.nan


NO_BORDERS = Borders({}, math.nan, math.nan)


def borders(sample: Sample, seed: int) -> Borders:
    """Look at the ground between the segments, on these customers and on shuffled facts, with the rule held fixed.

    Customers of two segments are laid along the line that tells the two apart best (Fisher's discriminant, 1936).
    Where two dense regions lie with thin ground between them there is a natural border (Hartigan, 1975); where the
    line was cut through one crowd there is none, however firmly the cut comes back. Thin ground that stays when the
    facts are shuffled belongs to single facts (such as: never had anything returned), not to groups of customers.
    """
    numeric = [fact for fact in sample.used if fact in sample.numeric]
    rng = np.random.default_rng([seed, 3])
    depth = gaps(sample.known[numeric], sample.labels, rng)
    thin = _mean(depth, sample.labels)
    if len(sample.used) == 1 or not depth:
        return Borders(depth, thin, thin)
    shuffled = []
    for _ in range(SHUFFLES):
        facts = shuffle(sample, rng)
        mixed = pd.DataFrame({fact: facts[fact].to_numpy() for fact in numeric})
        labels = predicted(sample.segmenter, facts)
        shuffled.append(_mean(gaps(mixed, labels, rng), labels))
    shuffled = [value for value in shuffled if not math.isnan(value)]
    return Borders(depth, thin, max(shuffled) if shuffled else math.nan)


def gaps(facts: pd.DataFrame, labels: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Say per label how far the crowd thins out at its shallowest border with another."""
    points = space(facts, list(facts), rng).to_numpy()
    groups = {name: points[labels == name] for name in pd.unique(labels)}
    groups = {name: group for name, group in groups.items() if len(group) >= FEWEST}
    if len(groups) < 2 or not points.shape[1]:
        return {}
    depth = dict.fromkeys(groups, 1.0)
    for one, other in combinations(groups, 2):
        between = valley(*_along_the_line(groups[one], groups[other]))
        depth[one], depth[other] = min(depth[one], between), min(depth[other], between)
    return depth


def _mean(depth: dict[str, float], labels: np.ndarray) -> float:
    customers = {name: int((labels == name).sum()) for name in depth}
    return sum(depth[name] * customers[name] for name in depth) / sum(customers.values()) if depth else math.nan


def valley(left: np.ndarray, right: np.ndarray) -> float:
    """Say how far the density falls between two groups on one line.

    Parameters
    ----------
    left, right : numpy.ndarray
        Values of the two groups, in any unit.

    Returns
    -------
    float
        1 - (density in the valley) / (density on the lower of the two hills), for the deepest valley between the two
        medians that is more than chance (three standard deviations of the counts); 0 where there is none.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> crowd = rng.normal(size=2000)
    >>> valley(crowd[crowd < 0], crowd[crowd >= 0])
    0.0
    >>> valley(rng.normal(0, 1, 1000), rng.normal(8, 1, 1000)) > 0.9
    True
    """
    if np.median(left) > np.median(right):
        left, right = right, left
    everybody = np.sort(np.concatenate([left, right]))
    q1, q3 = np.quantile(everybody, [0.25, 0.75])
    scale = min(everybody.std(), (q3 - q1) / 1.34) or everybody.std()
    width = 1.06 * scale * len(everybody) ** -0.2  # Silverman (1986), the rule of thumb
    if width == 0:
        return 0.0
    at = np.linspace(np.quantile(left, 0.05), np.quantile(right, 0.95), 201)
    count = np.searchsorted(everybody, at + width, "right") - np.searchsorted(everybody, at - width, "left")
    hill = np.minimum(np.maximum.accumulate(count), np.maximum.accumulate(count[::-1])[::-1])
    sure = (hill - count) >= 3 * np.sqrt(hill + count)
    inside = (at >= np.median(left)) & (at <= np.median(right)) & sure & (hill > 0)
    return float((1 - count[inside] / hill[inside]).max()) if inside.any() else 0.0


def _along_the_line(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lay two groups along Fisher's discriminant; a little ridge keeps it defined where facts repeat each other."""
    centred = np.concatenate([group - group.mean(axis=0) for group in (one, other)])
    within = centred.T @ centred / len(centred) + 1e-3 * np.eye(one.shape[1])
    direction = np.linalg.solve(within, other.mean(axis=0) - one.mean(axis=0))
    return one @ direction, other @ direction


def silhouette(sample: Sample, seed: int) -> float:
    """Return the mean silhouette width (Rousseeuw, 1987) over the facts the rule reads; nan where there is none."""
    numeric = [fact for fact in sample.used if fact in sample.numeric]
    points = space(sample.known, numeric)
    rows = np.arange(len(points))
    if len(rows) > SILHOUETTE_OF:
        rows = np.sort(np.random.default_rng([seed, 4]).choice(rows, SILHOUETTE_OF, replace=False))
    if points.empty or not 2 <= len(set(sample.labels[rows])) < len(rows):
        return float("nan")
    return float(silhouette_score(points.to_numpy()[rows], sample.labels[rows]))


def distinctness(sample: Sample) -> dict[str, tuple[str, float]]:
    """Name per segment the fact in which it stands furthest from the other customers.

    Returns
    -------
    dict of str to (fact, distance)
        Wasserstein distance between the segment and the rest, in standard deviations of the fact.
    """
    points = space(sample.known, sample.numeric)
    furthest = {}
    if points.empty or len(sample.occupied) < 2:
        return furthest
    for name in sample.occupied:
        inside = sample.labels == name
        far = [(wasserstein_distance(points[fact][inside], points[fact][~inside]), fact) for fact in points]
        distance, fact = max(far, key=lambda pair: pair[0])  # the first of equals: order of the facts
        furthest[name] = (fact, float(distance))
    return furthest


def markers(sample: Sample) -> dict[str, list[str]]:
    """Name per segment the facts that mark it.

    A fact marks a segment when the segment's mean is off the mean of all by more than a quarter of the largest
    segment mean, or by more than half of the mean of all (Dolnicar, Grün and Leisch, 2018).
    """
    means = sample.known.groupby("segment")[sample.numeric].mean().reindex(sample.occupied).astype("float64")
    overall = sample.known[sample.numeric].astype("float64").mean()
    off = (means - overall).abs()
    marks = (off > 0.25 * means.abs().max()) | (off > 0.5 * overall.abs())
    return {name: [fact for fact in marks if marks.at[name, fact]] for name in sample.occupied}
