"""Do the groups come back when the customers are drawn again, and do they survive shuffled facts?"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import narwhals as nw
import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score

from segkit import _portable as p
from segkit.errors import SegkitError
from segkit.trust.sample import Sample, predicted, shuffle


@dataclass(frozen=True, eq=False)
class Stability:
    """What drawing again showed.

    Attributes
    ----------
    learned : bool
        Whether the rule takes anything from the customers; one with given cuts does not, and is not drawn again.
    agreement : numpy.ndarray, shape (pairs that could be learned from,)
        Adjusted Rand index of each pair.
    shuffled : numpy.ndarray
        The same after shuffling every fact among the customers. Of one fact it is `agreement` itself.
    overlap : dict of str to float
        Per segment the mean best Jaccard overlap (SLSw).
    failed : int
        Pairs whose sample was too poor to learn from.
    """

    learned: bool
    agreement: np.ndarray = field(default_factory=lambda: np.empty(0))
    shuffled: np.ndarray = field(default_factory=lambda: np.empty(0))
    overlap: dict[str, float] = field(default_factory=dict)
    failed: int = 0

    @property
    def median(self) -> float:
        """Median agreement; not a number where nothing could be drawn."""
        return float(np.median(self.agreement)) if self.agreement.size else float("nan")

    @property
    def null(self) -> float:
        """Median agreement on shuffled facts."""
        return float(np.median(self.shuffled)) if self.shuffled.size else float("nan")

    @property
    def adjusted(self) -> float:
        """Null-adjusted agreement, (median - null) / (1 - null); 0 where the null is perfect."""
        if np.isnan(self.median) or np.isnan(self.null):
            return float("nan")
        return (self.median - self.null) / (1 - self.null) if self.null < 1 else 0.0

    @property
    def quartiles(self) -> tuple[float, float]:
        """The middle half of the agreements."""
        return _quartiles(self.agreement)

    @property
    def shuffled_quartiles(self) -> tuple[float, float]:
        """The middle half of the agreements on shuffled facts."""
        return _quartiles(self.shuffled)


def stability(sample: Sample, pairs: int, seed: int) -> Stability:
    """Draw pairs of bootstrap samples, learn on each, label everybody by both, and compare.

    Dolnicar and Leisch (2010); overlap per segment after Hennig (2007) and Dolnicar and Leisch (2017).

    Shuffling hands each fact's values to other customers, each fact on its own. What the facts say together is lost;
    what each says alone is kept. So of a rule on one fact, shuffling leaves the same values and the same cuts: the
    agreement of the null is the agreement itself, and is not computed again.

    Parameters
    ----------
    sample : Sample
        Whom to draw from.
    pairs : int
        How many pairs; half as many on shuffled facts.
    seed : int
        Decides the draws.
    """
    if not learns(sample):
        return Stability(learned=False)
    reference, _ = pd.factorize(sample.labels)
    names = list(pd.unique(sample.labels))
    agreement, overlaps, failed = [], [], 0
    rng = np.random.default_rng([seed, 0])
    for _ in range(pairs):
        two = _pair(sample, sample.small, rng)
        if two is None:
            failed += 1
            continue
        agreement.append(adjusted_rand_score(*two))
        overlaps.extend(best_jaccard(reference, codes) for codes in two)
    shuffled = agreement if len(sample.used) == 1 else _null(sample, pairs, seed)
    overlap = dict(zip(names, map(float, np.mean(overlaps, axis=0)), strict=True)) if overlaps else {}
    return Stability(True, np.array(agreement), np.array(shuffled), overlap, failed)


def learns(sample: Sample) -> bool:
    """Whether the rule takes anything from the customers it is fitted on.

    It is fitted on the lower and on the upper half of each fact. A rule that then labels everybody alike has its
    cuts from its maker. One that refuses a half has looked at it.
    """
    facts = sample.small
    half = len(facts) // 2
    for fact in sample.used:
        order = facts[fact].to_frame().with_row_index("_row").sort(fact, "_row", nulls_last=True)["_row"].to_numpy()
        lower, upper = (facts[np.sort(part)] for part in (order[:half], order[half:]))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # such halves are odd data, and nobody's labels come from them
                same = [_refit(sample.segmenter, part, facts) for part in (lower, upper)]
        except Exception:  # whatever it stumbles over in a half, it has looked at it
            return True
        if same[0] is None or same[1] is None or not np.array_equal(*same):
            return True
    return False


def best_jaccard(reference: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Overlap of every group of `reference` with the group of `other` that is most like it.

    Parameters
    ----------
    reference, other : numpy.ndarray of int, shape (customers,)
        Two partitions, as codes from 0.

    Returns
    -------
    numpy.ndarray, shape (groups of reference,)
        Jaccard index, 0 to 1: customers in both over customers in either.

    Examples
    --------
    >>> best_jaccard(np.array([0, 0, 0, 1]), np.array([1, 1, 0, 0])).round(2).tolist()
    [0.67, 0.5]
    """
    rows, columns = reference.max() + 1, other.max() + 1
    both = np.bincount(reference * columns + other, minlength=rows * columns).reshape(rows, columns)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return (both / either).max(axis=1)


def _null(sample: Sample, pairs: int, seed: int) -> list[float]:
    rng = np.random.default_rng([seed, 1])
    agreement = []
    for _ in range((pairs + 1) // 2):  # a null needs no quartiles to the percent
        two = _pair(sample, shuffle(sample, rng), rng)
        if two is not None:
            agreement.append(adjusted_rand_score(*two))
    return agreement


def _pair(sample: Sample, facts: nw.DataFrame, rng: np.random.Generator) -> list[np.ndarray] | None:
    facts, both = facts.select(p.KEY, *sample.deciding), []  # what is read for the details alone changes no word
    for _ in range(2):
        drawn = facts[rng.integers(0, len(facts), len(facts))].with_columns(facts[p.KEY])  # one id per row drawn
        labels = _refit(sample.segmenter, drawn, facts)
        if labels is None:
            return None
        both.append(pd.factorize(labels)[0])
    return both


def _refit(segmenter, on: nw.DataFrame, everybody: nw.DataFrame) -> np.ndarray | None:
    """Learn anew on some and label everybody; None where the segmenter refuses to learn from so few."""
    try:
        return predicted(clone(segmenter).fit(on.to_native()), everybody)
    except SegkitError:
        return None


def _quartiles(values: np.ndarray) -> tuple[float, float]:
    if not values.size:
        return float("nan"), float("nan")
    low, high = np.quantile(values, [0.25, 0.75])
    return float(low), float(high)
