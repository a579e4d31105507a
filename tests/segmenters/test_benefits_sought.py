"""Benefits sought: the score, its ties, its rival, and ratings."""

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ColumnProblem, ParameterProblem
from tests.engines import labels_of

FACTS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d"],
        "pieces": [4, 1, 2, None],
        "comfort_bought": [0.0, 0.0, 1.0, None],
        "comfort_expected": [1.0, 0.0, 1.0, None],
        "grip_bought": [3.0, 1.0, 1.0, None],
        "grip_expected": [1.0, 0.5, 1.0, None],
        "style_bought": [1.0, 0.0, 0.0, None],
        "style_expected": [2.0, 0.5, 0.0, None],
    }
)


def test_best_second_and_confidence_by_hand(engine):
    labels = labels_of(sk.BenefitsSought(steady=1.0).fit(FACTS), FACTS, engine)
    # a: comfort 1/2, grip 4/2, style 2/3; b: comfort 1, grip 2/1.5, style 1/1.5
    assert labels.loc["a"].tolist() == ["grip", "style", pytest.approx(3.0, abs=1e-6)]
    assert labels.loc["b"].tolist() == ["grip", "comfort", pytest.approx(4 / 3, abs=1e-6)]


def test_a_tie_goes_to_the_first_in_the_alphabet(engine):
    labels = labels_of(sk.BenefitsSought().fit(FACTS), FACTS, engine)
    assert labels.loc["c"].tolist() == ["comfort", "grip", 1.0]


def test_more_doubt_pulls_few_purchases_towards_a_toss_up():
    sure = labels_of(sk.BenefitsSought(steady=0.5).fit(FACTS), FACTS)["confidence"]
    doubting = labels_of(sk.BenefitsSought(steady=5.0).fit(FACTS), FACTS)["confidence"]
    assert (doubting[["a", "b"]] < sure[["a", "b"]]).all()


def test_a_rating_above_the_customers_own_mean_moves_the_choice(engine):
    rated = FACTS.assign(comfort_rating=[None, 5.0, 5.0, None], grip_rating=[None, 2.0, 5.0, None],
                         style_rating=[None, 2.0, 5.0, None])  # fmt: skip
    labels = labels_of(sk.BenefitsSought(rating_weight=0.5).fit(rated), rated, engine)
    assert labels.loc["a", "segment"] == "grip"  # not asked: purchases alone
    assert labels.loc["b", "segment"] == "comfort"  # bought grip once, but says comfort clearly
    assert labels.loc["c", "segment"] == "comfort"  # rates all alike: the tie stays a tie
    unheard = labels_of(sk.BenefitsSought(rating_weight=0).fit(rated), rated, engine)
    assert unheard.loc["b", "segment"] == "grip"


def test_labels_are_the_shops_own_benefits():
    assert sk.BenefitsSought().labels == ()
    assert sk.BenefitsSought().fit(FACTS).labels == ("comfort", "grip", "style")


def test_why_names_bought_expected_and_the_rival():
    seg = sk.BenefitsSought().fit(FACTS).segment(FACTS)
    assert seg.why("a") == (
        "a is grip: 3 pieces with it, where the same shelves would have given 1; well ahead of style."
    )
    assert seg.why("d") == "d is unknown: nothing bought whose benefit is known."


def test_one_benefit_is_no_choice():
    with pytest.raises(ColumnProblem, match="Two benefits or more"):
        sk.BenefitsSought().fit(FACTS[["customer_id", "pieces", "grip_bought", "grip_expected"]])


def test_no_doubt_at_all_is_refused():
    with pytest.raises(ParameterProblem, match="must be a number above 0"):
        sk.BenefitsSought(steady=0).fit(FACTS)
