"""Lesson 11: who buys for an occasion, who in a rhythm, and why a December order proves little."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

import pandas as pd

from segkit import measures
from segkit.course.lesson import Lesson, LessonData
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.questions import Choice, Fault, Labels, Mistake, Repair, Value, Wrong
from segkit.course.text import percent
from segkit.measures import calendar
from segkit.segmentation import Segmentation
from segkit.segmenters import Occasion

MAILED = 60
DAYS_AHEAD = 42
DAYS_BY_POST = 7
STRICT = 0.05


class OccasionData(LessonData):
    """What the checkers of this lesson compute from its shop."""

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Orders in every window, beside those that the season explains."""
        return measures.occasions(self.shop)

    @cached_property
    def occasions(self) -> Segmentation:
        """The occasions, as the lesson finds them."""
        return Occasion().fit(self.facts).segment(self.facts, self.shop)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Facts and labels together."""
        return self.occasions.to_pandas()

    def labels(self, rate: float) -> pd.Series:
        """The occasion of every customer where so much luck is allowed."""
        return Occasion(rate).fit_predict(self.facts).set_index("customer_id")["segment"]

    @cached_property
    def months(self) -> pd.DataFrame:
        """Orders by segment and month."""
        orders = self.shop.table("orders").merge(self.occasions.labels, on="customer_id")
        return pd.crosstab(orders["segment"], orders["ordered_at"].dt.month)

    def in_december(self) -> float:
        """Share of the Christmas customers' orders that falls in December."""
        return self.months.loc["christmas", 12] / self.months.loc["christmas"].sum()

    @cached_property
    def window(self) -> tuple[dt.date, dt.date]:
        """The next Christmas window after the shop's last day."""
        return calendar.windows(self.shop.as_of, self.shop.as_of + dt.timedelta(days=200))["christmas"][0]

    @cached_property
    def surest(self) -> pd.DataFrame:
        """Those who should be mailed: the surest of the Christmas group."""
        return self.customers[self.customers["segment"] == "christmas"].nlargest(MAILED, "probability")

    def chosen(self, result: tuple) -> pd.DataFrame:
        """The customers that an answer names, each once."""
        ids = pd.Series(result[0]["customer_id"]).unique()
        by_customer = self.customers.set_index("customer_id", drop=False)
        return by_customer.loc[[one for one in ids if one in by_customer.index]]


def quarter_of_december(data: OccasionData) -> str:
    """Answer the prediction by what was planted: a third of those called Christmas customers are not."""
    inside = data.customers.loc[data.customers["christmas_orders"] > 0, "customer_id"]
    planted = data.population.truth.set_index("customer_id")["occasion"]
    share = (planted[inside] == "christmas").mean()
    return f"{len(inside):,} customers ordered in that fortnight; {percent(share)} of them come for Christmas."


def others(result: tuple, data: OccasionData) -> pd.DataFrame:
    """Those of an answer who do not come for Christmas."""
    chosen = data.chosen(result)
    return chosen[chosen["segment"] != "christmas"]


def day_of(result: tuple) -> dt.date:
    """The day on which an answer sends."""
    return pd.Timestamp(result[1]).date()


def why_too_late(result: tuple, data: OccasionData) -> str:
    """Say what is over by the day of sending."""
    first, last = data.window
    orders = data.shop.table("orders").merge(data.occasions.labels, on="customer_id")
    days = orders.loc[orders["segment"] == "christmas", "ordered_at"].dt
    inside = (days.month == 12) & days.day.between(first.day, last.day)
    before = inside & (days.day < first.day + 7)
    return (
        f"The window opens on {first:%d %B}, and you send on {day_of(result):%d %B}. Of the group's orders in past "
        f"windows {percent(before.sum() / inside.sum())} came in the first seven days. Send before it opens."
    )


def why_surest(data: OccasionData) -> str:
    """Say how sure the mailed ones are, beside those with the most orders."""
    most = data.customers.nlargest(MAILED, "christmas_orders")
    return (
        f"Of your {MAILED}, {percent(data.surest['probability'].mean())} are expected to come for Christmas. Of the "
        f"{MAILED} with the most orders in the window, {(most['segment'] != 'christmas').sum()} are not even in the "
        "group."
    )


def why_strict(data: OccasionData) -> str:
    """Say how many finds are left."""
    named, strict = (data.labels(rate) != "none" for rate in (0.25, STRICT))
    return f"Of {named.sum():,} customers with an occasion, {strict.sum():,} are left: fewer, and surer."


lesson = Lesson(
    11,
    "Occasion and timing",
    minutes=60,
    words=[
        "occasion purchasing",
        "universal occasion",
        "personal occasion",
        "rhythm",
        "lead magnet",
        "upsell",
        "false discovery rate",
        "fact",
        "planted truth",
        "balanced accuracy",
        "oracle",
        "adjusted Rand index",
        "trust card",
        "bootstrap",
        "audience",
    ],
    prediction=Prediction(
        "Take the customers who ordered in the fortnight before Christmas. How many of them come for Christmas?",
        Options("Nearly all: why else would they order then?", "About half.", "About a quarter."),
        quarter_of_december,
    ),
    questions=[
        Value(
            "Which share of the Christmas customers' orders falls in December?",
            value=OccasionData.in_december,
            share=True,
            mistakes=[
                Mistake(
                    lambda data: data.months[12].sum() / data.months.to_numpy().sum(),
                    "That is everybody's share. Look at the line 'christmas'.",
                ),
                Mistake(
                    lambda data: data.months.loc["christmas", 12] / data.months[12].sum(),
                    "That is the share of December's orders that come from them: the other way round.",
                ),
                Mistake(
                    lambda data: (data.customers["segment"] == "christmas").mean(),
                    "That is their share of the customers, not of orders.",
                ),
            ],
            hints=(
                "The figure has a line for each segment and a column for each month. Every cell is in %.",
                "Line 'christmas', column 'Dec'. 0.5 would be half of their orders.",
            ),
            solution='months = seg.plot().twin.set_index("segment")\nanswer = months.loc["christmas", "Dec"] / 100',
            because=lambda data: (
                f"{percent(data.in_december())} of their orders, against "
                f"{percent(data.months[12].sum() / data.months.to_numpy().sum())} of everybody's."
            ),
            wrong=[Wrong('answer = "most of them"', "this is a text"), Wrong("answer = 150", "too high")],
        ),
        Labels(
            "Make the rule strict: at most one in twenty finds may be luck.",
            labels=lambda data: data.labels(STRICT),
            at_least=0.99,
            mistakes=[
                Mistake(lambda data: data.labels(0.25), "This is the rule as it was: one find in four may be luck."),
                Mistake(lambda data: data.labels(0.5), "This allows one find in two to be luck: that is looser."),
                Mistake(lambda data: data.labels(0.2), "0.2 is one in five. What is one in twenty?"),
                Mistake(lambda data: data.labels(0.95), "The number is how much may be luck, not how sure you are."),
            ],
            hints=(
                "The number in the brackets is the share of finds that may be luck. It was 0.25.",
                "One in twenty is 1 divided by 20.",
            ),
            solution="answer = sk.Occasion(0.05)",
            because=why_strict,
            wrong=[
                Wrong("answer = sk.Occasion()", "the rule as it was"),
                Wrong("answer = sk.Occasion(0.2)", "What is one in twenty?"),
                Wrong("answer = sk.Occasion(20)", "must be a number between 0 and 1"),
                Wrong("answer = 0.05", "one group per customer"),
            ],
        ),
        Choice(
            "Who has no occasion any more under the strict rule?",
            options=Options(
                ("Mostly regulars with many orders.", "Many orders tell much: most of them keep their occasion."),
                ("Customers who are not sure themselves.", "The rule knows orders; nobody was asked."),
                (
                    "Mostly customers with a single order.",
                    "One order in a window is a hint, not proof. Only a second one would tell.",
                ),
                ("Everybody who buys for a birthday.", "Birthdays are tested like the other windows, and many stay."),
            ),
            right="c",
            hints=("What would make you sure that somebody comes for Christmas?", "How much can one order tell?"),
        ),
        Repair(
            "Repair the mailing: the 60 surest Christmas customers, and a day that is in time.",
            given=lambda data: data.customers,
            faults=[
                Fault(
                    lambda result, data: len(data.chosen(result)) != MAILED,
                    lambda result, data: (
                        f"The list holds {len(data.chosen(result)):,} customers; there are {MAILED} guides."
                    ),
                ),
                Fault(
                    lambda result, data: len(others(result, data)) > 0,
                    lambda result, data: (
                        f"{len(others(result, data))} of your {MAILED} do not come for Christmas: on average they "
                        f"placed {others(result, data)['orders'].mean():.0f} orders, so some fall into any "
                        "window. Keep the segment 'christmas', then pick."
                    ),
                ),
                Fault(
                    lambda result, data: (
                        data.chosen(result)["probability"].sum() < 0.999 * data.surest["probability"].sum()
                    ),
                    lambda result, data: (
                        "They are in the group, but others in it are surer. Which column says how sure?"
                    ),
                ),
                Fault(
                    lambda result, data: day_of(result).year < 2000,
                    lambda result, data: 'Write the day in numbers, with its year, such as "2026-12-25".',
                ),
                Fault(lambda result, data: day_of(result) >= data.window[0], why_too_late),
                Fault(
                    lambda result, data: (data.window[0] - day_of(result)).days < DAYS_BY_POST,
                    lambda result, data: (
                        f"The window opens on {data.window[0]:%d %B}, and a printed guide is in the post for days. "
                        f"Send it {DAYS_BY_POST} days ahead at least."
                    ),
                ),
                Fault(
                    lambda result, data: (data.window[0] - day_of(result)).days > DAYS_AHEAD,
                    lambda result, data: (
                        f"That is {(data.window[0] - day_of(result)).days} days before the window opens on "
                        f"{data.window[0]:%d %B}: forgotten by then. Send at most {DAYS_AHEAD} days ahead."
                    ),
                ),
            ],
            hints=(
                "Two things are wrong: who is picked, and when the guide goes out.",
                'Keep the rows with segment "christmas", pick by "probability", and choose a day at the end of '
                "November.",
            ),
            solution=(
                "def answer(customers):\n"
                '    group = customers[customers["segment"] == "christmas"]\n'
                '    return group.nlargest(60, "probability"), "2026-11-25"'
            ),
            because=why_surest,
            wrong=[
                Wrong("answer = mailing", "do not come for Christmas"),
                Wrong(
                    'answer = lambda customers: (customers.nlargest(60, "orders"), "2026-11-25")',
                    "do not come for Christmas",
                ),
                Wrong(
                    'answer = lambda customers: (customers[customers["segment"] == "christmas"]'
                    '.nsmallest(60, "probability"), "2026-11-25")',
                    "others in it are surer",
                ),
                Wrong(
                    'answer = lambda customers: (customers[customers["segment"] == "christmas"]'
                    '.nlargest(60, "probability"), "2026-12-25")',
                    "Send before it opens",
                ),
                Wrong(
                    'answer = lambda customers: (customers[customers["segment"] == "christmas"]'
                    '.nlargest(60, "probability"), "2026-12-11")',
                    "in the post for days",
                ),
                Wrong(
                    'answer = lambda customers: (customers[customers["segment"] == "christmas"]'
                    '.nlargest(60, "probability"), "1 December")',
                    "with its year",
                ),
                Wrong(
                    'answer = lambda customers: (customers[customers["segment"] == "christmas"]'
                    '.nlargest(60, "probability"), "2026-10-01")',
                    "forgotten by then",
                ),
                Wrong(
                    'answer = lambda customers: (customers[customers["segment"] == "christmas"]'
                    '.nlargest(30, "probability"), "2026-11-25")',
                    "The list holds 30 customers",
                ),
                Wrong('answer = lambda customers: customers.nlargest(60, "chance")', "There is no fact 'chance'"),
                Wrong("answer = lambda customers: 3", "should return what it returned before"),
            ],
        ),
    ],
    quiz=Quiz(
        QuizQuestion(
            "Everybody buys more in December. What does the rule do about it?",
            Options(
                (
                    "It compares with what the shop's own season would put into the window.",
                    "Only what goes beyond the season speaks for the occasion.",
                ),
                ("Nothing; a December order is a December order.", "Then every regular would be a Christmas customer."),
                ("It leaves December out.", "Then nobody could come for Christmas."),
            ),
            right="a",
        ),
        QuizQuestion(
            "A shelf sold 1.3 times what was expected in January, and luck is 0.24. What follows?",
            Options(
                ("Order more of it for January.", "A list of many pairs always has a top. Here luck may have made it."),
                (
                    "Keep an eye on it next January.",
                    "An idea to watch. A second January, or more customers, would tell.",
                ),
                ("The shelf sells badly.", "It sold more than expected, only not surely so."),
            ),
            right="b",
        ),
        QuizQuestion(
            "You do not know the birthday of some customers. What is a good way to learn it?",
            Options(
                ("Guess it from the dates of their orders.", "A guess that goes wrong is worse than none."),
                ("Leave it: the others are enough.", "Then those customers never get a birthday message."),
                (
                    "Ask, and give something for it, such as a guide.",
                    "That is a lead magnet: they know what they give and why.",
                ),
            ),
            right="c",
        ),
    ),
    reveal_facts=("orders",),
    data=OccasionData,
)
