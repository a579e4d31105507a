"""Usage at its edges, on every engine, and written down."""

import json

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

import segkit as sk
from segkit import _portable as p
from segkit.errors import ColumnProblem, DataProblem, FileProblem, NotFitted, UnknownName
from tests import toy
from tests.engines import PROMISED, open_tables

FACTS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d", "e", "f"],
        "orders_per_year": [1.999999, 2.0, 5.999999, 6.0, 40.0, None],
        "revenue": [900.0, 20.0, 30.0, 10.0, 50.0, 5.0],
    }
)


@pytest.fixture(params=PROMISED)
def engine(request):
    return request.param


@pytest.fixture
def usage():
    return sk.Usage(cuts=(2, 6)).fit(FACTS)


def test_a_customer_on_a_cut_is_in_the_upper_group(usage, engine):
    labels = usage.predict(open_tables({"facts": FACTS}, engine)["facts"])
    labels = p.small(p.lazy(labels)).sort_values("customer_id")
    assert labels["segment"].tolist() == ["light", "medium", "medium", "heavy", "heavy", "unknown"]


def test_labels_come_back_in_the_callers_own_frame_type(usage, engine):
    facts = open_tables({"facts": FACTS}, engine)["facts"]
    assert type(usage.predict(facts)) is type(facts)


def test_what_is_not_a_number_is_unknown(usage, engine):
    facts = open_tables({"facts": FACTS}, engine)["facts"]
    nan = p.lazy(facts).with_columns(orders_per_year=nw.lit(float("nan"))).to_native()
    seg = usage.segment(nan)
    assert set(seg.to_pandas()["segment"]) == {"unknown"}
    assert seg.why("a") == "a is unknown: orders per year is not known."


def test_text_is_refused_without_showing_it(engine):
    facts = open_tables({"facts": FACTS.assign(note="very private")}, engine)["facts"]
    for fact in ("note", "customer_id"):
        with pytest.raises(ColumnProblem, match=f"reads the fact '{fact}' as numbers, and it holds text") as told:
            sk.Usage(by=fact).fit(facts)
        assert "private" not in str(told.value)
    with pytest.raises(ColumnProblem, match="it holds times"):
        sk.Usage(by="day").fit(FACTS.assign(day=pd.Timestamp("2026-01-01")))


def test_learned_cuts_are_equal_on_every_engine(engine):
    shop = sk.Shop(open_tables(toy.tables(), engine))
    assert sk.Usage(by="orders_per_year").fit(sk.measures.purchases(shop)).cuts_ == [1.0, 1.498974]


def test_learning_is_not_moved_by_the_order_of_rows():
    shuffled = FACTS.sample(frac=1, random_state=1)
    assert sk.Usage().fit(FACTS).cuts_ == sk.Usage().fit(shuffled).cuts_


def test_written_down_and_read_again_it_says_the_same(usage, tmp_path):
    usage.to_json(tmp_path / "rule.json")
    again = sk.read_segmenter(tmp_path / "rule.json")
    assert again.cuts_ == usage.cuts_
    assert again.get_params() == usage.get_params()
    pd.testing.assert_frame_equal(again.predict(FACTS), usage.predict(FACTS))


def test_what_is_written_is_readable(usage):
    assert json.loads(usage.to_json()) == {
        "segkit_format": 1,
        "type": "usage",
        "parameters": {"by": "orders_per_year", "cuts": [2, 6]},
        "learned": {"cuts_": [2.0, 6.0]},
    }


@pytest.mark.parametrize("cuts", [np.array([2, 6]), (np.int64(2), np.float64(6))])
def test_cuts_of_numpy_are_written_as_plain_numbers(cuts):
    written = json.loads(sk.Usage(cuts=cuts).fit(FACTS).to_json())
    assert written["parameters"]["cuts"] == [2, 6]
    assert written["learned"] == {"cuts_": [2.0, 6.0]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a segmenter's JSON"),
        ('{"type": "usage"}', "needs 'type', 'parameters' and 'learned'"),
        ('{"segkit_format": 9, "type": "usage", "parameters": {}, "learned": {}}', "format 9"),
        ('{"segkit_format": 1, "type": "usage", "parameters": {"bye": 1}, "learned": {}}', "Did you mean 'by'"),
        ('{"segkit_format": 1, "type": "usage", "parameters": null, "learned": {}}', "not a segmenter's JSON"),
        ('{"segkit_format": 1, "type": "usage", "parameters": {}, "learned": null}', "not a segmenter's JSON"),
        ('{"segkit_format": 1, "type": "usage", "parameters": {}, "learned": {}}', "not hold what Usage learns"),
        ('{"segkit_format": 1, "type": "usage", "parameters": {}, "learned": {"cuts_": 3}}', "what Usage learns"),
        ('{"segkit_format": 1, "type": "usage", "parameters": {}, "learned": {"predict": 3}}', "holds 'predict'"),
        ('{"segkit_format": 1, "type": "usage", "parameters": {}, "learned": {"__dict__": {}}}', "holds '__dict__'"),
        ("nowhere.json", "No file at 'nowhere.json'"),
    ],
)
def test_a_bad_rule_file_is_refused_in_words(text, said):
    with pytest.raises(FileProblem, match=said):
        sk.read_segmenter(text)


def test_an_unknown_type_names_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'usage'"):
        sk.read_segmenter('{"segkit_format": 1, "type": "usages", "parameters": {}, "learned": {}}')


@pytest.mark.parametrize("cuts", [(6, 2), (2,), (2, 2), (-1, 3), (1, 2, 3)])
def test_cuts_that_do_not_cut_three_groups_are_refused(cuts):
    with pytest.raises(DataProblem, match="does not cut three groups"):
        sk.Usage(cuts=cuts).fit(FACTS)


def test_labels_before_learning_are_refused():
    with pytest.raises(NotFitted, match=r"Call Usage\(\)\.fit\(facts\) first"):
        sk.Usage().predict(FACTS)


def test_a_failed_refit_leaves_no_half_rule(usage):
    with pytest.raises(DataProblem):
        usage.set_params(cuts=None).fit(FACTS.iloc[:2])
    with pytest.raises(NotFitted):
        usage.predict(FACTS)


def test_a_missing_fact_names_the_nearest_and_how_to_measure():
    with pytest.raises(ColumnProblem, match=r"Did you mean 'orders_per_year'.*measures\.purchases"):
        sk.Usage(by="orders_per_yaer").fit(FACTS)


def test_scikit_learn_can_clone_it(usage):
    fresh = clone(usage)
    assert fresh.get_params() == usage.get_params()
    assert not hasattr(fresh, "cuts_")


def test_why_names_the_fact_and_the_cut(usage):
    seg = usage.segment(FACTS)
    assert seg.why("a") == "a is light: orders per year is 2, and medium begins at 2."
    assert seg.why("e") == "e is heavy: orders per year is 40, and heavy begins at 6."
    assert seg.why("f") == "f is unknown: orders per year is not known."
