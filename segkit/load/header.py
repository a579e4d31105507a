"""The line of column names: is it one, and is every name there once?"""

from __future__ import annotations

import re
from collections import Counter

from segkit.errors import ColumnProblem, FileProblem
from segkit.load.columns import is_known
from segkit.load.texts import hide

# an address, a phone number, a date, an amount with decimals: what no column is called
_VALUE = re.compile(
    r"\S+@\S+\.\S+|(\+|00?[1-9])[\d ()-]{8,}|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}([T ].*)?|[^\w\s]?-?\d+[.,]\d+"
)


def check_header(rows: list[list[str]], file: str) -> list[str]:
    """Return the column names, taken from the first of the sample rows.

    Parameters
    ----------
    rows : list of list of str
        The first rows that are not blank, the names first.
    file : str
        The file's name, for messages.

    Raises
    ------
    FileProblem
        When title lines stand above the names, there are no names, or there is only one column.
    ColumnProblem
        When a name appears twice.
    """
    header = [clean_name(name) for name in rows[0]]
    width = Counter(len(row) for row in rows[1:] or rows).most_common(1)[0][0]
    filled = sum(bool(name) for name in header)
    skip = next((i for i, row in enumerate(rows) if len(row) == width and all(cell.strip() for cell in row)), 0)
    if skip and width > 1 and (filled < len(header) / 2 or len(header) == 1):
        raise FileProblem(
            f"{file}: {skip} title {'lines stand' if skip > 1 else 'line stands'} above the column names. "
            f"Pass skiprows={skip}."
        )
    while header and not header[-1] and len(header) > width:
        header.pop()
    values = [name for name in header if _VALUE.fullmatch(name)]
    if values and not any(map(is_known, header)):
        raise FileProblem(
            f"{file} has no column names: its first line holds values, such as '{hide(values[0])}'. Put a line of "
            "names above it, such as customer_id, ordered_at, unit_price."
        )
    if len(header) == 1 and width <= 1:
        raise FileProblem(
            f"{file} has only one column, named '{header[0][:40]}'. If columns are parted by another mark, pass sep=."
        )
    header = [name or f"column {i}" for i, name in enumerate(header, 1)]
    for name, times in Counter(header).items():
        if times > 1:
            places = ", ".join(str(i) for i, other in enumerate(header, 1) if other == name)
            raise ColumnProblem(f"{file}: column '{name}' appears {_times(times)} (positions {places}). Rename one.")
    return header


def clean_name(name: object) -> str:
    """Strip blanks and marks that cannot be seen from a column name."""
    return "".join(c for c in str(name) if c.isprintable()).replace("\ufeff", "").strip()


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
