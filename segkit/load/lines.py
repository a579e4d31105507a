"""Rules that need all order lines at once."""

from __future__ import annotations

import narwhals as nw

from segkit import _portable as p
from segkit.errors import ColumnProblem
from segkit.load.keys import stop_for_double_keys
from segkit.load.ledger import KEPT
from segkit.load.marker import Marker
from segkit.load.people import look_at_customers
from segkit.load.returns import settle_returns
from segkit.load.texts import count_of, shown_id


class LineRules:
    """Applies the whole-file rules to order lines; each step returns the lines with faults marked.

    Parameters
    ----------
    marker : Marker
        File, wishes, findings, and where to work.
    total : str, optional
        The file's name for the line total, when it is all there is to tell the price.
    """

    def __init__(self, marker: Marker, total: str | None = None) -> None:
        self.marker, self.total = marker, total

    def apply(self, lines: nw.LazyFrame) -> nw.LazyFrame:
        """Mark duplicates, then free lines, then returns; look at customers last."""
        names = lines.collect_schema().names()
        if "order_id" in names:
            self._same_order_two_customers(lines)
            if self.total:
                self._order_totals(lines, self.total)
        lines = self._duplicates(lines, keyed={"order_id", "line"} <= set(names))
        lines = self.marker.desk.settle(self._free(lines).with_columns(aside=nw.col("revenue")))
        lines = self.marker.desk.settle(settle_returns(lines, self.marker))
        look_at_customers(lines, self.marker)
        return lines

    def _same_order_two_customers(self, lines: nw.LazyFrame) -> None:
        known = (nw.col("reason") == KEPT) & ~nw.col("order_id").is_null()
        live = lines.filter(known).select("order_id", "customer_id").unique()
        double = live.group_by("order_id").agg(n=nw.len()).filter(nw.col("n") > 1)
        bad = p.small(double.sort("order_id").head(3))
        if len(bad):
            total = int(p.small(double.select(n=nw.len()))["n"].iloc[0])
            shown = ", ".join(f"'{shown_id(order)}'" for order in bad["order_id"])
            raise ColumnProblem(
                f"{self.marker.file}: {count_of(total, 'order')} with more than one customer, such as {shown}. "
                "An order has one: is another column the order's number? Pass columns={'order_id': '...'}."
            )

    def _order_totals(self, lines: nw.LazyFrame, total: str) -> None:
        """Stop when what is taken for a line's total is the order's: written once, or on every line alike."""
        known = lines.filter(~nw.col("order_id").is_null())
        amount = (nw.col("quantity") * nw.col("unit_price")).round(2)
        orders = known.group_by("order_id").agg(
            lines=nw.len(),
            filled=p.as_count(nw.col("reason") == KEPT).sum(),
            least=amount.min(),
            most=amount.max(),
        )
        several = orders.filter(nw.col("lines") > 1)
        once = (nw.col("filled") == 1) & (nw.col("lines") > 1)
        alike = (nw.col("filled") == nw.col("lines")) & (nw.col("least") == nw.col("most"))
        found = p.small(
            several.select(
                n=nw.len(),
                once=p.as_count(once).sum(),
                alike=p.as_count(alike).sum(),
                least=nw.col("least").min(),
                most=nw.col("most").max(),
            )
        ).iloc[0]
        if not found["n"]:
            return
        orders_text = f"{int(found['n']):,} order{'s' if found['n'] > 1 else ''} with several lines"
        if found["once"] * 2 > found["n"]:
            what = f"is filled only on the first line of {int(found['once']):,} of {orders_text}"
        elif found["n"] >= 3 and found["alike"] == found["n"] and found["least"] != found["most"]:
            what = f"has the same amount on every line of all {orders_text}"
        else:
            return
        raise ColumnProblem(
            f"{self.marker.file}: column '{total}' {what}: it is the order's total, not the line's. "
            "Pass columns={'unit_price': '...'} with the price of one piece, or leave the lines out."
        )

    def _duplicates(self, lines: nw.LazyFrame, *, keyed: bool) -> nw.LazyFrame:
        first = nw.col("row").min().over("hash")
        lines = self.marker.desk.settle(lines.with_columns(duplicate=nw.col("row") != first))
        rows, where = self.marker.found(lines, nw.col("duplicate"))
        if rows and (keyed or self.marker.options.duplicates == "drop"):
            lines = self.marker.desk.settle(self.marker.mark(lines, "duplicate", nw.col("duplicate")))
        elif rows:
            what = (
                f"{count_of(rows, 'exact duplicate')} of an earlier row; kept, because a till may scan the same thing "
                "twice (duplicates='drop' sets them aside)"
            )
            self.marker.ledger.warn("duplicate", self.marker.file, what, rows=rows, lines=where)
        if keyed:
            stop_for_double_keys(lines, ["order_id", "line"], "order_lines", self.marker.file)
        return lines

    def _free(self, lines: nw.LazyFrame) -> nw.LazyFrame:
        free = (nw.col("unit_price") == 0) & ~nw.col("is_return")
        rows, where = self.marker.found(lines, free & (nw.col("reason") == KEPT))
        if not rows:
            return lines
        if self.marker.options.free_lines == "drop":
            return self.marker.mark(lines, "free_line", free)
        articles = ""
        if "product_id" in lines.collect_schema().names():
            counted = lines.filter(free & (nw.col("reason") == KEPT)).group_by("product_id").agg(n=nw.len())
            top = p.small(counted.sort("n", "product_id", descending=[True, False]).head(5))["product_id"].dropna()
            articles = f" (articles: {', '.join(map(str, top))})"
        what = (
            f"{count_of(rows, 'row')} with price 0{articles}; kept with revenue 0 (free_lines='drop' sets them aside)"
        )
        self.marker.ledger.warn("free_line", self.marker.file, what, rows=rows, lines=where)
        return lines
