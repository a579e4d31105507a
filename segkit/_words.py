"""How numbers are written in sentences and figures, so that no two places write them differently."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Write a number as short as it can be read: about three digits.

    Examples
    --------
    >>> [number(x) for x in (24200.0, 1234.5, 56.78, 3.14159, 2.0, 0.004, 0.00002, float("nan"))]
    ['24,200', '1,234', '56.8', '3.14', '2', '0.004', '0.00002', '–']
    """
    if not math.isfinite(value):
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    small = max(3, -math.floor(math.log10(abs(value)))) if 0 < abs(value) < 0.1 else 2
    digits = 1 if abs(value) >= 10 else small
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def below(value: float, cut: float) -> str:
    """Write a number that is less than a cut, and never so that it reads as the cut itself.

    Examples
    --------
    >>> below(1.2, 2), below(1.999999, 2)
    ('1.2', 'just under 2')
    """
    return number(value) if number(value) != number(cut) else f"just under {number(cut)}"


def counted(value: float, thing: str) -> str:
    """Write how many there are of a thing.

    Examples
    --------
    >>> counted(1, "day"), counted(2, "day"), counted(0.5, "piece")
    ('1 day', '2 days', '0.5 pieces')
    """
    return f"{number(value)} {thing}{'' if number(value) == '1' else 's'}"
