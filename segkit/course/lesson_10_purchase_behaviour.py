"""Lesson 10: how customers come to a decision, whom they buy for, what stops them and what moves them."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from segkit import measures
from segkit.course.lesson import Lesson, LessonData
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.questions import Choice, Fault, Labels, Mistake, Repair, Value, Wrong
from segkit.course.text import percent
from segkit.segmentation import Segmentation
from segkit.segmenters import PurchaseBehaviour

STRICT = 0.7


class PurchaseBehaviourData(LessonData):
    """What the checkers of this lesson compute from its shop."""

    @cached_property
    def facts(self) -> pd.DataFrame:
        """How each customer comes to a decision."""
        return measures.decisions(self.shop)

    def styles(self, **how: float) -> Segmentation:
        """The style of every customer."""
        return PurchaseBehaviour(**how).fit(self.facts).segment(self.facts)

    def labels(self, **how: float) -> pd.Series:
        """The same, by customer."""
        return self.styles(**how).labels.set_index("customer_id")["segment"]

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """The table of sizes, by segment."""
        return self.styles().sizes().set_index("segment")

    @cached_property
    def hunters(self) -> pd.Series:
        """Whether a customer has ever bought at a discount."""
        return self.facts.set_index("customer_id")["discounted_share"] > 0

    @cached_property
    def tried(self) -> pd.DataFrame:
        """What each campaign's offer did."""
        return measures.incentives(self.shop)

    @cached_property
    def proven(self) -> set[str]:
        """The offers whose whole interval lies above 1; a newsletter without an offer is none."""
        return set(self.tried.query("low > 1 and incentive != 'none'")["incentive"])

    def quality(self) -> str:
        """Say whose decisions are known, and what is missing."""
        orders, events = self.shop.table("orders"), self.shop.table("events")
        once, unsaid = (self.facts["orders"] == 1).sum(), orders["buying_for"].isna().sum()
        return (
            f"{len(self.facts):,} customers have ordered; {once:,} of them once: little is known of these.\n"
            f"The log holds {len(events):,} events; {percent(events['customer_id'].isna().mean())} are a guest's. "
            f"{unsaid:,} orders do not say for whom."
        )


def how_many_wait(data: PurchaseBehaviourData) -> str:
    """Answer the prediction, by what was planted: chance puts some habitual buyers among those found."""
    found = data.labels()[data.hunters] == "sale_waiter"
    planted = data.population.truth.set_index("customer_id")["decision_style"][found.index] == "sale_waiter"
    return (
        f"Of the {data.hunters.sum():,} customers who have bought at a discount, {percent(planted.mean())} wait for "
        f"sales; the rule calls {percent(found.mean())} sale waiters."
    )


def why_fewer(data: PurchaseBehaviourData) -> str:
    """Explain exercise 1, with the lesson's numbers."""
    return (
        f"{percent(data.sizes.loc['sale_waiter', 'share'])} of the customers wait for sales; "
        f"{percent(data.hunters.mean())} have bought at a discount at some time."
    )


def why_habitual(data: PurchaseBehaviourData) -> str:
    """Say what being strict does, with the lesson's numbers."""
    before, after = ((labels == "habitual").sum() for labels in (data.labels(), data.labels(stand_out=STRICT)))
    return f"The habitual buyers grow from {before:,} to {after:,}."


def listed(result: object) -> set[str]:
    """Read the names of the offers that an answer lists."""
    names = result["incentive"] if isinstance(result, pd.DataFrame) else result
    return {str(name) for name in pd.Series([names] if isinstance(names, str) else names, dtype=object)}


def strangers(result: object, data: PurchaseBehaviourData) -> set[str]:
    """Names on a list that no campaign has offered."""
    return listed(result) - set(data.tried["incentive"])


def unproven(result: object, data: PurchaseBehaviourData) -> pd.DataFrame:
    """The offers on a list whose interval does not lie above 1."""
    return data.tried[data.tried["incentive"].isin(listed(result) - {"none"}) & ~(data.tried["low"] > 1)]


def why_unproven(result: object, data: PurchaseBehaviourData) -> str:
    """Name one of them with its interval."""
    offers = unproven(result, data)
    first = offers.iloc[0]
    return (
        f"{len(offers)} on your list may as well do nothing. The lift of {first['incentive']} may be anything from "
        f"{first['low']:.2f} to {first['high']:.2f}, and 1 is no effect. Which column says how low it may be?"
    )


def why_proven(data: PurchaseBehaviourData) -> str:
    """Say what is proven here, and how far that goes."""
    if not data.proven:
        return "The list is empty: no offer is proven in this shop. That is an answer too."
    names = " and ".join(sorted(data.proven))
    return (
        f"{names}. Of {len(data.tried)} intervals one may lie off 1 by bad luck alone, so test it once more before "
        "you spend much."
    )


lesson = Lesson(
    10,
    "Purchase behaviour",
    minutes=50,
    words=[
        "purchase behaviour",
        "researcher",
        "sale waiter",
        "social proof",
        "habitual buyer",
        "median",
        "buying role",
        "obstacle",
        "incentive",
        "lift",
        "interval",
        "event log",
    ],
    prediction=Prediction(
        "About half of the customers have bought something at a discount. How many of these wait for sales?",
        Options("About two in five.", "Three in four.", "Nearly all of them."),
        how_many_wait,
    ),
    questions=[
        Value(
            "Which share of the customers are sale waiters?",
            value=lambda data: data.sizes.loc["sale_waiter", "share"],
            share=True,
            mistakes=[
                Mistake(
                    lambda data: data.hunters.mean(),
                    "That is the naive share: all who ever bought at a discount.",
                ),
                Mistake(
                    lambda data: data.sizes.loc["sale_waiter", "customers"],
                    "That is how many they are, not which share.",
                ),
                Mistake(
                    lambda data: (data.labels()[data.hunters] == "sale_waiter").mean(),
                    "That is their share of those who bought at a discount, not of all customers.",
                ),
            ],
            hints=(
                "seg.sizes() has one line per segment. Look at the line 'sale_waiter'.",
                "The column share is the answer. 0.5 would be half of the customers.",
            ),
            solution='answer = seg.sizes().set_index("segment").loc["sale_waiter", "share"]',
            because=why_fewer,
            wrong=[Wrong('answer = "a third"', "this is a text"), Wrong("answer = 0.9", "too high")],
        ),
        Labels(
            "Be stricter: name a style only where its evidence is 0.7 or more.",
            labels=lambda data: data.labels(stand_out=STRICT),
            at_least=0.99,
            mistakes=[
                Mistake(
                    lambda data: data.labels(),
                    "This is the rule as it was: evidence of 0.35 is enough for it.",
                ),
                Mistake(
                    lambda data: data.labels(stand_out=7),
                    "Now hardly anybody has a style. Did you mean 0.7, with a point?",
                ),
                Mistake(lambda data: data.labels(stand_out=0.07), "That is less strict, not stricter. 0.7, not 0.07."),
            ],
            hints=(
                "The number says how far a style stands out: 0 is the median customer, 1 where the top tenth is.",
                "sk.PurchaseBehaviour(stand_out=...), with the number of the exercise.",
            ),
            solution="answer = sk.PurchaseBehaviour(stand_out=0.7)",
            because=why_habitual,
            wrong=[
                Wrong("answer = sk.PurchaseBehaviour()", "the rule as it was"),
                Wrong("answer = sk.PurchaseBehaviour(stand_out=7)", "Did you mean 0.7"),
                Wrong("answer = sk.PurchaseBehaviour(stand_out=-0.7)", "must be a number above 0"),
                Wrong("answer = sk.PurchaseBehaviour(stand_out=0.5)", "are grouped as asked"),
                Wrong("answer = 0.7", "this is a number"),
                Wrong("answer = sk.Usage()", "There is no fact 'orders_per_year'"),
            ],
        ),
        Choice(
            "You are stricter now. What is the price?",
            options=Options(
                ("None. The groups are purer.", "They are. But look how many have become habitual buyers."),
                (
                    "Researchers turn into sale waiters.",
                    "Nobody turns from one style into another: the strongest stays the strongest.",
                ),
                ("The shop's median moves.", "The customers are the same, and so is their median."),
                (
                    "More customers who do have a style get the letter for everybody.",
                    "Fewer wrong letters, more missed ones. Which is worse depends on what a wrong letter costs.",
                ),
            ),
            right="d",
            hints=(
                "Compare the sizes before and after: seg.sizes() and sk.segment(shop, recipe).sizes().",
                "One group grows, and all others shrink. What is sent to the one that grows?",
            ),
        ),
        Repair(
            "Repair the list: offers whose lift is above 1 even at the lowest value it may have.",
            given=lambda data: data.tried,
            faults=[
                Fault(
                    lambda result, data: bool(strangers(result, data)),
                    lambda result, data: "The list holds something that is no offer. Return the column 'incentive'.",
                ),
                Fault(lambda result, data: len(unproven(result, data)) > 0, why_unproven),
                Fault(
                    lambda result, data: "none" in listed(result),
                    lambda result, data: (
                        "'none' is a newsletter without an offer: there is nothing to give. Leave that line out."
                    ),
                ),
                Fault(
                    lambda result, data: bool(data.proven - listed(result)),
                    lambda result, data: (
                        f"Missing: {', '.join(sorted(data.proven - listed(result)))}, with an interval above 1."
                    ),
                ),
            ],
            hints=(
                "A lift above 1 may be luck. Its interval says between which values it may be.",
                'Keep the rows where "low" is above 1, and leave out the incentive "none": two conditions in brackets, '
                "joined by &.",
            ),
            solution=(
                "def answer(tried):\n"
                '    sure = tried[(tried["low"] > 1) & (tried["incentive"] != "none")]\n'
                '    return sure["incentive"]'
            ),
            because=why_proven,
            where="The columns are those of the table above the exercise.",
            wrong=[
                Wrong("answer = worth_it", "may as well do nothing"),
                Wrong('answer = lambda tried: tried["incentive"]', "may as well do nothing"),
                Wrong('answer = lambda tried: tried[tried["high"] > 1]["incentive"]', "how low it may be"),
                Wrong('answer = lambda tried: ["none"]', "a newsletter without an offer"),
                Wrong('answer = lambda tried: tried[tried["lower"] > 1]', "There is no fact 'lower'. The columns"),
                Wrong('answer = lambda tried: tried["lift"]', "something that is no offer"),
                Wrong("answer = lambda tried: tried.best()", "The function stops: AttributeError"),
                Wrong("answer = lambda tried: None", "The function returns nothing"),
            ],
        ),
    ],
    quiz=Quiz(
        QuizQuestion(
            "Why is a share of the articles better than a count of discounts?",
            Options(
                ("A share is easier to compute.", "Both are one line. What matters is what they compare."),
                ("Discounts cannot be counted.", "They can, and many shops do. It misleads."),
                (
                    "Who has bought much has met a discount at some time, waiting or not.",
                    "The count grows with what people buy; the share does not.",
                ),
            ),
            right="c",
        ),
        QuizQuestion(
            "Free shipping is the offer that is used most. What does that tell?",
            Options(
                ("That it moves people to buy.", "They may have bought anyway. Only those held out by lot can tell."),
                (
                    "That many like to take it, not that it moves them.",
                    "Being used and moving people are two things. Compare with customers held out by lot.",
                ),
                ("That it should be ended.", "Perhaps it is worth it, perhaps not. These figures do not say."),
            ),
            right="b",
        ),
        QuizQuestion(
            "A customer ordered once, one article, at a discount. The rule says sale waiter. How sure is that?",
            Options(
                (
                    "Not very: of customers with one order, fewer are found rightly than of those with five.",
                    "One article may be chance. Look again after her next orders.",
                ),
                ("Certain: all she bought was discounted.", "All is one article here. One throw is no habit."),
                ("It is worth nothing.", "It is worth something: most customers with one order are found rightly."),
            ),
            right="a",
        ),
    ),
    reveal_facts=("orders", "lines", "visits"),
    data=PurchaseBehaviourData,
)
