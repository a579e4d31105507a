"""Tables to hand on: no cell tells on a few people, and none can be worked out from the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse.csgraph import dijkstra

from segkit.errors import ColumnProblem, DataProblem, did_you_mean

HIDDEN = "hidden"


def share_table(frame: pd.DataFrame, smallest: int = 10, *, total: str = "total") -> pd.DataFrame:
    """Make a table of counts safe to hand on.

    A count below `smallest` becomes ``"<10"``, a 0 too. Then further counts are hidden, as few as it takes, until no
    reader who knows the sums of all rows and columns can narrow any hidden count to a range less wide than half of
    `smallest`: what a reader can work out is computed, by linear programming over all tables that fit. In a row with
    a hidden count every other number, such as a share or a mean, is hidden too.

    Parameters
    ----------
    frame : pandas.DataFrame
        Whole-number columns are counts of people; texts and the index are names of groups; other numbers belong to
        their row. ``segmentation.sizes()`` and ``segmentation.grid()`` are such tables.
    smallest : int, default 10
        The smallest number of people that may be shown.
    total : str, default "total"
        The name of the row and of the column that hold sums, if there are any.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns, with ``"<10"`` for a small count and ``"hidden"`` for what would give it away.

    Raises
    ------
    DataProblem
        When `smallest` is not 2 or more, or a count is below 0 or missing.
    ColumnProblem
        When there is no column of whole numbers.

    Notes
    -----
    Hundepool et al. (2012), "Statistical Disclosure Control", chapter 4: primary and secondary suppression.

    Examples
    --------
    >>> sizes = pd.DataFrame({"segment": ["light", "medium", "heavy"], "customers": [500, 60, 4]})
    >>> share_table(sizes)["customers"].tolist()
    [500, 'hidden', '<10']
    """
    if isinstance(smallest, bool) or int(smallest) != smallest or smallest < 2:
        raise DataProblem(
            f"smallest={smallest!r} protects nobody. Pass a whole number, 2 or more, such as smallest=10."
        )
    counts = [name for name in frame.columns if pd.api.types.is_integer_dtype(frame[name])]
    if not counts:
        raise ColumnProblem(
            "This table has no column of whole numbers, so there are no counts of people in it. "
            + did_you_mean("customers", frame.columns)
        )
    _check(frame, counts)
    inner_rows = ~_named(frame, total)
    inner_counts = [name for name in counts if name != total]
    table = frame.loc[inner_rows, inner_counts].to_numpy(dtype=np.int64)
    hidden = _hide(table, int(smallest))

    shown = frame.astype(object)
    shown.attrs = {}
    rows = np.flatnonzero(inner_rows)
    for i, j in zip(*np.nonzero(hidden), strict=True):
        shown.iloc[rows[i], frame.columns.get_loc(inner_counts[j])] = HIDDEN
    for name in counts:
        shown.loc[(frame[name] < smallest).to_numpy(), name] = f"<{smallest}"
    others = [n for n in frame.columns if n not in counts and pd.api.types.is_numeric_dtype(frame[n])]
    covered = shown[counts].map(lambda cell: isinstance(cell, str)).any(axis=1).to_numpy()
    shown.loc[covered, others] = HIDDEN
    return shown


def _check(frame: pd.DataFrame, counts: list[str]) -> None:
    for name in counts:
        if frame[name].isna().any() or (frame[name] < 0).any():
            raise DataProblem(f"Column '{name}' holds a missing or negative count. Count again; 0 is written as 0.")


def _named(frame: pd.DataFrame, total: str) -> np.ndarray:
    """Which rows are called `total`, in the index or in a column of text."""
    names = [frame.index.to_series().astype(str).str.casefold()]
    names += [frame[c].astype(str).str.casefold() for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    return np.any([name.to_numpy() == total.casefold() for name in names], axis=0)


def _hide(table: np.ndarray, smallest: int) -> np.ndarray:
    """Which cells not to show: the small ones, and as many more as it takes."""
    small = table < smallest
    hidden = small.copy()
    while (cell := _narrowed(table, small, hidden, smallest)) is not None and not hidden.all():
        more = _cycle(table, hidden, cell, smallest, avoid=np.zeros_like(small))
        if not more:  # it has company already, but of cells too small to cover it
            more = _cycle(table, hidden, cell, smallest, avoid=small)
        if not more:
            more = [np.unravel_index(np.argmin(np.where(hidden, table.max() + 1, table)), table.shape)]
        for i, j in more:
            hidden[i, j] = True
    return hidden


def _cycle(
    table: np.ndarray, hidden: np.ndarray, cell: tuple[int, int], smallest: int, avoid: np.ndarray
) -> list[tuple[int, int]]:
    """The cells to hide so that people could be moved round in a circle through `cell` with all sums as they are.

    Rows and columns are the corners of a graph, cells its edges; the cheapest way from the cell's row to its column
    hides the fewest cells, of equally many those with the fewest people. A cell hardly larger than `smallest` covers
    nobody, because a hidden cell is known to be that large. With one column there are no sums of rows, and any other
    cell will do.
    """
    rows, columns = table.shape
    cost = 1.0 + table / (1 + table.sum()) + 100.0 * (table < 1.5 * smallest)
    cost[hidden] = 1e-6
    cost[avoid | (hidden & (columns == 1))] = 0.0  # 0 means no edge
    cost[cell] = 0.0
    if columns == 1:
        free = np.flatnonzero(cost[:, 0])
        return [(int(free[np.argmin(cost[free, 0])]), 0)] if len(free) else []
    graph = np.zeros((rows + columns, rows + columns))
    graph[:rows, rows:] = cost
    _, before = dijkstra(graph, directed=False, indices=cell[0], return_predecessors=True)
    corner, path = rows + cell[1], []
    while corner != cell[0]:
        if before[corner] < 0:
            return []
        path.append((min(corner, before[corner]), max(corner, before[corner]) - rows))
        corner = before[corner]
    return [(int(i), int(j)) for i, j in path if not hidden[i, j]]


def _narrowed(table: np.ndarray, small: np.ndarray, hidden: np.ndarray, smallest: int) -> tuple[int, int] | None:
    """The first hidden small cell that a reader can narrow down, by knowing the sums."""
    cells = np.argwhere(hidden)
    if not len(cells):
        return None
    upper = np.where(small, smallest - 1, np.inf)[hidden]
    lower = np.where(small, 0, smallest)[hidden]
    sums = [cells[:, 1] == j for j in range(table.shape[1])]
    if table.shape[1] > 1:
        sums += [cells[:, 0] == i for i in range(table.shape[0])]
    sums = [line for line in sums if line.any()]
    known = np.array(sums, dtype=float)
    values = table[hidden].astype(float)
    for number, (i, j) in enumerate(cells):
        if not small[i, j]:
            continue
        aim = np.zeros(len(cells))
        aim[number] = 1.0
        ends = [
            linprog(sign * aim, A_eq=known, b_eq=known @ values, bounds=np.column_stack([lower, upper])).fun * sign
            for sign in (1, -1)
        ]
        if ends[1] - ends[0] < smallest / 2 - 1e-6:
            return int(i), int(j)
    return None
