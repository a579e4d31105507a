"""The oracle: a model that has seen the truth of other customers, and shows what the facts allow."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import balanced_accuracy_score
from threadpoolctl import threadpool_limits  # comes with scikit-learn

FOLDS = 5

MOST_WORDS = 30
"""A text fact with more different words is a name or an id, and is left to nobody."""


@threadpool_limits.wrap(limits=1)  # so small a model is slower on many threads, most of all on a busy machine
def oracle_score(facts: pd.DataFrame, truth: np.ndarray, seed: int, at_most: int) -> tuple[float, list[str]]:
    """Return the balanced accuracy of cross-validated gradient boosting on all facts, and what to know about it.

    Every customer is labelled by a model that was fitted on four fifths of the others and did not see them.

    Parameters
    ----------
    facts : pandas.DataFrame
        Numbers and yes/no as they are; words of at most 30 kinds as categories; anything else is left out and said.
    truth : numpy.ndarray of str
        One word per row.
    seed : int
        Decides the folds, and who is in the sample.
    at_most : int
        More rows than this are sampled.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    notes = []
    if len(truth) > at_most:
        rows = np.sort(np.random.default_rng([seed, 5]).choice(len(truth), at_most, replace=False))
        notes.append(f"The oracle learned on a sample of {at_most:,} of {len(truth):,} customers, seed {seed}.")
        facts, truth = facts.iloc[rows], truth[rows]
    matrix, left_out = _readable(facts)
    if left_out:
        notes.append(f"The oracle does not read {', '.join(left_out)}: neither numbers nor a few words.")
    least = int(pd.Series(truth).value_counts().min())
    if matrix.empty or least < 2 or len(set(truth)) < 2:
        return float("nan"), [*notes, "No oracle: it needs a fact it can read, and two customers in every true group."]
    model = HistGradientBoostingClassifier(
        max_iter=40, learning_rate=0.12, max_leaf_nodes=8, max_bins=64, class_weight="balanced",
        categorical_features="from_dtype", early_stopping=False, random_state=seed,
    )  # fmt: skip
    folds = StratifiedKFold(min(FOLDS, least), shuffle=True, random_state=seed)
    said = cross_val_predict(model, matrix, truth.astype(str), cv=folds)
    return float(balanced_accuracy_score(truth.astype(str), said)), notes


def _readable(facts: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    columns, left_out = {}, []
    for name in facts:
        column = facts[name]
        if pd.api.types.is_numeric_dtype(column):
            columns[name] = column.astype("float64")
        elif pd.api.types.is_string_dtype(column.dropna()) and column.nunique() <= MOST_WORDS:
            columns[name] = pd.Categorical(column.astype(object), categories=sorted(column.dropna().unique()))
        else:
            left_out.append(name)
    return pd.DataFrame(columns, index=facts.index), left_out
