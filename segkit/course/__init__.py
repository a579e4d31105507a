"""The lessons' exercises, quizzes and words.

A notebook begins with ``from segkit.course import lesson_12 as lesson, ____``. A lesson is one file here,
``lesson_12_usage.py``, which holds ``lesson``; it is found by its number.
"""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from segkit.course.blank import ____

__all__ = ["____", "lesson_names"]


def lesson_names() -> dict[str, str]:
    """Return the lessons there are: the name to import, and the file it is in.

    Examples
    --------
    >>> lesson_names()["lesson_12"]
    'lesson_12_usage'
    """
    found = (re.fullmatch(r"(lesson_\d\d)_\w+", module.name) for module in iter_modules(__path__))
    return {match[1]: match[0] for match in sorted(filter(None, found), key=lambda match: match[0])}


def __getattr__(name: str) -> Any:
    if re.fullmatch(r"lesson_\d\d", name) and name in lesson_names():
        return import_module(f"{__name__}.{lesson_names()[name]}").lesson
    raise AttributeError(f"segkit.course has no {name!r}; its lessons are {', '.join(lesson_names())}")
