"""Every row accounted for: per reason, per file, in rows and in money."""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw
import numpy as np
import pandas as pd

from segkit import _portable as p
from segkit.load.batches import RECORD, Spool, is_own
from segkit.load.ledger import Ledger
from segkit.load.passes import file_and_line, row_number
from segkit.load.report import LoadReport

_FILE = 1 << 40


def account(report: LoadReport, judged: dict[str, nw.LazyFrame], files: list[tuple[str, int]], ledger: Ledger) -> None:
    """Fill in the report's counts, and note every reason for which rows were set aside."""
    aside_of = dict.fromkeys(range(len(files)), 0)
    for frame in judged.values():
        money = _with_money(frame)
        totals = p.small(money.select(revenue=nw.col("revenue").sum())).iloc[0]
        report.revenue_read += float(totals["revenue"])
        aside = money.filter(nw.col("reason") > 0)
        counted = p.small(
            aside.with_columns(file=nw.col("row") // _FILE)
            .group_by("reason", "file")
            .agg(rows=nw.len(), revenue=nw.col("aside").sum())
        )
        for code, group in counted.groupby("reason", sort=True):
            file_numbers = group["file"].astype(int)
            total = sum(files[number][1] for number in file_numbers)
            first = p.small(aside.filter(nw.col("reason") == int(code)).select("row").sort("row").head(3))["row"]
            lines = [file_and_line(int(row))[1] for row in first]
            ledger.set_aside(int(code), int(group["rows"].sum()), total, float(group["revenue"].sum()), lines)
            report.revenue_set_aside += float(group["revenue"].sum())
            for number, rows in zip(file_numbers, group["rows"], strict=True):
                aside_of[number] += int(rows)
    report.revenue_kept = report.revenue_read - report.revenue_set_aside
    report.files = {
        name: (rows, rows - aside_of[number], aside_of[number]) for number, (name, rows) in enumerate(files)
    }


def _with_money(frame: nw.LazyFrame) -> nw.LazyFrame:
    names = frame.collect_schema().names()
    if "aside" in names:
        return frame.select("row", "reason", "revenue", "aside")
    zero = nw.lit(0.0)
    return frame.select("row", "reason").with_columns(revenue=zero, aside=zero)


def rejected_rows(
    judged: dict[str, nw.LazyFrame], files: list[tuple[str, Spool]], ledger: Ledger
) -> Callable[[], pd.DataFrame]:
    """Promise the rows set aside: made only when somebody asks."""

    def rows() -> pd.DataFrame:
        found = [p.small(_with_money(frame).filter(nw.col("reason") > 0)) for frame in judged.values()]
        all_found = pd.concat(found).sort_values("row").set_index("row")
        parts = []
        for number, (name, spool) in enumerate(files):
            for batch in spool:
                numbers = row_number(number, batch.lines)
                hit = np.flatnonzero(np.isin(numbers, all_found.index.to_numpy()))
                if not len(hit):
                    continue
                own = [column for column in batch.table.column_names if is_own(column) or column == RECORD]
                raw = batch.table.select(own).take(hit).to_pandas(strings_to_categorical=False)
                raw = raw.astype({c: "str" for c in raw.columns if isinstance(raw[c].dtype, pd.CategoricalDtype)})
                why = all_found.loc[numbers[hit]]
                raw = raw.rename(columns={RECORD: "line of the file"}).rename(
                    columns={c: f"{c} (file)" for c in ("file", "line", "reason", "revenue") if c in raw}
                )
                raw.insert(0, "file", name)
                raw.insert(1, "line", batch.lines[hit])
                raw.insert(2, "reason", [ledger.name(int(code)) for code in why["reason"]])
                raw.insert(3, "revenue", why["aside"].to_numpy())
                parts.append(raw)
        columns = ["file", "line", "reason", "revenue"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    return rows
