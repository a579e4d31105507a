"""Finding and marking rows among all rows of a load."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from segkit import _portable as p
from segkit.load.desk import Desk
from segkit.load.ledger import KEPT, Ledger
from segkit.load.options import Options
from segkit.load.passes import file_and_line


@dataclass(frozen=True)
class Marker:
    """What every whole-file rule needs.

    Attributes
    ----------
    file : str
        For messages.
    options, ledger, desk
        Wishes, findings, and where to work.
    """

    file: str
    options: Options
    ledger: Ledger
    desk: Desk

    def mark(self, lines: nw.LazyFrame, reason: str, where: nw.Expr) -> nw.LazyFrame:
        """Set rows aside that no earlier rule has."""
        code = self.ledger.code(reason, self.file)
        live = (nw.col("reason") == KEPT) & where
        return lines.with_columns(reason=nw.when(live).then(nw.lit(code)).otherwise(nw.col("reason")))

    def found(self, lines: nw.LazyFrame, where: nw.Expr) -> tuple[int, tuple[int, ...]]:
        """Count rows and give the first lines."""
        hits = lines.filter(where)
        rows = int(p.small(hits.select(n=nw.len()))["n"].iloc[0])
        if not rows:
            return 0, ()
        first = p.small(hits.select("row").sort("row").head(3))["row"]
        return rows, tuple(file_and_line(int(row))[1] for row in first)
