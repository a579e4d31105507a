"""Small files made for a test."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from segkit.errors import SegkitError
from segkit.load import Loaded, read_tables

GOOD = """order_id,customer_id,ordered_at,product_id,quantity,unit_price
1,00123,2024-01-05 10:00:00,A,2,3.50
2,00124,2024-02-28 11:30:00,B,1,10.25
3,00123,2024-03-13 12:00:00,A,1,3.50
4,00125,2024-03-15 09:00:00,C,4,2.05
"""


def write(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def with_column(column: str, values: list[str], *, rest: str = GOOD) -> str:
    """The good file with another content of one column; values are repeated to its length."""
    lines = [line.split(",") for line in rest.splitlines()]
    place = lines[0].index(column)
    for i, line in enumerate(lines[1:]):
        line[place] = '"' + values[i % len(values)] + '"'
    return "\n".join(",".join(line) for line in lines) + "\n"


def read(path: Path, **how: object) -> Loaded:
    """Read a path and check that no row was lost unseen."""
    loaded = read_tables(path, **how)
    for note in loaded.report.notes:
        tell(note.text)
    nothing_lost(loaded)
    return loaded


def tell(message: str) -> None:
    """Write what was said, beside the test's name, to the file that SEGKIT_MESSAGES names: a list for a reader."""
    if "SEGKIT_MESSAGES" in os.environ:
        name = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
        with Path(os.environ["SEGKIT_MESSAGES"]).open("a", encoding="utf-8") as file:
            file.write(f"{name}\t{' '.join(message.splitlines())}\n")


def nothing_lost(loaded: Loaded) -> None:
    """Rows read are kept or set aside, and the money too."""
    report = loaded.report
    assert report.rows_read == report.rows_kept + report.rows_set_aside
    assert len(report.rejected) == report.rows_set_aside
    assert report.revenue_read == pytest.approx(report.revenue_kept + report.revenue_set_aside)
    assert report.rejected["revenue"].sum() == pytest.approx(report.revenue_set_aside)
    assert sum(note.set_aside for note in report.notes) == report.rows_set_aside


def refused(path: Path, **how: object) -> str:
    """Read a path that must be refused, and return the message."""
    with pytest.raises(SegkitError) as caught:
        read_tables(path, **how)
    message = str(caught.value)
    tell(message)
    assert message.endswith((".", "]", "}", "[files]'")) or "Type:" in message or "type:" in message
    assert caught.value.__cause__ is None or isinstance(caught.value.__cause__, SegkitError)
    return message


def revenue(loaded: Loaded) -> float:
    """Net revenue of the tables, as the measures count it."""
    lines = pd.DataFrame(loaded.tables["order_lines"])
    paid = lines["quantity"] * lines["unit_price"] - lines["discount"]
    return float((paid * (1 - lines["returned_quantity"] / lines["quantity"])).sum())
