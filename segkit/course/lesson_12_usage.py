"""Lesson 12: light, medium and heavy users, and why heavy is not the same as valuable."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from segkit.course.lesson import Lesson, LessonData
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.questions import Choice, Fault, Labels, Mistake, Repair, Value, Wrong
from segkit.course.text import percent
from segkit.segmentation import Segmentation
from segkit.segmenters import Usage

INVITED = 50
RECENT_DAYS = 180


class UsageData(LessonData):
    """What the checkers of this lesson compute from its shop."""

    @cached_property
    def usage(self) -> Segmentation:
        """Light, medium and heavy by orders a year."""
        return Usage().fit(self.facts).segment(self.facts)

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """The table of sizes, by segment."""
        return self.usage.sizes().set_index("segment")

    def labels(self, by: str) -> pd.Series:
        """Light, medium and heavy by any fact, by customer."""
        return Usage(by=by).fit_predict(self.facts).set_index("customer_id")["segment"]

    def moved_up(self) -> pd.DataFrame:
        """The customers who are light by orders a year and more than that by pieces."""
        by_customer = self.facts.set_index("customer_id")
        up = (self.labels("orders_per_year") == "light") & (self.labels("quantity") != "light")
        return by_customer.loc[up[up].index]

    @cached_property
    def recent(self) -> pd.DataFrame:
        """The customers who ordered within the last half year."""
        return self.facts[self.facts["recency_days"] <= RECENT_DAYS]

    @cached_property
    def most_valuable(self) -> pd.DataFrame:
        """The guests of the evening: the most revenue among recent customers."""
        return self.recent.nlargest(INVITED, "revenue")

    def groups_of(self, customers: pd.DataFrame) -> str:
        """How many of some customers are in each group, the largest first."""
        counts = self.labels("orders_per_year")[customers["customer_id"]].value_counts()
        return " and ".join(f"{count:,} are {name}" for name, count in counts.items())


def light_share_of_high(data: UsageData) -> str:
    """Answer the prediction."""
    high = data.usage.grid("revenue")["high"]
    return f"Of the {high.sum():,} customers with high revenue, {percent(high['light'] / high.sum())} are light users."


def mean_pieces(customers: pd.DataFrame) -> float:
    """Pieces in a typical order of these customers."""
    return customers["quantity"].sum() / customers["orders"].sum()


def why_pieces(data: UsageData) -> str:
    """Say how many change group, with the lesson's numbers."""
    moved = data.moved_up()
    light = data.usage.to_pandas().query("segment == 'light'")
    return (
        f"By pieces, {len(moved):,} of the {len(light):,} light users are no longer light. They take "
        f"{mean_pieces(moved):.1f} pieces an order; all light users take {mean_pieces(light):.1f}."
    )


def why_poorer(result: pd.DataFrame, data: UsageData) -> str:
    """Say what the wrong guest list leaves on the table, or which customers it was picked from."""
    invited, best = data.named(result), data.most_valuable
    if invited["revenue"].is_monotonic_decreasing or invited["revenue"].is_monotonic_increasing:
        return (
            "The fact is right, but you kept other customers than those who ordered in the last "
            f"{RECENT_DAYS} days."
        )
    left_out = len(set(best["customer_id"]) - set(invited["customer_id"]))
    return (
        f"Your {INVITED} guests brought {invited['revenue'].sum():,.0f}. Another {INVITED} recent customers brought "
        f"{best['revenue'].sum():,.0f}: {left_out} of them are not on your list. Which fact measures value?"
    )


def why_guests(data: UsageData) -> str:
    """Say who the right guests are, and how many of them a list by orders misses."""
    best = data.most_valuable
    by_orders = data.recent.nlargest(INVITED, "orders")
    missed = len(set(best["customer_id"]) - set(by_orders["customer_id"]))
    return (
        f"These {INVITED} guests brought {best['revenue'].sum():,.0f}. Of them {data.groups_of(best)}. "
        f"The {INVITED} recent customers with the most orders miss {missed} of them."
    )


lesson = Lesson(
    12,
    "Usage",
    minutes=45,
    words=[
        "customer usage",
        "light user",
        "medium user",
        "heavy user",
        "professional user",
        "fact",
        "revenue",
        "median",
        "planted truth",
        "balanced accuracy",
        "oracle",
        "adjusted Rand index",
        "trust card",
        "bootstrap",
        "audience",
        "campaign",
    ],
    prediction=Prediction(
        "Take the customers who bring the most revenue. How many of them are light users?",
        Options("Nobody: who buys seldom brings little.", "A few, but more than one in twenty.", "About half."),
        light_share_of_high,
    ),
    questions=[
        Value(
            "Which share of the revenue comes from heavy users?",
            value=lambda data: data.sizes.loc["heavy", "revenue_share"],
            share=True,
            mistakes=[
                Mistake(
                    lambda data: data.sizes.loc["heavy", "share"],
                    "That is their share of customers, not of revenue.",
                ),
                Mistake(
                    lambda data: data.sizes.loc["light", "revenue_share"],
                    "That is the light users' share of revenue.",
                ),
                Mistake(
                    lambda data: data.sizes.loc["heavy", "revenue"],
                    "That is their revenue in money, not its share.",
                ),
            ],
            hints=(
                "seg.sizes() has one line per segment. Look at the line 'heavy'.",
                "The last column of that line, revenue_share, is the answer. 0.5 would be half of the revenue.",
            ),
            solution='sizes = seg.sizes().set_index("segment")\nanswer = sizes.loc["heavy", "revenue_share"]',
            because=lambda data: (
                f"{percent(data.sizes.loc['heavy', 'share'])} of the customers bring "
                f"{percent(data.sizes.loc['heavy', 'revenue_share'])} of the revenue."
            ),
            wrong=[Wrong('answer = "most of it"', "this is a text"), Wrong("answer = 1.5", "1.5 per cent is too low")],
        ),
        Labels(
            "Measure how much instead of how often: cut the customers by the pieces they bought.",
            labels=lambda data: data.labels("quantity"),
            at_least=0.99,
            mistakes=[
                Mistake(
                    lambda data: data.labels("orders_per_year"),
                    "This still measures how often: orders a year.",
                ),
                Mistake(lambda data: data.labels("orders"), "Orders are how often. Which fact counts pieces?"),
                Mistake(lambda data: data.labels("categories"), "Categories are how many features, not how much."),
                Mistake(lambda data: data.labels("revenue"), "Revenue is value. A use is counted in pieces."),
            ],
            hints=(
                "Look in the data table: which fact has the unit 'pieces'?",
                'The name of the fact goes in quotes: sk.Usage(by="...").',
            ),
            solution='answer = sk.Usage(by="quantity")',
            because=why_pieces,
            where="Look in the data table: which fact has the unit 'pieces'?",
            wrong=[
                Wrong("answer = sk.Usage()", "still measures how often"),
                Wrong('answer = sk.Usage(by="revenue")', "Revenue is value"),
                Wrong(
                    'answer = sk.Usage(by="pieces")',
                    "There is no fact 'pieces'. Look in the data table: which fact has the unit 'pieces'?",
                ),
                Wrong('answer = "quantity"', "this is a text"),
                Wrong('answer = sk.Usage(by="tenure_days")', "are grouped as asked"),
            ],
        ),
        Choice(
            "Some light users stop being light when you count pieces. Who are they most likely?",
            options=Options(
                (
                    "New customers, who have not had time to order often.",
                    "A new customer has bought few pieces too, so stays light.",
                ),
                (
                    "Customers who take many pieces in each order; clubs are more common among them.",
                    "Few orders, more pieces in each. An order count cannot see that.",
                ),
                ("Customers who pay the highest prices.", "Prices do not enter a count of pieces."),
                ("Mistakes in the data.", "Both counts are right; they answer two questions."),
            ),
            right="b",
            hints=("Pieces are orders times pieces in an order.", "Who takes more than others do at once?"),
        ),
        Repair(
            "Repair the guest list: the most valuable customers who ordered within the last 180 days.",
            faults=[
                Fault(
                    lambda result, data: len(data.named(result)) != INVITED,
                    lambda result, data: (
                        f"The list holds {len(data.named(result)):,} customers; {INVITED} are invited."
                    ),
                ),
                Fault(
                    lambda result, data: (
                        data.named(result)["revenue"].sum() < data.most_valuable["revenue"].sum() * 0.999
                    ),
                    why_poorer,
                ),
                Fault(
                    lambda result, data: (data.named(result)["recency_days"] > RECENT_DAYS).any(),
                    lambda result, data: (
                        f"{(data.named(result)['recency_days'] > RECENT_DAYS).sum()} guests last ordered more than "
                        f"{RECENT_DAYS} days ago. Keep only recent customers, then pick."
                    ),
                ),
            ],
            hints=(
                "Two things are wrong: by which fact the guests are picked, and whether they are still with us.",
                'Pick by "revenue", and before that keep the rows with "recency_days" of at most 180.',
            ),
            solution=(
                "def answer(facts):\n"
                '    recent = facts[facts["recency_days"] <= 180]\n'
                '    return recent.nlargest(50, "revenue")'
            ),
            because=why_guests,
            where="The one that measures value is in the data table.",
            wrong=[
                Wrong("answer = guest_list", "Which fact measures value?"),
                Wrong(
                    'answer = lambda facts: facts.nlargest(50, "revenue")',
                    "last ordered more than 180 days ago",
                ),
                Wrong(
                    'answer = lambda facts: facts[facts["recency_days"] <= 180].nlargest(50, "orders")',
                    "Which fact measures value?",
                ),
                Wrong(
                    'answer = lambda facts: facts[facts["recency_days"] > 180].nlargest(50, "revenue")',
                    "The fact is right, but you kept other customers",
                ),
                Wrong(
                    'answer = lambda facts: facts[facts["tenure_days"] < 365].nlargest(50, "revenue")',
                    "The fact is right, but you kept other customers",
                ),
                Wrong(
                    'answer = lambda facts: facts[facts["recency_days"] <= 180].nlargest(50, "mean_order_value")',
                    "Which fact measures value?",
                ),
                Wrong('answer = lambda facts: facts.nlargest(50, "value")', "There is no fact 'value'. The one that"),
                Wrong('answer = lambda facts: facts[facts["recency"] < 180]', "There is no fact 'recency'. The one"),
                Wrong(
                    'answer = lambda facts: facts[facts["recency_days"] <= 180].nlargest(20, "revenue")',
                    "The list holds 20 customers",
                ),
                Wrong("answer = lambda facts: 3", "The list holds 0 customers"),
                Wrong("answer = lambda facts: facts.largest(50)", "The function stops: AttributeError"),
            ],
        ),
    ],
    quiz=Quiz(
        QuizQuestion(
            "Why are orders counted per year, and over at least one year?",
            Options(
                (
                    "So that the figures look smaller.",
                    "The size of the figures does not matter; what they compare does.",
                ),
                (
                    "So that customers of one year and of two years compare, and two orders in a first week are not "
                    "100 a year.",
                    "Customers of less than a year stay light until they have had time: read it with tenure_days.",
                ),
                (
                    "Because shops report by the year.",
                    "The reason is in the customers: some came long ago, some last week.",
                ),
            ),
            right="b",
        ),
        QuizQuestion(
            "Heavy users buy more fishing tackle than light users do. What follows?",
            Options(
                (
                    "Tackle makes people heavy users.",
                    "Perhaps, perhaps not: people who fish weekly may need it anyway. Only a test can tell.",
                ),
                ("Nothing at all.", "It is a sound idea for a campaign, and a campaign can be tested."),
                (
                    "A tackle campaign is worth a test with a part of the light users.",
                    "The data give the idea; a test with a hold-out group gives the proof.",
                ),
            ),
            right="c",
        ),
        QuizQuestion(
            "In which of these cells is the share of clubs far above the shop's own?",
            Options(
                ("Heavy and low.", "Hardly anybody comes often and brings little."),
                ("Light and high.", "Few orders, large ones. Still, many in that cell are not clubs."),
                ("Heavy and high.", "It holds some clubs, but about as many in a hundred as the whole shop."),
            ),
            right="b",
        ),
    ),
    data=UsageData,
)
