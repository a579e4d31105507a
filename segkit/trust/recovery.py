"""How much of a planted truth a segmentation finds, beside the most that its facts allow."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score, precision_recall_fscore_support

from segkit import _portable as p
from segkit.errors import ColumnProblem, DataProblem, did_you_mean
from segkit.trust.oracle import oracle_score
from segkit.trust.sample import UNKNOWN


@dataclass(frozen=True, eq=False, repr=False)
class Recovery:
    """How well labels agree with the truth, customer by customer.

    Attributes
    ----------
    by, axis : str
        Name of the type, and the column of the truth it is held against.
    customers : int
        Customers compared: those with facts and with a truth.
    balanced_accuracy : float
        Mean over the true groups of the share found, 0 to 1; a customer labelled ``unknown`` is not found.
    adjusted_rand : float
        Agreement of the two partitions whatever the names: 1 the same, 0 chance (Hubert & Arabie, 1985).
    oracle_balanced_accuracy : float
        What a boosted classifier reaches that has seen the truth of other customers: near the most these facts allow.
        nan where a true group has fewer than two customers, or no fact can be learned from.
    naive_balanced_accuracy : float
        What calling everybody by the commonest group reaches: one over the number of groups.
    f1 : dict of str to float
        Per true group, the harmonic mean of precision and recall.
    confusion : pandas.DataFrame
        Customers, rows the truth and columns the labels, both in order of meaning.
    not_in_truth, not_in_facts : int
        Customers left out because the truth, or the facts, do not know them.
    """

    by: str
    axis: str
    customers: int
    balanced_accuracy: float
    adjusted_rand: float
    oracle_balanced_accuracy: float
    naive_balanced_accuracy: float
    f1: dict[str, float]
    confusion: pd.DataFrame
    not_in_truth: int
    not_in_facts: int
    notes: tuple[str, ...]

    @property
    def share_of_oracle(self) -> float:
        """Balanced accuracy over that of the oracle."""
        return self.balanced_accuracy / self.oracle_balanced_accuracy

    def mistaken(self) -> pd.DataFrame:
        """Return who was mistaken for whom, the most frequent first.

        Returns
        -------
        pandas.DataFrame
            ``truth``, ``taken_for``, ``customers`` and ``share_of_truth`` (of the customers who are truly in that
            group). Equals stand in order of meaning.
        """
        total = self.confusion.sum(axis=1)
        rows = [
            (true, label, int(count), round(count / total[true], 4))
            for true, counts in self.confusion.iterrows()
            for label, count in counts.items()
            if label != true and count
        ]
        table = pd.DataFrame(rows, columns=["truth", "taken_for", "customers", "share_of_truth"])
        return table.sort_values("customers", ascending=False, kind="stable", ignore_index=True)

    def sentence(self) -> str:
        """Say in one sentence who was mistaken most."""
        mistaken = self.mistaken()
        if mistaken.empty:
            return "Nobody was mistaken."
        first = mistaken.iloc[0]
        share = f"{first['share_of_truth']:.0%}".replace("%", " %")
        return (
            f"Most often mistaken: {first['customers']:,} who are truly {first['truth']} ({share} of them) were taken "
            f"for {first['taken_for']}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain words and numbers, ready for JSON; what is not known is None."""
        figures = {name: getattr(self, name) for name in _FIGURES}
        return {
            "by": self.by,
            "axis": self.axis,
            "customers": self.customers,
            **{name: None if math.isnan(value) else round(value, 4) for name, value in figures.items()},
            "f1": {name: round(value, 4) for name, value in self.f1.items()},
            "confusion": {true: {k: int(v) for k, v in row.items()} for true, row in self.confusion.iterrows()},
            "not_in_truth": self.not_in_truth,
            "not_in_facts": self.not_in_facts,
            "notes": list(self.notes),
        }

    def _figures(self) -> pd.DataFrame:
        said = {
            "balanced_accuracy": "of each true group, on average, so much was found",
            "naive_balanced_accuracy": "calling everybody by the commonest group",
            "oracle_balanced_accuracy": "a model that has seen the truth of other customers",
            "share_of_oracle": "what was found, of what that model finds",
            "adjusted_rand": "agreement of the groups: 1 the same, 0 chance",
        }
        rows = [(name, _two(getattr(self, name)), text) for name, text in said.items()]
        return pd.DataFrame(rows, columns=["figure", "value", "what it is"])

    def __repr__(self) -> str:
        figures = self._figures()
        wide = figures["figure"].str.len().max()
        f1 = ", ".join(f"{name} {value:.2f}" for name, value in self.f1.items())
        return "\n".join(
            [
                f"Recovery of '{self.axis}' by {self.by}: {self.customers:,} customers",
                *(f"{name:<{wide}}  {value:>9}  {text}" for name, value, text in figures.itertuples(index=False)),
                f"{'F1 per group':<{wide}}  {f1}",
                self.sentence(),
                *self.notes,
            ]
        )

    def _repr_html_(self) -> str:
        title = html.escape(f"Recovery of '{self.axis}' by {self.by}: {self.customers:,} customers")
        said = " ".join(html.escape(text) for text in (self.sentence(), *self.notes))
        figures = self._figures().to_html(index=False, escape=True)
        return f"<p><strong>{title}</strong></p>{figures}{self.confusion.to_html(escape=True)}<p>{said}</p>"


_FIGURES = (
    "balanced_accuracy", "adjusted_rand", "oracle_balanced_accuracy", "share_of_oracle", "naive_balanced_accuracy",
)  # fmt: skip


def recovery(
    segmentation: Any, truth: Any, *, axis: str | None = None, seed: int = 0, at_most: int = 20_000
) -> Recovery:
    """Hold a segmentation against the planted truth.

    Labels are matched by equal words. The agreement is taken over every customer with facts and truth.

    Parameters
    ----------
    segmentation : Segmentation
        Any type, any engine.
    truth : frame
        ``customer_id`` and one column per axis, such as ``synthetic.outdoor_shop().truth``.
    axis : str, optional
        The column of `truth`; without it the segmenter's ``truth_axis``.
    seed : int, default 0
        Decides the folds of the oracle.
    at_most : int, default 20,000
        Of more customers than this the oracle learns on a seeded sample of this size, and the notes say so.

    Returns
    -------
    Recovery
        With ``balanced_accuracy``, ``adjusted_rand``, ``oracle_balanced_accuracy``, ``mistaken()``, ``to_dict()``.

    Raises
    ------
    ColumnProblem
        When `truth` has no such axis, or no ``customer_id``.
    DataProblem
        When a customer stands in `truth` twice, no customer is in both, or no label is a word of the truth.

    Examples
    --------
    >>> import pandas as pd, segkit as sk
    >>> facts = pd.DataFrame({"customer_id": list("abcdef"), "orders_per_year": [1.0, 1, 3, 4, 9, 9]})
    >>> truth = pd.DataFrame({"customer_id": list("abcdef"), "usage": ["light"] * 2 + ["medium"] * 3 + ["heavy"]})
    >>> found = recovery(sk.Usage(cuts=(2, 6)).fit(facts).segment(facts), truth)
    >>> round(found.balanced_accuracy, 3), found.sentence()
    (0.889, 'Most often mistaken: 1 who are truly medium (33 % of them) were taken for heavy.')
    """
    segmenter = segmentation.segmenter
    axis = axis or segmenter.truth_axis
    known = _truth(truth, axis, segmenter)
    facts = segmentation.to_pandas()
    both = facts.merge(known, on=p.KEY, how="inner", suffixes=("", " in truth"), validate="one_to_one")
    if both.empty:
        raise DataProblem(
            f"None of the {len(facts):,} customers of the facts is in the truth ({len(known):,} customers with a "
            f"known '{axis}'). Pass the truth of the same shop."
        )
    true, found = both["_truth"].to_numpy(dtype=object), both["segment"].to_numpy(dtype=object)
    rows, columns = _in_order(true, segmenter.labels), _in_order(found, segmenter.labels)
    if not set(rows) & set(segmenter.labels):
        raise DataProblem(
            f"The truth '{axis}' speaks of {', '.join(rows)}; {segmenter.name} of {', '.join(segmenter.labels)}. "
            "They are matched by equal words, and none is equal. Pass another axis=."
        )
    _, recall, f1, _ = precision_recall_fscore_support(true, found, labels=rows, zero_division=0)
    numeric = both[[name for name in facts if name not in (p.KEY, "segment")]]
    oracle, notes = oracle_score(numeric, true, seed, at_most)
    left_out = {"not_in_truth": len(facts) - len(both), "not_in_facts": len(known) - len(both)}
    return Recovery(
        by=segmenter.name,
        axis=axis,
        customers=len(both),
        balanced_accuracy=float(recall.mean()),
        adjusted_rand=float(adjusted_rand_score(true, found)),
        oracle_balanced_accuracy=oracle,
        naive_balanced_accuracy=1 / len(rows),
        f1=dict(zip(rows, map(float, f1), strict=True)),
        confusion=_crossed(true, found, rows, columns),
        notes=(*_left_out(**left_out), *notes),
        **left_out,
    )


def _truth(truth: Any, axis: str | None, segmenter: Any) -> pd.DataFrame:
    """Customers whose place on the axis is known, one row each."""
    frame = p.lazy(truth)
    there = frame.collect_schema().names()
    if axis is None:
        raise ColumnProblem(
            f"{type(segmenter).__name__} names no truth it should find. Pass axis=, one of the truth's columns. "
            f"{did_you_mean('axis', [name for name in there if name != p.KEY])}"
        )
    for name in (p.KEY, axis):
        if name not in there:
            raise ColumnProblem(f"The truth has no column '{name}'. {did_you_mean(name, there)}")
    known = p.small(frame.select(p.KEY, _truth=nw.col(axis)).filter(~nw.col("_truth").is_null()))
    doubled = int(known[p.KEY].duplicated().sum())
    if doubled:
        raise DataProblem(f"{doubled:,} customers stand in the truth more than once. Pass one row per customer.")
    known["_truth"] = known["_truth"].astype(str).astype(object)
    return known


def _in_order(words: np.ndarray, labels: tuple[str, ...]) -> list[str]:
    """The words there are: first those with a meaning in order, then others by the alphabet, ``unknown`` last."""
    there = set(words)
    named = [label for label in labels if label in there]
    return named + sorted(there - set(named), key=lambda word: (word == UNKNOWN, word))


def _crossed(true: np.ndarray, found: np.ndarray, rows: list[str], columns: list[str]) -> pd.DataFrame:
    table = pd.crosstab(true, found).reindex(index=rows, columns=columns).fillna(0).astype("int64")
    return table.rename_axis(index="truth", columns="segment")


def _left_out(not_in_truth: int, not_in_facts: int) -> list[str]:
    said = []
    if not_in_truth:
        said.append(f"{not_in_truth:,} customers of the facts are not in the truth, and are left out.")
    if not_in_facts:
        said.append(f"{not_in_facts:,} customers of the truth have no facts (such as no order), and are left out.")
    return said


def _two(value: float) -> str:
    return "not known" if math.isnan(value) else f"{value:.2f}"
