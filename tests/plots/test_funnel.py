"""The funnel: counts and days by hand, drawn as its twin says, on every engine."""

import pandas as pd
import pytest

import segkit as sk
from segkit import plots
from segkit.errors import UnknownName
from tests.engines import PROMISED, open_tables
from tests.segmenters.test_buyer_stage import FACTS


def picture(engine="pandas", **how):
    stage = sk.BuyerStage(**how).fit(FACTS)
    return stage.segment(open_tables({"f": FACTS}, engine)["f"]).plot()


@pytest.mark.parametrize("engine", PROMISED)
def test_it_counts_who_reached_a_stage_and_who_is_in_it(engine):
    twin = picture(engine).twin.set_index("stage")
    assert twin["reached"].tolist() == [10, 4, 3, 5, 3, 3, 0]
    assert twin["there_now"].tolist() == [3, 2, 1, 2, 2, 1, 1]  # the last: nothing is known of them
    assert twin.loc["awareness", ["median_days", "stalled_after_days"]].tolist() == [35.0, 99.3]
    assert twin.loc["advocacy", ["median_days", "stalled_after_days"]].isna().all()
    assert twin["stalled"].tolist() == [1, 2, 1, 1, 2, 0, 0]


def test_it_draws_its_twin_and_says_it():
    shown = picture()
    bars, beside = shown.figure.axes
    reached, now = ([bar.get_width() for bar in group] for group in bars.containers)
    assert reached == shown.twin["reached"].tolist()
    assert now == shown.twin["there_now"].tolist()
    assert len({group[0].get_hatch() for group in bars.containers}) == 2
    assert [label.get_text() for label in bars.get_yticklabels()] == shown.twin["stage"].tolist()
    written = [text.get_text() for text in beside.texts]
    assert written[2:4] == ["35 days", "1\n(over 99.3 days)"]
    assert written[-2:] == ["–", "–"]
    assert "awareness: 10 reached it, 3 are in it now, 1 of them stalled (over 99.3 days); half of those" in shown.alt
    assert shown.alt.endswith("advocacy: 3 reached it, 1 are in it now. unknown: 0 reached it, 1 are in it now.")


def test_attention_to_action_have_four_rows():
    assert picture(model="aida").twin["there_now"].tolist() == [3, 2, 1, 5, 1]


def test_a_rule_held_fixed_keeps_its_days_and_counts_the_customers_of_today():
    stage = sk.BuyerStage().fit(FACTS)
    alone = FACTS[FACTS["customer_id"] == "g"]
    twin = stage.segment(alone).plot("funnel").twin
    assert twin["reached"].tolist() == [1, 0, 0, 1, 1, 0]
    assert twin["median_days"].iloc[0] == 35.0


def test_only_stages_make_a_funnel():
    facts = pd.DataFrame({"customer_id": list("ab"), "orders_per_year": [1.0, 9.0]})
    seg = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts)
    assert "funnel" not in plots.questions(seg)
    with pytest.raises(UnknownName, match="no figure 'funnel'"):
        seg.plot("funnel")
