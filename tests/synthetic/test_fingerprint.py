"""The promise of values: the same seed, world and FORMAT give the same customers on every supported NumPy.

Run under another NumPy without the rest of the project, this file needs numpy, pandas, pyarrow, holidays and faker.
When the customers change on purpose, raise synthetic.world.FORMAT and print the new constant with
``python -c "import synthetic; print(synthetic.outdoor_shop(customers=5000, seed=7).fingerprint())"``.
"""

import os
import subprocess
import sys

import pyarrow as pa
import pytest

import synthetic
from synthetic.fingerprint import Fingerprint

GOLDEN = "8c053d5e2fd7289a5a4c61640f5bd605"


@pytest.fixture(scope="module")
def shop():
    return synthetic.outdoor_shop(customers=5000, seed=7)


def test_the_golden_fingerprint(shop):
    assert shop.fingerprint() == GOLDEN


def test_without_the_processors_vector_instructions_nothing_changes():
    script = "import synthetic; print(synthetic.outdoor_shop(customers=5000, seed=7).fingerprint())"
    plain = {**os.environ, "NPY_DISABLE_CPU_FEATURES": _optional_features(), "PYTHONPATH": "."}
    done = subprocess.run([sys.executable, "-c", script], env=plain, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == GOLDEN


def _optional_features():
    """Return the names of the instruction sets that this NumPy would use and can do without."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


def test_names_are_no_part_of_it(shop):
    before = shop.fingerprint()
    names = shop.tables["customers"].first_name.copy()
    shop.tables["customers"]["first_name"] = "somebody"
    assert shop.fingerprint() == before
    shop.tables["customers"]["first_name"] = names


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("orders", "coupon", None), ("order_lines", "discount", 0.01), ("customers", "city", "Duluth")],
)
def test_a_single_changed_value_changes_it(shop, table, column, value):
    frame = shop.tables[table]
    kept = frame.loc[3, column]
    value = "bundle" if value is None and kept != "bundle" else value
    before = shop.fingerprint()
    frame.loc[3, column] = value
    changed = shop.fingerprint()
    frame.loc[3, column] = kept
    assert changed != before
    assert shop.fingerprint() == before


def test_moving_a_letter_or_a_null_changes_it():
    marks = []
    for values in (["ab", "c"], ["a", "bc"], ["ab", "c", None], ["ab", None, "c"]):
        mark = Fingerprint()
        mark.add("t", pa.table({"x": pa.array(values, pa.string())}))
        marks.append(mark.text())
    assert len(set(marks)) == 4
