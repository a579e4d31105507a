"""Usage at its edges, on every engine, and written down."""

import json

import numpy as np
import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ColumnProblem, DataProblem, FileProblem, UnknownName
from tests import toy
from tests.engines import labels_of, open_tables

FACTS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d", "e", "f"],
        "orders_per_year": [1.999999, 2.0, 5.999999, 6.0, 40.0, None],
        "revenue": [900.0, 20.0, 30.0, 10.0, 50.0, 5.0],
    }
)


@pytest.fixture
def usage():
    return sk.Usage(cuts=(2, 6)).fit(FACTS)


def test_a_customer_on_a_cut_is_in_the_upper_group(usage, engine):
    labels = labels_of(usage, FACTS, engine)["segment"].tolist()
    assert labels == ["light", "medium", "medium", "heavy", "heavy", "unknown"]


@pytest.mark.parametrize(("by", "held"), [("customer_id", "text"), ("day", "times")])
def test_what_is_no_number_cannot_be_cut(by, held):
    with pytest.raises(ColumnProblem, match=f"reads the fact '{by}' as numbers, and it holds {held}"):
        sk.Usage(by=by).fit(FACTS.assign(day=pd.Timestamp("2026-01-01")))


def test_learned_cuts_are_equal_on_every_engine(engine):
    shop = sk.Shop(open_tables(toy.tables(), engine))
    assert sk.Usage(by="orders_per_year").fit(sk.measures.purchases(shop)).cuts_ == [1.0, 1.498974]


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


def test_a_missing_fact_names_the_nearest_and_how_to_measure():
    with pytest.raises(ColumnProblem, match=r"Did you mean 'orders_per_year'.*measures\.purchases"):
        sk.Usage(by="orders_per_yaer").fit(FACTS)


def test_why_writes_large_and_small_numbers_out():
    facts = FACTS.assign(revenue=[24_249.0, 0.00004, 700.0, 712.6, 713.4, 2.0])
    seg = sk.Usage(by="revenue", cuts=(0.0001, 713.4)).fit(facts).segment(facts)
    assert seg.why("a") == "a is heavy: revenue is 24,249, and heavy begins at 713."
    assert seg.why("b") == "b is light: revenue is 0.00004, and medium begins at 0.0001."
    assert "just under 713" in seg.why("d")


def test_why_names_the_fact_and_the_cut(usage):
    seg = usage.segment(FACTS)
    assert seg.why("a") == "a is light: orders per year is just under 2, and medium begins at 2."
    assert seg.why("b") == "b is medium: orders per year is 2, and medium begins at 2 and heavy at 6."
    assert seg.why("c") == "c is medium: orders per year is just under 6, and medium begins at 2 and heavy at 6."
    assert seg.why("e") == "e is heavy: orders per year is 40, and heavy begins at 6."
    assert seg.why("f") == "f is unknown: orders per year is not known."
