"""Lesson 46 without the lesson: its cells that work for any file, run on one by papermill."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from segkit.course.book import PROJECT, strip
from segkit.errors import DataProblem, FileProblem, SegkitError

LESSON = "46_your_own_data.ipynb"
ONLY_IN_CLASS = "lesson"  # the tag of cells about the sample, its exercises and its planted truth


def run(
    path: str | Path,
    out: str | Path,
    *,
    by: str = "usage",
    purpose: str | None = None,
    how: Mapping[str, Any] | None = None,
    lessons: str | Path | None = None,
) -> Path:
    """Write a notebook about one file: load report, segments, trust card, audiences, every cell run.

    Parameters
    ----------
    path : str or pathlib.Path
        The reader's file or folder.
    out : str or pathlib.Path
        The notebook to write.
    by : str
        The type of segmentation, as ``segment --by`` takes it.
    purpose : str, optional
        What customers said yes to, such as ``"email"``; without it no audiences are counted.
    how : mapping, optional
        Words for :func:`segkit.read_shop`.
    lessons : str or pathlib.Path, optional
        The folder of lessons; by default the project's own.

    Returns
    -------
    pathlib.Path
        The notebook, without times and without a trace of how it was run.

    Raises
    ------
    FileProblem
        When the lesson is not there.
    DataProblem
        When a cell fails; the message is that cell's.
    """
    import nbformat

    lesson = Path(lessons or PROJECT / "notebooks") / LESSON
    if not lesson.is_file():
        raise FileProblem(f"No lesson at '{lesson}'. Do this in a copy of the whole project.")
    notebook = nbformat.read(lesson, as_version=4)
    cells = [cell for cell in notebook.cells if ONLY_IN_CLASS not in cell.metadata.get("tags", [])]
    title = f"# {escape(Path(path).name)}, by {by}\n\nEvery cell was run on this file. Change one, and run it again."
    first = nbformat.v4.new_code_cell("import segkit as sk", id="open")
    notebook.cells = [nbformat.v4.new_markdown_cell(title, id="title"), first, *cells]
    words = {"path": str(Path(path).absolute()), "how": dict(how or {}), "by": by, "purpose": purpose}
    out = Path(out)
    with tempfile.TemporaryDirectory() as folder:
        given, done = Path(folder) / "given.ipynb", Path(folder) / "done.ipynb"
        nbformat.write(notebook, given)
        _run(given, done, words)
        result = nbformat.read(done, as_version=4)
    for cell in result.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "your-file"  # papermill's own is drawn by lot
    strip(result)
    nbformat.write(result, out)
    return out


def _run(given: Path, done: Path, words: dict[str, Any]) -> None:
    try:
        import papermill
    except ImportError:
        raise SegkitError("A notebook needs papermill. Type: pip install 'segkit[course]'") from None
    logging.getLogger("papermill").setLevel(logging.ERROR)
    before = os.environ.get("PYTHONPATH")
    # the kernel runs elsewhere, and a checkout that was not installed must still be found from there
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PROJECT), *filter(None, [before])])
    try:
        papermill.execute_notebook(
            given, done, parameters=words, kernel_name="python3", progress_bar=False, cwd=given.parent,
            request_save_on_cell_execute=False, extra_arguments=["--log-level=ERROR"],
        )  # fmt: skip
    except papermill.PapermillExecutionError as problem:
        raise DataProblem(f"The notebook was not written: {problem.ename}: {problem.evalue}") from None
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
