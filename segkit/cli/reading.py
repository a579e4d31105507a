"""The options that say how a file is to be read; every command that reads one has the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal, get_type_hints

import typer

from segkit.cli.words import as_mapping

_PANEL = "Where a file needs a word of explanation"


def _option(help_text: str, *names: str, panel: str | None = _PANEL, **how: Any) -> Any:
    return typer.Option(*names, help=help_text, rich_help_panel=panel, show_default=False, **how)


def _reading(
    as_of: Annotated[
        str | None,
        _option(
            "The day up to whose end orders count, such as 2026-09-30. Without it: the day of the last order.",
            panel=None,
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        _option("Our name of a column = the file's, such as customer_id='Customer ID'. Once per column.", panel=None),
    ] = None,
    returns: Annotated[
        Literal["net", "drop", "keep"],
        _option(
            "Cancelled and negative rows: match them with what they return (net), set them aside (drop), "
            "or leave them as they are (keep). Usual: net.",
            panel=None,
        ),
    ] = "net",
    duplicates: Annotated[
        Literal["keep", "drop"], _option("Rows that are there twice. Usual: keep, and count them.", panel=None)
    ] = "keep",
    free_lines: Annotated[Literal["keep", "drop"], _option("Lines with price 0. Usual: keep.", panel=None)] = "keep",
    engine: Annotated[
        Literal["pandas", "polars", "duckdb"],
        _option("What works on the tables; duckdb for files larger than memory. Usual: pandas.", panel=None),
    ] = "pandas",
    source: Annotated[str | None, _option("The system an export comes from; found out when not given.")] = None,
    encoding: Annotated[str | None, _option("Of the letters, such as cp1256. Found out: UTF-8, UTF-16.")] = None,
    sep: Annotated[str | None, _option("What parts the columns. Found out.")] = None,
    decimal: Annotated[str | None, _option("The decimal mark, . or ,")] = None,
    thousands: Annotated[str | None, _option("The mark between groups of three digits.")] = None,
    dayfirst: Annotated[bool | None, _option("Whether 01/02/2024 is 1 February.", "--dayfirst/--monthfirst")] = None,
    calendar: Annotated[str | None, _option("Of the dates: gregorian or jalali.")] = None,
    unit: Annotated[str | None, _option("What a date written as one number counts: s, ms, us, ns or excel.")] = None,
    tz: Annotated[str | None, _option("The shop's time zone, such as Europe/London.")] = None,
    sheet: Annotated[str | None, _option("Which sheet of a workbook.")] = None,
    member: Annotated[str | None, _option("Which file of a zip archive.")] = None,
    skiprows: Annotated[int, _option("Lines above the column names.", min=0)] = 0,
    currency: Annotated[str | None, _option("Keep rows in this currency, or name it where the file does not.")] = None,
) -> dict[str, Any]:
    """Return the words that ``sk.read_shop`` takes."""
    given = dict(locals())
    return {"columns": as_mapping(given.pop("column")), **given}


def reads_a_shop(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options above; it gets them together as its argument ``how``."""
    own, shared = inspect.signature(command), inspect.signature(_reading)

    @wraps(command)
    def with_options(**given: Any) -> Any:
        how = {name: given.pop(name) for name in shared.parameters}
        return command(**given, how=_reading(**how))

    kept = [parameter for name, parameter in own.parameters.items() if name != "how"]
    options = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in shared.parameters.values()]
    hints = {**get_type_hints(command, include_extras=True), **get_type_hints(_reading, include_extras=True)}
    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[p.name]) for p in [*kept, *options]]
    with_options.__signature__ = inspect.Signature(parameters)
    with_options.__annotations__ = {p.name: p.annotation for p in parameters}
    del with_options.__wrapped__  # or its own signature would be read instead
    return with_options
