"""The segkit command. What each word needs is imported when that word is typed, so that help comes quickly."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from segkit.errors import SegkitError


class _Plain(TyperGroup):
    """Commands whose users get a sentence for a mistake of theirs; for a mistake of ours the stack stays whole."""

    def list_commands(self, ctx: Any) -> list[str]:
        return ["tour", "lab", "book", "shop", "check", "segment"]  # as one meets them

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as problem:
            if not isinstance(problem, _for_the_user()):
                raise
            from segkit.cli.words import as_typed

            typer.echo(as_typed(str(problem)), err=True)
            raise typer.Exit(1) from None


def _for_the_user() -> tuple[type[Exception], ...]:
    planted = sys.modules.get("synthetic.errors")  # where it was not imported it raised nothing
    return (SegkitError, planted.SyntheticError) if planted else (SegkitError,)


app = typer.Typer(
    cls=_Plain,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from segkit import __version__

        typer.echo(f"segkit {__version__}")
        raise typer.Exit


@app.callback()
def _all(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which segkit this is.")
    ] = False,
) -> None:
    """Customer segmentation, taught and done.

    New here? Type **segkit tour**, then **segkit lab**. Your own files? **segkit check FILE** says what they hold,
    **segkit segment FILE** makes the segments.
    """


def main() -> None:
    """Run the command; ends with 0 when all is well, 1 for a problem its message explains, 2 for a misused option."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old Windows console does not know every letter
    app(prog_name="segkit")


from segkit.cli import course, files  # noqa: E402, F401 - each adds its commands to app
