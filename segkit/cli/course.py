"""`segkit tour`, `lab`, `book` and `shop`: the planted shop, and the lessons to work on and to read."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from segkit.cli import app
from segkit.cli.output import Steps
from segkit.cli.words import whole_number
from segkit.errors import FileProblem, SegkitError

FIRST_LESSON = "00_start_here.ipynb"
_PROJECT = Path(__file__).resolve().parents[2]
_SEED = typer.Option(help="The same number gives the same customers.", min=0)


@app.command(rich_help_panel="The course")
def tour(
    out: Annotated[str, typer.Option(help="The folder to write to.")] = "tour",
    customers: Annotated[str, typer.Option(help="How many customers to plant.")] = "3000",
    seed: Annotated[int, _SEED] = 7,
) -> None:
    """Plant a shop, run every type of segmentation on it, and show how much of the truth each finds.

    **Example**

    `segkit tour --customers 5000 --seed 11`
    """
    many = whole_number(customers)
    from segkit.course.tour import run
    from segkit.segmenters import TYPES

    with Steps(1 + len(TYPES)) as step:
        run(out, customers=many, seed=seed, progress=step)


@app.command(rich_help_panel="The course")
def lab(
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Whether to open the browser.")] = True,
    port: Annotated[int, typer.Option(help="Where on this computer to listen; the next free one is taken.")] = 8888,
    copy: Annotated[
        Path | None,
        typer.Option(
            help="Work on a copy of the lessons in this folder; what is there already stays.", show_default=False
        ),
    ] = None,
) -> None:
    """Open the course in JupyterLab, on this computer only and behind a token.

    The lessons are opened where they are, so your answers are kept in them. With **--copy** they stay as they came.

    **Example**

    `segkit lab --copy my_course`
    """
    folder = _lessons()
    if copy is not None:
        folder = _copied(folder, copy)
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise SegkitError("The course needs JupyterLab. Type: pip install 'segkit[course]'") from None
    _let_kernels_import_segkit()
    port, token = _free_port(port), secrets.token_hex(24)
    address = f"http://127.0.0.1:{port}/lab/tree/{FIRST_LESSON}?token={token}"
    typer.echo(f"The lessons are in {folder}\nThe course is at {address}\nStop it with Ctrl-C.\n")
    LabApp.launch_instance(argv=_lab_arguments(folder, port=port, token=token, browser=browser))


def _lab_arguments(folder: Path, *, port: int, token: str, browser: bool) -> list[str]:
    """Words for JupyterLab. They win over settings files, and are not seen in the list of running programs."""
    words = [
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",  # the address was told already
        "--ServerApp.allow_remote_access=False",
        f"--IdentityProvider.token={token}",
        f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}",
        "--LabApp.news_url=None",  # nothing is asked of other computers
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if not browser:
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")  # in a container there is nobody else
    return words


def _free_port(first: int) -> int:
    """The first free port from `first` on."""
    for port in range(first, min(first + 50, 65_536)):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SegkitError(f"No port from {first} on is free. Name another one, such as --port {first + 100}.")


def _let_kernels_import_segkit() -> None:
    """Kernels run in the lessons' folder; a checkout that was not installed must still be found from there."""
    paths = [str(_PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)


def _lessons() -> Path:
    """The folder of lessons: of the folder we are in, or of the project."""
    for folder in (Path.cwd() / "notebooks", Path.cwd(), _PROJECT / "notebooks"):
        if (folder / FIRST_LESSON).is_file():
            return folder.resolve()
    raise FileProblem(
        f"No lessons here: there is no notebooks/{FIRST_LESSON}. Go to the project's folder, then type it again."
    )


def _copied(lessons: Path, target: Path) -> Path:
    if target.exists() and not target.is_dir():
        raise FileProblem(f"'{target}' is a file. Name a folder, such as --copy my_course.")
    target.mkdir(parents=True, exist_ok=True)
    for lesson in sorted(lessons.glob("*.ipynb")):
        if not (target / lesson.name).exists():
            shutil.copyfile(lesson, target / lesson.name)
    return target.resolve()


@app.command(rich_help_panel="The course")
def book(
    out: Annotated[str, typer.Option(help="The folder to write the website to.")] = "book",
    execute: Annotated[bool, typer.Option("--execute", help="First run every lesson and store its outputs.")] = False,
) -> None:
    """Make a website of the lessons: every output as stored, a glossary, a gallery; it works without a network.

    **Example**

    `segkit book --out site --execute`
    """
    lessons = _lessons()
    try:
        from segkit.course import book as website

        if execute:
            website.execute([lessons], tell=lambda line: typer.echo(f"Running {line}", err=True))
        page = website.build(out, notebooks=lessons)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in ("segkit", "synthetic"):
            raise
        raise SegkitError(f"The website needs {missing.name}. Type: pip install 'segkit[course,book]'") from None
    typer.echo(f"The website is made. Open {page}")


@app.command(rich_help_panel="The course")
def shop(
    customers: Annotated[str, typer.Option(help="How many; 1e6 is a million.")] = "3000",
    seed: Annotated[int, _SEED] = 7,
    out: Annotated[str, typer.Option(help="The folder to write to.")] = "shop",
    workers: Annotated[
        int, typer.Option(help="How many processors work on it; the customers stay the same.", min=1)
    ] = 1,
    tables: Annotated[
        str | None, typer.Option(help="Only these tables, parted by commas. Usual: all.", show_default=False)
    ] = None,
    csv: Annotated[
        bool,
        typer.Option("--csv", help="Not the tables but one file, invoices.csv, with a row per order line."),
    ] = False,
    personas: Annotated[
        str | None, typer.Option(help="A folder with your own personas, one TOML file each.", show_default=False)
    ] = None,
) -> None:
    """Write the tables of a planted shop as Parquet files, with the truth beside them in a folder of its own.

    With **--csv** it is one file of order lines.

    Of any size: memory does not grow with it. A stopped run is taken up again by the same command.

    **Examples**

    `segkit shop --customers 1e6 --out big_shop --workers 2`

    `segkit shop --customers 1e7 --tables orders,order_lines --out orders_only`

    `segkit segment big_shop --by usage --engine duckdb`

    `segkit shop --customers 3000 --csv --out till`
    """
    import synthetic

    many = whole_number(customers)
    chosen = [name.strip() for name in tables.split(",")] if tables else None
    folder = synthetic.write(
        out, many, seed, workers=workers, tables=chosen, csv=csv, personas=personas, progress=sys.stderr.isatty()
    )
    truth = folder / "truth"
    typer.echo(f"{many:,} customers are in {folder}" + (f"; the truth is in {truth}." if truth.is_dir() else "."))
