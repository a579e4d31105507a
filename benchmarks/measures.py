"""Measures on each engine beside the same result written by hand, as ratios in one run.

    python -m benchmarks measures --lines 1e6

Every variant runs in a process of its own, in turn, `--runs` times; the median counts. CPU is user + system time of the
work alone (imports excluded); lazy engines read the Parquet files within it, eager ones get their frames first.
Answers of all variants are compared with those of hand-written SQL before any figure is printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

AS_OF = "2026-09-30"
TABLES = ("orders", "order_lines", "products")
REFERENCE = {"polars": "sql", "polars_lazy": "sql", "duckdb": "sql", "pandas": "pandas_by_hand"}

SQL = """
WITH days AS (
    SELECT customer_id, count(*) AS orders, count(DISTINCT ordered_at::DATE) AS active_days,
           min(ordered_at)::DATE AS first_day, max(ordered_at)::DATE AS last_day
    FROM read_parquet('{folder}/orders.parquet') WHERE customer_id IS NOT NULL GROUP BY customer_id
), lines AS (
    SELECT o.customer_id, sum(l.quantity - l.returned_quantity) AS quantity,
           sum((l.quantity * l.unit_price - l.discount) * (l.quantity - l.returned_quantity) / l.quantity) AS revenue,
           sum(l.discount) / sum(l.quantity * l.unit_price) AS discount_share,
           sum(l.returned_quantity) / sum(l.quantity) AS returned_share,
           count(DISTINCT p.category) AS categories
    FROM read_parquet('{folder}/order_lines.parquet') l
    JOIN read_parquet('{folder}/orders.parquet') o USING (order_id)
    LEFT JOIN read_parquet('{folder}/products.parquet') p USING (product_id)
    WHERE o.customer_id IS NOT NULL GROUP BY o.customer_id
)
SELECT customer_id, orders, orders - 1 AS repeat_orders, active_days,
       DATE '{as_of}' - last_day AS recency_days, DATE '{as_of}' - first_day AS tenure_days,
       orders / greatest(1, (DATE '{as_of}' - first_day) / 365.25) AS orders_per_year,
       coalesce(quantity, 0) AS quantity, coalesce(revenue, 0) AS revenue, discount_share, returned_share,
       coalesce(categories, 0) AS categories, coalesce(revenue, 0) / orders AS mean_order_value
FROM days LEFT JOIN lines USING (customer_id)
"""


def by_hand_pandas(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The facts of `measures.purchases`, as a practised pandas user writes them."""
    orders = tables["orders"].dropna(subset=["customer_id"])
    as_of = pd.Timestamp(AS_OF)
    days = orders.assign(day=orders["ordered_at"].dt.normalize())
    facts = days.groupby("customer_id").agg(
        orders=("order_id", "size"), active_days=("day", "nunique"), first=("day", "min"), last=("day", "max")
    )
    facts["repeat_orders"] = facts["orders"] - 1
    facts["recency_days"] = (as_of - facts.pop("last")).dt.days
    facts["tenure_days"] = (as_of - facts.pop("first")).dt.days
    facts["orders_per_year"] = facts["orders"] / (facts["tenure_days"] / 365.25).clip(lower=1)
    lines = tables["order_lines"].merge(orders[["order_id", "customer_id"]], on="order_id")
    lines = lines.merge(tables["products"][["product_id", "category"]], on="product_id", how="left")
    gross = lines["quantity"] * lines["unit_price"]
    kept = lines["quantity"] - lines["returned_quantity"]
    lines = lines.assign(gross=gross, kept=kept, net=(gross - lines["discount"]) * kept / lines["quantity"])
    sums = lines.groupby("customer_id").agg(
        quantity=("kept", "sum"), revenue=("net", "sum"), gross=("gross", "sum"), discount=("discount", "sum"),
        ordered=("quantity", "sum"), returned=("returned_quantity", "sum"), categories=("category", "nunique"),
    )  # fmt: skip
    sums["discount_share"] = sums.pop("discount") / sums.pop("gross")
    sums["returned_share"] = sums.pop("returned") / sums.pop("ordered")
    facts = facts.join(sums)
    facts = facts.fillna({"quantity": 0, "revenue": 0, "categories": 0})
    facts["mean_order_value"] = facts["revenue"] / facts["orders"]
    return facts.reset_index()


def make_shop(folder: Path, lines: int) -> None:
    """Write a shop of about `lines` order lines as Parquet: orders by a gamma mixture, 2.5 lines each."""
    rng = np.random.default_rng(7)
    orders = max(int(lines / 2.5), 10)
    customers = max(orders // 4, 4)
    weight = rng.gamma(0.6, 1.0, customers)
    who = rng.choice(customers, orders, p=weight / weight.sum())
    minute = rng.integers(0, 850 * 1440, orders)
    pd.DataFrame(
        {
            "order_id": numbered("O", np.arange(orders)),
            "customer_id": numbered("C", who),
            "ordered_at": (pd.Timestamp("2024-06-01") + pd.to_timedelta(minute, unit="min")).astype("datetime64[us]"),
        }
    ).to_parquet(folder / "orders.parquet", index=False)
    quantity = rng.integers(1, 5, lines)
    price = rng.lognormal(3, 0.8, lines).round(2)
    pd.DataFrame(
        {
            "order_id": numbered("O", np.sort(rng.integers(0, orders, lines))),
            "product_id": numbered("P", rng.integers(0, 200, lines)),
            "quantity": quantity,
            "unit_price": price,
            "discount": (price * quantity * (rng.random(lines) < 0.25) * 0.2).round(2),
            "returned_quantity": np.where(rng.random(lines) < 0.05, 1, 0),
        }
    ).to_parquet(folder / "order_lines.parquet", index=False)
    pd.DataFrame(
        {"product_id": numbered("P", np.arange(200)), "category": [f"category {i % 12}" for i in range(200)]}
    ).to_parquet(folder / "products.parquet", index=False)


def numbered(letter: str, numbers: np.ndarray) -> pd.Series:
    """Ids such as O00000042."""
    return letter + pd.Series(numbers).astype("str").str.zfill(8)


def work(variant: str, folder: Path):
    """Return a function that opens the tables and one that computes the facts from them."""
    if variant == "sql":
        import duckdb

        return duckdb.connect, lambda c: c.sql(SQL.format(folder=folder, as_of=AS_OF)).to_arrow_table()
    if variant == "pandas_by_hand":
        return lambda: open_with("pandas", folder), by_hand_pandas
    import segkit as sk

    def measure(tables):
        facts = sk.measures.purchases(sk.Shop(tables, as_of=AS_OF))
        if variant == "polars_lazy":
            return facts.collect(engine="streaming")
        return facts.to_arrow_table() if variant == "duckdb" else facts

    return lambda: open_with(variant, folder), measure


def open_with(engine: str, folder: Path) -> dict:
    """Open the three tables with one engine."""
    if engine == "pandas":
        return {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    if engine == "duckdb":
        import duckdb

        connection = duckdb.connect()
        connection.sql("SET preserve_insertion_order = false")
        return {name: connection.read_parquet(str(folder / f"{name}.parquet")) for name in TABLES}
    import polars as pl

    opened = pl.read_parquet if engine == "polars" else pl.scan_parquet
    return {name: opened(folder / f"{name}.parquet") for name in TABLES}


def run_one(variant: str, folder: Path, answer: Path) -> None:
    """Do one variant's work in this process, write its answer and print its figures as JSON."""
    start, compute = work(variant, folder)
    opened = start()
    before, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    facts = compute(opened)
    wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_SELF)
    frame = facts if isinstance(facts, pd.DataFrame) else facts.to_pandas()
    frame.sort_values("customer_id").reset_index(drop=True).to_parquet(answer, index=False)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"cpu": cpu, "wall": wall, "peak_mb": after.ru_maxrss / 1024}))


def compare(answers: Path, variant: str) -> None:
    """Stop unless a variant's facts equal those of hand-written SQL."""
    truth = pd.read_parquet(answers / "sql.parquet")
    facts = pd.read_parquet(answers / f"{variant}.parquet")[list(truth.columns)]
    pd.testing.assert_frame_equal(facts, truth, check_dtype=False, rtol=1e-6, atol=1e-5)


def main(argv: list[str] | None = None) -> int:
    """Run all variants and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks measures", description=__doc__.split("\n")[0])
    parser.add_argument("--lines", type=float, default=1e6, help="order lines, such as 1e6 or 1e7")
    parser.add_argument("--runs", type=int, default=3, help="runs of each variant; the median counts")
    parser.add_argument("--one", nargs=3, metavar=("VARIANT", "FOLDER", "ANSWER"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.one:
        run_one(options.one[0], Path(options.one[1]), Path(options.one[2]))
        return 0
    variants = ["sql", "pandas_by_hand", "pandas", "polars", "polars_lazy", "duckdb"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_shop(folder, int(options.lines))
        answers = folder / "answers"
        answers.mkdir()
        figures: dict[str, list[dict]] = {variant: [] for variant in variants}
        for _ in range(options.runs):
            for variant in variants:
                command = [sys.executable, "-W", "ignore", "-m", "benchmarks", "measures", "--one", variant, name]
                answer = str(answers / f"{variant}.parquet")
                done = subprocess.run([*command, answer], check=True, stdout=subprocess.PIPE, text=True)
                figures[variant].append(json.loads(done.stdout))
        for variant in variants[1:]:
            compare(answers, variant)
    median = {v: {k: statistics.median(run[k] for run in runs) for k in runs[0]} for v, runs in figures.items()}
    print(f"purchases at {int(options.lines):,} lines, median of {options.runs} runs; all answers equal\n")
    print(f"{'variant':<16}{'cpu s':>8}{'wall s':>8}{'peak MB':>9}   beside")
    for variant, row in median.items():
        beside = ""
        if variant in REFERENCE:
            other = median[REFERENCE[variant]]
            ratios = f"{row['cpu'] / other['cpu']:.2f} x cpu, {row['peak_mb'] / other['peak_mb']:.2f} x memory"
            beside = f"{ratios} of {REFERENCE[variant]}"
        print(f"{variant:<16}{row['cpu']:8.2f}{row['wall']:8.2f}{row['peak_mb']:9.0f}   {beside}")
    return 0
