"""Questions with options a, b, c: choices, the quiz, and the prediction before the data speaks."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from segkit.course.blank import ____, is_blank
from segkit.course.text import WIDTH, wrapped


@dataclass(frozen=True)
class Option:
    """One option: what it says, and what a reader who picks it is told."""

    text: str
    feedback: str = ""


class Options:
    """Options under the letters a, b, c ...

    Parameters
    ----------
    *options : tuple of (str, str), or str
        What the option says, and what a reader who picks it is told.

    Examples
    --------
    >>> both = Options(("Tea", "It is hot."), ("Ice", "It is cold."))
    >>> both.find(" B) "), both.find("tea"), both.find("z")
    ('b', 'a', None)
    >>> print(both)
      a) Tea
      b) Ice
    """

    def __init__(self, *options: tuple[str, str] | str) -> None:
        pairs = ((option,) if isinstance(option, str) else option for option in options)
        self.by_letter = {chr(ord("a") + i): Option(*pair) for i, pair in enumerate(pairs)}

    def find(self, answer: Any) -> str | None:
        """Return the letter of an answer given as letter or as the option's own words."""
        if not isinstance(answer, str):
            return None
        said = answer.strip().strip("()., ").casefold()
        if said in self.by_letter:
            return said
        return next((letter for letter, o in self.by_letter.items() if o.text.casefold().strip(". ") == said), None)

    def letters(self) -> str:
        """Write the letters out: 'a', 'b' or 'c', in quotes as they are typed."""
        *most, last = (f'"{letter}"' for letter in self.by_letter)
        return f"{', '.join(most)} or {last}"

    def __getitem__(self, letter: str) -> Option:
        return self.by_letter[letter]

    def __str__(self) -> str:
        lines = (f"{letter}) {option.text}" for letter, option in self.by_letter.items())
        return "\n".join(textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="     ") for line in lines)


@dataclass(frozen=True)
class QuizQuestion:
    """One question of a quiz, with the letter of its right option."""

    ask: str
    options: Options
    right: str


class Quiz:
    """Questions at the end of a lesson, in plain text, with feedback on every option.

    Parameters
    ----------
    *questions : QuizQuestion

    Examples
    --------
    >>> quiz = Quiz(QuizQuestion("Warm?", Options(("Tea", "Poured hot."), ("Ice", "It melts.")), right="a"))
    >>> quiz.show()
    1. Warm?
      a) Tea
      b) Ice
    >>> quiz.answer(1, "b")
    Question 1: not quite. It melts.
    """

    def __init__(self, *questions: QuizQuestion) -> None:
        self.questions = questions

    def show(self) -> None:
        """Print the questions."""
        print("\n\n".join(f"{wrapped(f'{i}. {q.ask}')}\n{q.options}" for i, q in enumerate(self.questions, 1)))

    def answer(self, number: Any, letter: Any = ____) -> None:
        """Print what an option of one question gets as feedback.

        Parameters
        ----------
        number : int
            The question, from 1.
        letter : str
            The letter of the option.
        """
        print(wrapped(self.feedback(number, letter)))

    def feedback(self, number: Any, letter: Any) -> str:
        """Return the feedback that :meth:`answer` prints."""
        if is_blank(number) or number not in range(1, len(self.questions) + 1):
            return f'Questions are numbered 1 to {len(self.questions)}: lesson.quiz.answer(1, "a")'
        question = self.questions[number - 1]
        if is_blank(letter):
            return f"Question {number}: not answered yet. Put {question.options.letters()} in place of ____."
        found = question.options.find(letter)
        if found is None:
            return f"Question {number} has no option {letter!r}. Choose {question.options.letters()}."
        verdict = "right." if found == question.right else "not quite."
        return f"Question {number}: {verdict} {question.options[found].feedback}"


class Prediction:
    """A question asked before the data speaks: noted, never scored, and looked at again in the reveal.

    Parameters
    ----------
    ask : str
        The question.
    options : Options
        What may be predicted; their feedback is not used.
    answer : callable
        Takes the lesson's data, returns a sentence with what the data says.
    right : str, optional
        The letter of the option that comes nearest; named after the data.
    """

    def __init__(self, ask: str, options: Options, answer: Callable[[Any], str], *, right: str = "") -> None:
        self.ask = ask
        self.options = options
        self.answer = answer
        self.right = right
        self.noted: str | None = None

    def show(self) -> None:
        """Print the question."""
        print(f"{wrapped(self.ask)}\n{self.options}")

    def note(self, letter: Any = ____) -> None:
        """Keep what the reader expects; print that it is kept.

        Parameters
        ----------
        letter : str
            The letter of the option.
        """
        self.noted = self.options.find(letter)
        if is_blank(letter):
            print(f"No prediction noted yet. Put {self.options.letters()} in place of ____. It is not scored.")
        elif self.noted is None:
            print(f"There is no option {letter!r}. Choose {self.options.letters()}.")
        else:
            print(f"Noted: {self.options[self.noted].text} We come back to it in the reveal.")

    def outcome(self, data: Any) -> str:
        """Return what the reveal says about it."""
        noted = "none was noted." if self.noted is None else self.options[self.noted].text
        nearest = f" That is {self.right}) {self.options[self.right].text}" if self.right else ""
        return f"Your prediction: {noted}\nThe data: {self.answer(data)}{nearest}"
