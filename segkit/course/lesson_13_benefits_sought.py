"""Lesson 13: what customers want a product to do for them, and how sure we are of it."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from segkit import measures
from segkit.course.lesson import Lesson, LessonData
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.questions import Case, Choice, Fault, Labels, Mistake, Repair, Rule, Wrong
from segkit.course.text import percent
from segkit.segmentation import Segmentation
from segkit.segmenters import BenefitsSought

SHOES = ("hiking_shoes", "trail_shoes")
TINS = 100


class BenefitsData(LessonData):
    """What the checkers of this lesson compute from its shop."""

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Pieces bought with each benefit beside those expected, and the ratings."""
        return measures.benefits(self.shop)

    @cached_property
    def benefits(self) -> Segmentation:
        """The customers by the benefit they seek first."""
        return BenefitsSought().fit(self.facts).segment(self.facts)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Facts, group, second benefit and confidence, one row per customer."""
        return self.benefits.to_pandas()

    def labels(self, **how: float) -> pd.Series:
        """The groups with other parameters, by customer."""
        return BenefitsSought(**how).fit_predict(self.facts).set_index("customer_id")["segment"]

    @cached_property
    def crowd(self) -> pd.DataFrame:
        """The customers aged 20 to 29 who bought shoes."""
        people = self.shop.table("customers")
        age = (pd.Timestamp(self.shop.as_of) - people["birth_date"]).dt.days / 365.25
        used = measures.used(self.shop, "category")
        buyers = used.loc[used["category"].isin(SHOES), "customer_id"]
        twenties = people.loc[(age >= 20) & (age < 30), "customer_id"]
        return self.customers[self.customers["customer_id"].isin(twenties) & self.customers["customer_id"].isin(buyers)]

    @cached_property
    def changed(self) -> pd.DataFrame:
        """The customers in another group when ratings are left out."""
        return self.customers[self.customers["segment"].to_numpy() != self.labels(rating_weight=0).to_numpy()]

    @cached_property
    def surest(self) -> pd.DataFrame:
        """Those who most surely seek waterproof things."""
        return self.customers[self.customers["segment"] == "waterproof"].nlargest(TINS, "confidence")

    def chosen(self, answer) -> pd.DataFrame:
        """The rows of the customers that an answer names, each once."""
        ids = answer["customer_id"] if isinstance(answer, pd.DataFrame) else pd.Series(answer)
        return self.customers[self.customers["customer_id"].isin(ids)]

    def truly(self, customers: pd.DataFrame, benefit: str) -> int:
        """How many of these customers were planted to seek a benefit first."""
        truth = self.population.truth.set_index("customer_id")["benefit"]
        return int((truth.reindex(customers["customer_id"]) == benefit).sum())


def commonest_in_crowd(data: BenefitsData) -> str:
    """Answer the prediction."""
    shares = data.crowd["segment"].value_counts(normalize=True)
    return (
        f"{len(data.crowd):,} customers aged 20 to 29 bought shoes. The benefit most of them seek first is "
        f"{shares.index[0]}, with {percent(shares.iloc[0])}."
    )


def why_rule(data: BenefitsData) -> str:
    """Say how many get one picture and how many two."""
    sure = (data.customers["confidence"] >= 1.5).sum()
    return (
        f"By this rule {sure:,} customers see one picture and {len(data.customers) - sure:,} see two: their first and "
        "their second benefit."
    )


def why_ratings(data: BenefitsData) -> str:
    """Say how many change group, and what they have in common."""
    changed, rated = data.changed, data.customers[data.customers["grip_rating"].notna()]
    return (
        f"{len(changed):,} customers change group. Half of them bought {changed['pieces'].median():.0f} pieces or "
        f"fewer; of all who rated grip, half bought {rated['pieces'].median():.0f} or fewer."
    )


def why_not_seekers(result: pd.DataFrame, data: BenefitsData) -> str:
    """Say who else is on the list and, of a list by pieces, that they buy much of everything."""
    others = data.chosen(result).query("segment != 'waterproof'")
    commonest = others["segment"].value_counts()
    much = others["pieces"].median()
    everything = f"Half of them bought {much:.0f} pieces or more: who buys much has much of everything. "
    return (
        f"{len(others)} of the {TINS} seek something else first; {commonest.iloc[0]} of them {commonest.index[0]}. "
        f"{everything if much > 2 * data.facts['pieces'].median() else ''}"
        "Which column says what a customer seeks first?"
    )


def why_unsure(result: pd.DataFrame, data: BenefitsData) -> str:
    """Say how many of the list are unsure."""
    unsure = (data.chosen(result)["confidence"] < 1.5).sum()
    return (
        f"All of them seek waterproof things first, but they are not the {TINS} we are surest of"
        f"{f': {unsure} have a confidence under 1.5' if unsure else ''}. Which column says how sure?"
    )


def why_surest(data: BenefitsData) -> str:
    """Say how many of each list truly seek waterproof things."""
    by_pieces = data.customers.nlargest(TINS, "waterproof_bought")
    return (
        f"The truth behind it: of your {TINS}, {data.truly(data.surest, 'waterproof')} seek waterproof things first; "
        f"of the list by pieces only {data.truly(by_pieces, 'waterproof')}."
    )


lesson = Lesson(
    13,
    "Benefits sought",
    minutes=55,
    words=["benefits sought", "second benefit", "confidence", "value proposition"],
    prediction=Prediction(
        "Take the customers aged 20 to 29 who bought shoes. How many of them seek the same benefit first: the one that "
        "is commonest among them?",
        Options("About half.", "About one in five.", "Nearly all: same age, same shelf."),
        commonest_in_crowd,
        right="b",
    ),
    questions=[
        Rule(
            "Write the rule for the pictures: one for a customer we are sure of, two for the others.",
            cases=lambda data: [
                Case((3.0,), 1, "A first benefit three times ahead of the second is sure: one picture."),
                Case((1.0,), 2, "1 is a toss-up: show both."),
                Case((1.5,), 1, "Sure begins at 1.5, and 1.5 itself belongs to it."),
                Case((1.49,), 2, "Below 1.5 we are not sure: show both."),
                Case((1.51,), 1, "Above 1.5 we are sure: one picture."),
            ],
            hints=(
                "The step 'Segment' above says from which confidence on a customer counts as sure.",
                "Put that number in place of ____: 1 if confidence >= the number else 2.",
            ),
            solution="def answer(confidence):\n    return 1 if confidence >= 1.5 else 2",
            because=why_rule,
            wrong=[
                Wrong("answer = lambda confidence: 1 if confidence > 1.5 else 2", "1.5 itself belongs to it"),
                Wrong("answer = lambda confidence: 1 if confidence >= 1 else 2", "1 is a toss-up"),
                Wrong("answer = lambda confidence: 2 if confidence >= 1.5 else 1", "one picture"),
                Wrong("answer = lambda confidence: 1 if confidence >= 2 else 2", "Sure begins at 1.5"),
                Wrong('answer = lambda confidence: 1 if confidence >= "1.5" else 2', "stands without quotes"),
                Wrong("answer = 1.5", "The answer is a function"),
            ],
        ),
        Labels(
            "Leave the ratings out: group the customers by their purchases alone.",
            labels=lambda data: data.labels(rating_weight=0),
            at_least=0.99,
            mistakes=[
                Mistake(lambda data: data.labels(), "The ratings still count."),
                Mistake(lambda data: data.labels(rating_weight=1), "At 1 the ratings count more, not less."),
            ],
            hints=(
                "rating_weight says how much a rating counts.",
                "What does not count at all weighs 0.",
            ),
            solution="answer = sk.BenefitsSought(rating_weight=0)",
            because=why_ratings,
            wrong=[
                Wrong("answer = sk.BenefitsSought()", "The ratings still count"),
                Wrong("answer = sk.BenefitsSought(rating_weight=1)", "count more, not less"),
                Wrong("answer = sk.BenefitsSought(steady=0)", "must be a number above 0"),
                Wrong('answer = sk.BenefitsSought(rating_weight="0")', "write it without quotes, 0."),
                Wrong('answer = sk.BenefitsSought(rating_weight="0,5")', "with a point, not with a comma"),
                Wrong("answer = sk.BenefitsSought(steady=9)", "are grouped as asked"),
                Wrong("answer = 0", "this is a number"),
            ],
        ),
        Choice(
            "Some customers change group when the ratings are left out. Who are they most often?",
            options=Options(
                (
                    "Customers who never answered the survey.",
                    "Without an answer there is nothing to leave out; they stay where they are.",
                ),
                (
                    "Customers who answered, and whose purchases left it open.",
                    "Where purchases say little, what customers say decides.",
                ),
                (
                    "The customers with the most purchases.",
                    "Many purchases speak clearly; a few points on a scale seldom outweigh them.",
                ),
            ),
            right="b",
            hints=(
                "A rating moves the score of one customer: of which customers is there one?",
                "When does a small push change the order: when two benefits are close, or when they are far apart?",
            ),
        ),
        Repair(
            "Repair the list: the 100 customers who most surely seek waterproof things get a tin of wax.",
            given=lambda data: data.customers,
            faults=[
                Fault(
                    lambda result, data: len(data.chosen(result)) != TINS,
                    lambda result, data: (
                        f"The list holds {len(data.chosen(result)):,} customers for {TINS} tins."
                        f"{'' if len(data.chosen(result)) else ' The groups have names in small letters.'}"
                    ),
                ),
                Fault(lambda result, data: (data.chosen(result)["segment"] != "waterproof").any(), why_not_seekers),
                Fault(
                    lambda result, data: (
                        data.chosen(result)["confidence"].sum() < data.surest["confidence"].sum() * 0.999
                    ),
                    why_unsure,
                ),
            ],
            hints=(
                "Two things are wrong: who may be on the list, and by what they are picked.",
                'customers[customers["segment"] == "waterproof"] keeps the rows of one group. Take the largest '
                '"confidence" of these.',
            ),
            solution=(
                "def answer(customers):\n"
                '    seekers = customers[customers["segment"] == "waterproof"]\n'
                '    return seekers.nlargest(100, "confidence")'
            ),
            because=why_surest,
            where="The columns are the facts, and segment, second and confidence.",
            wrong=[
                Wrong("answer = wax_list", "seek something else first"),
                Wrong('answer = lambda customers: customers.nlargest(100, "confidence")', "seek something else first"),
                Wrong(
                    "answer = lambda customers: "
                    'customers[customers["segment"] == "waterproof"].nlargest(100, "waterproof_bought")',
                    "not the 100 we are surest of",
                ),
                Wrong(
                    'answer = lambda customers: customers[customers["segment"] == "waterproof"]',
                    "customers for 100 tins",
                ),
                Wrong(
                    'answer = lambda customers: customers[customers["segment"] == "Waterproof"]',
                    "The groups have names in small letters",
                ),
                Wrong('answer = lambda customers: customers.nlargest(100, "sure")', "There is no fact 'sure'"),
                Wrong("answer = lambda customers: None", "The function returns nothing"),
            ],
        ),
    ],
    quiz=Quiz(
        QuizQuestion(
            "A customer bought one tent and nothing else. Like several on its shelf, it is waterproof. What do we know "
            "of the benefit they seek?",
            Options(
                ("That it is waterproof: the tent is.", "Look at the shelf: who takes a tent there often gets that."),
                (
                    "Little: tents are often waterproof, and one piece is not much.",
                    "One piece, beside what its shelf would have given, is a weak sign.",
                ),
                ("Nothing, ever: purchases do not tell reasons.", "They do, a little each, where there was a choice."),
            ),
            right="b",
        ),
        QuizQuestion(
            "We are not sure of a customer. What do you send?",
            Options(
                ("Nothing.", "You know something: the first or the second benefit is mostly the right one."),
                ("The picture that most customers like.", "That ignores what you do know about this one."),
                (
                    "Both: the first and the second benefit, and see what is clicked.",
                    "It is right far more often than the first alone, and the click teaches you.",
                ),
            ),
            right="c",
        ),
        QuizQuestion(
            "In the first figure every group has bought its own benefit about twice as often as expected. Does that "
            "prove the groups?",
            Options(
                ("Yes, the colours are clear.", "The groups were made from these very pieces: it must look so."),
                (
                    "No. It counts only for pieces bought after the groups were made.",
                    "Only new purchases can contradict a group, so only they can support it.",
                ),
                ("No, nothing can.", "New purchases can: they were free to come out otherwise."),
            ),
            right="b",
        ),
    ),
    reveal_facts=("pieces",),
    data=BenefitsData,
)
