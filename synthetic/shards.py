"""Populations larger than memory: Parquet files, part by part, that a stopped run takes up again."""

import errno
import json
import multiprocessing
import os
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from tqdm import tqdm

from synthetic.errors import SyntheticError
from synthetic.fingerprint import Fingerprint
from synthetic.invoices import TABLES as INVOICED
from synthetic.invoices import write_invoices
from synthetic.parquet import PartFile
from synthetic.population import blocks_of, check_size, check_tables
from synthetic.streams import BLOCK
from synthetic.tables import SHARED, block_tables, shared_tables
from synthetic.traffic import traffic_table
from synthetic.world import FORMAT, World
from synthetic.worldfiles import read_world, world_mark

BLOCKS_PER_PART = 16
NOTE = ".population.json"


@dataclass(frozen=True)
class Job:
    """What is to be written, and where it grows until it is whole."""

    world: World
    seed: int
    customers: int
    names: tuple[str, ...]
    folder: Path
    csv: bool = False

    @property
    def parts(self) -> int:
        """Number of parts each table is cut into."""
        return -(-self.customers // (BLOCKS_PER_PART * BLOCK))

    @property
    def per_part(self) -> tuple[str, ...]:
        """Tables that have rows in every part."""
        return tuple(name for name in self.names if name not in (*SHARED, "traffic"))

    def path(self, name: str, part: int | None = None) -> Path:
        """Where a table, or a part of it, belongs; the truth has a folder of its own."""
        folder = self.folder / "truth" if name == "truth" else self.folder
        return folder / (f"{name}.parquet" if part is None else f"{name}.{part:05d}.parquet")

    def counts_path(self, part: int) -> Path:
        """Where the visits counted in a part are kept until all parts are there."""
        return self.folder / f".visits.{part:05d}.npy"

    def is_done(self, part: int) -> bool:
        """Whether all files of a part are there; each appears only when it is whole."""
        counted = "traffic" not in self.names or self.counts_path(part).is_file()
        return counted and all(self.path(name, part).is_file() for name in self.per_part)


def write(
    folder, customers: int, seed: int = 7, *, workers: int = 1, tables=None, csv: bool = False, personas=None,
    world=None, progress: bool = True, start_method: str | None = None, **knobs,
) -> Path:  # fmt: skip
    """Write a population of any size to a folder of Parquet files, which ``segkit.read_shop`` reads.

    The files grow in ``FOLDER.unfinished``, which becomes FOLDER when all is there. After an interruption the same call
    goes on with what is missing. Memory does not grow with the number of customers.

    Parameters
    ----------
    folder : path
        A folder that does not exist yet, or an empty one.
    customers, seed, personas, world, **knobs
        As in ``outdoor_shop``; the rows are the same.
    tables : collection of str, optional
        Only these; by default all, the truth among them.
    csv : bool
        Write one file ``invoices.csv`` in place of the tables, a row per order line, as a till exports it; only the
        truth stays beside it.
    workers : int
        How many processors work on it; the customers stay the same.
    progress : bool
        Show a progress bar.
    start_method : {"fork", "spawn", "forkserver"}, optional
        How worker processes are started; the system's own way by default.

    Returns
    -------
    Path
        The folder. The truth is in its sub-folder ``truth``.

    Raises
    ------
    SyntheticError
        If the folder holds anything, the disk is full, or a number is out of range.

    Examples
    --------
    >>> import tempfile, synthetic
    >>> folder = synthetic.write(tempfile.mkdtemp(), customers=100, tables=["orders"], progress=False)
    >>> sorted(path.name for path in folder.iterdir() if path.suffix == ".parquet")
    ['orders.00000.parquet']
    """
    check_size(customers, seed)
    if isinstance(workers, bool) or int(workers) != workers or workers < 1:
        raise SyntheticError(f"workers is {workers!r}; it must be a whole number, 1 or more.")
    folder = Path(folder)
    if csv and tables is not None:
        raise SyntheticError("csv=True writes one file with its own columns. Leave tables= out, or csv=True.")
    names = check_tables((*INVOICED, "truth") if csv else tables)
    job = Job(read_world(world, personas, **knobs), int(seed), int(customers), names, _unfinished(folder), bool(csv))
    try:
        _open(job, folder, world_mark(world, personas, knobs))
        _write_parts(job, int(workers), progress, start_method)
        _write_rest(job)
        if folder.is_dir():
            folder.rmdir()
        os.replace(job.folder, folder)
    except OSError as problem:
        raise _explained(problem, job) from None
    except BrokenExecutor:
        raise SyntheticError(
            f"A worker process was stopped, perhaps for want of memory. {_kept(job)} With workers=1 there is none to "
            "stop. In a script, keep the call under: if __name__ == '__main__':"
        ) from None
    return folder


def folder_fingerprint(folder, tables=None) -> str:
    """Return the fingerprint of a written population: that of the same tables by ``Population.fingerprint()``."""
    folder, mark = Path(folder), Fingerprint()
    for name in check_tables(tables):
        place = folder / "truth" if name == "truth" else folder
        for path in sorted(place.glob(f"{name}.*parquet")):
            file = pq.ParquetFile(path)
            for group in range(file.num_row_groups):
                mark.add(name, file.read_row_group(group, use_threads=False))
    return mark.text()


def _unfinished(folder: Path) -> Path:
    return folder.with_name(folder.name + ".unfinished")


def _open(job: Job, folder: Path, mark: dict):
    """Make the working folder, or take up one that the same call left behind."""
    if folder.exists() and not folder.is_dir():
        raise SyntheticError(f"'{folder}' is a file. Name a folder that does not exist yet.")
    if folder.is_dir() and any(folder.iterdir()):
        raise SyntheticError(f"The folder '{folder}' is not empty. Name another one, or empty it first.")
    wanted = {"format": FORMAT, "seed": job.seed, "customers": job.customers, "tables": list(job.names), "csv": job.csv}
    wanted |= mark
    note = job.folder / NOTE
    if note.is_file():
        began = json.loads(note.read_text(encoding="utf-8"))
        other = [key for key in wanted if began.get(key) != wanted[key]]
        if other:
            raise SyntheticError(
                f"'{job.folder}' holds an unfinished population with another {', '.join(other)}. "
                "Repeat the call that began it, or delete that folder."
            )
        return
    if job.folder.exists() and any(job.folder.iterdir()):
        raise SyntheticError(f"The folder '{job.folder}' is in the way and not ours. Move it, or name another folder.")
    job.folder.mkdir(parents=True, exist_ok=True)
    if "truth" in job.names:
        job.path("truth").parent.mkdir(exist_ok=True)
    working = note.with_suffix(".new")
    working.write_text(json.dumps(wanted), encoding="utf-8")
    os.replace(working, note)


def _write_parts(job: Job, workers: int, progress: bool, start_method):
    waiting = [part for part in range(job.parts) if not job.is_done(part)]
    bar = tqdm(total=job.parts, initial=job.parts - len(waiting), unit="part", desc="Planting", disable=not progress)
    with bar:
        if workers == 1 or len(waiting) <= 1:
            for part in waiting:
                _write_part(job, part)
                bar.update()
            return
        context = multiprocessing.get_context(start_method)
        with ProcessPoolExecutor(min(workers, len(waiting)), context, _begin, (job,)) as pool:
            try:
                for done in as_completed([pool.submit(_write_mine, part) for part in waiting]):
                    done.result()
                    bar.update()
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise


_mine: Job | None = None


def _begin(job: Job):
    """Keep the job in a worker, so that its tables are laid out once."""
    global _mine
    _mine = job


def _write_mine(part: int):
    _write_part(_mine, part)


def _write_part(job: Job, part: int):
    """Write one part of every table; whatever was begun of it before is written anew."""
    files = {name: PartFile(job.path(name, part)) for name in job.per_part}
    counts = 0
    try:
        for block, count in blocks_of(job.customers)[part * BLOCKS_PER_PART : (part + 1) * BLOCKS_PER_PART]:
            tables = block_tables(job.world, job.seed, block, count, job.names)
            counts = counts + tables.pop("traffic", 0)
            for name, rows in tables.items():
                files[name].add(rows)
        if "traffic" in job.names:
            _save(job.counts_path(part), counts)
        for file in files.values():
            file.finish()
    except BaseException:
        for file in files.values():
            file.drop()
        raise


def _save(path: Path, counts):
    working = path.with_name(path.name + ".unfinished")
    with working.open("wb") as file:
        np.save(file, counts)
    os.replace(working, path)


def _write_rest(job: Job):
    """Write the tables that are not cut into parts, and take our own notes away."""
    tables = shared_tables(job.world, job.names)
    if "traffic" in job.names:
        known = sum(np.load(job.counts_path(part)) for part in range(job.parts))
        tables["traffic"] = traffic_table(job.world, job.seed, job.customers, known)
    for name, rows in tables.items():
        file = PartFile(job.path(name))
        file.add(rows)
        file.finish()
    if job.csv:
        parts = [tuple(job.path(name, part) for name in INVOICED) for part in range(job.parts)]
        write_invoices(job.folder / "invoices.csv", parts)
        for path in (path for part in parts for path in part):
            path.unlink()
    for path in (*job.folder.glob(".*"), *job.path("truth").parent.glob(".*")):
        path.unlink()


def _explained(problem: OSError, job: Job) -> SyntheticError:
    if problem.errno == errno.ENOSPC:
        return SyntheticError(f"The disk is full. {_kept(job)} Make room first.")
    return SyntheticError(f"Cannot write to '{job.folder}': {problem.strerror or problem}. {_kept(job)}")


def _kept(job: Job) -> str:
    done = sum(job.is_done(part) for part in range(job.parts))
    return f"{done} of {job.parts} parts are whole and kept in '{job.folder}'; the same call goes on from there."
