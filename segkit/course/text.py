"""How the lessons write: lines that fit beside a notebook, and shares in per cent."""

from __future__ import annotations

import math
import textwrap

WIDTH = 92


def wrapped(text: str, *, indent: str = "") -> str:
    """Break text into lines that fit beside a notebook; a line that starts with a space is left as it is.

    Examples
    --------
    >>> print(wrapped("one two", indent="  "))
    one two
    """
    return "\n".join(
        line if line.startswith(" ") else textwrap.fill(line, WIDTH, subsequent_indent=indent)
        for line in text.splitlines()
    )


def percent(share: float, digits: int = 0) -> str:
    """Write a share as per cent, as figures and cards do.

    Examples
    --------
    >>> percent(0.256), percent(0.0541, 1)
    ('26 %', '5.4 %')
    >>> percent(float("nan"))
    'not known'
    """
    if math.isnan(share):
        return "not known"
    return f"{100 * share:.{digits}f} %"


def whole(number: float) -> str:
    """Write a number without decimals, and a dash where there is none.

    Examples
    --------
    >>> whole(1234.5), whole(float("nan"))
    ('1,234', '–')
    """
    return "–" if math.isnan(number) else f"{number:,.0f}"
