"""Lesson 46: a file of one's own, from the load report to a mailing list that may be sent."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from segkit import schema
from segkit.act.audience import Audience
from segkit.course.lesson import Lesson, LessonData
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.question import Question, Verdict, Wrong, kind_of
from segkit.course.questions import Choice, Fault, Mistake, Repair, Value
from segkit.course.sample_export import ORDERS, STALL_LIST, TILL, SampleExport, email_of, write_sample
from segkit.errors import SegkitError
from segkit.load.ids import fingerprint
from segkit.segmentation import Segmentation
from segkit.segmentation import segment as segment_shop
from segkit.segmenters import Usage
from segkit.shop import Shop, read_shop

STALL = {"customer_id": "Card", "ordered_at": "Sold", "product_id": "What", "quantity": "How many",
         "unit_price": "Each"}  # fmt: skip
FAULTS = {
    "repeated_header": "rows that repeat the column names",
    "total_row": "rows of totals",
    "missing customer_id": "rows without a customer",
    "not_a_sale": "rows of orders never paid",
    "placeholder ordered_at": "rows dated 1970",
    "free_line": "rows of gifts",
    "crowd": "rows of the till",
}


class OwnData(LessonData):
    """What the checkers of this lesson compute from its sample export."""

    @cached_property
    def sample(self) -> SampleExport:
        """The files, written when they are first asked for."""
        return write_sample(self.population.tables)

    @property
    def path(self) -> Path:
        """The shop's export."""
        return self.sample.path

    @property
    def stall(self) -> Path:
        """The list of the market stall."""
        return self.sample.stall

    @cached_property
    def read(self) -> Shop:
        """The export as segkit reads it."""
        return read_shop(self.path)

    @cached_property
    def stall_read(self) -> Shop:
        """The market stall's list, with its columns named rightly."""
        return read_shop(self.stall, columns=STALL)

    @cached_property
    def seg(self) -> Segmentation:
        """Light, medium and heavy users of the export."""
        return segment_shop(self.read, Usage())

    @cached_property
    def till(self) -> str:
        """The till's account, as segkit writes it."""
        return fingerprint(TILL)

    @property
    def truth(self) -> pd.DataFrame:
        """What was planted, by the fingerprints that stand for addresses."""
        truth = self.population.truth
        return truth.assign(customer_id=[fingerprint(address) for address in email_of(truth["customer_id"])])

    @cached_property
    def mailing(self) -> set[str]:
        """The heavy users who may be written to."""
        return set(self.seg.audience("heavy", purpose="email").customers["customer_id"])

    @cached_property
    def heavy(self) -> set[str]:
        """The heavy users."""
        people = self.seg.to_pandas()
        return set(people.loc[people["segment"] == "heavy", "customer_id"])

    def money_of(self, reason: str) -> float:
        """Money on the rows set aside for a reason."""
        return sum(note.revenue for note in self.read.report.notes if note.reason == reason)

    def count(self, reason: str) -> int:
        """Rows that the load report counts under a reason."""
        return self.read.report.count(reason)

    def faults(self, report: Any) -> pd.DataFrame:
        """Faults planted in the export, beside those that a load report counts."""
        rows = [(words, self.sample.faults[reason], report.count(reason)) for reason, words in FAULTS.items()]
        table = pd.DataFrame(rows, columns=["fault", "planted", "reported"])
        money = ("revenue of the kept rows", round(self.sample.revenue, 2), round(report.revenue_kept, 2))
        return pd.concat([table.astype("object"), pd.DataFrame([money], columns=table.columns)], ignore_index=True)

    def quality(self) -> str:
        """Say what lies on the desk."""
        return f"{super().quality()}\nOn your desk: {ORDERS} and {STALL_LIST}."


class Columns(Question):
    """Our names of columns for a file's own, right when the file then reads as it should."""

    def _judge(self, answer: Any) -> Verdict:
        if not isinstance(answer, dict):
            return self._wrong(f"The answer is a dictionary, our name: the file's; this is {kind_of(answer)}.")
        try:
            read_shop(self.data.stall, columns=answer)
        except SegkitError as problem:
            return self._wrong(str(problem))
        for ours, theirs in STALL.items():
            if str(answer.get(ours)).casefold() != theirs.casefold():  # as read_shop takes it
                meant = schema.table("orders" if ours in ("customer_id", "ordered_at") else "order_lines").column(ours)
                return self._wrong(
                    f"The file reads, but look: {ours} is {meant.text}. Is that the column {answer.get(ours)!r}?"
                )
        return self._right()


def added_up(data: OwnData) -> float:
    """The column Total added up, over what the shop took."""
    totals = pd.read_csv(data.path, sep=";", dtype=str)["Total"]
    return pd.to_numeric(totals, errors="coerce").sum() / data.sample.revenue


def ids(answer: Any) -> list[str]:
    """The customers an answer names: an audience, its table, or their ids."""
    answer = answer.customers if isinstance(answer, Audience) else answer
    column = answer["customer_id"] if isinstance(answer, pd.DataFrame) else pd.Series(answer)
    return column.astype(str).tolist()


def why_refused(result: Any, data: OwnData) -> str:
    """Say how many of a list may not be written to."""
    listed = set(ids(result)) & data.heavy
    till = " One of them is the till, which is nobody." if data.till in listed else ""
    return (
        f"{len(listed - data.mailing):,} of these {len(listed):,} heavy users did not say yes to e-mail.{till} "
        "seg.audience() knows who did: it reads the column Accepts Marketing."
    )


lesson = Lesson(
    46,
    "Your own data",
    minutes=50,
    words=[
        "load report",
        "fingerprint",
        "fact",
        "revenue",
        "light user",
        "heavy user",
        "segment",
        "planted truth",
        "balanced accuracy",
        "oracle",
        "adjusted Rand index",
        "trust card",
        "audience",
        "consent",
    ],
    prediction=Prediction(
        "You open the export in a spreadsheet and add up the column Total. How far is that from what the shop took?",
        Options("Within 5 %.", "About twice as much, or more.", "About a quarter too much."),
        lambda data: f"The column adds up to {added_up(data):.1f} times what the shop took.",
    ),
    questions=[
        Value(
            "How many rows did segkit set aside because no customer is known?",
            value=lambda data: data.count("missing customer_id"),
            within=0,
            mistakes=[
                Mistake(
                    lambda data: data.read.report.rows_set_aside,
                    "Those are all the rows set aside. How many of them for want of a customer?",
                ),
                Mistake(lambda data: data.count("not_a_sale"), "Those belong to orders that were never paid."),
                Mistake(
                    lambda data: data.count("crowd"),
                    "Those rows are kept: they have a customer, who looks odd.",
                ),
                Mistake(lambda data: data.read.report.rows_read, "Those are all the rows of the file."),
            ],
            hints=(
                "Look in the load report under 'Set aside'.",
                "One line there says: have no customer_id. The number stands at its beginning.",
            ),
            solution='answer = shop.report.count("missing customer_id")',
            because=lambda data: (
                f"They hold {data.money_of('missing customer_id'):,.0f} dollars. Nobody can be segmented without a "
                "name, but the money was taken: say so beside the revenue."
            ),
            wrong=[Wrong('answer = "some"', "this is a text"), Wrong("answer = 0", "too low")],
        ),
        Columns(
            "Which columns of the stall's list are the customer and the time?",
            hints=(
                "The columns are Card, Sold, What, How many and Each. Customers of the stall show a card.",
                "Sold holds a day and an hour.",
            ),
            solution=f"answer = {STALL!r}",
            because=lambda data: (
                f"The stall has {len(data.stall_read.table('customers')):,} customers, "
                f"{data.stall_read.report.rows_kept:,} rows and "
                f"{data.stall_read.report.revenue_kept:,.0f} dollars. The day comes first in its dates: the report "
                "says how it knows."
            ),
            wrong=[
                Wrong(f"answer = {({**STALL, 'customer_id': 'Cart'})!r}", "Did you mean 'Card'?"),
                Wrong(f"answer = {({**STALL, 'ordered_at': 'What'})!r}", "cannot be read as a date"),
                Wrong(
                    f"answer = {({**STALL, 'customer_id': 'What', 'product_id': 'Card'})!r}",
                    "Is that the column 'What'?",
                ),
                Wrong('answer = "Card"', "this is a text"),
            ],
        ),
        Choice(
            "The report names one customer with about 3 in 100 of all rows. What do you do with it?",
            options=Options(
                (
                    "Invite it: the best customer of all.",
                    "No single person orders more than once a week for two years. The till typed its own address "
                    "for people who gave none.",
                ),
                (
                    "Keep its revenue, and write to nobody for it.",
                    "Money counts, and a till is no customer. Ask the shop first: it might be a club.",
                ),
                (
                    "Delete its rows before reading.",
                    "The sales are real. Without them the revenue is too low, and nobody will know why.",
                ),
            ),
            right="b",
            hints=("How often would one person have to order?", "Are the sales real? Is the customer?"),
        ),
        Repair(
            "Repair the mailing list: heavy users who said yes to e-mail.",
            given=lambda data: data.seg,
            faults=[
                Fault(
                    lambda result, data: not set(ids(result)) <= set(data.seg.to_pandas()["customer_id"]),
                    lambda result, data: "The list should hold customer_id, as it did before.",
                ),
                Fault(
                    lambda result, data: bool((set(ids(result)) & data.heavy) - data.mailing),
                    why_refused,
                ),
                Fault(
                    lambda result, data: bool(set(ids(result)) - data.heavy),
                    lambda result, data: (
                        f"{len(set(ids(result)) - data.heavy):,} customers of the list are not heavy users."
                    ),
                ),
                Fault(
                    lambda result, data: set(ids(result)) != data.mailing,
                    lambda result, data: (
                        f"The list holds {len(set(ids(result))):,} customers; {len(data.mailing):,} heavy users said "
                        "yes and have an address."
                    ),
                ),
            ],
            hints=(
                "A segment says who is alike. It does not say who may be written to.",
                'seg.audience("heavy", purpose="email").customers is a table of those who may.',
            ),
            solution='def answer(seg):\n    return seg.audience("heavy", purpose="email").customers',
            because=lambda data: (
                f"{len(data.mailing):,} of {len(data.heavy):,} heavy users may be written to. The till is not among "
                "them: it never said yes."
            ),
            wrong=[
                Wrong("answer = mailing", "did not say yes to e-mail"),
                Wrong('answer = lambda seg: seg.audience("medium", "email")', "are not heavy users"),
                Wrong('answer = lambda seg: seg.audience("medium", purpose="email").customers', "are not heavy users"),
                Wrong('answer = lambda seg: seg.audience("heavy", purpose="email").customers.head(5)', "holds 5"),
                Wrong('answer = lambda seg: seg.audience("heavvy", purpose="email")', "Did you mean 'heavy'?"),
                Wrong('answer = lambda seg: ["C1"]', "should hold customer_id"),
                Wrong("answer = lambda seg: 3", "should hold customer_id"),
            ],
        ),
    ],
    quiz=Quiz(
        QuizQuestion(
            "The report sets rows aside. Where are they?",
            Options(
                ("Deleted.", "Nothing is deleted: rows read are rows kept and rows set aside."),
                ("In the segment 'unknown'.", "They never became customers; they wait in shop.report.rejected."),
                (
                    "In shop.report.rejected, each with its line and reason.",
                    "And in set_aside.csv, where the command was typed in a command window.",
                ),
            ),
            right="c",
        ),
        QuizQuestion(
            "A file's dates read 01/02/2024, 03/04/2024 and so on, no day above 12. What does segkit do?",
            Options(
                ("It takes the month first, as Americans do.", "A guess would be wrong for half of the world."),
                ("It asks: day first, or month first?", "It stops and says what to type. You know; it does not."),
                ("It leaves those rows out.", "All rows are alike here; none could be kept."),
            ),
            right="b",
        ),
        QuizQuestion(
            "Your own customers have no planted truth. What then tells you whether groups are there?",
            Options(
                ("The trust card.", "It draws the customers anew and shuffles what they did; see whether groups stay."),
                ("The reveal.", "It needs a truth that somebody planted."),
                ("The size of the groups.", "A knife cuts anything into groups of any size."),
            ),
            right="a",
        ),
    ),
    data=OwnData,
)
