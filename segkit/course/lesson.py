"""What a lesson is: its shop, its questions, its quiz, its words and its reveal."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import pandas as pd

from segkit.course.glossary import Words
from segkit.course.options import Prediction, Quiz
from segkit.course.question import NOT_STARTED, Question
from segkit.course.reveal import reveal
from segkit.course.text import percent, wrapped
from segkit.errors import DataProblem
from segkit.shop import Shop


class LessonData:
    """The shop of a lesson, and what its checkers compute from it; a lesson with more needs a subclass.

    Parameters
    ----------
    population : Population
        Tables and planted truth, as ``synthetic.outdoor_shop`` makes them.
    """

    def __init__(self, population: Any) -> None:
        self.population = population

    @cached_property
    def shop(self) -> Shop:
        """The population as a shop."""
        return Shop(self.population)

    @property
    def truth(self) -> pd.DataFrame:
        """What was planted, by the customers' ids in this lesson."""
        return self.population.truth

    @cached_property
    def facts(self) -> pd.DataFrame:
        """The customers' purchases, one row each."""
        from segkit import measures

        return measures.purchases(self.shop)

    def named(self, answer: Any) -> pd.DataFrame:
        """The facts of the customers that an answer names, by a table or a list of ids: each once, in its order."""
        ids = answer["customer_id"] if isinstance(answer, pd.DataFrame) else pd.Series(answer)
        by_customer = self.facts.set_index("customer_id", drop=False)
        return by_customer.loc[[one for one in ids.unique() if one in by_customer.index]]

    def quality(self) -> str:
        """Say in two lines who can be segmented and what is missing."""
        customers, orders, lines = (self.shop.table(name) for name in ("customers", "orders", "order_lines"))
        buyers, everybody = orders["customer_id"].nunique(), len(customers)
        sent_back = lines["returned_quantity"].sum() / lines["quantity"].sum()
        return (
            f"{buyers:,} customers have ordered; the other {everybody - buyers:,} have no purchases to segment by.\n"
            f"Missing: {orders['customer_id'].isna().sum():,} customers of orders, "
            f"{lines['unit_price'].isna().sum():,} prices, {percent(customers['birth_date'].isna().mean())} of the "
            f"birthdays. Sent back: {percent(sent_back, 1)} of the pieces."
        )


class Lesson:
    """One lesson. Its notebook calls ``start`` first; its exercises are ``q1``, ``q2``, ``q3`` ...

    Parameters
    ----------
    number : int
        As in the notebook's file name.
    title : str
        As in the notebook's first line.
    minutes : int
        How long it takes, 25 to 45.
    words : iterable of str
        Words of the glossary that it introduces.
    prediction : Prediction
        The question asked before the data speaks.
    questions : iterable of Question
        The exercises, in order.
    quiz : Quiz
        The questions at the end.
    reveal_facts : iterable of str
        The facts whose medians tell, in the reveal, why customers were confused.
    data : type
        What its checkers compute from the shop: LessonData or a subclass.

    Attributes
    ----------
    words : Words
        The table of its words.
    """

    def __init__(
        self,
        number: int,
        title: str,
        *,
        minutes: int,
        words: Iterable[str],
        prediction: Prediction,
        questions: Iterable[Question],
        quiz: Quiz,
        reveal_facts: Iterable[str] = ("orders", "tenure_days", "recency_days"),
        data: type[LessonData] = LessonData,
    ) -> None:
        self.number = number
        self.title = title
        self.minutes = minutes
        self.words = Words(words)
        self.prediction = prediction
        self.questions = tuple(questions)
        self.quiz = quiz
        self.reveal_facts = tuple(reveal_facts)
        self.data: LessonData | None = None
        self._data = data
        for i, question in enumerate(self.questions, 1):
            question.name = f"q{i}"
            setattr(self, question.name, question)

    def start(self, population: Any) -> None:
        """Open the lesson on a population; print what is in the shop and what is missing from it.

        Parameters
        ----------
        population : Population
            Any planted shop: the exercises are checked against this one, so another seed is as good.
        """
        self.data = self._data(population)
        for question in self.questions:
            question.data = self.data
        self.prediction.noted = None
        shop = self.data.shop
        sizes = (
            f"{len(shop.table(name)):,} {name.replace('_', ' ')}"
            for name in ("customers", "orders", "order_lines")
            if shop.has(name)
        )
        print(f"Lesson {self.number:02d}, {self.title}: about {self.minutes} minutes.")
        print(f"The shop is open: {', '.join(sizes)}; {shop.first_day} to {shop.as_of}.")
        print(self.data.quality())

    def reveal(self, segmentation: Any) -> None:
        """Print how far a segmentation found what was planted, what was confused and why, and the prediction.

        Parameters
        ----------
        segmentation : Segmentation
            Of the lesson's shop.
        """
        if self.data is None:
            print(NOT_STARTED)
            return
        try:
            print(reveal(segmentation, self.data.truth, self.reveal_facts))
        except DataProblem as problem:  # such as a reader's own customers, of whom no truth is known
            print(wrapped(f"Nothing to reveal. {problem}"))
        print()
        print(self.prediction.outcome(self.data))
