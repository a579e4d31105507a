"""Segmentation: customers, their labels and the rule that made them; what people look at."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import pandas as pd

from segkit import _portable as p
from segkit.errors import DataProblem, UnknownName, did_you_mean
from segkit.segmenters.base import Segmenter
from segkit.segmenters.breaks import natural_breaks

VALUE_TIERS = ("low", "middle", "high")


@dataclass(frozen=True, repr=False, eq=False)
class Segmentation:
    """Customers, their labels and the rule that made them.

    What a person looks at is a small pandas frame, a sentence or a figure; what is per customer stays in the engine
    it came from.

    Parameters
    ----------
    segmenter : Segmenter
        The fitted rule.
    facts : frame
        One row per customer.
    labels : frame
        ``customer_id`` and ``segment``, in the same frame type.
    shop : Shop, optional
        Where the facts came from; needed for audiences and for what customers use.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=300, seed=7)), sk.Usage())
    >>> seg.sizes()["segment"].tolist()
    ['light', 'medium', 'heavy']
    """

    segmenter: Segmenter
    facts: Any
    labels: Any
    shop: Any = None

    # For every customer, in the engine --------------------------------------------------------------------

    @property
    def lazy(self) -> nw.LazyFrame:
        """Facts with their ``segment``, as a lazy Narwhals frame.

        Facts that were labelled before give up those labels: a column of both is the one of this segmentation.
        """
        return self._facts.drop(*self._label_columns, strict=False).join(p.lazy(self.labels), on=p.KEY)

    @property
    def _facts(self) -> nw.LazyFrame:
        return p.nan_is_missing(p.lazy(self.facts))  # as the rule reads them

    @cached_property
    def _label_columns(self) -> list[str]:
        return [name for name in p.columns(p.lazy(self.labels)) if name != p.KEY]

    def to_native(self) -> Any:
        """Return facts with their ``segment``, in the caller's own frame type."""
        return p.give_back(self.lazy, like=self.facts)

    def to_pandas(self) -> pd.DataFrame:
        """Return facts with their ``segment`` as pandas, in order of customer."""
        return self._pandas.copy()

    @cached_property
    def _pandas(self) -> pd.DataFrame:
        return p.small(self.lazy.sort(p.KEY))

    # To look at -------------------------------------------------------------------------------------------

    @cached_property
    def _totals(self) -> pd.DataFrame:
        wanted = {"customers": p.whole(nw.len())}
        if "revenue" in self.numeric_facts:
            wanted["revenue"] = p.money(nw.col("revenue").sum())
        table = p.small(self.lazy.group_by("segment").agg(**wanted)).set_index("segment")
        table.index = table.index.astype(object)
        unknown = ["unknown"] if "unknown" in table.index else []
        return table.reindex([*self.segmenter.labels, *unknown]).fillna(0).astype({"customers": "int64"})

    @property
    def names(self) -> list[str]:
        """The segments, in order of meaning; ``unknown`` last and only where there is one."""
        return list(self._totals.index)

    @cached_property
    def numeric_facts(self) -> list[str]:
        """Names of the facts that are numbers."""
        schema = p.lazy(self.facts).collect_schema()
        return [n for n, kind in schema.items() if kind.is_numeric() and n not in (p.KEY, *self._label_columns)]

    def sizes(self) -> pd.DataFrame:
        """Return how many customers each segment has, and what they are worth.

        Returns
        -------
        pandas.DataFrame
            ``segment``, ``customers``, ``share`` (0 to 1) and, where the facts hold it, ``revenue`` and
            ``revenue_share``.
        """
        table = self._totals.copy()
        table.insert(1, "share", (table["customers"] / max(table["customers"].sum(), 1)).round(4))
        if "revenue" in table:
            total = table["revenue"].sum()
            table["revenue_share"] = (table["revenue"] / total if total else table["revenue"] * 0.0).round(4)
            table["revenue"] = table["revenue"].round(2)
        return table.reset_index(names="segment")

    def profile(self, stat: str = "mean") -> pd.DataFrame:
        """Return what marks each segment: the typical value of every fact.

        Parameters
        ----------
        stat : {"mean", "median"}
            Which typical value.

        Returns
        -------
        pandas.DataFrame
            One row per fact, one column per segment, and ``everybody``.

        Raises
        ------
        UnknownName
            When `stat` is another word.
        """
        if stat not in ("mean", "median"):
            raise UnknownName(f"There is no profile by '{stat}'. {did_you_mean(stat, ['mean', 'median'])}")
        typical = [getattr(nw.col(fact), stat)().alias(fact) for fact in self.numeric_facts]
        parts = p.small(self.lazy.group_by("segment").agg(*typical)).set_index("segment")
        table = parts.reindex([name for name in self.names if name in parts.index]).T
        table.columns.name = None
        table["everybody"] = p.small(self.lazy.select(*typical)).iloc[0]
        return table.astype(float).round(2).rename_axis("fact")

    def why(self, customer_id: str) -> str:
        """Say in one sentence why this customer is where they are.

        Raises
        ------
        UnknownName
            When there is no such customer among the facts.
        """
        row = p.small(self.lazy.filter(nw.col(p.KEY) == customer_id))
        if row.empty:
            raise UnknownName(
                f"No customer '{customer_id}' among the {self._totals['customers'].sum():,} customers of these facts. "
                "Ids are text, written exactly as in the orders table."
            )
        facts = row.iloc[0].to_dict()
        return f"{customer_id} is {facts['segment']}: {self.segmenter.explain(facts, facts['segment'])}."

    def grid(self, fact: str = "revenue") -> pd.DataFrame:
        """Cross the segments with low, middle and high of a fact.

        The fact is cut by natural breaks, so a heavy user need not be a valuable one.

        Parameters
        ----------
        fact : str
            Any number among the facts that is 0 or more, such as ``"revenue"`` or ``"mean_order_value"``.

        Returns
        -------
        pandas.DataFrame
            Customers per segment (rows) and tier (columns ``low``, ``middle``, ``high``). ``.attrs["cuts"]`` says
            where middle and high begin.

        Raises
        ------
        UnknownName
            When there is no such fact.
        """
        tiers, cuts = self.tiers(fact)
        counted = p.small(tiers.group_by("segment", "tier").agg(customers=p.whole(nw.len())))
        table = counted.pivot(index="segment", columns="tier", values="customers")
        table = table.reindex(index=self.names, columns=list(VALUE_TIERS)).fillna(0).astype("int64")
        table.columns.name = f"{fact} tier"
        table.attrs["cuts"] = cuts
        return table

    def tiers(self, fact: str) -> tuple[nw.LazyFrame, list[float]]:
        """Return ``customer_id``, ``segment``, `fact` and its ``tier`` for every customer, and the two cuts."""
        if fact not in self.numeric_facts:
            raise UnknownName(f"These facts hold no number '{fact}'. {did_you_mean(fact, self.numeric_facts)}")
        middle, high = cuts = natural_breaks(self._facts, fact, len(VALUE_TIERS))
        value = nw.col(fact)
        tier = p.label_of([(value >= high, "high"), (value >= middle, "middle")], "low")
        known = self.lazy.filter(~value.is_null())
        return known.select(p.KEY, "segment", fact, tier=tier), cuts

    # The doors to the rooms on the right; opened when called, so that no import runs back ---------------------

    def plot(self, question: str | None = None, **how: Any) -> Any:
        """Draw one figure with its text twin. See :func:`segkit.plots.draw`."""
        from segkit import plots

        return plots.draw(self, question, **how)

    def trust(self, **how: Any) -> Any:
        """Return the trust card: is this segmentation there at all? See :func:`segkit.trust.trust_card`."""
        from segkit import trust

        return trust.trust_card(self, **how)

    def audience(self, label: str, purpose: str, **how: Any) -> Any:
        """Return the customers of a segment who may be reached. See :func:`segkit.act.audience`."""
        from segkit import act

        return act.audience(self, label, purpose, **how)

    def check_label(self, label: str) -> str:
        """Return `label` if it is one of the segments.

        Raises
        ------
        UnknownName
            When it is not; the message names the nearest.
        """
        if label not in self.names:
            raise UnknownName(f"There is no segment '{label}'. {did_you_mean(label, self.names)}")
        return label

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {n:,}" for name, n in self._totals["customers"].items())
        return f"Segmentation by {self.segmenter.name} of {self._totals['customers'].sum():,} customers: {sizes}"

    def _repr_html_(self) -> str:
        title = html.escape(f"Segmentation by {self.segmenter.name}: {self.segmenter.question}")
        return f"<p><strong>{title}</strong></p>{self.sizes().to_html(index=False, escape=True)}"


def segment(shop: Any, segmenter: Segmenter) -> Segmentation:
    """Measure, fit and segment in one step.

    Parameters
    ----------
    shop : Shop
        The tables.
    segmenter : Segmenter
        Fitted or not; one that is fitted keeps what it learned, so that a rule can be held fixed.

    Returns
    -------
    Segmentation
        Customers, labels and the rule.

    Raises
    ------
    MissingTable
        When the type needs a table that the shop does not have.
    DataProblem
        When there are too few customers.
    """
    facts = type(segmenter).measure(shop)
    if not segmenter.__sklearn_is_fitted__():
        segmenter.fit(facts)
    return of_facts(segmenter, facts, shop)


def of_facts(segmenter: Segmenter, facts: Any, shop: Any = None) -> Segmentation:
    """Label `facts` by a fitted segmenter and keep all three together.

    Raises
    ------
    DataProblem
        When a customer stands in two rows, or there is no customer.
    """
    counted = p.small(p.lazy(facts).select(rows=nw.len(), customers=nw.col(p.KEY).n_unique())).iloc[0]
    if not counted["rows"]:
        raise DataProblem("The facts hold no customers; there is nobody to segment.")
    if counted["rows"] > counted["customers"]:
        raise DataProblem(
            f"{int(counted['rows'] - counted['customers']):,} customers stand in the facts more than once. "
            "Facts hold one row per customer; measure again."
        )
    return Segmentation(segmenter, facts, segmenter.predict(facts), shop)
