"""Lesson 00: what segmentation is, shown once from beginning to end on one shop."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from segkit.course.lesson import Lesson, LessonData
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.questions import Case, Choice, Fault, Mistake, Repair, Rule, Value, Wrong
from segkit.segmentation import Segmentation
from segkit.segmenters import Usage

BAND_STARTS = [0, 20, 30, 40, 50, 120]
BAND_NAMES = ["under 20", "20-29", "30-39", "40-49", "50 and over"]
ONCE_A_MONTH = 12


class StartData(LessonData):
    """What the checkers of this lesson compute from its shop."""

    @cached_property
    def crowd(self) -> pd.DataFrame:
        """The facts of every customer, with the age band of those who told their birthday."""
        people = self.shop.table("customers")[["customer_id", "birth_date"]]
        age = (pd.Timestamp(self.shop.as_of) - people["birth_date"]).dt.days / 365.25
        people = people.assign(age_band=pd.cut(age, BAND_STARTS, right=False, labels=BAND_NAMES))
        return self.facts.merge(people[["customer_id", "age_band"]], on="customer_id")

    @cached_property
    def by_band(self) -> pd.core.groupby.DataFrameGroupBy:
        """The same, by age band."""
        return self.crowd.groupby("age_band", observed=True)

    @cached_property
    def usage(self) -> Segmentation:
        """Light, medium and heavy by orders a year."""
        return Usage().fit(self.facts).segment(self.facts)

    @cached_property
    def customers(self) -> pd.Series:
        """How many customers each segment has."""
        return self.usage.sizes().set_index("segment")["customers"]


def ages_alike(data: StartData) -> str:
    """Answer the prediction."""
    often = data.by_band["orders_per_year"].mean()
    return f"{often['20-29']:.1f} orders a year at 20 to 29, {often['40-49']:.1f} at 40 to 49."


def is_total(result: pd.Series, data: StartData) -> bool:
    """Whether the bands are compared by their totals."""
    return bool((result / data.by_band["revenue"].sum() - 1).abs().max() < 1e-6)


def why_not_total(result: pd.Series, data: StartData) -> str:
    """Say what a total hides, with the lesson's numbers."""
    each, size = data.by_band["revenue"].mean(), data.by_band.size()
    first = result.idxmax()
    place = int(each.rank(ascending=False)[first])
    return (
        f"By total, {first} comes first; but a total grows with the number of customers, and {first} has "
        f"{size[first]:,} of {size.sum():,}. Per customer it comes at place {place} of {len(each)}."
    )


lesson = Lesson(
    0,
    "Start here",
    minutes=35,
    words=[
        "customer segmentation",
        "market segmentation",
        "segment",
        "behavioural segmentation",
        "demographic",
        "geographic",
        "psychographic",
        "technographic",
        "needs-based",
        "situational",
        "value-based",
        "declared data",
        "derived data",
        "inferred data",
        "a priori",
        "post hoc",
        "retention",
        "churn",
        "fact",
        "light user",
        "heavy user",
        "revenue",
        "synthetic",
        "planted truth",
        "balanced accuracy",
        "oracle",
        "adjusted Rand index",
        "trust card",
        "audience",
        "consent",
    ],
    prediction=Prediction(
        "Do customers of 20 to 29 order more often than customers of 40 to 49?",
        Options("Yes, clearly.", "No, about as often.", "No, clearly less often."),
        ages_alike,
    ),
    questions=[
        Value(
            "How many customers are heavy users?",
            value=lambda data: data.customers["heavy"],
            within=0,
            mistakes=[
                Mistake(lambda data: data.customers["light"], "That is the number of light users."),
                Mistake(lambda data: data.customers["medium"], "That is the number of medium users."),
                Mistake(lambda data: data.customers.sum(), "Those are all customers together."),
                Mistake(
                    lambda data: round(100 * data.customers["heavy"] / data.customers.sum(), 1),
                    "That is their share in per cent. How many customers is it?",
                ),
            ],
            hints=("Look at the table under the figure.", "The line 'heavy', the column 'customers'."),
            solution='answer = seg.sizes().set_index("segment").loc["heavy", "customers"]',
            because="You read it off the table under the figure. Every figure in this course has one.",
            wrong=[Wrong('answer = "few"', "this is a text")],
        ),
        Rule(
            "Set a group beforehand: a regular orders at least once a month.",
            cases=lambda data: [
                Case((ONCE_A_MONTH,), True, "Once a month is 12 orders a year, and 'at least' includes it."),
                Case((ONCE_A_MONTH - 0.1,), False, "A little under 12 orders a year is less than once a month."),
                Case((2 * ONCE_A_MONTH,), True, "Twice a month is more than once."),
                Case((1,), False, "Once a year is not once a month."),
            ],
            hints=("How many orders a year is one order a month?", "A year has 12 months."),
            solution="def answer(orders_per_year):\n    return orders_per_year >= 12",
            because=lambda data: (
                f"By this rule {(data.facts['orders_per_year'] >= ONCE_A_MONTH).sum():,} of "
                f"{len(data.facts):,} customers are regulars."
            ),
            wrong=[
                Wrong("answer = lambda orders_per_year: orders_per_year >= 1", "is less than once a month"),
                Wrong("answer = lambda orders_per_year: orders_per_year > 12", "'at least' includes it"),
                Wrong("answer = 12", "this is a number"),
            ],
        ),
        Choice(
            "You now have regulars, and you have light, medium and heavy users. Which were set beforehand?",
            options=Options(
                (
                    "The regulars.",
                    "You chose 12 before looking at anybody: *a priori*. Where heavy begins was learned "
                    "from the customers: *post hoc*.",
                ),
                (
                    "Light, medium and heavy.",
                    "Where they begin was learned from this shop's customers, afterwards.",
                ),
                ("Both.", "One of the two had its border learned from the customers."),
                ("Neither.", "For one of the two you wrote the border yourself."),
            ),
            right="a",
            hints=(
                "Where did the number 12 come from?",
                "And where did the borders of the three groups come from?",
            ),
        ),
        Repair(
            "Repair the comparison: what is a customer of each age band worth?",
            given=lambda data: data.crowd,
            faults=[
                Fault(is_total, why_not_total),
                Fault(
                    lambda result, data: bool(
                        (result / data.by_band["revenue"].mean() - 1).abs().max() > 0.01
                        and (result / data.by_band["revenue"].median() - 1).abs().max() > 0.01
                    ),
                    lambda result, data: (
                        f"For {BAND_NAMES[1]} this gives {result[BAND_NAMES[1]]:,.1f}; a typical customer of that band "
                        f"brought {data.by_band['revenue'].mean()[BAND_NAMES[1]]:,.0f} dollars on average."
                    ),
                ),
            ],
            hints=(
                "The function adds the revenue up. A band with many customers then always looks good.",
                "Replace sum by mean, the average.",
            ),
            solution='def answer(crowd):\n    return crowd.groupby("age_band", observed=True)["revenue"].mean()',
            because="An average does not grow with the number of customers. (The median is as good an answer.)",
            wrong=[
                Wrong("answer = band_value", "a total grows with the number of customers"),
                Wrong(
                    'answer = lambda crowd: crowd.groupby("age_band", observed=True)["orders"].mean()',
                    "brought",
                ),
                Wrong(
                    'answer = lambda crowd: crowd.groupby("age_band", observed=True)["revenue"].max()',
                    "on average",
                ),
                Wrong('answer = lambda crowd: crowd["revenue"].mean()', "should return what it returned before"),
            ],
        ),
    ],
    quiz=Quiz(
        QuizQuestion(
            "A customer writes in a survey that she runs marathons. Which kind of data is that?",
            Options(
                ("Declared.", "She told you herself."),
                (
                    "Derived.",
                    "Derived data is computed from what she did, such as the running shoes she bought.",
                ),
                ("Inferred.", "Inferred would be a guess, for instance from the photographs she shares."),
            ),
            right="a",
        ),
        QuizQuestion(
            "Why does this course use made-up customers?",
            Options(
                (
                    "Real customers would give the same lessons.",
                    "With real customers nobody knows the right answer.",
                ),
                (
                    "So that the true groups are known and every method can be scored.",
                    "They were planted. And nobody's privacy is touched.",
                ),
                (
                    "Because made-up customers are easier to sort.",
                    "They overlap and change on purpose, as real ones do.",
                ),
            ),
            right="b",
        ),
        QuizQuestion(
            "Which of these is a segment you can use?",
            Options(
                (
                    "People who love nature.",
                    "Whom would you write to? Nothing in the data says who they are.",
                ),
                ("Customers with an even customer number.", "Reachable, but nothing about them is alike."),
                (
                    "Customers who ordered monthly last year and agreed to e-mail.",
                    "Alike in what they do, found by a rule, and reachable.",
                ),
            ),
            right="c",
        ),
    ),
    data=StartData,
)
