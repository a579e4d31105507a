"""No e-mail address, phone number or full name in a stored output, in a run's log or in what it writes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import synthetic
from tests.load import exports

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
MASKED = re.compile(r"[x9.+_-]+@[x9.-]+")  # the shape of an address, with nothing of it left
PHONE = re.compile(r"\+\d[\d ()-]{8,}\d")


def _addresses(text: str) -> list[str]:
    return [found for found in ADDRESS.findall(text) if not MASKED.fullmatch(found)]


def _outputs(notebook: Path) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    for output in outputs:
        for kind in list(output.get("data", {})):
            if kind.startswith("image/"):
                del output["data"][kind]
    return json.dumps(outputs, ensure_ascii=False)


def _told(text: str, names: set[str]) -> list[str]:
    """Addresses, phone numbers and full names in a text."""
    text = re.sub(r"data:image/[^\"']+", "", text)
    phones = [found for found in PHONE.findall(text) if set(re.findall(r"\d", found)) != {"9"}]  # 9s are its shape
    return [*_addresses(text), *phones, *(name for name in names if name in text)]


def _people(tables: dict[str, pd.DataFrame]) -> set[str]:
    """Full names and phone numbers."""
    customers = tables["customers"]
    names = (customers["first_name"] + " " + customers["last_name"]).dropna()
    return {text for text in [*names, *customers["phone"].dropna()] if len(text) > 5}


@pytest.fixture(scope="module")
def everybody():
    """Names and phones of the people in the lessons' shops: a larger shop of the same seed holds the smaller ones."""
    return _people(synthetic.outdoor_shop(customers=6_000, seed=7, tables=["customers"]).tables)


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_stored_outputs_tell_on_nobody(notebook, everybody):
    assert len(everybody) > 2_000
    assert not _told(_outputs(notebook), everybody)


def test_the_search_finds_what_it_looks_for(everybody):
    name = max(everybody)
    for text in ("by ann@example.com.", "call +44 20 7946 0000", f"<td>{name}</td>"):
        assert _told(f"sizes {text} heavy 12", everybody), text
    assert not _told("xxx@xxxxxxx.xxx, +99 99 9999 9999, 2026-09-30, 1,047,009.45", everybody)


@pytest.mark.slow
def test_a_run_and_what_it_writes_tell_on_nobody(tmp_path):
    population = synthetic.outdoor_shop(customers=120, seed=11)
    tables = {name: population.tables[name] for name in ("customers", "products", "orders", "order_lines", "consents")}
    names = _people(tables)
    folder = exports.native_folder(tables, tmp_path / "shop")
    broken = (folder / "orders.csv").read_text().splitlines()
    broken += ["O1,ann@example.com,soon", "total,,2026-01-01"]  # faults, whose rows hold an address
    broken = [line + "," * (broken[0].count(",") - line.count(",")) for line in broken]
    (folder / "orders.csv").write_text("\n".join(broken))
    command = [sys.executable, "-m", "segkit", "segment", str(folder), "--notebook", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stderr
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert written
    texts = {path.name: path.read_text(encoding="utf-8", errors="ignore") for path in written}
    for where, text in {"log": done.stdout + done.stderr, **texts}.items():
        assert not _told(text, names), where


def test_the_loaders_own_pages_tell_on_nobody(tmp_path):
    from segkit.load import read_tables

    population = synthetic.outdoor_shop(customers=60, seed=11)
    path = exports.shopify_csv(population.tables, tmp_path / "orders_export.csv")
    frame = pd.read_csv(path, dtype=str)
    frame.loc[:3, "Created at"] = "soon"
    frame.to_csv(path, index=False)
    report = read_tables(path).report
    pages = [str(report), report._repr_html_(), report.to_frame().to_string(), report.rejected.to_string()]
    pages.append(report.to_csv(tmp_path / "rejected.csv").read_text("utf-8-sig"))
    names = set(frame["Shipping Name"].dropna()) - {""}
    for page in pages:
        assert not _told(page, names)
