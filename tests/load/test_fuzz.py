"""Whatever happens to a file, its reader is told in words or every row is accounted for."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segkit.errors import SegkitError
from segkit.load import read_tables
from tests.load import fuzz
from tests.load.made import nothing_lost, revenue, write

IDS = st.sampled_from(["00123", "00124", "a7", "", "NULL", " 00123 ", "۷", "0", "total"])
DATES = st.sampled_from(
    ["2024-01-05", "2024-02-29 10:00", "2024-02-30", "", "soon", "1900-01-01", "2024-03-01T10:00:00"]
)
NUMBERS = st.sampled_from(["1", "2", "-1", "-3", "0", "3.50", "1.25", "", "x", "inf", "1e3", "(2.00)", "12%"])
WORTH = {"1": 1, "2": 2, "-1": -1, "-3": -3, "0": 0, "3.50": 3.5, "1.25": 1.25, "1e3": 1000, "(2.00)": -2}
ROWS = st.lists(st.tuples(IDS, IDS, DATES, IDS, NUMBERS, NUMBERS), min_size=1, max_size=25)


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, returns=st.sampled_from(["net", "drop", "keep"]), duplicates=st.sampled_from(["keep", "drop"]))
def test_rows_and_revenue_in_are_kept_plus_set_aside(tmp_path, rows, returns, duplicates):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["order_id", "customer_id", "ordered_at", "product_id", "quantity", "unit_price"])
    writer.writerows([(f"o{i}" if row[0] else row[0], *row[1:]) for i, row in enumerate(rows)])
    path = write(tmp_path, out.getvalue())
    try:
        loaded = read_tables(path, returns=returns, duplicates=duplicates)
    except SegkitError:
        return
    nothing_lost(loaded)
    assert loaded.report.rows_read == len(rows)
    assert loaded.report.revenue_read == pytest.approx(sum(_worth(row[4], row[5]) for row in rows))
    in_tables = revenue(loaded)
    assert in_tables == pytest.approx(loaded.report.revenue_kept)
    lines = pd.DataFrame(loaded.tables["order_lines"])
    assert lines["returned_quantity"].between(0, lines["quantity"].abs()).all()
    assert set(lines["order_id"]) == set(loaded.tables["orders"]["order_id"])


def _worth(quantity: str, price: str) -> float:
    """Money on a row, worked out by hand: what cannot be read is none, and one minus makes it a return."""
    if quantity not in WORTH or price not in WORTH:
        return 0.0
    sign = -1 if min(WORTH[quantity], WORTH[price]) < 0 else 1
    return sign * abs(WORTH[quantity] * WORTH[price])


@pytest.mark.parametrize("fault", ["a row", "a library", "an address"])
def test_a_lost_row_an_error_of_a_library_and_an_address_told_would_be_noticed(monkeypatch, fault):
    def broken(path, **how):
        if fault == "a library":
            raise KeyError("customer_id")
        if fault == "an address":
            raise SegkitError("Not read: ann@example.com.")
        loaded = read_tables(path, **how)
        name, (rows, kept, aside) = next(iter(loaded.report.files.items()))
        loaded.report.files[name] = (rows, kept - 1, aside)
        return loaded

    monkeypatch.setattr(fuzz, "read_tables", broken)
    with pytest.raises(AssertionError, match="corruption"):
        fuzz.run(20)


@pytest.mark.slow
def test_random_corruptions_are_refused_in_words_or_read_whole():
    counted = fuzz.run(200)
    assert sum(counted.values()) == 200
    assert counted["read"] > 40
    assert counted["refused"] > 40
