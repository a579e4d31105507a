"""The course as files: notebooks run with their outputs stored, and a website built from them."""

from __future__ import annotations

import base64
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from html import escape, unescape
from io import StringIO
from pathlib import Path

from segkit.errors import DataProblem, FileProblem

PROJECT = Path(__file__).resolve().parents[2]
CELL_SECONDS = 120
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_PICTURE = re.compile(r'<img\b(?=[^>]*?\bsrc="data:image/png;base64,([^"]+)")(?=[^>]*?\balt="([^"]*)")[^>]*>')


def find_notebooks(paths: Iterable[str | Path]) -> list[Path]:
    """List the notebooks named by files and folders, in the order of the course.

    Parameters
    ----------
    paths : iterable of str or Path
        Notebooks, and folders whose notebooks are all meant.

    Returns
    -------
    list of Path
        Sorted by file name, so that 00 comes before 12.

    Raises
    ------
    FileProblem
        When a path is missing, is no notebook, or a folder holds none.
    """
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = [p for p in path.glob("*.ipynb") if not p.name.startswith(".")]
            if not inside:
                raise FileProblem(f"No notebook (*.ipynb) in '{path}'. Name the folder that holds them.")
            found += inside
        elif not path.is_file():
            raise FileProblem(f"No notebook at '{path}'. Name a notebook or the folder that holds them.")
        elif path.suffix != ".ipynb":
            raise FileProblem(f"'{path}' is not a notebook: its name should end in .ipynb.")
        else:
            found.append(path)
    return sorted(set(found), key=lambda p: (p.name, str(p)))


def execute(notebooks: Iterable[str | Path], *, tell: Callable[[str], None] | None = None) -> list[Path]:
    """Run notebooks from the first to the last cell and store what they print.

    A notebook is written only when all its cells ran, and holds nothing that changes from one run to the next
    on its own: no times, no widget state, no version of Python.

    Parameters
    ----------
    notebooks : iterable of str or Path
        Notebooks, or folders of them. Each runs in its own folder and its own kernel.
    tell : callable, optional
        Called with one line per notebook, before it runs.

    Returns
    -------
    list of Path
        The notebooks written.

    Raises
    ------
    FileProblem
        When a notebook is missing or cannot be read.
    DataProblem
        When a cell fails or takes more than 120 seconds; the message names notebook, cell and error.
    """
    paths = find_notebooks(notebooks)
    for number, path in enumerate(paths, start=1):
        if tell:
            tell(f"{number} of {len(paths)}: {path.name}")
        _execute_one(path)
    return paths


def _execute_one(path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        notebook = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise FileProblem(f"'{path}' is not a readable notebook: {str(error).splitlines()[0]}") from None
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent.resolve())}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise DataProblem(
            f"{path.name}, {_failed_cell(notebook)}: {error.ename}: {_COLOURS.sub('', error.evalue)}\n"
            "The notebook on disk is unchanged."
        ) from None
    except (CellTimeoutError, DeadKernelError) as error:
        reason = "took more than" if isinstance(error, CellTimeoutError) else "ended Python within"
        raise DataProblem(
            f"{path.name}, {_failed_cell(notebook)}: {reason} {CELL_SECONDS} seconds.\n"
            "The notebook on disk is unchanged."
        ) from None
    strip(notebook)
    unfinished = path.with_name(f".{path.name}.unfinished")
    nbformat.write(notebook, unfinished)
    os.replace(unfinished, path)


def _failed_cell(notebook) -> str:
    """Name the first code cell without a finished run; text cells count too, as a reader counts."""
    failed = len(notebook.cells)
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if cell.execution_count is None or any(o.output_type == "error" for o in cell.outputs):
            failed = number
            break
    first_line = notebook.cells[failed - 1].source.strip().splitlines()[0]
    return f"cell {failed} of {len(notebook.cells)} ({first_line!r})"


def strip(notebook) -> None:
    """Leave in a notebook only what its author wrote and what its cells put out."""
    notebook.metadata = {"kernelspec": dict(_KERNEL), "language_info": {"name": "python"}}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = {"tags": list(tags)} if tags else {}
        for output in cell.get("outputs", []):
            output.pop("transient", None)


def build(out: str | Path, *, notebooks: str | Path | None = None) -> Path:
    """Build the website of the course: every lesson with its stored outputs, a glossary and a gallery of figures.

    Nothing is run and nothing is fetched; the pages work without a network.

    Parameters
    ----------
    out : str or Path
        The folder to make. An earlier website there is replaced; any other folder that is not empty is refused.
    notebooks : str or Path, optional
        The folder of lessons; by default the project's own.

    Returns
    -------
    Path
        The page to open first.

    Raises
    ------
    FileProblem
        When `out` holds something else, or the project's folder ``docs`` is not there.
    DataProblem
        When a page cannot be built, or has a link that leads nowhere.
    """
    out = Path(out).resolve()
    pages = PROJECT / "docs"
    if not (pages / "conf.py").is_file():
        raise FileProblem(f"No website's settings at '{pages / 'conf.py'}'. Run this in a copy of the whole project.")
    lessons = find_notebooks([notebooks or PROJECT / "notebooks"])
    if out.exists() and not (out.is_dir() and ((out / ".buildinfo").exists() or not any(out.iterdir()))):
        raise FileProblem(f"'{out}' holds something that is not a website made here. Name another folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".book-") as folder:
        source, built = Path(folder) / "source", Path(folder) / "html"
        shutil.copytree(pages, source, ignore=shutil.ignore_patterns("_build"))
        (source / "lessons").mkdir()
        for lesson in lessons:
            shutil.copy(lesson, source / "lessons")
        (source / "glossary.md").write_text(_glossary_page(), encoding="utf-8")
        (source / "gallery.md").write_text(_gallery_page(lessons, source), encoding="utf-8")
        _run_sphinx(source, built, Path(folder) / "doctrees")
        shutil.rmtree(out, ignore_errors=True)
        os.replace(built, out)
    return out / "index.html"


def _run_sphinx(source: Path, built: Path, doctrees: Path) -> None:
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace

    said = StringIO()
    try:
        with docutils_namespace():
            app = Sphinx(source, source, built, doctrees, "html", status=None, warning=said, freshenv=True)
            app.build(force_all=True)
    except SphinxError as error:
        said.write(str(error))
    warnings = _COLOURS.sub("", said.getvalue()).replace(f"{source}{os.sep}", "").strip()
    if warnings:
        raise DataProblem(f"The website was not written, because its pages are not right:\n{warnings}")


def _glossary_page() -> str:
    """Every word of the course, in the alphabet's order, with the Persian and Chinese word where there is one."""
    from segkit.course.glossary import GLOSSARY

    lines = ["# Glossary", "", "What the course means by a word, and the same word in Persian and Chinese.", ""]
    lines += ["```{glossary}"]
    for entry in sorted(GLOSSARY.values(), key=lambda e: e.word.casefold()):
        elsewhere = [
            f'<span lang="{language}" dir="{direction}">{escape(word)}</span>'
            for language, direction, word in (("fa", "rtl", entry.persian), ("zh-Hant", "ltr", entry.chinese))
            if word
        ]
        lines += [entry.word, f"  {entry.text}", ""]
        lines += [f"  {' · '.join(elsewhere)}", ""] if elsewhere else []
    return "\n".join([*lines, "```", ""])


def _gallery_page(lessons: Iterable[Path], source: Path) -> str:
    """Every figure of the lessons, with its description, leading to where it is explained."""
    import nbformat

    lines = ["# Gallery", "", "Every figure of the lessons. Choose one to read what it shows and how to read it.", ""]
    (source / "gallery").mkdir()
    for lesson in lessons:
        heading, title, shown = "", "", set()
        for cell in nbformat.read(lesson, as_version=4).cells:
            if cell.cell_type == "markdown":
                for line in re.findall(r"^#+ +(.+)$", cell.source, flags=re.MULTILINE):
                    title, heading = title or line, line
            for output in cell.get("outputs", []):
                for picture, alt in _PICTURE.findall(str(output.get("data", {}).get("text/html", ""))):
                    if picture in shown:
                        continue
                    if not shown:
                        lines += [f"## {title}", ""]
                    shown.add(picture)
                    name = f"gallery/{lesson.stem}-{len(shown)}.png"
                    (source / name).write_bytes(base64.b64decode(picture))
                    alt = " ".join(unescape(alt).split())
                    lines += [f"```{{figure}} {name}", f":alt: {alt}", f":target: lessons/{lesson.stem}.html", ""]
                    lines += [heading, "```", ""]
    return "\n".join(lines)
