"""The errors segkit raises: what, where, how many, and what to type next."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class SegkitError(Exception):
    """Base of every error that segkit raises for something its user can mend.

    The command line prints the message and ends with exit code 1; no stack of a library is shown.
    """


class FileProblem(SegkitError):
    """A file is missing, empty, or not what its name says."""


class ColumnProblem(SegkitError):
    """A column is missing, double, or holds what it should not."""


class MissingTable(SegkitError):
    """A measure needs a table that this shop does not have."""


class DataProblem(SegkitError):
    """The rows are readable, but no answer can be computed from them."""


class ParameterProblem(SegkitError):
    """A number that a segmenter was given is none, or lies where it makes no sense."""


class UnknownName(SegkitError):
    """A name (a segment, a type, a purpose, a customer) is not one of those there are."""


class NotFitted(SegkitError):
    """A segmenter was asked for labels before it had learned from facts."""


def did_you_mean(name: object, options: Iterable[object], *, listed: int = 12) -> str:
    """Name the nearest option, then list the options.

    Parameters
    ----------
    name : object
        What was asked for.
    options : iterable
        What there is.
    listed : int
        How many options are written out at most.

    Returns
    -------
    str
        One or two sentences to end a message with.

    Examples
    --------
    >>> did_you_mean("heavvy", ["light", "medium", "heavy"])
    "Did you mean 'heavy'? There are: 'light', 'medium', 'heavy'."
    >>> did_you_mean("x", [])
    'There are none.'
    """
    words = [str(option) for option in options]
    if not words:
        return "There are none."
    by_folded = {word.casefold(): word for word in words}
    near = get_close_matches(str(name).casefold(), by_folded, n=1, cutoff=0.6)
    hint = f"Did you mean '{by_folded[near[0]]}'? " if near else ""
    rest = f" and {len(words) - listed:,} more" if len(words) > listed else ""
    return f"{hint}There are: {', '.join(repr(word) for word in words[:listed])}{rest}."
