"""The customers a trust card looks at: all of them, or a seeded sample that is small enough to work on many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from segkit import _portable as p

UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False, repr=False)
class Sample:
    """Facts and labels of the customers looked at, collected once.

    Attributes
    ----------
    segmenter : Segmenter
        The fitted rule.
    frame : pandas.DataFrame
        Facts and ``segment``, in order of customer.
    names : list of str
        The segments in order of meaning, without ``unknown``.
    customers : int
        How many customers the whole segmentation has.
    """

    segmenter: Any
    frame: pd.DataFrame
    names: list[str]
    customers: int

    @property
    def is_all(self) -> bool:
        """Whether everybody is in it."""
        return len(self.frame) == self.customers

    @cached_property
    def known(self) -> pd.DataFrame:
        """Those with a label; a customer whose facts are missing can neither come back nor change."""
        return self.frame[self.frame["segment"] != UNKNOWN].reset_index(drop=True)

    @cached_property
    def labels(self) -> np.ndarray:
        """Labels of the known, as words."""
        return self.known["segment"].to_numpy(dtype=object)

    @cached_property
    def occupied(self) -> list[str]:
        """The segments with at least one customer."""
        there = set(self.labels)
        return [name for name in self.names if name in there]

    @cached_property
    def numeric(self) -> list[str]:
        """Names of the facts that are numbers or yes/no."""
        facts = self.frame.drop(columns=[p.KEY, "segment"])
        return [name for name in facts if pd.api.types.is_numeric_dtype(facts[name])]

    @cached_property
    def used(self) -> list[str]:
        """Names of the facts the rule reads."""
        return list(self.segmenter._needed()) or self.numeric

    @cached_property
    def deciding(self) -> list[str]:
        """Of these the facts that decide the word."""
        return list(self.segmenter.deciding()) or self.used

    @cached_property
    def small(self) -> nw.DataFrame:
        """The facts the rule reads, of the known, under numbers in place of ids: quick to fit and to predict on."""
        facts = self.known[self.used].copy()
        facts.insert(0, p.KEY, [f"{row:09d}" for row in range(len(facts))])
        return p.lazy(facts).collect()


@dataclass(frozen=True)
class Coverage:
    """How the rule covers the customers of the facts.

    Attributes
    ----------
    customers : int
        Customers of the facts.
    once : int
        Those with exactly one label that is one of the segments.
    unknown : int
        Those with the one label ``unknown``.
    """

    customers: int
    once: int
    unknown: int

    @property
    def share(self) -> float:
        """Share of the customers who are in exactly one segment."""
        return self.once / self.customers

    @property
    def astray(self) -> int:
        """Customers with no label, several, or a word that is none of the segments."""
        return self.customers - self.once - self.unknown


def coverage(segmentation: Any) -> Coverage:
    """Count, in the engine, whether every customer has exactly one label."""
    word = nw.col("segment")
    labels = p.lazy(segmentation.labels).select(
        p.KEY,
        named=p.as_count(word.is_in(list(segmentation.segmenter.labels))),
        unknown=p.as_count(word == UNKNOWN),
    )
    each = labels.group_by(p.KEY).agg(
        rows=p.whole(nw.len()), named=nw.col("named").sum(), unknown=nw.col("unknown").sum()
    )
    single = nw.col("rows") == 1
    told = p.small(
        each.select(
            once=p.as_count(single & (nw.col("named") == 1)).sum(),
            unknown=p.as_count(single & (nw.col("unknown") == 1)).sum(),
        )
    )
    customers = p.small(p.lazy(segmentation.facts).select(customers=nw.len()))["customers"].iloc[0]
    return Coverage(int(customers), int(told["once"].iloc[0]), int(told["unknown"].iloc[0]))


def taken(segmentation: Any, at_most: int, seed: int) -> Sample:
    """Collect a segmentation's customers, or a seeded sample of them.

    The sample is drawn by place in the order of ``customer_id``, so that every engine draws the same customers.

    Parameters
    ----------
    segmentation : Segmentation
        Any type, any engine.
    at_most : int
        How many customers to collect.
    seed : int
        Decides who is in the sample.
    """
    names = [name for name in segmentation.names if name != UNKNOWN]
    customers = int(segmentation.sizes()["customers"].sum())
    if customers <= at_most:
        frame = segmentation.to_pandas()
    else:
        places = np.sort(np.random.default_rng([seed, 2]).choice(customers, at_most, replace=False))
        numbered = segmentation.lazy.with_row_index("_place", order_by=p.KEY)
        numbered = numbered.with_columns(_place=p.whole(nw.col("_place")))
        drawn = p.same_engine(pd.DataFrame({"_place": places.astype("int64")}), like=numbered)
        frame = p.small(numbered.join(drawn, on="_place", how="inner").sort(p.KEY)).drop(columns="_place")
    frame["segment"] = frame["segment"].astype(object)
    return Sample(segmentation.segmenter, frame, names, customers)


def predicted(segmenter: Any, facts: nw.DataFrame) -> np.ndarray:
    """Label a small frame whose ids are in order; return the words in that order."""
    words = segmenter.labelled(facts.to_native()).select("segment").collect()
    return words["segment"].to_numpy().astype(object)


def shuffle(sample: Sample, rng: np.random.Generator) -> nw.DataFrame:
    """Hand every fact's values to other customers, each fact on its own.

    What the facts say together is lost; what each says alone is kept.
    """
    facts = sample.small
    return facts.with_columns(facts[fact][rng.permutation(len(facts))] for fact in sample.used)
