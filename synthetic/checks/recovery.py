"""How well the planted truth can be found: by five methods for the persona, by an oracle for every axis."""

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import balanced_accuracy_score, confusion_matrix
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

TRANSACTIONS = ("rfm", "categories", "orders")
METHODS = ("RFM, k-means", "category shares, k-means", "designed behaviour, k-means", "transactions only", "oracle")

EVERYBODY, BUYERS, ANSWERED = "everybody", "buyers", "took part in the survey"
AXES = {
    "persona": (BUYERS, ("categories", "orders", "views", "rfm")),
    "decision_style": (BUYERS, ("orders", "visits")),
    "obstacle": (BUYERS, ("visits",)),
    "incentive": (BUYERS, ("orders", "mails")),
    "buying_role": (BUYERS, ("orders",)),
    "occasion": (BUYERS, ("rfm", "orders")),
    "rhythm": (BUYERS, ("rfm", "orders")),
    "usage": (BUYERS, ("rfm", "orders", "visits")),
    "benefit": (BUYERS, ("orders", "visits", "answers")),
    "second_benefit": (BUYERS, ("orders", "visits", "answers")),
    "loyalty_state": (BUYERS, ("rfm", "orders", "visits", "mails", "members")),
    "stage": (EVERYBODY, ("rfm", "visits", "members")),
    "value_tier": (BUYERS, ("rfm", "orders")),
    "attachment": (BUYERS, ("rfm", "visits", "mails", "members")),
    "lifestyle": (ANSWERED, ("answers",)),
    "need": (ANSWERED, ("answers", "orders")),
    "situation": (EVERYBODY, ("visits", "views", "categories")),
    "tech_skill": (EVERYBODY, ("visits", "answers")),
    "campaign_response": (BUYERS, ("rfm", "mails", "orders")),
}
"""Per axis of truth: among whom it is looked for, and from which facts."""


def persona_table(facts: dict[str, pd.DataFrame], truth: pd.DataFrame) -> dict[str, float]:
    """Return, per method, the share of buyers whose persona is found (k-means groups matched at best to personas)."""
    buys = facts["rfm"].rfm_frequency.notna().to_numpy()
    facts = {name: frame[buys] for name, frame in facts.items()}
    persona = truth.persona.to_numpy()[buys].astype(str)
    groups = len(set(persona))
    rfm = StandardScaler().fit_transform(np.log1p(facts["rfm"].clip(lower=0)))
    found = {
        METHODS[0]: matched(persona, clusters(rfm, groups)),
        METHODS[1]: matched(persona, clusters(facts["categories"].fillna(0), groups)),
        METHODS[2]: matched(persona, clusters(designed(facts), groups)),
    }
    for method, themes in ((METHODS[3], TRANSACTIONS), (METHODS[4], AXES["persona"][1])):
        predicted = oracle(pd.concat([facts[theme] for theme in themes], axis=1), persona)
        found[method] = float((predicted == persona).mean())
    return found


def designed(facts) -> np.ndarray:
    """Return what an analyst who knows the trade would cluster: what is looked at and bought, and how.

    Square roots of category shares (Hellinger distance), size of orders, share of discounts.
    """
    shares = facts["views"].fillna(0).to_numpy() * 2 + facts["categories"].fillna(0).to_numpy()
    size = facts["orders"].orders_quantity / facts["rfm"].rfm_frequency
    return np.column_stack([
        np.sqrt(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)),
        0.30 * np.minimum(np.log(size.clip(lower=1)), 3),
        0.9 * np.sqrt(facts["orders"].orders_discount_share.fillna(0)),
    ])  # fmt: skip


def axis_table(facts: dict[str, pd.DataFrame], truth: pd.DataFrame, axes=tuple(AXES)) -> dict[str, float]:
    """Return the oracle's balanced accuracy for every axis of truth."""
    who = {
        EVERYBODY: np.ones(len(truth), dtype=bool),
        BUYERS: facts["rfm"].rfm_frequency.notna().to_numpy(),
        ANSWERED: facts["answers"].notna().any(axis=1).to_numpy(),
    }
    found = {}
    for axis in axes:
        group, themes = AXES[axis]
        planted = truth[axis].to_numpy()[who[group]].astype(str)
        predicted = oracle(pd.concat([facts[theme] for theme in themes], axis=1)[who[group]], planted)
        found[axis] = float(balanced_accuracy_score(planted, predicted))
    return found


def oracle(facts: pd.DataFrame, planted) -> np.ndarray:
    """Return the labels that boosted trees, cross-validated in three folds, predict from facts."""
    model = HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.12, max_leaf_nodes=12, class_weight="balanced", random_state=0
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    with threadpool_limits(1):  # many small fits: threads would only wait for each other
        return cross_val_predict(model, facts.to_numpy(float), planted, cv=folds)


def clusters(values, groups: int) -> np.ndarray:
    """Return k-means groups."""
    with threadpool_limits(1):
        return KMeans(groups, n_init=8, random_state=0).fit_predict(values)


def matched(planted, groups) -> float:
    """Return the accuracy of groups matched to the planted words as well as possible, one to one."""
    codes = pd.factorize(planted, sort=True)[0]
    table = confusion_matrix(codes, groups)
    return float(table[linear_sum_assignment(table, maximize=True)].sum() / table.sum())
