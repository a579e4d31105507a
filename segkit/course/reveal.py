"""The reveal: what was planted, what was found, and which groups were confused and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from segkit.course.text import percent, whole

SHOWN = 3
"""How many kinds of confusion are told: the largest."""


def reveal(segmentation: Any, truth: pd.DataFrame, facts: Sequence[str]) -> str:
    """Say how far a segmentation found what was planted.

    Parameters
    ----------
    segmentation : Segmentation
        Of a planted shop.
    truth : pandas.DataFrame
        The population's planted truth.
    facts : sequence of str
        The facts whose medians tell why customers were confused.

    Returns
    -------
    str
        Agreement, the ceiling and chance; then the largest confusions, each with the typical facts of those
        customers beside those of the customers of the same planted group who were found.
    """
    from segkit.trust import recovery  # loads scikit-learn, which a lesson needs only here

    found = recovery(segmentation, truth)
    lines = [
        f"What was planted ({found.axis}) and what you found, {found.customers:,} customers:",
        f"  found rightly (balanced accuracy)         {percent(found.balanced_accuracy)}",
        f"  the oracle, which learned from the truth  {percent(found.oracle_balanced_accuracy)}",
        f"  guessing                                  {percent(found.naive_balanced_accuracy)}",
        f"  adjusted Rand index                       {found.adjusted_rand:.2f}",
        "",
        "Most often mistaken; in brackets, the same planted group when found rightly (medians):",
    ]
    customers = segmentation.to_pandas().merge(truth[["customer_id", found.axis]], on="customer_id")
    medians = customers.groupby([found.axis, "segment"], observed=True)[list(facts)].median()
    for mistake in found.mistaken().head(SHOWN).itertuples():
        theirs, right = (
            medians.reindex([(mistake.truth, label)]).iloc[0] for label in (mistake.taken_for, mistake.truth)
        )
        beside = ", ".join(f"{fact} {whole(theirs[fact])} ({whole(right[fact])})" for fact in facts)
        lines.append(f"  {mistake.customers:,} planted {mistake.truth}, called {mistake.taken_for}: {beside}")
    return "\n".join(lines)
