"""The course as files: notebooks run with their outputs stored, and a website built from them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from segkit.errors import DataProblem, FileProblem

CELL_SECONDS = 120
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


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
    _strip(notebook)
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


def _strip(notebook) -> None:
    """Leave in the file only what the author wrote and what the cells put out."""
    notebook.metadata = {"kernelspec": dict(_KERNEL), "language_info": {"name": "python"}}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = {"tags": list(tags)} if tags else {}
        for output in cell.get("outputs", []):
            output.pop("transient", None)
