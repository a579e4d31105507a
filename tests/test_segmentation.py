"""What people look at: sizes, profile, why, grid."""

import narwhals as nw
import pandas as pd
import polars
import pyarrow as pa
import pytest

import segkit as sk
from segkit import _portable as p
from segkit.errors import DataProblem, UnknownName
from tests import toy
from tests.engines import open_tables

FACTS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d", "e"],
        "orders_per_year": [1.0, 1.0, 4.0, 9.0, 9.0],
        "revenue": [1000.0, 10.0, 20.0, 10.0, 60.0],
        "note": ["x", "y", "x", "y", "x"],
    }
)


@pytest.fixture
def seg(engine):
    return sk.Usage(cuts=(2, 6)).fit(FACTS).segment(open_tables({"facts": FACTS}, engine)["facts"])


def test_sizes_in_order_of_meaning_with_shares(seg):
    sizes = seg.sizes().set_index("segment")
    assert list(sizes.index) == ["light", "medium", "heavy"]
    assert sizes["customers"].tolist() == [2, 1, 2]
    assert sizes["share"].tolist() == [0.4, 0.2, 0.4]
    assert sizes["revenue"].tolist() == [1010, 20, 70]
    assert sizes["revenue_share"].round(4).tolist() == [0.9182, 0.0182, 0.0636]


def test_profile_is_the_mean_of_each_number_and_of_everybody(seg):
    profile = seg.profile()
    assert list(profile.columns) == ["light", "medium", "heavy", "everybody"]
    assert profile.loc["revenue"].tolist() == [505, 20, 35, 220]
    assert "note" not in profile.index
    assert seg.profile("median").loc["revenue"].tolist() == [505, 20, 35, 20]


def test_grid_shows_the_light_user_worth_most(seg):
    grid = seg.grid("revenue")
    assert grid.loc["light"].tolist() == [1, 0, 1]
    assert grid.to_numpy().sum() == 5
    assert grid.attrs["cuts"] == [60, 1000]


def test_what_is_not_a_number_is_in_no_tier(engine):
    facts = p.lazy(open_tables({"facts": FACTS}, engine)["facts"])
    revenue = nw.when(nw.col("customer_id") == "a").then(nw.lit(float("nan"))).otherwise(nw.col("revenue"))
    seg = sk.Usage(cuts=(2, 6)).fit(FACTS).segment(facts.with_columns(revenue=revenue).to_native())
    assert seg.grid("revenue").to_numpy().sum() == 4
    assert seg.sizes()["revenue"].sum() == 100


def test_rows_of_every_engine_come_to_the_same_pandas(seg):
    frame = seg.to_pandas()
    assert frame["customer_id"].tolist() == list("abcde")
    assert frame["segment"].tolist() == ["light", "light", "medium", "heavy", "heavy"]


def test_native_rows_stay_in_their_engine(seg):
    assert type(seg.to_native()) is type(seg.facts)


@pytest.mark.parametrize("open_frame", [pd.DataFrame, polars.DataFrame, polars.LazyFrame, pa.table])
def test_frames_in_memory_are_worked_on_by_one_engine(open_frame):
    facts = open_frame({"customer_id": ["a", "b"], "orders_per_year": [1.0, None]})
    assert p.lazy(facts).implementation.is_polars()
    labels = sk.Usage(cuts=(2, 6)).fit(facts).predict(facts)
    assert type(labels) is type(facts)


def test_an_empty_segment_is_shown_as_empty():
    sizes = sk.Usage(cuts=(50, 60)).fit(FACTS).segment(FACTS).sizes()
    assert sizes["customers"].tolist() == [5, 0, 0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: s.why("zed"), "No customer 'zed' among the 5 customers"),
        (lambda s: s.grid("revenu"), "Did you mean 'revenue'"),
        (lambda s: s.profile("mode"), "no profile by 'mode'"),
        (lambda s: s.check_label("heavvy"), "Did you mean 'heavy'"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(call, said):
    with pytest.raises(UnknownName, match=said):
        call(sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS))


def test_a_customer_in_two_rows_is_refused():
    twice = pd.concat([FACTS, FACTS.iloc[:2]])
    with pytest.raises(DataProblem, match="2 customers stand in the facts more than once"):
        sk.Usage(cuts=(2, 6)).fit(twice).segment(twice)


def test_nobody_cannot_be_segmented():
    with pytest.raises(DataProblem, match="no customers"):
        sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS.iloc[:0])


def test_a_rule_can_be_held_fixed_while_customers_move():
    shop = sk.Shop(toy.tables())
    fixed = sk.Usage(cuts=(1.2, 2)).fit(FACTS)
    assert sk.segment(shop, fixed).segmenter is fixed
    assert sk.segment(shop, fixed).to_pandas()["segment"].tolist() == ["medium", "light", "light", "light"]


def test_html_escapes_and_names_the_type():
    text = sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS)._repr_html_()
    assert "Segmentation by usage" in text
    assert "customer_id" not in text


def test_repr_is_one_line_of_sizes():
    seg = sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS)
    assert repr(seg) == "Segmentation by usage of 5 customers: light 2, medium 1, heavy 2"


def test_lazy_columns_hold_facts_and_segment():
    seg = sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS)
    assert set(p.small(seg.lazy).columns) == {*FACTS.columns, "segment"}


def test_facts_that_were_labelled_before_get_the_new_labels(engine):
    facts = open_tables({"facts": FACTS.assign(segment="old", stalled=True)}, engine)["facts"]
    again = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts)
    assert again.sizes()["customers"].tolist() == [2, 1, 2]
    assert again.to_pandas()["segment"].tolist() == ["light", "light", "medium", "heavy", "heavy"]
    assert set(p.columns(again.lazy)) == {*FACTS.columns, "stalled", "segment"}
