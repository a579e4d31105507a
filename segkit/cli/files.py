"""`segkit check` and `segkit segment`: an analyst's own files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from segkit.cli import app
from segkit.cli.output import Steps, whole_folder
from segkit.cli.reading import reads_a_shop
from segkit.cli.words import as_typed

if TYPE_CHECKING:
    import pandas as pd

_PATH = typer.Argument(help="A CSV (also .gz), Excel or Parquet file, or a folder of them.", show_default=False)
_AUDIENCES = "Files of those who may be reached"


@app.command(rich_help_panel="Your own files")
@reads_a_shop
def check(path: Annotated[str, _PATH], *, how: dict[str, Any]) -> None:
    """Say what a file holds: rows read, kept, fixed and set aside, and what can be done with it.

    Ends with 1 when something must be mended first; the message says what to type.

    **Examples**

    `segkit check orders.csv`

    `segkit check exports/ --column customer_id='Customer ID' --as-of 2026-09-30`
    """
    shop = _read(path, how)
    typer.echo(f"\n{_possible_text(shop)}")


@app.command(rich_help_panel="Your own files")
@reads_a_shop
def segment(
    path: Annotated[str, _PATH],
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="The type of segmentation, such as usage; more than once for several; "
            "all for every type that is possible. Usual: usage.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[str, typer.Option(help="The folder to write to.")] = "segments",
    purpose: Annotated[
        str | None,
        typer.Option(
            help="Also write, per segment, the customers who said yes to this: email, sms, ads ...",
            rich_help_panel=_AUDIENCES,
            show_default=False,
        ),
    ] = None,
    audience: Annotated[
        list[str] | None,
        typer.Option(
            help="Only for this segment, such as heavy; more than once for several.",
            rich_help_panel=_AUDIENCES,
            show_default=False,
        ),
    ] = None,
    platform: Annotated[
        Literal["csv", "mailchimp", "klaviyo", "mautic", "google", "meta"],
        typer.Option(help="Whose columns to write; google and meta get addresses hashed.", rich_help_panel=_AUDIENCES),
    ] = "csv",
    reached_by: Annotated[
        list[str] | None,
        typer.Option(
            help="email or phone, for a purpose with a name of your own.",
            rich_help_panel=_AUDIENCES,
            show_default=False,
        ),
    ] = None,
    country_code: Annotated[
        str | None,
        typer.Option(
            help="For phone numbers written without one, such as 98.", rich_help_panel=_AUDIENCES, show_default=False
        ),
    ] = None,
    notebook: Annotated[
        bool, typer.Option("--notebook", help="Also write notebook.ipynb: the same, cell by cell, to read and change.")
    ] = False,
    *,
    how: dict[str, Any],
) -> None:
    """Make segments from a file: who is in which, a report page, a trust card and the rule.

    **Examples**

    `segkit segment orders.csv --as-of 2026-09-30 --by usage --out usage/`

    `segkit segment exports/ --by all --purpose email --platform mailchimp`

    `segkit segment sales.xlsx --column customer_id='Client' --column ordered_at='Sold on'`
    """
    from segkit.consent import check_purpose
    from segkit.segmenters import by_name

    names = list(dict.fromkeys(by or ["usage"]))
    named = [by_name(name) for name in names if name != "all"]
    if audience and not purpose:
        raise typer.BadParameter(
            "--audience needs --purpose: nobody is reached without a yes, such as --purpose email."
        )
    if audience and names != [name for name in names[:1] if name != "all"]:
        raise typer.BadParameter(
            "--audience names a segment of one type. Name that type with --by, such as --by usage."
        )
    with whole_folder(out) as folder:
        shop = _read(path, how)
        if purpose:
            check_purpose(shop, purpose)
        types = named
        if "all" in names:
            typer.echo(f"\n{_possible_text(shop)}")
            types = list(dict.fromkeys([*named, *_possible_types(shop)]))
        several = len(types) > 1
        choice = _Choice(purpose, audience, platform, tuple(reached_by) if reached_by else None, country_code)
        told: list[str] = []
        tell_more = _notebook_of(path, how, purpose) if notebook else None
        with Steps((4 if notebook else 3) * len(types)) as step:
            for cls in types:
                place = Path(cls.name) if several else Path()
                told += _one_type(
                    shop, cls, folder / place, Path(out) / place, choice, step, tell_more, forgiving=cls not in named
                )
        if shop.report is not None and shop.report.rows_set_aside:
            shop.report.to_csv(folder / "set_aside.csv")
            told += ["", f"Rows set aside, each with its reason: {Path(out) / 'set_aside.csv'}"]
        if not any(folder.iterdir()):
            _nothing_came_out(told)
    typer.echo("\n".join(told))


class _Choice:
    """Which audiences to write, and how."""

    def __init__(self, purpose, audience, platform, reached_by, country_code) -> None:
        self.purpose, self.labels, self.platform = purpose, audience, platform
        self.how = {"reached_by": reached_by, "country_code": country_code}

    def write(self, seg: Any, folder: Path, shown: Path) -> list[str]:
        """Write a file for each segment that has somebody to reach; return what to say."""
        if not self.purpose:
            return []
        labels = self.labels or [name for name in seg.names if name != "unknown"]
        told = [""]
        for label in labels:
            audience = seg.audience(label, self.purpose, **self.how)
            name = f"audience_{label}_{self.purpose}.csv".replace(" ", "_").replace("/", "_")
            if self.platform == "csv":
                written = audience.to_csv(folder / name)
            elif self.platform in ("google", "meta"):
                written = audience.to_hashed(folder / name, platform=self.platform)
            else:
                written = getattr(audience, f"to_{self.platform}")(folder / name)
            told += [repr(audience), f"  {shown / name}: {' '.join([f'{written.rows:,} rows.', *written.notes()])}"]
        return told


def _read(path: str, how: dict[str, Any]) -> Any:
    from segkit.shop import read_shop

    with Steps(1) as step:
        step(f"Reading {Path(path).name}")
        shop = read_shop(path, **how)
    typer.echo(as_typed(str(shop.report)))
    return shop


def _one_type(
    shop: Any, cls: Any, folder: Path, shown: Path, choice: _Choice, step: Steps, tell_more: Any, *, forgiving: bool
) -> list[str]:
    """Segment by one type and write it; return what to say."""
    from segkit import report
    from segkit.errors import SegkitError
    from segkit.segmentation import segment as segment_shop

    try:
        step(f"{cls.name}: measuring and segmenting")
        seg = segment_shop(shop, cls())
        step(f"{cls.name}: testing whether it can be trusted")
        trust = seg.trust()
        step(f"{cls.name}: writing")
        paths = report.write(seg, folder, trust=trust)
        if tell_more:
            step(f"{cls.name}: running the notebook")
            paths = [*paths, tell_more(folder / "notebook.ipynb", cls.name)]
    except SegkitError as problem:
        if not forgiving:
            raise
        return ["", f"{cls.name}: left out. {problem}"]
    told = ["", f"By {cls.name}: {cls.question}", *_indented(seg.sizes()), f"  {report.headline(seg)}"]
    told += [f"  Trust: {trust.label}. {trust.reason}", *(f"  {shown / path.name}" for path in paths)]
    return [*told, *choice.write(seg, folder, shown)]


def _notebook_of(path: str, how: dict[str, Any], purpose: str | None) -> Callable[[Path, str], Path]:
    """Return what writes a notebook about this file, read in this way."""
    from segkit.course import own_data
    from segkit.load.options import Options

    usual = Options()
    said = {name: value for name, value in how.items() if value != getattr(usual, name)}
    return lambda out, by: own_data.run(path, out, by=by, purpose=purpose, how=said)


def _indented(table: pd.DataFrame) -> list[str]:
    return [f"    {line}" for line in table.to_string(index=False).splitlines()]


def _possible_types(shop: Any) -> list[Any]:
    from segkit.possible import possible
    from segkit.segmenters import by_name

    table = possible(shop)
    return [by_name(name) for name in table.loc[table["possible"], "type"]]


def _possible_text(shop: Any) -> str:
    from segkit.possible import possible

    table = possible(shop)
    lines = ["Possible with these tables:"]
    lines += [f"  {row.type}: {row.question}" for row in table[table["possible"]].itertuples()]
    if not table["possible"].all():
        lines += ["Not possible yet:"]
        lines += [f"  {r.type} lacks {r.missing}. {r.instead}" for r in table[~table["possible"]].itertuples()]
    return "\n".join(lines)


def _nothing_came_out(told: list[str]) -> None:
    from segkit.errors import DataProblem

    raise DataProblem("\n".join(["No segmentation came out of these tables.", *(line for line in told if line)]))
