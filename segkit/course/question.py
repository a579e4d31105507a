"""What every exercise shares: check, hint and solution; and reading what a reader hands in."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from segkit.course.blank import ____, is_blank
from segkit.course.text import wrapped

NOT_STARTED = "Run the first code cell of this lesson first: it opens the shop."


@dataclass(frozen=True)
class Verdict:
    """What a checker found, and the sentence it says."""

    status: Literal["right", "wrong", "open"]
    message: str


@dataclass(frozen=True)
class Wrong:
    """A wrong answer as a reader would type it, and words the checker's message must hold (for the tests)."""

    answer: str
    says: str


class Question:
    """One exercise.

    Parameters
    ----------
    ask : str
        The question in one sentence.
    hints : (str, str)
        A nudge, and a bigger one.
    solution : str
        The code that answers it, ending in ``answer = ...``; printed for the reader and run by the tests.
    because : str or callable
        Why that is the answer; told with the solution and with a right answer. A callable takes the lesson's data
        and returns the sentence, so that numbers in it are computed.
    wrong : iterable of Wrong
        Wrong answers for the tests, besides those the kind of question knows of itself.
    """

    def __init__(
        self,
        ask: str,
        *,
        hints: tuple[str, str],
        solution: str,
        because: str | Callable[[Any], str],
        wrong: Iterable[Wrong] = (),
    ) -> None:
        self.ask = ask
        self.hints = hints
        self.answer = solution
        self.because = because
        self.wrong = tuple(wrong)
        self.name = "q"
        self.data: Any = None
        self._hints_given = 0

    def check(self, answer: Any = ____) -> None:
        """Print whether an answer is right and, if not, why.

        Parameters
        ----------
        answer : object
            What the exercise asks for.
        """
        print(wrapped(self.judge(answer).message))

    def hint(self) -> None:
        """Print the first hint; when called again, the second."""
        self._hints_given = min(self._hints_given + 1, len(self.hints))
        print(wrapped(f"Hint {self._hints_given} of {len(self.hints)}. {self.hints[self._hints_given - 1]}"))

    def solution(self) -> None:
        """Print an answer that is right, and why."""
        code = "\n".join(f"    {line}" for line in self.answer.splitlines())
        print(wrapped(f"A solution:\n{code}\n{self._why_right()}"))

    def judge(self, answer: Any) -> Verdict:
        """Return what :meth:`check` prints, with the status; it never raises for a reader's mistake."""
        if is_blank(answer):
            return Verdict(
                "open", f"Not answered yet. Replace ____ by your answer. For help: lesson.{self.name}.hint()"
            )
        if self.data is None:
            return Verdict("open", NOT_STARTED)
        return self._judge(answer)

    def _judge(self, answer: Any) -> Verdict:
        raise NotImplementedError

    def _why_right(self) -> str:
        if isinstance(self.because, str):
            return self.because
        return self.because(self.data) if self.data else ""

    def _right(self) -> Verdict:
        return Verdict("right", f"Right. {self._why_right()}")

    def _wrong(self, why: str) -> Verdict:
        return Verdict("wrong", f"Not yet. {why}")


def as_number(answer: Any) -> float | None:
    """Read one number from what a reader may hand in.

    Examples
    --------
    >>> as_number("1,250"), as_number("12 %"), as_number(pd.Series([3])), as_number([1, 2])
    (1250.0, 0.12, 3.0, None)
    """
    if isinstance(answer, pd.DataFrame | pd.Series | np.ndarray):
        values = np.asarray(answer).ravel()
        answer = values[0] if len(values) == 1 else None
    if isinstance(answer, str):
        text = answer.replace(",", "").strip()
        percent = text.endswith("%")
        try:
            return float(text.rstrip("% ")) / (100 if percent else 1)
        except ValueError:
            return None
    if isinstance(answer, bool | np.bool_) or answer is None:
        return None
    try:
        return float(answer)
    except (TypeError, ValueError):
        return None


def typed_otherwise(answer: Any) -> str:
    """Say how Python writes a number that was typed with a decimal comma or as "1 in 100"; "" when it was not.

    Examples
    --------
    >>> typed_otherwise("0,433")
    'A number is written with a point, not with a comma: 0.433.'
    >>> typed_otherwise((0, 433))  # what Python makes of 0,433 without quotes
    'A number is written with a point, not with a comma: 0.433.'
    >>> typed_otherwise("1 in 100")
    '1 in 100 is written 1 / 100 or 0.01, without quotes.'
    >>> typed_otherwise("1,250"), typed_otherwise(0.433)
    ('', '')
    """
    pair = isinstance(answer, tuple) and len(answer) == 2 and all(type(part) is int and part >= 0 for part in answer)
    text = f"{answer[0]},{answer[1]}" if pair else answer.strip() if isinstance(answer, str) else ""
    if comma := re.fullmatch(r"(\d+),(\d+)( ?%)?", text):
        whole, part, _ = comma.groups()
        if whole.strip("0") and len(part) == 3:  # thousands: a text is read as it is meant
            return f"A number is written without a comma: {whole}{part}." if pair else ""
        return f"A number is written with a point, not with a comma: {whole}.{part}."
    if of := re.fullmatch(r"(\d+) (?:in|of|out of) (\d+)", text):
        part, whole = map(int, of.groups())
        if whole:
            return f"{text} is written {part} / {whole} or {part / whole:g}, without quotes."
    return ""


def kind_of(answer: Any) -> str:
    """Say in plain words what kind of thing something is.

    Examples
    --------
    >>> kind_of("x"), kind_of(pd.Series([1, 2])), kind_of(len)
    ('a text', 'a column of 2 values', 'a function')
    """
    if isinstance(answer, pd.DataFrame):
        return f"a table of {len(answer):,} rows"
    if isinstance(answer, pd.Series):
        return f"a column of {len(answer):,} values"
    if callable(answer):
        return "a function"
    names = {
        bool: "yes or no (True or False)",
        str: "a text",
        list: "a list",
        tuple: "a list",
        dict: "a dictionary",
        int: "a number",
        float: "a number",
        type(None): "nothing (None)",
    }
    return names.get(type(answer), f"an object of kind {type(answer).__name__}")


def alike(one: Any, other: Any) -> bool:
    """Whether two small answers mean the same: numbers nearly equal, words without regard to case.

    Examples
    --------
    >>> alike("Heavy ", "heavy"), alike(0.1 + 0.2, 0.3), alike(1, True), alike(np.True_, True)
    (True, True, False, True)
    """
    if isinstance(other, bool):
        return isinstance(one, bool | np.bool_) and bool(one) == other
    if isinstance(other, str):
        return isinstance(one, str) and one.strip().casefold() == other.casefold()
    if isinstance(other, int | float):
        number = as_number(one)
        return number is not None and math.isclose(number, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)
