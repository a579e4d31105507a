"""Lesson 14: who comes back, who speaks for the shop, who has gone quiet, and what lifts whom."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from segkit import measures
from segkit.course.lesson import Lesson, LessonData
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.questions import Choice, Fault, Labels, Mistake, Repair, Value, Wrong
from segkit.course.text import percent
from segkit.segmentation import Segmentation
from segkit.segmenters import Loyalty

OFTEN = 5
LETTERS = 100
ATTACHED = ("loyal", "advocate")


class LoyaltyData(LessonData):
    """What the checkers of this lesson compute from its shop."""

    @cached_property
    def facts(self) -> pd.DataFrame:
        """How customers come back, and what they do beside buying."""
        return measures.loyalty(self.shop)

    @cached_property
    def ladder(self) -> Segmentation:
        """The customers by rung."""
        return Loyalty().fit(self.facts).segment(self.facts)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Facts and rung, one row per customer."""
        return self.ladder.to_pandas()

    @cached_property
    def often(self) -> pd.Series:
        """The rungs of those who ordered five times or more, as shares."""
        return self.customers.loc[self.customers["orders"] >= OFTEN, "segment"].value_counts(normalize=True)

    def labels(self, **how: float) -> pd.Series:
        """The rungs with other parameters, by customer."""
        return Loyalty(**how).fit_predict(self.facts).set_index("customer_id")["segment"]

    @cached_property
    def lapsed(self) -> pd.DataFrame:
        """Those who have gone quiet."""
        return self.customers[self.customers["segment"] == "lapsed"]

    @cached_property
    def worth_a_letter(self) -> pd.DataFrame:
        """Of those who have gone quiet, the ones who brought the most revenue."""
        return self.lapsed.nlargest(LETTERS, "revenue")

    def chosen(self, answer) -> pd.DataFrame:
        """The rows of the customers that an answer names, each once."""
        ids = answer["customer_id"] if isinstance(answer, pd.DataFrame) else pd.Series(answer)
        return self.customers[self.customers["customer_id"].isin(ids)]

    def truly_gone(self, customers: pd.DataFrame) -> float:
        """Which share of these customers was planted as having left."""
        truth = self.population.truth.set_index("customer_id")["loyalty_state"]
        return float((truth.reindex(customers["customer_id"]) == "lapsed").mean())


def orders_of_rungs(data: LoyaltyData) -> str:
    """Answer the prediction."""
    means = data.customers.groupby("segment")["orders"].mean()
    return (
        f"Orders placed, on average: repeat {means['repeat']:.1f}, loyal {means['loyal']:.1f}, advocate "
        f"{means['advocate']:.1f}."
    )


def why_slower(data: LoyaltyData) -> str:
    """Say how many are no longer called lapsed, and what is won and lost."""
    slower = data.labels(lapsed_below=0.01)
    kept = data.lapsed[data.lapsed["customer_id"].isin(slower[slower == "lapsed"].index)]
    return (
        f"Lapsed are {len(kept):,} customers now, not {len(data.lapsed):,}. The truth behind it: of the "
        f"{len(data.lapsed):,} {percent(data.truly_gone(data.lapsed))} have left, of the {len(kept):,} "
        f"{percent(data.truly_gone(kept))}. Fewer false alarms, and more who are missed."
    )


def why_not_lapsed(result: pd.DataFrame, data: LoyaltyData) -> str:
    """Say on which rung the wrong ones stand."""
    others = data.chosen(result).query("segment != 'lapsed'")
    commonest = others["segment"].value_counts()
    once = " Who never came back has nothing to come back to." if commonest.index[0] == "one_time" else ""
    return (
        f"{len(others)} of the {LETTERS} are not lapsed; {commonest.iloc[0]} of them are "
        f"{commonest.index[0]}.{once} Which column says on which rung somebody stands?"
    )


def why_poorer(result: pd.DataFrame, data: LoyaltyData) -> str:
    """Say what the wrong list brought beside the right one."""
    return (
        f"All of them are lapsed. Yours brought {data.chosen(result)['revenue'].sum():,.0f}; another {LETTERS} lapsed "
        f"customers brought {data.worth_a_letter['revenue'].sum():,.0f}. Whom is it worst to lose?"
    )


def why_letters(data: LoyaltyData) -> str:
    """Say what the list is worth, and how many would come back without it."""
    longest = data.customers.nlargest(LETTERS, "recency_days")
    return (
        f"These {LETTERS} brought {data.worth_a_letter['revenue'].sum():,.0f}, the first list "
        f"{longest['revenue'].sum():,.0f}. The truth behind it: {percent(data.truly_gone(data.worth_a_letter))} of "
        "yours have left; the others are only slow. They get a letter they did not need."
    )


lesson = Lesson(
    14,
    "Loyalty",
    minutes=60,
    words=["customer loyalty", "loyalty programme", "advocate", "lapsed", "interval", "customer lifetime value"],
    prediction=Prediction(
        "Take the loyal customers and the advocates, who take part or recommend. How many orders do they place, beside "
        "those who merely come back?",
        Options("About as many.", "Half as many again.", "More than twice as many."),
        orders_of_rungs,
        right="a",
    ),
    questions=[
        Value(
            "Of the customers with five orders or more, which share stands on the two top rungs, loyal and advocate?",
            value=lambda data: data.often[list(ATTACHED)].sum(),
            share=True,
            mistakes=[
                Mistake(lambda data: data.often["loyal"], "That is loyal alone; advocates belong to it."),
                Mistake(lambda data: data.often["advocate"], "That is advocates alone; the loyal belong to it."),
                Mistake(
                    lambda data: data.customers["segment"].isin(ATTACHED).mean(),
                    "That is the share of all customers. Read the row with five orders or more.",
                ),
                Mistake(
                    lambda data: (data.customers.query("segment in @ATTACHED")["orders"] >= OFTEN).mean(),
                    "That is the other way round: of the loyal and advocates, how many order often.",
                ),
            ],
            hints=(
                "The table has one row for five orders or more: its shares add up to 1.",
                "Add the shares of 'loyal' and 'advocate' in that row. 0.5 would be half of them.",
            ),
            solution='answer = shares["five or more", "loyal"] + shares["five or more", "advocate"]',
            because=lambda data: (
                f"{percent(data.often[list(ATTACHED)].sum())} of them take part or recommend; "
                f"{percent(data.often['repeat'])} merely come back, and {percent(data.often['lapsed'])} have gone "
                "quiet."
            ),
            wrong=[
                Wrong("answer = 1.5", "1.5 per cent is too low"),
                Wrong('answer = "few"', "this is a text"),
                Wrong('answer = "0,433"', "with a point, not with a comma: 0.433"),
                Wrong("answer = 0,433", "with a point, not with a comma: 0.433"),
            ],
        ),
        Labels(
            "Be slower to give somebody up: call lapsed only those whose silence would happen by chance to fewer than "
            "1 in 100 customers with their rhythm.",
            labels=lambda data: data.labels(lapsed_below=0.01),
            at_least=0.99,
            mistakes=[
                Mistake(lambda data: data.labels(), "This is still 1 in 10, the usual setting."),
                Mistake(lambda data: data.labels(lapsed_below=0.5), "This is 1 in 2, and quicker, not slower."),
            ],
            hints=(
                "lapsed_below is a chance between 0 and 1.",
                "1 in 10 is 0.1. What is 1 in 100?",
            ),
            solution="answer = sk.Loyalty(lapsed_below=0.01)",
            because=why_slower,
            wrong=[
                Wrong("answer = sk.Loyalty()", "still 1 in 10"),
                Wrong("answer = sk.Loyalty(lapsed_below=0.5)", "quicker, not slower"),
                Wrong("answer = sk.Loyalty(lapsed_below=1)", "between 0 and 1"),
                Wrong("answer = sk.Loyalty(lapsed_below=100)", "between 0 and 1"),
                Wrong('answer = sk.Loyalty(lapsed_below="0.01")', "write it without quotes, 0.01."),
                Wrong('answer = sk.Loyalty(lapsed_below="1 in 100")', "1 / 100 or 0.01, without quotes"),
                Wrong("answer = 0.01", "this is a number"),
            ],
        ),
        Choice(
            "Some customers are no longer called lapsed by that. Who are they?",
            options=Options(
                (
                    "Those with a shorter silence.",
                    "Their silence may still be chance. Waiting raises fewer false alarms, and finds fewer in time.",
                ),
                ("Those with the most orders.", "They have hardly more orders than those who stay lapsed."),
                (
                    "Those who opened a message.",
                    "Who opens messages was not called lapsed in the first place.",
                ),
            ),
            right="a",
            hints=(
                "What must be unlikely for somebody to be called lapsed?",
                "The longer a silence, the less likely it is chance. Which silences are still likely enough?",
            ),
        ),
        Repair(
            "Repair the list: the 100 lapsed customers whom it is worst to lose, by revenue, get a letter.",
            given=lambda data: data.customers,
            faults=[
                Fault(
                    lambda result, data: len(data.chosen(result)) != LETTERS,
                    lambda result, data: f"The list holds {len(data.chosen(result)):,} for {LETTERS} letters.",
                ),
                Fault(lambda result, data: (data.chosen(result)["segment"] != "lapsed").any(), why_not_lapsed),
                Fault(
                    lambda result, data: (
                        data.chosen(result)["revenue"].sum() < data.worth_a_letter["revenue"].sum() * 0.999
                    ),
                    why_poorer,
                ),
            ],
            hints=(
                "Two things are wrong: a long silence alone is not a lapse, and it does not say who is worth most.",
                'Keep the rows whose "segment" is "lapsed", then take the largest "revenue".',
            ),
            solution=(
                "def answer(customers):\n"
                '    quiet = customers[customers["segment"] == "lapsed"]\n'
                '    return quiet.nlargest(100, "revenue")'
            ),
            because=why_letters,
            where="The columns are the facts, and segment.",
            wrong=[
                Wrong("answer = letters", "Who never came back has nothing to come back to."),
                Wrong('answer = lambda customers: customers.nlargest(100, "revenue")', "are not lapsed"),
                Wrong(
                    'answer = lambda customers: customers[customers["segment"] == "lapsed"]'
                    '.nlargest(100, "recency_days")',
                    "Whom is it worst to lose?",
                ),
                Wrong('answer = lambda customers: customers[customers["segment"] == "lapsed"]', "for 100 letters"),
                Wrong('answer = lambda customers: customers.nlargest(100, "value")', "There is no fact 'value'"),
                Wrong("answer = lambda customers: 3", "The list holds 0 for"),
            ],
        ),
    ],
    quiz=Quiz(
        QuizQuestion(
            "Of the customers who ordered again within 90 days, twice as many still order later in the year. What "
            "follows?",
            Options(
                (
                    "A voucher for a second order makes people loyal.",
                    "Perhaps they came back because they liked the shop anyway. Only a test can tell.",
                ),
                (
                    "An early second order is a sign to watch, and pushing it is worth a test.",
                    "The data give the idea; some customers drawn by lot, and others not, give the proof.",
                ),
                ("Nothing: it is chance.", "The interval leaves 0 out by far; chance alone does not do that."),
            ),
            right="b",
        ),
        QuizQuestion(
            "Two customers have been silent for 150 days. Which is lapsed?",
            Options(
                ("Both: 150 days are long.", "Long beside what? One may order once a year."),
                (
                    "The one who used to order every two weeks, if they no longer open messages either.",
                    "A silence is long or short beside the customer's own rhythm.",
                ),
                ("Neither, before a year is over.", "By then the first one has long found another shop."),
            ),
            right="b",
        ),
        QuizQuestion(
            "The interval of the step from repeat to loyal holds 0. What do you tell your manager?",
            Options(
                (
                    "The programme is worthless.",
                    "That is not shown either: the interval also holds large gains, and members recommend.",
                ),
                (
                    "From these data we cannot say that members bring more revenue.",
                    "The figure may be gain or loss; more data or a test would narrow it.",
                ),
                ("It brings nothing, exactly 0.", "0 is one of many values the interval holds."),
            ),
            right="b",
        ),
    ),
    reveal_facts=("orders", "recency_days"),
    data=LoyaltyData,
)
