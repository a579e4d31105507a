"""The course's words: each in plain English and, where they are settled, in Persian and Chinese."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from segkit.course.text import WIDTH
from segkit.errors import UnknownName, did_you_mean


@dataclass(frozen=True)
class Entry:
    """One word of the field.

    Attributes
    ----------
    word : str
        As the course writes it.
    text : str
        What it means, in plain words.
    persian, chinese : str
        The same word there; empty where the course has no settled word.
    """

    word: str
    text: str
    persian: str = ""
    chinese: str = ""


def _read() -> dict[str, Entry]:
    text = files(__package__).joinpath("glossary.toml").read_text(encoding="utf-8")
    return {word: Entry(word, **line) for word, line in tomllib.loads(text).items()}


GLOSSARY: dict[str, Entry] = _read()


def entry(word: str) -> Entry:
    """Return the entry of a word.

    Raises
    ------
    UnknownName
        When the glossary has no such word; the message names the nearest.

    Examples
    --------
    >>> entry("churn").persian
    'ریزش'
    """
    if word not in GLOSSARY:
        raise UnknownName(f"The glossary has no word '{word}'. {did_you_mean(word, GLOSSARY)}")
    return GLOSSARY[word]


class Words:
    """Some words of the glossary, shown as a table in a notebook.

    Parameters
    ----------
    words : iterable of str
        Which, in this order.

    Raises
    ------
    UnknownName
        When the glossary lacks one of them.

    Examples
    --------
    >>> print(Words(["churn"]))
    churn · ریزش · 流失
        customers leaving
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.entries = tuple(entry(word) for word in words)

    def __contains__(self, word: str) -> bool:
        return any(one.word == word for one in self.entries)

    def __repr__(self) -> str:
        return "\n".join(
            " · ".join(filter(None, (one.word, one.persian, one.chinese)))
            + "\n"
            + textwrap.fill(one.text, WIDTH, initial_indent="    ", subsequent_indent="    ")
            for one in self.entries
        )

    def _repr_html_(self) -> str:
        # Each cell says its language, for screen readers, and Persian its direction.
        left, right = 'style="text-align: left"', 'style="text-align: right"'
        names = (
            ("en", "English", left),
            ("fa", "فارسی", right),
            ("zh-Hant", "中文", left),
            ("en", "In plain words", left),
        )
        head = "".join(f'<th scope="col" lang="{language}" {side}>{name}</th>' for language, name, side in names)
        rows = "\n".join(
            f'<tr><th scope="row" {left}>{escape(one.word)}</th>'
            f'<td lang="fa" dir="rtl" {right}>{escape(one.persian)}</td>'
            f'<td lang="zh-Hant" style="text-align: left; white-space: nowrap">{escape(one.chinese)}</td>'
            f"<td {left}>{escape(one.text)}</td></tr>"
            for one in self.entries
        )
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
