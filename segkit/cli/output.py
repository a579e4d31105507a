"""Output: folders that appear whole or not at all, and bars that tell how far a long work is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from segkit.errors import FileProblem


@contextmanager
def whole_folder(out: str | Path) -> Iterator[Path]:
    """Give a folder to write in, and put what is in it into `out` when all went well; else leave no trace.

    Files of `out` with the same names are replaced, others left alone.

    Raises
    ------
    FileProblem
        When `out` is a file, or cannot be written.
    """
    out = Path(out).absolute()
    if out.exists() and not out.is_dir():
        raise FileProblem(f"'{out}' is a file. Name a folder with --out, such as --out {out.stem}_segments.")
    ground = next(folder for folder in (out, *out.parents) if folder.is_dir())
    try:
        unfinished = Path(tempfile.mkdtemp(dir=ground, prefix=f".{out.name}-unfinished-"))
        try:
            yield unfinished
            _move(unfinished, out)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as problem:
        raise FileProblem(f"Cannot write to '{out}': {problem.strerror}. Name another folder with --out.") from None


def _move(unfinished: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(unfinished.iterdir()):
        if path.is_dir():
            _move(path, out / path.name)
        else:
            os.replace(path, out / path.name)


class Steps:
    """A bar over the steps of a long work, each with its name; silent where nobody is looking.

    Parameters
    ----------
    total : int
        How many steps.
    """

    def __init__(self, total: int) -> None:
        from tqdm import tqdm

        bar = "{desc:<40} {bar} {n_fmt} of {total_fmt}"
        self._bar = tqdm(total=total, disable=None, leave=False, bar_format=bar, dynamic_ncols=True)
        self._begun = False

    def __call__(self, name: str) -> None:
        """Say what is done now; the step before it is over."""
        if self._begun:
            self._bar.update()
        self._begun = True
        self._bar.set_description_str(name)

    def __enter__(self) -> Steps:
        return self

    def __exit__(self, *_: Any) -> None:
        self._bar.close()
