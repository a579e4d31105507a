"""From the language of the functions to that of the command line, and back."""

from __future__ import annotations

import ast
import re

import typer

_OPTIONS = (
    "as_of", "source", "returns", "duplicates", "free_lines", "encoding", "sep", "decimal", "thousands", "calendar",
    "unit", "tz", "sheet", "member", "skiprows", "currency", "engine", "purpose", "reached_by", "country_code",
    "customers", "seed",
)  # fmt: skip
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[\w.-]*\w)"


def as_typed(message: str) -> str:
    """Rewrite what a message says to pass into what to type.

    Examples
    --------
    >>> as_typed("Did you mean 'Customer ID'? Pass columns={'customer_id': 'Customer ID'}.")
    "Did you mean 'Customer ID'? Pass --column customer_id='Customer ID'."
    >>> as_typed("Pass encoding='cp1256', or dayfirst=True.")
    "Pass --encoding 'cp1256', or --dayfirst."
    """
    message = message.replace(" in report.rejected", "")  # which is a file here, and named where it is written
    message = re.sub(r"columns=(\{[^{}]*\})", _as_column_options, message)
    message = re.sub(r"\bdayfirst=True\b", "--dayfirst", re.sub(r"\bdayfirst=False\b", "--monthfirst", message))
    for name in _OPTIONS:
        message = re.sub(rf"\b{name}=({_VALUE})", rf"--{name.replace('_', '-')} \1", message)
        message = re.sub(rf"\b{name}=(?!\S*['\"])", f"--{name.replace('_', '-')} ", message)
    return message


def _as_column_options(match: re.Match[str]) -> str:
    try:
        pairs = ast.literal_eval(match[1])
    except (SyntaxError, ValueError):
        return match[0]
    return " ".join(f"--column {ours}={str(theirs)!r}" for ours, theirs in pairs.items())


def as_mapping(pairs: list[str] | None) -> dict[str, str]:
    """Read ``customer_id=Customer ID`` pairs.

    Raises
    ------
    typer.BadParameter
        When one is not written so, or a name comes twice.

    Examples
    --------
    >>> as_mapping(["customer_id=Customer ID"])
    {'customer_id': 'Customer ID'}
    """
    mapping: dict[str, str] = {}
    for pair in pairs or ():
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not (ours and equals and theirs):
            raise typer.BadParameter(f"--column {pair!r} should read like --column customer_id='Customer ID'.")
        if ours in mapping:
            raise typer.BadParameter(f"--column names '{ours}' twice. Name it once.")
        mapping[ours] = theirs
    return mapping


def whole_number(text: str) -> int:
    """Read 3000, 3_000, 3,000 or 1e6.

    Raises
    ------
    typer.BadParameter
        When it is no whole number.

    Examples
    --------
    >>> whole_number("1e6")
    1000000
    """
    try:
        number = float(text.replace(",", "").replace("_", ""))
        if number != int(number):
            raise ValueError
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is not a whole number. Write it as 3000 or 1e6.") from None
    return int(number)
