"""Corrupt sample exports at random and read them: the reader refuses in words, or accounts for every row.

Run ``python -m tests.load.fuzz 10000`` for a long round; it prints how many were refused and how many read.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

import synthetic
from segkit.errors import SegkitError
from segkit.load import Loaded, read_tables
from tests.load import exports
from tests.load.made import nothing_lost

NASTY = [
    "", " ", "NaN", "inf", "-", "1,200", "1.234,5", "۱۲", "1e400", "9" * 400, "C1", "0", "-5", "2024-02-30", "01/02/24",
    "31/12/2023", "1403/01/01", "9999-12-31", "=1+1", "<b>x</b>", "total", "\u200f", "\ufeff", "a\tb", "12%", "$5",
    "2024-01-01T00:00:00+99:99", "99999999999999999999", "1.2E+16", "true", "null", '"', "';--", "😀", "\u0000",
]  # fmt: skip


def samples(folder: Path) -> dict[str, bytes]:
    """Small exports in every format, by file name."""
    population = synthetic.outdoor_shop(customers=12, seed=3)
    tables = {name: population.tables[name] for name in ("customers", "products", "orders", "order_lines")}
    few = set(tables["orders"]["order_id"].head(25))
    tables["orders"] = tables["orders"][tables["orders"]["order_id"].isin(few)]
    tables["order_lines"] = tables["order_lines"][tables["order_lines"]["order_id"].isin(few)]
    made = [
        exports.flat_csv(tables, folder / "flat.csv"),
        exports.shopify_csv(tables, folder / "shopify.csv"),
        exports.woocommerce_csv(tables, folder / "woo.csv"),
        exports.ga4_jsonl(tables, folder / "ga4.jsonl"),
        exports.segment_jsonl(tables, folder / "segment.jsonl"),
        exports.persian_csv(tables, folder / "persian.csv"),
    ]
    frame = pd.read_csv(folder / "flat.csv", dtype=str)
    frame.to_excel(folder / "flat.xlsx", index=False)
    exports.wide_lines(tables).rename(columns={"product_name": "name"}).to_parquet(folder / "wide.parquet")
    (folder / "flat.csv.gz").write_bytes(gzip.compress((folder / "flat.csv").read_bytes(), mtime=0))
    (folder / "flat.txt").write_bytes((folder / "flat.csv").read_text().replace(",", "\t").encode("utf-16"))
    made += [folder / name for name in ("flat.xlsx", "wide.parquet", "flat.csv.gz", "flat.txt")]
    return {path.name: path.read_bytes() for path in made}


def _bytes(data: bytes, rng: np.random.Generator) -> bytes:
    """Flip, cut or repeat some bytes."""
    raw = bytearray(data)
    for _ in range(int(rng.integers(1, 5))):
        place = int(rng.integers(len(raw)))
        span = int(rng.integers(1, 40))
        kind = rng.integers(5)
        if kind == 0:
            raw[place] = int(rng.integers(256))
        elif kind == 1:
            del raw[place : place + span]
        elif kind == 2:
            raw[place:place] = raw[place : place + span]
        elif kind == 3:
            raw[place:place] = rng.choice(list(b'",;\n\r\t\x00{}[]:\\'), 2).astype(np.uint8).tobytes()
        elif len(raw) > 200:
            del raw[-span:]
    return bytes(raw)


def _cells(data: bytes, rng: np.random.Generator) -> bytes:
    """Put nasty values into cells, and move lines about."""
    rows = list(csv.reader(io.StringIO(data.decode())))
    for _ in range(int(rng.integers(1, 8))):
        kind, row = rng.integers(8), int(rng.integers(len(rows)))
        column = int(rng.integers(len(rows[row]) or 1))
        if kind <= 3 and rows[row]:
            rows[row][column % len(rows[row])] = str(rng.choice(NASTY))
        elif kind == 4:  # the column names too: two exports glued together
            rows.insert(row, list(rows[0 if rng.random() < 0.2 else int(rng.integers(len(rows)))]))
        elif kind == 5 and len(rows) > 3:
            del rows[row]
        elif kind == 6:
            value = str(rng.choice(NASTY))
            for each in rows[1:]:
                if column < len(each):
                    each[column] = value
        elif kind == 7 and rows[0]:
            for each in rows:
                del each[column : column + 1]
    out = io.StringIO()
    csv.writer(out, delimiter=str(rng.choice([",", ",", ";", "|"]))).writerows(rows)
    return out.getvalue().encode(str(rng.choice(["utf-8", "utf-8", "utf-16", "cp1256"])), errors="replace")


def _records(data: bytes, rng: np.random.Generator) -> bytes:
    """Put nasty values into JSON records, at any depth; drop, repeat and shorten records."""
    records = [json.loads(line) for line in data.splitlines()]
    for _ in range(int(rng.integers(1, 6))):
        place = int(rng.integers(len(records)))
        kind = rng.integers(6)
        if kind == 0 and len(records) > 3:
            del records[place]
        elif kind == 1:
            records.insert(place, records[int(rng.integers(len(records)))])
        else:
            inside = records[place]
            while isinstance(inside, dict) and inside:
                key = str(rng.choice(list(inside)))
                deeper = inside[key][0] if isinstance(inside[key], list) and inside[key] else inside[key]
                if not isinstance(deeper, dict) or rng.random() < 0.2:
                    inside[key] = rng.choice([*NASTY, "None", "[]", "{}", "5", "-1e9"])
                    if inside[key] in ("None", "[]", "{}", "5", "-1e9"):
                        inside[key] = json.loads(inside[key].replace("None", "null"))
                    break
                inside = deeper
    return "\n".join(json.dumps(record) for record in records).encode()


def _frame(name: str, data: bytes, rng: np.random.Generator) -> bytes:
    """Put nasty values of any type into a sheet or a Parquet file."""
    read = partial(pd.read_excel, engine="openpyxl") if name.endswith("xlsx") else pd.read_parquet
    frame = read(io.BytesIO(data)).astype("object")
    for _ in range(int(rng.integers(1, 5))):
        column = int(rng.integers(frame.shape[1]))
        value = NASTY[int(rng.integers(len(NASTY) - 1))]
        values: list = [value, -1.5, 1e300, float("inf"), None, True, pd.Timestamp("2024-01-05 10:00"), 45292]
        value = values[int(rng.integers(len(values)))]
        rows = slice(None) if rng.random() < 0.3 else slice(int(rng.integers(len(frame))), None)
        frame.iloc[rows, column] = pd.Series([value] * len(frame), dtype="object").iloc[rows]
    if rng.random() < 0.3:
        frame = frame.drop(columns=frame.columns[int(rng.integers(frame.shape[1]))])
    out = io.BytesIO()
    if name.endswith("xlsx"):
        clean = frame.map(lambda v: v.replace("\u0000", "") if isinstance(v, str) else v)
        clean.to_excel(out, index=False)
    else:
        frame.astype({c: "str" for c in frame if frame[c].map(type).nunique() > 1}).to_parquet(out)
    return out.getvalue()


def corrupt(name: str, data: bytes, rng: np.random.Generator) -> bytes:
    """One random corruption."""
    if name.endswith(".csv") and rng.random() < 0.6:
        return _cells(data, rng)
    if name.endswith(".jsonl") and rng.random() < 0.8:
        return _records(data, rng)
    if name.endswith((".xlsx", ".parquet")) and rng.random() < 0.7:
        return _frame(name, data, rng)
    return _bytes(data, rng)


def _rows_of(path: Path) -> int | None:
    """Rows of a plain CSV, counted by other means; None where that is not to be had."""
    if path.suffix != ".csv":
        return None
    raw = path.read_bytes()
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = raw.decode(encoding)
    sep = max(",;|", key=text.splitlines()[0].count)
    rows = [
        row for row in csv.reader(io.StringIO(text, newline=""), delimiter=sep) if any(cell.strip() for cell in row)
    ]
    return len(rows) - 1


def wishes(name: str, rng: np.random.Generator) -> dict:
    """How to read it: mostly as it comes, sometimes with wishes that change what becomes of rows."""
    how: dict = {"calendar": "jalali" if name == "persian.csv" else None}
    if rng.random() < 0.5:
        return how
    choices = {"returns": ["net", "drop", "keep"], "duplicates": ["keep", "drop"], "free_lines": ["keep", "drop"],
               "tz": [None, "Asia/Tehran"], "dayfirst": [None, True], "decimal": [None, "."], "currency": [None, "USD"],
               "engine": ["pandas", "polars", *(["duckdb"] if rng.random() < 0.1 else [])]}  # fmt: skip
    return how | {word: values[int(rng.integers(len(values)))] for word, values in choices.items()}


def try_one(name: str, data: bytes, folder: Path, how: dict) -> str:
    """Read one corrupted file.

    Returns
    -------
    str
        ``"refused"`` or ``"read"``.

    Raises
    ------
    AssertionError
        When a row vanished, a library's error came through or an address was told.
    """
    path = folder / name
    path.write_bytes(data)
    try:
        loaded = read_tables(path, **how)
    except SegkitError as problem:
        message = str(problem)
    else:
        return _look_at(loaded, path)
    assert "@example" not in message, message
    return "refused"


def _look_at(loaded: Loaded, path: Path) -> str:
    nothing_lost(loaded)
    rows = _rows_of(path)
    if rows is not None:
        assert loaded.report.rows_read == rows, (loaded.report.rows_read, rows)
    told = str(loaded.report) + loaded.report._repr_html_() + loaded.report.rejected.to_string()
    assert "@example" not in told
    return "read"


def run(times: int, seed: int = 0) -> Counter:
    """Corrupt and read that many times; the first failure is told with what made it."""
    counted: Counter = Counter()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        originals = samples(folder)
        for i in range(times):
            rng = np.random.default_rng([seed, i])
            name = list(originals)[i % len(originals)]
            data = corrupt(name, originals[name], rng)
            try:
                counted[try_one(name, data, folder, wishes(name, rng))] += 1
            except Exception as problem:
                raise AssertionError(
                    f"corruption {i} of seed {seed}, {name}: {type(problem).__name__}: {problem}"
                ) from problem
    return counted


if __name__ == "__main__":
    print(dict(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000, int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
