"""Recovery by hand, against scikit-learn, beside an oracle and a guess, and on every engine."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, balanced_accuracy_score, f1_score

import segkit as sk
import synthetic
from segkit.errors import ColumnProblem, DataProblem
from segkit.trust.oracle import oracle_score
from tests.engines import PROMISED, open_tables
from tests.trust.toy_types import _Clusters, facts_of, labelled, planted

FACTS = facts_of(np.array([[1.0, 0], [1, 0], [3, 0], [4, 0], [9, 0], [9, 0]]))


def truth_of(facts, words):
    return pd.DataFrame({"customer_id": facts["customer_id"], "usage": words})


def usage(facts=FACTS, cuts=(2, 6)):
    return labelled(sk.Usage(by="x", cuts=cuts), facts)


def test_by_hand():
    # labels: light light medium medium heavy heavy; light 2 of 2, medium 2 of 3 found, heavy 1 of 1
    truth = truth_of(FACTS, ["light", "light", "medium", "medium", "medium", "heavy"])
    found = sk.recovery(usage(), truth)
    assert found.balanced_accuracy == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert found.naive_balanced_accuracy == pytest.approx(1 / 3)
    assert found.f1 == pytest.approx({"light": 1.0, "medium": 0.8, "heavy": 2 / 3})
    assert found.confusion.loc["medium"].to_dict() == {"light": 0, "medium": 2, "heavy": 1}
    assert found.mistaken().values.tolist() == [["medium", "heavy", 1, 0.3333]]
    assert found.sentence() == "Most often mistaken: 1 who are truly medium (33 % of them) were taken for heavy."
    assert np.isnan(found.oracle_balanced_accuracy)  # one heavy customer cannot be both learned from and tested


def test_against_scikit_learn():
    rng = np.random.default_rng(2)
    facts = facts_of(rng.uniform(0, 9, (300, 2)))
    words = rng.choice(["light", "medium", "heavy"], 300, p=[0.5, 0.3, 0.2])
    seg = usage(facts)
    found = sk.recovery(seg, truth_of(facts, words))
    labels = seg.to_pandas()["segment"]
    assert found.adjusted_rand == pytest.approx(adjusted_rand_score(words, labels))
    assert found.balanced_accuracy == pytest.approx(balanced_accuracy_score(words, labels))
    f1 = f1_score(words, labels, labels=["light", "medium", "heavy"], average=None)
    assert list(found.f1.values()) == pytest.approx(f1.tolist())
    assert found.confusion.to_numpy().sum() == found.customers == 300
    assert abs(found.adjusted_rand) < 0.05  # truth was thrown: chance


def test_a_perfect_answer():
    found = sk.recovery(usage(), truth_of(FACTS, ["light", "light", "medium", "medium", "heavy", "heavy"]))
    assert found.balanced_accuracy == found.adjusted_rand == 1
    assert found.mistaken().empty
    assert found.sentence() == "Nobody was mistaken."


def test_unknown_customers_are_not_found():
    facts = FACTS.assign(x=[None, 1.0, 3.0, 4.0, 9.0, 9.0])
    found = sk.recovery(usage(facts), truth_of(facts, ["light", "light", "medium", "medium", "heavy", "heavy"]))
    assert found.balanced_accuracy == pytest.approx((1 / 2 + 1 + 1) / 3)
    assert found.mistaken().values.tolist() == [["light", "unknown", 1, 0.5]]
    assert list(found.confusion.columns) == ["light", "medium", "heavy", "unknown"]


def test_customers_in_one_table_only_are_counted_and_said():
    truth = truth_of(FACTS, ["light", None, "medium", "medium", "heavy", "heavy"])
    more = pd.DataFrame({"customer_id": ["new", "newer"], "usage": ["light", "light"]})
    found = sk.recovery(usage(), pd.concat([truth, more]))
    assert (found.customers, found.not_in_truth, found.not_in_facts) == (5, 1, 2)
    assert "1 customers of the facts are not in the truth" in repr(found)
    assert "2 customers of the truth have no facts" in repr(found)


def test_the_oracle_finds_what_one_fact_hides_and_chance_stays_chance():
    facts, side = planted(400)
    words = np.array(["north", "east", "south"])[side]
    found = sk.recovery(labelled(_Clusters(), facts), truth_of(facts, words).rename(columns={"usage": "side"}))
    assert found.oracle_balanced_accuracy > 0.97
    thrown = np.random.default_rng(0).permutation(words)
    score, _ = oracle_score(facts[["x", "y"]], thrown, 0, 20_000)
    assert score == pytest.approx(1 / 3, abs=0.1)


def test_share_of_oracle():
    facts, side = planted(400)
    words = np.array(["light", "medium", "heavy"])[side]
    found = sk.recovery(usage(facts, cuts=(3, 5)), truth_of(facts, words))
    assert found.share_of_oracle == found.balanced_accuracy / found.oracle_balanced_accuracy


def test_words_are_read_by_the_oracle_and_what_it_cannot_read_is_said():
    rng = np.random.default_rng(0)
    truth = rng.choice(["a", "b"], 200)
    facts = pd.DataFrame(
        {
            "device": np.where(truth == "a", "phone", "desktop"),
            "when": pd.date_range("2026-01-01", periods=200),
            "note": [f"note {n}" for n in range(200)],
        }
    )
    score, notes = oracle_score(facts, truth, 0, 20_000)
    assert score == 1
    assert notes == ["The oracle does not read when, note: neither numbers nor a few words."]


def test_the_oracle_samples_and_says_so():
    facts, side = planted(300)
    _, notes = oracle_score(facts[["x", "y"]], np.array(["a", "b", "c"])[side], 0, 100)
    assert notes == ["The oracle learned on a sample of 100 of 300 customers, seed 0."]


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda truth: truth.rename(columns={"usage": "usgae"}), ColumnProblem, "Did you mean 'usgae'"),
        (lambda truth: truth.rename(columns={"customer_id": "id"}), ColumnProblem, "no column 'customer_id'"),
        (lambda truth: pd.concat([truth, truth.head(2)]), DataProblem, "2 customers stand in the truth more than once"),
        (lambda truth: truth.assign(customer_id="x" + truth["customer_id"]), DataProblem, "None of the 6 customers"),
        (lambda truth: truth.assign(usage="often"), DataProblem, "none is equal"),
    ],
)
def test_a_truth_that_does_not_fit_is_refused(change, error, says):
    truth = truth_of(FACTS, ["light", "light", "medium", "medium", "heavy", "heavy"])
    with pytest.raises(error, match=says):
        sk.recovery(usage(), change(truth))


def test_a_type_without_a_truth_asks_for_one(monkeypatch):
    monkeypatch.setattr(sk.Usage, "truth_axis", None)
    truth = truth_of(FACTS, ["light", "light", "medium", "medium", "heavy", "heavy"])
    with pytest.raises(ColumnProblem, match="Pass axis="):
        sk.recovery(usage(), truth)
    assert sk.recovery(usage(), truth, axis="usage").balanced_accuracy == 1


@pytest.fixture(scope="module")
def population():
    return synthetic.outdoor_shop(customers=400, seed=7)


def test_on_a_planted_shop_the_rule_beats_a_guess_and_names_nobody(population):
    found = sk.recovery(sk.segment(sk.Shop(population), sk.Usage()), population.truth)
    assert found.naive_balanced_accuracy < found.balanced_accuracy
    assert found.share_of_oracle > 0.85
    written = repr(found) + found._repr_html_() + json.dumps(found.to_dict(), allow_nan=False)
    assert not [who for who in population.truth["customer_id"] if who in written]
    again = sk.recovery(sk.segment(sk.Shop(population), sk.Usage()), population.truth)
    assert repr(again) == repr(found)


ENGINES = [pytest.param(name, marks=pytest.mark.spark) if name == "pyspark" else name for name in PROMISED]


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


def test_every_engine_gives_the_same_recovery(population, engine):
    def found(tables, truth):
        return sk.recovery(sk.segment(sk.Shop(tables, population.as_of), sk.Usage()), truth).to_dict()

    truth = population.truth[["customer_id", "usage"]]
    opened = open_tables({"truth": truth}, engine)["truth"]
    assert found(open_tables(population.tables, engine), opened) == found(population.tables, truth)
