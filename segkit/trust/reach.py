"""Who may be reached, and who could be told apart by what is known of anybody."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from segkit import _portable as p
from segkit import consent, schema
from segkit.trust.sample import Sample

MOST_WORDS = 40
"""A text column with more different words than this (a name, a city) describes persons, not groups."""

DESCRIBED = 50
"""With fewer customers than this nobody's description is tested."""


def reachable(segmentation: Any) -> pd.DataFrame | None:
    """Count per segment whose standing answer is yes, for each purpose and for any.

    Returns
    -------
    pandas.DataFrame or None
        Rows are segments, columns the purposes in alphabetical order and ``any``, values customers. None where the
        shop has no consents: then it is not known, and nobody may be written to.
    """
    if segmentation.shop is None or not segmentation.shop.has("consents"):
        return None
    said = consent.standing(segmentation.shop.lazy("consents"))
    yes = said.filter(nw.col("said") == consent.YES, ~nw.col("purpose").is_null()).select(p.KEY, "purpose")
    labelled = p.lazy(segmentation.labels).join(yes, on=p.KEY, how="inner")
    count = p.whole(nw.col(p.KEY).n_unique())
    each = p.small(labelled.group_by("segment", "purpose").agg(customers=count))
    anyhow = p.small(labelled.group_by("segment").agg(customers=count)).assign(purpose="any")
    purposes = sorted(set(each["purpose"]) - {"any"})
    table = pd.concat([each[each["purpose"] != "any"], anyhow]).pivot(
        index="segment", columns="purpose", values="customers"
    )
    table = table.reindex(index=segmentation.names, columns=[*purposes, "any"]).fillna(0).astype("int64")
    return table.rename_axis(columns=None)


def identifiable(sample: Sample, shop: Any, seed: int) -> float:
    """Say how well the segment is told from the customers table alone, as balanced accuracy over chance.

    A small decision tree, five folds, on what is declared or observed and names nobody (country, density, first
    source ...): none of it was used to segment.

    Returns
    -------
    float
        0: no better than guessing. 1: always right. nan where there is no customers table or too few customers.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    sizes = pd.Series(sample.labels).value_counts()
    if shop is None or not shop.has("customers") or len(sample.known) < DESCRIBED or len(sizes) < 2 or sizes.min() < 5:
        return float("nan")
    described = _descriptors(sample, shop)
    if described is None:
        return float("nan")
    tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=10, class_weight="balanced", random_state=seed)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    right = cross_val_score(tree, described, sample.labels.astype(str), cv=folds, scoring="balanced_accuracy").mean()
    chance = 1 / len(sizes)
    return float((right - chance) / (1 - chance))


def _descriptors(sample: Sample, shop: Any) -> np.ndarray | None:
    """Numbers as they are, words as one column each; neither what is personal nor what the rule reads."""
    frame = shop.lazy("customers")
    there = frame.collect_schema().names()
    kinds = {c.name: c.kind for c in schema.TABLES["customers"].columns if c.name in there and not c.personal}
    wanted = [name for name, kind in kinds.items() if kind in ("text", "count") and name not in sample.used]
    if not wanted:
        return None
    frame = frame.select(p.KEY, *wanted)
    if not sample.is_all:
        frame = frame.join(p.same_engine(sample.known[[p.KEY]], like=frame), on=p.KEY, how="semi")
    known = p.small(frame).drop_duplicates(p.KEY).set_index(p.KEY).reindex(sample.known[p.KEY])
    numbers = [name for name in wanted if pd.api.types.is_numeric_dtype(known[name])]
    words = [name for name in wanted if name not in numbers and 1 < known[name].nunique() <= MOST_WORDS]
    parts = [known[numbers].astype("float64").fillna(-1.0)]
    if words:
        parts.append(pd.get_dummies(known[words].astype(object), dtype=float, dummy_na=True))
    matrix = pd.concat(parts, axis=1).to_numpy()
    return matrix if matrix.shape[1] else None
