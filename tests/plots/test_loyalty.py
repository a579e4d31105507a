"""The ladder: its rungs from the top down, what lifts from each, what a step is worth, and what is not known."""

import pandas as pd
import pytest

import segkit as sk
from segkit.loyalty_questions import worth_of_steps
from tests.engines import PROMISED, open_tables

FACTS = pd.DataFrame(
    [  # customers, orders, recency, tenure, revenue
        ("a", 1, 10, 10, 5.0),
        ("b", 1, 200, 200, 10.0),
        ("c", 1, 300, 300, 20.0),
        ("d", 4, 10, 365, 100.0),
        ("e", 4, 10, 730, 400.0),  # two years: 200 a year
        ("f", 6, 10, 365, 300.0),
        ("g", 5, 900, 1000, 165.0),
    ],
    columns=["customer_id", "orders", "recency_days", "tenure_days", "revenue"],
)


def segmented(engine="pandas", facts=FACTS):
    return sk.Loyalty().fit(FACTS).segment(open_tables({"f": facts}, engine)["f"])


@pytest.mark.parametrize("engine", PROMISED)
def test_shares_and_steps_by_hand(engine):
    twin = segmented(engine).plot().twin.set_index("segment")
    assert list(twin.index) == ["advocate", "loyal", "repeat", "one_time", "new", "lapsed"]
    assert twin["customers"].tolist() == [0, 1, 2, 2, 1, 1]
    assert twin.loc["repeat", ["% of customers", "% of revenue"]].tolist() == [28.6, 50.0]
    # one_time: 10 and 20 a year (less than a year counts as one); repeat: 100 and 200
    assert twin.loc["one_time", "more a year each"] == 135
    assert twin["more a year each"].count() == 1, "one customer on a side gives no interval: nothing is said"


def test_the_interval_is_that_of_the_questions():
    seg = segmented()
    twin, steps = seg.plot().twin.set_index("segment"), worth_of_steps(seg).set_index("step")
    of_question = steps.loc["one_time to repeat", ["low", "high"]].round().tolist()
    assert twin.loc["one_time", ["from", "to"]].tolist() == of_question


def test_the_picture_draws_its_twin():
    picture = segmented().plot()
    (ax,) = picture.figure.axes
    customers, revenue = ([bar.get_width() for bar in bars] for bars in ax.containers)
    assert customers == picture.twin["% of customers"].tolist()
    assert revenue == picture.twin["% of revenue"].tolist()
    assert [label.get_text() for label in ax.get_yticklabels()][:3] == ["advocate", "loyal", "repeat"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the top rung is above"
    written = [text.get_text() for text in ax.texts if text.get_text().startswith("↑")]
    assert written[0] == "↑ to loyal: 5 orders", "one customer above gives no interval, so nothing is promised"
    assert any(text.startswith("↑ to repeat: a second order; there +135 a year (") for text in written)
    said = "one_time: 2 customers, 28.6 % of all and 3.0 % of the revenue (lifted to repeat: a second order; there +135"
    assert said in picture.alt
    assert picture.twin.set_index("segment")["lifts to"].loc[["one_time", "new", "lapsed"]].eq("repeat").all()
    places = dict(zip([label.get_text() for label in ax.get_yticklabels()], ax.get_yticks(), strict=True))
    assert places["new"] - places["one time"] > places["lapsed"] - places["new"], "new and lapsed stand apart"
    assert len({bars[0].get_hatch() for bars in ax.containers}) == 2
    assert len(picture.png) > 1000


def test_without_revenue_it_is_a_ladder_of_customers():
    picture = segmented(facts=FACTS.drop(columns="revenue")).plot()
    assert "% of revenue" not in picture.twin
    assert "more a year each" not in picture.twin
    assert len(picture.figure.axes[0].containers) == 1
    assert "a year" not in picture.figure.axes[0].get_xlabel()
    assert "one_time: 2 customers, 28.6 % of all (lifted to repeat: a second order)" in picture.alt


def test_it_is_the_usual_figure_of_this_type_and_of_no_other():
    assert segmented().plot().question == "loyalty"
    facts = pd.DataFrame({"customer_id": list("abc"), "orders_per_year": [1.0, 3.0, 9.0]})
    assert "loyalty" not in sk.plots.questions(sk.Usage().fit(facts).segment(facts))


def test_customers_with_nothing_known_stand_below():
    facts = pd.concat([FACTS, pd.DataFrame({"customer_id": ["z"]})], ignore_index=True)
    assert segmented(facts=facts).plot().twin.iloc[-1, :2].tolist() == ["unknown", 1]
