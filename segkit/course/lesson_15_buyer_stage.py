"""Lesson 15: how far customers have come on the way to buying, who is stalled, and whose cart is still open."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from segkit import measures
from segkit.course.lesson import Lesson, LessonData
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.questions import Choice, Fault, Labels, Mistake, Repair, Value, Wrong
from segkit.course.text import percent
from segkit.segmentation import Segmentation
from segkit.segmenters import BuyerStage

CART_DAYS = 30


class BuyerStageData(LessonData):
    """What the checkers of this lesson compute from its shop."""

    @cached_property
    def facts(self) -> pd.DataFrame:
        """When each customer first and last reached each stage."""
        return measures.journey(self.shop)

    def read_as(self, model: str) -> Segmentation:
        """The stages of one of the two models."""
        return BuyerStage(model=model).fit(self.facts).segment(self.facts)

    @cached_property
    def funnel(self) -> pd.DataFrame:
        """The numbers of the figure, by stage."""
        return self.read_as("six").plot("funnel").twin.set_index("stage")

    def stages(self, model: str) -> pd.Series:
        """The stage of every customer, by customer."""
        return self.read_as(model).labels.set_index("customer_id")["segment"]

    @cached_property
    def left_a_cart(self) -> pd.DataFrame:
        """The customers who ever left a cart."""
        return self.facts[self.facts["cart_days"].notna()]

    @cached_property
    def open_carts(self) -> pd.DataFrame:
        """Those whose last cart was left within the last days, without an order since."""
        return self.left_a_cart.query("cart_days <= @CART_DAYS and cart_ordered == 0")

    def quality(self) -> str:
        """Say whose journey is known, and how much of the log is nobody's."""
        events = self.shop.table("events")
        return (
            f"{len(self.facts):,} customers were here, {(self.facts['orders'] > 0).sum():,} have ordered.\n"
            f"The log holds {len(events):,} events, {percent(events['customer_id'].isna().mean())} of them made "
            "without signing in. Of these we count\nthe ones from a browser where a single customer has signed in."
        )


def still_open(data: BuyerStageData) -> str:
    """Answer the prediction."""
    ever, now = len(data.left_a_cart), len(data.open_carts)
    return (
        f"Of the {ever:,} customers who ever left a cart, {now:,} ({percent(now / ever)}) left one in the last "
        f"{CART_DAYS} days and have not ordered since."
    )


def in_action(data: BuyerStageData) -> str:
    """Say what action holds together, with the lesson's numbers."""
    six = data.funnel["there_now"]
    action = six[["purchase", "adoption", "advocacy"]].sum()
    return (
        f"Nobody changes place: the same log is read with fewer words. {percent(action / six.sum())} of the customers "
        "are in action, the last stage."
    )


def share_stalled(data: BuyerStageData) -> str:
    """Explain exercise 1, with the lesson's numbers."""
    row = data.funnel.loc["education"]
    return (
        f"{row['stalled']:,.0f} of {row['there_now']:,.0f}, {percent(row['stalled'] / row['there_now'])}. Those who go "
        "on do it quickly; who is still there is mostly somebody who did not."
    )


def too_old(result: pd.DataFrame, data: BuyerStageData) -> pd.DataFrame:
    """The customers on a list whose last cart was not left in the last days."""
    return data.named(result).query("not cart_days <= @CART_DAYS")


def ordered_since(result: pd.DataFrame, data: BuyerStageData) -> pd.DataFrame:
    """The customers on a list who have ordered after they left their cart."""
    return data.named(result).query("cart_ordered == 1")


def left_out(result: pd.DataFrame, data: BuyerStageData) -> pd.DataFrame:
    """The customers with an open cart who are not on a list."""
    return data.open_carts[~data.open_carts["customer_id"].isin(data.named(result)["customer_id"])]


def why_left_out(result: pd.DataFrame, data: BuyerStageData) -> str:
    """Say whose open cart is forgotten."""
    forgotten = left_out(result, data)
    buyers = (forgotten["orders"] > 0).sum()
    return (
        f"{len(forgotten):,} customers with an open cart are not on your list; {buyers:,} of them have ordered at some "
        "time, before they left this cart. Which fact says whether an order came after the cart?"
    )


def why_reminded(data: BuyerStageData) -> str:
    """Say who the right list holds."""
    buyers = (data.open_carts["orders"] > 0).sum()
    return (
        f"{len(data.open_carts):,} customers. {buyers:,} of them have ordered before, "
        f"{len(data.open_carts) - buyers:,} never."
    )


lesson = Lesson(
    15,
    "Buyer stage",
    minutes=50,
    words=[
        "buyer stage",
        "AIDA",
        "six-stage journey",
        "event log",
        "funnel",
        "stalled",
        "abandoned cart",
    ],
    prediction=Prediction(
        "Most customers have left a cart at some time. Of these, how many left one in the last 30 days and have not "
        "ordered since?",
        Options("Nearly all: they did not buy.", "About half.", "About one in five."),
        still_open,
        right="c",
    ),
    questions=[
        Value(
            "Which share of the customers who are in education now is stalled?",
            value=lambda data: data.funnel.loc["education", "stalled"] / data.funnel.loc["education", "there_now"],
            share=True,
            mistakes=[
                Mistake(
                    lambda data: data.funnel.loc["education", "stalled"] / data.funnel.loc["education", "reached"],
                    "You divided by all who ever reached education. Most of them are further on by now.",
                ),
                Mistake(
                    lambda data: data.funnel.loc["education", "there_now"] / data.funnel.loc["education", "stalled"],
                    "A share is never larger than 1. Turn it round.",
                ),
                Mistake(
                    lambda data: data.funnel.loc["education", "stalled"],
                    "That is how many are stalled, not which share.",
                ),
                Mistake(
                    lambda data: data.funnel.loc["education", "there_now"] / data.funnel.loc["education", "reached"],
                    "That is the share who are still in education, stalled or not.",
                ),
                Mistake(
                    lambda data: data.funnel["stalled"].sum() / data.funnel["there_now"].sum(),
                    "That is the share of all stages together. Look at the line 'education'.",
                ),
            ],
            hints=(
                "In the table under the figure, look at the line 'education': who is there now, and who is stalled?",
                "Divide the last number of that line by the one under there_now. Python divides with /.",
            ),
            solution=(
                'line = seg.plot().twin.set_index("stage").loc["education"]\n'
                'answer = line["stalled"] / line["there_now"]'
            ),
            because=share_stalled,
            wrong=[Wrong('answer = "nearly all"', "this is a text"), Wrong("answer = 0.3", "too low")],
        ),
        Labels(
            "Read the same log in the four stages of AIDA.",
            labels=lambda data: data.stages("aida"),
            at_least=0.99,
            mistakes=[
                Mistake(lambda data: data.stages("six"), "These are still the six stages. Which model has four?"),
            ],
            hints=(
                "BuyerStage takes a model; without one it reads six stages.",
                "The model's name goes in quotes: the first letters of attention, interest, desire, action.",
            ),
            solution='answer = sk.BuyerStage(model="aida")',
            because=in_action,
            wrong=[
                Wrong("answer = sk.BuyerStage()", "still the six stages"),
                Wrong('answer = sk.BuyerStage(model="AIDAS")', "Did you mean 'aida'"),
                Wrong('answer = "aida"', "this is a text"),
                Wrong("answer = sk.Usage()", "There is no fact 'orders_per_year'"),
                Wrong('answer = sk.BuyerStage(model="aida", window_days=1)', "are grouped as asked"),
            ],
        ),
        Choice(
            "What can you no longer tell, when you read the log as AIDA?",
            options=Options(
                ("Who has only looked so far.", "AIDA tells: they are in attention, interest or desire."),
                (
                    "Who ordered once, who came back and who recommends the shop.",
                    "All three are in action. AIDA ends with the sale; for what comes after, take the six stages.",
                ),
                ("Whose cart is still open.", "The column cart is there with either model."),
                ("Who is stalled before the first order.", "AIDA tells: its first three stages have days too."),
            ),
            right="b",
            hints=("Compare the last lines of the two funnels.", "Which of the six stages become one?"),
        ),
        Repair(
            "Repair the reminder list: carts left in the last 30 days, with no order since.",
            faults=[
                Fault(
                    lambda result, data: data.named(result).empty,
                    lambda result, data: "The list is empty. Return the rows of the customers to remind.",
                ),
                Fault(
                    lambda result, data: len(too_old(result, data)) > 0,
                    lambda result, data: (
                        f"{len(too_old(result, data)):,} customers on your list left no cart in the last {CART_DAYS} "
                        "days. Which fact counts the days since a cart?"
                    ),
                ),
                Fault(
                    lambda result, data: len(ordered_since(result, data)) > 0,
                    lambda result, data: (
                        f"{len(ordered_since(result, data)):,} customers on your list have ordered since they left the "
                        "cart. They would be reminded of what they may have bought."
                    ),
                ),
                Fault(lambda result, data: len(left_out(result, data)) > 0, why_left_out),
            ],
            hints=(
                "Two things are wrong: how old a cart may be, and which orders close it. A regular has orders, and may "
                "have an open cart all the same.",
                'Keep "cart_days" of at most 30, and then "cart_ordered" equal to 0: no order came after the cart.',
            ),
            solution=(
                "def answer(facts):\n"
                '    left = facts[facts["cart_days"] <= 30]\n'
                '    return left[left["cart_ordered"] == 0]'
            ),
            because=why_reminded,
            where="The data table names the two that tell of carts.",
            wrong=[
                Wrong("answer = reminder", "left no cart in the last 30 days"),
                Wrong(
                    'answer = lambda facts: facts[(facts["cart_days"] <= 30) & (facts["orders"] == 0)]',
                    "customers with an open cart are not on your list",
                ),
                Wrong('answer = lambda facts: facts[facts["cart_days"] <= 30]', "have ordered since they left"),
                Wrong('answer = lambda facts: facts[facts["cart_ordered"] == 0]', "left no cart in the last 30 days"),
                Wrong(
                    'answer = lambda facts: facts[(facts["cart_days"] <= 7) & (facts["cart_ordered"] == 0)]',
                    "customers with an open cart are not on your list",
                ),
                Wrong('answer = lambda facts: facts[facts["cart"] == "open"]', "There is no fact 'cart'. The data"),
                Wrong("answer = lambda facts: facts.head(0)", "The list is empty"),
                Wrong("answer = lambda facts: facts.few()", "The function stops: AttributeError"),
            ],
        ),
    ],
    quiz=Quiz(
        QuizQuestion(
            "A regular customer looked at a jacket yesterday. In which stage is she?",
            Options(
                (
                    "Education: that is what she did last.",
                    "What she did last tells what she looks at now, not how far she has come with the shop.",
                ),
                ("Adoption: an order is not undone by looking around.", "She has come as far as a second order."),
                ("Purchase: she may order the jacket.", "Purchase is the stage of one order. She has several."),
            ),
            right="b",
        ),
        QuizQuestion(
            "A customer is stalled in education. What do you know?",
            Options(
                ("She will never buy.", "One in ten of those who moved on took as long, and some have moved on later."),
                (
                    "She has been there longer than nine of ten who moved on took.",
                    "That is all it says. Why she stays, you must ask her.",
                ),
                ("She needs a voucher.", "Perhaps she needs a size guide. The log says where she stands, not why."),
            ),
            right="b",
        ),
        QuizQuestion(
            "Why is a cart taken off the reminder list when an order comes?",
            Options(
                (
                    "Because the customer probably has what she wanted, and a reminder or a voucher comes too late.",
                    "The order may be for something else. Still, a wrong reminder annoys, and a voucher is given away.",
                ),
                ("Because customers may not be written to twice.", "They may, if they agreed. This is about sense."),
                ("Because the cart is deleted from the log.", "It stays there. The list is what is cleaned up."),
            ),
            right="a",
        ),
    ),
    reveal_facts=("orders", "visits", "recommendations", "consideration_days"),
    data=BuyerStageData,
)
