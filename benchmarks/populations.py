"""Populations written and made in memory, beside ways of making customers by hand.

    python -m benchmarks populations --customers 1e5

Every variant runs in a process of its own, `--runs` times; the median counts. CPU is user + system time of the work
alone; imports, and the tables a world lays out once, are excluded. Peak memory is that of the whole process.

- `orders to Parquet`: orders and order lines, streamed to files.
- `everything to Parquet`: all tables, events too, of a tenth of the customers.
- `5,000 in memory`: all tables as pandas frames.
- `Faker loop`: what a tutorial does, one customer and one order at a time.
- `lifetimes' formula`: purchase times of MBG/NBD customers, one Python loop each, as the lifetimes library generates
  them (its sum of exponential gaps until the end or until the customer leaves); orders only, no lines.
- `SDV` (2 or newer): GaussianCopulaSynthesizer fitted to our own orders and sampled, where the library is installed.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOALS = "goals: orders 130,000 customers/s and 200 MB; everything 40 s for 1e6 customers; 5,000 in memory 0.15 s"


def main(argv=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks populations", description=__doc__.split("\n")[0])
    parser.add_argument("--customers", type=float, default=1e5)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--growth", type=float, nargs="*", default=[], help="also these sizes, orders only: 1e4 1e5 1e6"
    )
    parser.add_argument("--only", nargs="+", choices=list(VARIANTS))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.one:
        print(json.dumps(_measured(asked.one[0], int(float(asked.one[1])))))
        return 0
    customers = int(asked.customers)
    print(f"{'variant':26s}{'customers':>11s}{'CPU s':>9s}{'wall s':>9s}{'customers/s':>13s}{'peak MB':>9s}   rows")
    for name in asked.only or VARIANTS:
        _show(name, VARIANTS[name][1](customers), asked.runs)
    for size in asked.growth:
        _show("orders to Parquet", int(size), asked.runs)
    print(GOALS)
    return 0


def _show(name, customers, runs):
    lines = []
    for _ in range(runs):
        words = [sys.executable, "-m", "benchmarks", "populations", "--one", name, str(customers)]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            print(f"{name:26s}{'not run: ' + (done.stderr.strip().splitlines() or ['?'])[-1]}")
            return
        lines.append(json.loads(done.stdout.splitlines()[-1]))
    cpu, wall, peak = (statistics.median(line[key] for line in lines) for key in ("cpu", "wall", "peak"))
    speed = customers / cpu
    print(f"{name:26s}{customers:11,d}{cpu:9.2f}{wall:9.2f}{speed:13,.0f}{peak:9.0f}   {lines[0]['rows']}", flush=True)


def _measured(name, customers):
    prepare = VARIANTS[name][0]
    with tempfile.TemporaryDirectory() as folder:
        work = prepare(customers, Path(folder))
        cpu, wall = time.process_time(), time.perf_counter()
        rows = work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": cpu, "wall": wall, "peak": peak, "rows": rows}


def _written(tables):
    def prepare(customers, folder):
        import pyarrow.parquet as pq

        import synthetic

        synthetic.write(folder / "warm", 10, tables=tables, progress=False)
        shutil.rmtree(folder / "warm")

        def work():
            synthetic.write(folder / "shop", customers, tables=tables, progress=False)
            rows = {}
            for path in sorted((folder / "shop").glob("*.parquet")):
                table = path.name.split(".")[0]
                rows[table] = rows.get(table, 0) + pq.ParquetFile(path).metadata.num_rows
            return {name: rows[name] for name in ("orders", "order_lines", "events") if name in rows}

        return work

    return prepare


def _in_memory(customers, _):
    import synthetic

    synthetic.outdoor_shop(customers)  # warm

    def work():
        tables = synthetic.outdoor_shop(customers).tables
        return {name: len(tables[name]) for name in ("orders", "order_lines", "events")}

    return work


def _faker_loop(customers, _):
    import datetime as dt
    import random

    import pandas as pd
    from faker import Faker

    faker = Faker()

    def work():
        people, orders = [], []
        first, last = dt.date(2024, 6, 1), dt.date(2026, 9, 30)
        for number in range(customers):
            who = {"name": faker.name(), "email": faker.email(), "city": faker.city()}
            people.append({"customer_id": f"C{number:06d}", **who})
            for _ in range(random.choice([1, 1, 1, 2, 4, 12])):
                orders.append({
                    "customer_id": f"C{number:06d}",
                    "ordered_at": faker.date_between(first, last),
                    "amount": round(random.lognormvariate(4, 1), 2),
                })  # fmt: skip
        return {"customers": len(pd.DataFrame(people)), "orders": len(pd.DataFrame(orders))}

    return work


def _one_by_one(customers, _):
    import numpy as np

    from synthetic.checks.refit import PLANTED

    random = np.random.default_rng(7)

    def work():
        orders = 0
        for _ in range(customers):
            rate = random.gamma(PLANTED.r, 1 / PLANTED.alpha)
            leaving = random.beta(PLANTED.a, PLANTED.b)
            times, now = [0.0], 0.0
            while random.random() >= leaving:
                now += random.exponential(1 / rate)
                if now > 851:
                    break
                times.append(now)
            orders += len(times)
        return {"orders": orders}

    return work


def _sdv(customers, _):
    from sdv.metadata import Metadata
    from sdv.single_table import GaussianCopulaSynthesizer

    import synthetic

    orders = synthetic.outdoor_shop(2000, tables=["orders"]).tables["orders"]
    orders = orders.drop(columns=["order_id", "customer_id"])
    model = GaussianCopulaSynthesizer(Metadata.detect_from_dataframes({"orders": orders}))
    model.fit({"orders": orders})
    return lambda: {"orders": sum(map(len, model.sample(customers * 4).values()))}


VARIANTS = {
    "orders to Parquet": (_written(["orders", "order_lines"]), lambda customers: customers),
    "everything to Parquet": (_written(None), lambda customers: customers // 10),
    "5,000 in memory": (_in_memory, lambda _: 5000),
    "Faker loop": (_faker_loop, lambda customers: customers // 50),
    "lifetimes' formula": (_one_by_one, lambda customers: customers // 10),
    "SDV": (_sdv, lambda customers: customers // 50),
}
