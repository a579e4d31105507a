"""Tables to hand on: no small cell is shown, and none can be worked out."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segkit as sk
from segkit import act
from segkit.errors import ColumnProblem, DataProblem
from tests.act import people


def grid(rows):
    table = pd.DataFrame(rows, columns=["low", "middle", "high"][: len(rows[0])])
    return table.set_index(pd.Index([f"group {n}" for n in range(len(rows))], name="segment"))


def test_bad_input_74_small_cells_and_the_one_that_would_give_them_away():
    sizes = pd.DataFrame(
        {"segment": ["light", "medium", "heavy"], "customers": [500, 60, 4], "share": [0.89, 0.1, 0.01]}
    )
    shown = act.share_table(sizes)
    assert shown["customers"].tolist() == [500, "hidden", "<10"]
    assert shown["share"].tolist() == [0.89, "hidden", "hidden"]
    assert sizes["customers"].tolist() == [500, 60, 4]  # the table itself is left alone


def test_nothing_is_hidden_where_nothing_is_small():
    table = grid([[10, 20], [30, 40]])
    assert act.share_table(table).equals(table.astype(object))


def test_a_cell_just_over_the_limit_covers_nobody():
    assert act.share_table(grid([[500], [10], [4]]))["low"].tolist() == ["hidden", 10, "<10"]


def test_one_small_cell_of_a_grid_takes_three_more():
    shown = act.share_table(grid([[3, 40, 50], [60, 70, 80], [90, 100, 110]]))
    assert shown.map(lambda cell: isinstance(cell, str)).to_numpy().sum() == 4
    assert shown.loc["group 0", "low"] == "<10"


def test_two_small_cells_that_hold_almost_nobody_need_company():
    assert act.share_table(grid([[0], [1], [80], [90]]))["low"].tolist() == ["<10", "<10", "hidden", 90]
    assert act.share_table(grid([[4], [5], [80], [90]]))["low"].tolist() == ["<10", "<10", 80, 90]


def test_totals_are_no_cover():
    sizes = pd.DataFrame({"segment": ["light", "heavy", "Total"], "customers": [60, 4, 64]})
    assert act.share_table(sizes)["customers"].tolist() == ["hidden", "<10", 64]


def fitting(shown, table, smallest):
    """Every value that each small cell could have, by trying all tables a reader could think of."""
    small, hidden = table < smallest, shown.map(lambda cell: isinstance(cell, str)).to_numpy()
    cells = np.argwhere(hidden)
    ranges = [
        range(smallest) if small[i, j] else range(smallest, table[i, j] + table.size * smallest) for i, j in cells
    ]
    possible = {tuple(cell): set() for cell in cells if small[tuple(cell)]}
    free = [n for n, (i, j) in enumerate(cells) if small[i, j]]
    for values in itertools.product(*(ranges[n] for n in free)):
        guess = table.astype(float).copy()
        for n, value in zip(free, values, strict=True):
            guess[tuple(cells[n])] = value
        rest = [tuple(c) for c in cells if not small[tuple(c)]]
        if _can_be_filled(guess, table, rest, smallest):
            for n, value in zip(free, values, strict=True):
                possible[tuple(cells[n])].add(value)
    return possible


def _can_be_filled(guess, table, rest, smallest):
    """Whether the larger hidden cells can take up what the guess changed, at most two in a line here."""
    for offsets in itertools.product(range(-smallest + 1, smallest), repeat=len(rest)):
        trial = guess.copy()
        for cell, offset in zip(rest, offsets, strict=True):
            trial[cell] = table[cell] + offset
        rows = (trial.sum(axis=1) == table.sum(axis=1)).all() if table.shape[1] > 1 else True
        if rows and (trial.sum(axis=0) == table.sum(axis=0)).all() and all(trial[c] >= smallest for c in rest):
            return True
    return False


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 14), min_size=2, max_size=2), min_size=2, max_size=2))
def test_no_reader_can_narrow_a_small_cell_by_trying_all_tables(rows):
    smallest = 4
    table = grid(rows)
    shown = act.share_table(table, smallest=smallest)
    values = shown.to_numpy()
    if all(isinstance(cell, str) for cell in values.ravel()):
        return  # nothing is left to hide
    for i, j in np.argwhere(table.to_numpy() < smallest):
        assert values[i, j] == "<4"
    for possible in fitting(shown, table.to_numpy(), smallest).values():
        assert max(possible) - min(possible) >= smallest / 2


def test_the_same_table_gives_the_same_answer_and_larger_ones_end():
    rng = np.random.default_rng(3)
    for _ in range(20):
        table = grid(rng.negative_binomial(0.8, 0.02, size=(6, 3)).tolist())
        assert act.share_table(table).equals(act.share_table(table))


def test_a_segmentation_can_be_handed_on():
    seg = sk.segment(sk.Shop(people.tables(), as_of="2026-03-01"), sk.Usage(cuts=(4, 8)))
    shown = act.share_table(seg.sizes()).set_index("segment")
    assert shown.loc["light", "customers"] == "hidden"
    assert shown.loc["heavy", "customers"] == "<10"


def test_what_is_no_table_of_counts_is_refused():
    with pytest.raises(ColumnProblem, match="no column of whole numbers"):
        act.share_table(pd.DataFrame({"share": [0.5]}))
    with pytest.raises(DataProblem, match="negative count"):
        act.share_table(grid([[-1, 2]]))
    with pytest.raises(DataProblem, match=r"smallest=1 protects nobody.*smallest=10"):
        act.share_table(grid([[1, 2]]), smallest=1)
