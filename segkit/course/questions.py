"""The kinds of exercise: each knows how to judge an answer and to say why it is wrong.

Every kind accepts any right answer: numbers within a tolerance, labels by agreement whatever the groups are
called, rules and repairs by what they do. Each question brings its solution and wrong answers for the tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import pandas as pd
from sklearn.base import clone

from segkit.course.agreement import as_labels, match
from segkit.course.options import Options
from segkit.course.question import Question, Verdict, Wrong, alike, as_number, kind_of, typed_otherwise
from segkit.course.text import percent, wrapped
from segkit.errors import SegkitError
from segkit.segmenters import Segmenter

WHOLE_PERCENT = 0.006
FACTS_ARE = "The facts are the names of the table's columns."


@dataclass(frozen=True)
class Mistake:
    """What readers arrive at by a known wrong turn, computed from the lesson's data, and what to tell them."""

    value: Callable[[Any], Any]
    says: str


class Value(Question):
    """A number, right within a tolerance.

    Parameters
    ----------
    ask : str
        The question.
    value : callable
        Takes the lesson's data, returns the right number.
    mistakes : iterable of Mistake
        Known wrong turns.
    within : float
        How far off an answer may be, as a share of the right number.
    share : bool
        Whether the number is a share, so that 12.3, 0.123 and "12.3 %" are the same answer.
    **more
        As in :class:`Question`.
    """

    def __init__(
        self,
        ask: str,
        *,
        value: Callable[[Any], float],
        mistakes: Iterable[Mistake] = (),
        within: float = 0.005,
        share: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(ask, **more)
        self.value = value
        self.mistakes = tuple(mistakes)
        self.within = within
        self.share = share

    def _judge(self, answer: Any) -> Verdict:
        if told := typed_otherwise(answer):
            return self._wrong(told)
        number = as_number(answer)
        if number is None:
            return self._wrong(f"The answer is one number; this is {kind_of(answer)}.")
        if math.isnan(number):
            return self._wrong("This came out as 'not a number': a value in the calculation is missing.")
        target = float(self.value(self.data))
        if self._same(number, target):
            return self._right()
        told = [mistake.says for mistake in self.mistakes if self._same(number, float(mistake.value(self.data)))]
        if told:  # two wrong turns may come to one number; then both are named
            return self._wrong(" Or: ".join(told))
        in_percent = self.share and number > 1  # no share is above 1: 68 was meant as 68 %
        direction = "too high" if number > (100 * target if in_percent else target) else "too low"
        unit = " per cent" if in_percent else ""
        return self._wrong(f"{round(number, 3):,.10g}{unit} is {direction}. For help: lesson.{self.name}.hint()")

    def _same(self, number: float, target: float) -> bool:
        if self.share:  # a share read off a table in whole percent is as good
            return any(abs(one - target) <= WHOLE_PERCENT for one in (number, number / 100))
        return math.isclose(number, target, rel_tol=self.within, abs_tol=1e-9)


class Choice(Question):
    """One of several options, each with its own feedback.

    Parameters
    ----------
    ask : str
        The question.
    options : Options
        What can be chosen.
    right : str
        The letter of the right option.
    **more
        As in :class:`Question`; the solution follows from the right option.
    """

    def __init__(self, ask: str, *, options: Options, right: str, hints: tuple[str, str]) -> None:
        wrong = [
            Wrong(f"answer = {letter!r}", option.feedback)
            for letter, option in options.by_letter.items()
            if letter != right
        ]
        super().__init__(ask, hints=hints, solution=f"answer = {right!r}", because=options[right].feedback, wrong=wrong)
        self.options = options
        self.right = right

    def show(self) -> None:
        """Print the question and its options."""
        print(f"{wrapped(self.ask)}\n{self.options}")

    def _judge(self, answer: Any) -> Verdict:
        letter = self.options.find(answer)
        if letter is None:
            return self._wrong(f"There is no such option. Choose {self.options.letters()}.")
        return self._right() if letter == self.right else self._wrong(self.options[letter].feedback)


class Labels(Question):
    """A group for every customer, right when it agrees with the expected one, whatever the groups are called.

    Parameters
    ----------
    ask : str
        The question.
    labels : callable
        Takes the lesson's data, returns a Series of labels by customer_id.
    at_least : float
        Share of customers that must be grouped alike.
    mistakes : iterable of Mistake
        Known wrong turns: labels that readers arrive at, and what to tell them.
    where : str
        Where to look for the right fact; told to a reader who names one that is not there.
    **more
        As in :class:`Question`.
    """

    def __init__(
        self,
        ask: str,
        *,
        labels: Callable[[Any], pd.Series],
        at_least: float = 0.95,
        mistakes: Iterable[Mistake] = (),
        where: str = FACTS_ARE,
        **more: Any,
    ) -> None:
        super().__init__(ask, **more)
        self.labels = labels
        self.at_least = at_least
        self.mistakes = tuple(mistakes)
        self.where = where

    def _judge(self, answer: Any) -> Verdict:
        if isinstance(answer, Segmenter):
            for name, value in answer.get_params(deep=False).items():
                if told := typed_otherwise(value):
                    return self._wrong(told)
                if isinstance(value, str) and as_number(value) is not None:
                    return self._wrong(f"{name} is a number: write it without quotes, {value.strip()}.")
            absent = [fact for fact in answer._needed() if fact not in self.data.facts]
            if absent:
                return self._wrong(f"There is no fact {absent[0]!r}. {self.where}")
            try:
                answer = _fitted(answer, self.data.facts)
            except SegkitError as problem:
                return self._wrong(str(problem))
        given = as_labels(answer)
        if given is None:
            return self._wrong(
                "The answer is one group per customer: a segmenter such as sk.Usage(), a Segmentation, or a table "
                f"with the columns customer_id and segment; this is {kind_of(answer)}."
            )
        expected = self.labels(self.data)
        missing = len(expected.index.difference(given.index))
        if missing:
            return self._wrong(f"{missing:,} of {len(expected):,} customers have no group in your answer.")
        found = match(given.reindex(expected.index), expected)
        if found.share >= self.at_least:
            return self._right()
        for mistake in self.mistakes:
            if match(given, mistake.value(self.data).reindex(given.index)).share >= self.at_least:
                return self._wrong(mistake.says)
        return self._wrong(
            f"{percent(found.share)} of the customers are grouped as asked; {percent(self.at_least)} are needed. "
            f"{found.most_confused()}"
        )


def _fitted(recipe: Segmenter, facts: Any) -> Any:
    """What a recipe makes of the facts; where it refuses, what it makes of its words in small letters."""
    try:
        return clone(recipe).fit_predict(facts)
    except SegkitError:
        words = {name: value for name, value in recipe.get_params(deep=False).items() if isinstance(value, str)}
        small = {name: value.strip().casefold() for name, value in words.items()}
        if small == words:
            raise
        try:
            return clone(recipe).set_params(**small).fit_predict(facts)
        except SegkitError:
            pass
        raise


@dataclass(frozen=True)
class Case:
    """What a rule is called with, what it should return, and why."""

    given: tuple
    returns: Any
    why: str


class Rule(Question):
    """A function, right when it does the right thing in every case.

    Parameters
    ----------
    ask : str
        The question.
    cases : callable
        Takes the lesson's data, returns the cases in the order they are tried.
    **more
        As in :class:`Question`.
    """

    def __init__(self, ask: str, *, cases: Callable[[Any], Iterable[Case]], **more: Any) -> None:
        super().__init__(ask, **more)
        self.cases = cases

    def _judge(self, answer: Any) -> Verdict:
        if not callable(answer):
            return self._wrong(f"The answer is a function (def ... or lambda ...); this is {kind_of(answer)}.")
        for case in self.cases(self.data):
            shown = ", ".join(f"{value!r}" for value in case.given)
            try:
                returned = answer(*case.given)
            except Exception as problem:
                quoted = " A number stands without quotes." if isinstance(problem, TypeError) else ""
                return self._wrong(f"With {shown} your function stops: {type(problem).__name__}.{quoted} {case.why}")
            if not alike(returned, case.returns):
                said = kind_of(returned) if isinstance(returned, pd.DataFrame | pd.Series) else repr(returned)
                return self._wrong(f"With {shown} your rule gives {said}, not {case.returns!r}. {case.why}")
        return self._right()


@dataclass(frozen=True)
class Fault:
    """Something that can be wrong with an analysis.

    Attributes
    ----------
    found : callable
        Takes what the analysis returned and the lesson's data; true when the fault is there.
    says : callable
        Takes the same; the sentence the reader is told.
    """

    found: Callable[[Any, Any], bool]
    says: Callable[[Any, Any], str]


class Repair(Question):
    """A deliberately wrong analysis to put right; right when none of the known faults is left.

    Parameters
    ----------
    ask : str
        The question.
    faults : iterable of Fault
        Tried in order; the first one found is told.
    given : callable, optional
        Takes the lesson's data, returns what the reader's function is given; usually the facts. The function gets a
        copy, for a beginner may well change it.
    where : str
        Where to look for the right fact; told to a reader whose function asks for one that is not there.
    **more
        As in :class:`Question`.
    """

    def __init__(
        self,
        ask: str,
        *,
        faults: Iterable[Fault],
        given: Callable[[Any], Any] = attrgetter("facts"),
        where: str = FACTS_ARE,
        **more: Any,
    ) -> None:
        super().__init__(ask, **more)
        self.faults = tuple(faults)
        self.given = given
        self.where = where

    def _judge(self, answer: Any) -> Verdict:
        if not callable(answer):
            return self._wrong(f"Hand in the function itself, by its name; this is {kind_of(answer)}.")
        try:
            result = answer(copy(self.given(self.data)))
        except Exception as problem:
            if isinstance(problem, KeyError) and problem.args and str(problem.args[0]).isidentifier():
                return self._wrong(f"There is no fact {problem.args[0]!r}. {self.where}")
            return self._wrong(f"The function stops: {type(problem).__name__}: {problem}")
        if result is None:
            return self._wrong("The function returns nothing. Its last line starts with 'return'.")
        for fault in self.faults:
            try:
                told = fault.says(result, self.data) if fault.found(result, self.data) else None
            except Exception:
                return self._wrong(f"The function should return what it returned before; now it is {kind_of(result)}.")
            if told:
                return self._wrong(told)
        return self._right()
