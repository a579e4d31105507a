"""What can go wrong when a population is made, said in words."""

from difflib import get_close_matches


class SyntheticError(ValueError):
    """A world, persona or folder that cannot be used; the message says what to change."""


def did_you_mean(name: str, options) -> str:
    """Return a suggestion for a mistyped name, followed by what is allowed.

    Examples
    --------
    >>> did_you_mean("categorys", ["categories", "season"])
    "Did you mean 'categories'? Allowed: categories, season."
    """
    options = list(options)
    near = get_close_matches(str(name), options, n=1)
    suggestion = f"Did you mean {near[0]!r}? " if near else ""
    return f"{suggestion}Allowed: {', '.join(options)}."
