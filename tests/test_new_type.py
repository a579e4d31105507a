"""A type of segmentation that is new: what it takes to add one, and that it then appears everywhere by itself."""

import narwhals as nw
import pytest
from typer.testing import CliRunner

import segkit as sk
import synthetic
from segkit import plots
from segkit.cli import app
from segkit.course import tour
from segkit.segmenters import TYPES


@pytest.fixture
def value_tiers():
    """A type with a figure of its own; afterwards both are gone again."""

    class ValueTiers(sk.Segmenter):
        question = "Who brings the most revenue?"
        labels = ("low", "regular", "golden")
        needs = ("revenue",)
        measure = sk.measures.purchases
        truth_axis = "value_tier"
        figure = "tiers"

        def learn(self, facts):
            revenue = facts.select("revenue").collect()["revenue"]
            self.cuts_ = [float(revenue.quantile(share, "linear")) for share in (0.5, 0.8)]

        def rule(self):
            regular, golden = (nw.col("revenue") >= cut for cut in self.cuts_)
            upper = nw.when(golden).then(nw.lit("golden")).otherwise(nw.lit("regular"))
            return nw.when(regular).then(upper).otherwise(nw.lit("low"))

        def explain(self, facts, label):
            return f"revenue is {facts['revenue']:.0f}, and golden begins at {self.cuts_[1]:.0f}"

    @plots.figure("tiers", asks="What does a customer of each tier bring?", of="ValueTiers")
    class Tiers:
        def twin(self, seg):
            return seg.profile().loc[["revenue"], seg.names].T.reset_index(names="segment")

        def paint(self, fig, twin):
            fig.subplots().bar(twin["segment"], twin["revenue"])

        def alt(self, twin):
            return f"A golden customer brings {twin['revenue'].max():.0f}."

    yield ValueTiers
    del TYPES["value_tiers"], plots.FIGURES["tiers"]


def test_a_new_type_appears_everywhere_by_itself(value_tiers, tmp_path, monkeypatch):
    population = synthetic.outdoor_shop(customers=300, seed=7)
    seg = sk.segment(sk.Shop(population), value_tiers())
    assert seg.plot().question == "tiers"
    assert seg.trust(pairs=5).label in ("natural", "reproducible", "constructed")
    assert sk.recovery(seg, population.truth).adjusted_rand > 0
    assert sk.read_segmenter(seg.segmenter.to_json()).cuts_ == seg.segmenter.cuts_
    assert "golden begins at" in seg.why(seg.to_pandas()["customer_id"][0])
    for name in ("orders", "order_lines"):
        population.tables[name].to_csv(tmp_path / f"{name}.csv", index=False)
    done = CliRunner().invoke(app, ["segment", str(tmp_path), "--by", "value_tiers", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    for other in {*TYPES} - {"value_tiers"}:  # a tour of one type is quick
        monkeypatch.delitem(TYPES, other)
    assert "value_tiers" in tour.run(tmp_path / "tour", customers=300).table["type"].tolist()
