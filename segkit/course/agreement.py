"""How far two groupings of the same customers agree, whatever their groups are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd
from scipy.optimize import linear_sum_assignment


@dataclass(frozen=True)
class Match:
    """The best one-to-one naming of given groups as expected groups.

    Attributes
    ----------
    share : float
        Share of customers grouped alike under it.
    names : dict
        Given group to expected group.
    counts : pandas.DataFrame
        Customers per given group (rows) and expected group (columns).
    """

    share: float
    names: dict[Any, Any]
    counts: pd.DataFrame

    def most_confused(self) -> str:
        """Say in which cell most of the differing customers are."""
        same_words = set(self.counts.index) <= set(self.counts.columns)
        names = {word: word for word in self.counts.index} if same_words else self.names
        apart = [
            (count, given, expected)
            for given, row in self.counts.iterrows()
            for expected, count in row.items()
            if names.get(given) != expected
        ]
        if not apart:
            return "No customer differs."
        count, given, expected = max(apart, key=lambda cell: cell[0])
        return f"The largest difference: {count:,} customers you put in '{given}' belong in '{expected}'."


def match(given: pd.Series, expected: pd.Series) -> Match:
    """Name given groups after the expected groups they overlap most with, one to one.

    Parameters
    ----------
    given, expected : pandas.Series
        A label per customer, on the same index.

    Returns
    -------
    Match

    Examples
    --------
    >>> found = match(pd.Series(["x", "x", "y", "y"]), pd.Series(["big", "big", "small", "big"]))
    >>> found.share, found.names
    (0.75, {'x': 'big', 'y': 'small'})
    >>> found.most_confused()
    "The largest difference: 1 customers you put in 'y' belong in 'big'."
    """
    counts = pd.crosstab(given.to_numpy(dtype=object), expected.to_numpy(dtype=object))
    rows, columns = linear_sum_assignment(-counts.to_numpy())
    names = {counts.index[r]: counts.columns[c] for r, c in zip(rows, columns, strict=True)}
    alike = sum(int(counts.iloc[r, c]) for r, c in zip(rows, columns, strict=True))
    return Match(alike / max(len(expected), 1), names, counts)


def as_labels(answer: Any) -> pd.Series | None:
    """Read a label per customer from a Segmentation, a frame, a Series or a dictionary.

    Parameters
    ----------
    answer : object
        A Segmentation, a frame of any engine with the columns customer_id and segment, a Series with
        customer_id as its index, or a dictionary from customer_id to label.

    Returns
    -------
    pandas.Series or None
        Labels by customer_id; None when it is none of these.

    Examples
    --------
    >>> as_labels({"C1": "big"}).to_dict()
    {'C1': 'big'}
    >>> as_labels(3) is None
    True
    """
    answer = getattr(answer, "labels", answer)
    if isinstance(answer, pd.Series):
        return answer
    if isinstance(answer, Mapping):
        return pd.Series(answer)
    try:
        frame = nw.from_native(answer)
    except TypeError:
        return None
    if not {"customer_id", "segment"} <= set(frame.collect_schema().names()):
        return None
    small = frame.lazy().select("customer_id", "segment").collect("pandas").to_native()
    return small.set_index("customer_id")["segment"]
