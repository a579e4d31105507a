"""What every type owes, whichever it is: a type that is new stands these tests by being defined."""

import inspect
import json
import re
from ast import literal_eval
from functools import cache

import narwhals as nw
import pandas as pd
import pytest
from sklearn.base import clone

import segkit as sk
import synthetic
from segkit import _portable as p
from segkit.errors import ColumnProblem, FileProblem, NotFitted, ParameterProblem
from segkit.segmenters import TYPES
from tests.engines import by_customer, open_tables

NOBODY = [f"nobody {n}" for n in range(3)]


@cache
def shop():
    return sk.Shop(synthetic.outdoor_shop(customers=300, seed=7))


@cache
def measured(name):
    return TYPES[name].measure(shop())


@cache
def fitted_once(name):
    return TYPES[name]().fit(measured(name))


@pytest.fixture(params=sorted(TYPES))
def name(request):
    return request.param


@pytest.fixture
def facts(name):
    return measured(name).copy()


@pytest.fixture
def fitted(name):
    return fitted_once(name)


def with_nobody(facts):
    """Three customers more, of whom no fact is known."""
    return facts.astype(dict.fromkeys(facts.select_dtypes("number"), float)).merge(
        pd.DataFrame({"customer_id": NOBODY}), on="customer_id", how="outer"
    )


def test_it_learns_and_labels_alike_on_every_engine(name, facts, fitted, engine):
    native = open_tables({"facts": facts}, engine)["facts"]
    learning = TYPES[name]().fit(native)
    assert learning.learned() == fitted.learned()
    labels = learning.predict(native)
    assert type(labels) is type(native), "labels come in the caller's own frame type; lazy stays lazy"
    pd.testing.assert_frame_equal(by_customer(labels), by_customer(fitted.predict(facts)), check_dtype=False)


def test_who_has_no_fact_is_unknown(facts, fitted, engine):
    frame = p.lazy(open_tables({"facts": with_nobody(facts)}, engine)["facts"])
    floats = [n for n, kind in frame.collect_schema().items() if kind.is_float()]
    no_number = nw.col("customer_id") == NOBODY[-1]  # as NumPy writes what is missing
    frame = frame.with_columns(nw.when(~no_number).then(nw.col(n)).otherwise(float("nan")).alias(n) for n in floats)
    labels = by_customer(fitted.predict(frame.to_native()))
    assert labels.loc[NOBODY, "segment"].tolist() == ["unknown"] * 3
    known = by_customer(fitted.predict(facts))
    assert labels.drop(NOBODY)["segment"].tolist() == known["segment"].tolist()


def test_facts_of_which_nothing_is_known_are_no_text(facts, fitted):
    blank = facts[["customer_id"]].assign(**dict.fromkeys(fitted._needed()))
    assert set(fitted.predict(blank)["segment"]) == {"unknown"}


def test_every_customer_has_one_of_its_words(facts, fitted):
    labels = fitted.predict(facts)
    assert labels["customer_id"].tolist() == sorted(facts["customer_id"])
    assert set(labels["segment"]) <= {*fitted.labels, "unknown"}
    assert labels["segment"].nunique() > 1


def test_the_order_of_rows_changes_nothing(name, facts, fitted):
    shuffled = facts.sample(frac=1, random_state=1)
    again = TYPES[name]().fit(shuffled)
    assert again.learned() == fitted.learned()
    pd.testing.assert_frame_equal(again.predict(shuffled), fitted.predict(facts))


def test_written_down_and_read_again_it_says_the_same(facts, fitted, tmp_path):
    written = json.loads(fitted.to_json(tmp_path / "rule.json"))
    assert written["learned"] == fitted.learned()
    assert written["learned"], "a rule with nothing learned cannot be told from one that was not fitted"
    again = sk.read_segmenter(tmp_path / "rule.json")
    assert again.get_params() == fitted.get_params()
    pd.testing.assert_frame_equal(again.predict(facts), fitted.predict(facts))


def test_a_rule_file_that_lacks_what_was_learned_is_refused(fitted):
    with pytest.raises(FileProblem, match="does not hold what"):
        sk.read_segmenter(json.dumps(json.loads(fitted.to_json()) | {"learned": {}}))


def test_before_learning_and_after_learning_failed_there_is_no_rule(name, facts, fitted):
    for fresh in (TYPES[name](), clone(fitted)):
        assert fresh.learned() == {}
        with pytest.raises(NotFitted, match=rf"Call {TYPES[name].__name__}\(\)\.fit\(facts\) first"):
            fresh.predict(facts)
    again = TYPES[name]().fit(facts)
    with pytest.raises(sk.errors.SegkitError):
        again.fit(facts.drop(columns=TYPES[name]()._needed()[0]))
    with pytest.raises(NotFitted):
        again.predict(facts)


def test_a_missing_fact_is_named_and_text_is_not_shown(facts, fitted):
    for fact in fitted._needed():
        with pytest.raises(ColumnProblem, match=f"needs the fact '{fact}'.*Measure with segkit.measures"):
            fitted.predict(facts.drop(columns=fact))
        if fact in fitted.needs_text:
            continue
        with pytest.raises(ColumnProblem, match=f"reads the fact '{fact}' as numbers, and it holds text") as told:
            fitted.predict(facts.assign(**{fact: "very private"}))
        assert "private" not in str(told.value)


def test_facts_that_already_hold_labels_change_nothing(name, facts, fitted):
    first = fitted.segment(facts)
    labelled = first.to_native()
    labelled["segment"] = "old"
    again = TYPES[name]().fit(labelled).segment(labelled)
    pd.testing.assert_frame_equal(again.sizes(), first.sizes())
    pd.testing.assert_frame_equal(again.to_pandas()[first.to_pandas().columns], first.to_pandas())
    assert again.numeric_facts == first.numeric_facts


def test_why_is_a_sentence_for_every_label(facts, fitted):
    seg = fitted.segment(with_nobody(facts))
    rows = seg.to_pandas()
    for customer in rows.groupby("segment")["customer_id"].first():
        assert re.fullmatch(r"(nobody \d|\S+) is \w+: .+[^.]\.", seg.why(customer))
    for facts in rows.to_dict("records"):
        said = fitted.explain(facts, facts["segment"])
        assert not re.search(r"\bnan\b|None|\de[+-]\d|_days|\b1 (days|orders|pieces|recommendations)\b", said), said


def test_the_defaults_are_those_of_the_docstring(name):
    text = inspect.getdoc(TYPES[name])
    described = dict(re.findall(r"^(\w+) : (.+)$", text.split("Parameters\n")[-1].split("\nAttributes\n")[0], re.M))
    for key, default in TYPES[name]().get_params().items():
        said = described[key]
        if (found := re.search(r"default (.+)$", said)) or (found := re.match(r"\{(.+?)[,}]", said)):
            assert literal_eval(found[1]) == default, key
        else:
            assert said.endswith("optional"), key
            assert default is None, key


def test_a_parameter_that_is_no_number_is_refused_before_anything_is_learned(name, facts):
    usual = TYPES[name]().get_params()
    numbers = {n for n, value in usual.items() if isinstance(value, int | float)}
    assert {limit[0] for limit in TYPES[name].limits} == numbers, "each number has its limits"
    for parameter, low, high in TYPES[name].limits:
        for wrong in ("0.7", None, True, float("nan"), *(end for end in (low, high) if abs(end) < 1e9)):
            says = rf"{parameter} must be a number.*, such as {usual[parameter]}\."
            with pytest.raises(ParameterProblem, match=says):
                TYPES[name](**{parameter: wrong}).fit(facts)
