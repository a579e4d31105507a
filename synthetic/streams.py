"""Random numbers that do not depend on who else is drawn: one named stream per place and block of customers."""

from functools import cache
from zlib import crc32

import numpy as np

BLOCK = 2048
"""Customers per block. A block is the unit of work; its numbers depend on the seed, the block and nothing else."""


class Streams:
    """The streams of one block: ``streams("persona")`` is a fresh generator that belongs to that name alone.

    A place that draws for each customer in turn gives the first ``n`` customers of a block the same numbers
    whatever ``n`` is; that is why a larger population never changes the customers that were there.

    Parameters
    ----------
    seed : int
        The population's seed, 0 or more.
    block : int
        Number of the block, from 0.

    Examples
    --------
    >>> streams = Streams(seed=7, block=0)
    >>> bool((streams("persona").random(5)[:3] == streams("persona").random(3)).all())
    True
    """

    def __init__(self, seed: int, block: int):
        self.seed, self.block = seed, block

    def __call__(self, site: str) -> np.random.Generator:
        """Return the generator of a place, from its beginning."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(_code(site), self.block))
        return np.random.Generator(np.random.PCG64(sequence))


@cache
def _code(site: str) -> int:
    return crc32(site.encode())


class Lookup:
    """Many discrete distributions, drawn from by inverse look-up.

    Parameters
    ----------
    weights : array of shape (rows, options)
        Each row is one distribution; rows need not add up to one.
    buckets : int, optional
        Build a guide of so many equal parts per row (Chen and Asau, 1974): worth it for a table used many times.

    Examples
    --------
    >>> lookup = Lookup([[1, 1], [0, 3]])
    >>> lookup.pick([0, 0, 1], np.array([0.2, 0.7, 0.2])).tolist()
    [0, 1, 1]
    """

    def __init__(self, weights, buckets=0):
        weights = np.asarray(weights, dtype=np.float64)
        rows, self.options = weights.shape
        cumulative = np.cumsum(weights, axis=1)
        cumulative /= cumulative[:, -1:]
        cumulative[:, -1] = 1.0
        self._flat = (cumulative + np.arange(rows)[:, None]).ravel()
        self._buckets = buckets
        if buckets:
            starts = np.arange(rows)[:, None] + np.arange(buckets) / buckets
            self._guide = np.searchsorted(self._flat, starts.ravel(), side="right")

    def pick(self, rows, u) -> np.ndarray:
        """Return one option per row number and uniform number."""
        rows = np.asarray(rows)
        return self._find(rows, u) - rows * self.options

    def place(self, rows, level):
        """Return the option and how far into it (0 to 1) a cumulative level between 0 and 1 falls."""
        rows = np.asarray(rows)
        index = self._find(rows, level)
        np.minimum(index, (rows + 1) * self.options - 1, out=index)
        upper = self._flat[index]
        lower = np.where(index == rows * self.options, rows, self._flat[index - 1])
        width = upper - lower
        inside = np.divide(rows + level - lower, width, out=np.zeros_like(width), where=width > 0)
        return index - rows * self.options, inside

    def level(self, rows, option):
        """Return the cumulative share of the options before ``option``; the inverse of ``place``."""
        rows, option = np.asarray(rows), np.asarray(option)
        before = self._flat[np.maximum(rows * self.options + option - 1, 0)] - rows
        return np.where(option == 0, 0.0, np.minimum(before, 1.0))

    def _find(self, rows, u):
        """Return the first place whose cumulative weight exceeds row + u."""
        wanted = rows + u
        if not self._buckets:
            return np.searchsorted(self._flat, wanted, side="right")
        bucket = np.minimum(u * self._buckets, self._buckets - 1).astype(np.int64)
        index = self._guide[rows * self._buckets + bucket]
        behind = np.flatnonzero(self._flat[index] <= wanted)
        while len(behind):
            index[behind] += 1
            behind = behind[self._flat[index[behind]] <= wanted[behind]]
        return index


def repeat_index(counts):
    """Return which row each copy came from and its number among the copies, for ``numpy.repeat`` by ``counts``.

    Examples
    --------
    >>> row, copy = repeat_index([2, 0, 3])
    >>> row.tolist(), copy.tolist()
    ([0, 0, 2, 2, 2], [0, 1, 0, 1, 2])
    """
    counts = np.asarray(counts)
    row = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return row, np.arange(len(row)) - starts[row]
