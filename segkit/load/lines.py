"""Rules that need all order lines at once: duplicates, returns, free lines, strange customers."""

from __future__ import annotations

import narwhals as nw

from segkit import _portable as p
from segkit.errors import ColumnProblem
from segkit.load.desk import Desk
from segkit.load.ledger import KEPT, NETTED, Ledger
from segkit.load.options import Options
from segkit.load.passes import file_and_line

_SAME_THING = ["customer_id", "_product", "unit_price"]
_GUESTS = [
    "0",
    "-1",
    "99999",
    "999999",
    "guest",
    "n/a",
    "na",
    "anonymous",
    "unknown",
    "none",
    "test",
    "مهمان",
    "ناشناس",
]
_CROWD = 0.01  # share of rows above which one id is suspicious
_CROWD_TIMES = 20  # and how many times the mean customer's rows
_WHALE = 0.10  # share of revenue worth a word
_FEW = 20  # below so many customers, shares say nothing


class LineRules:
    """Applies the whole-file rules to order lines; each step returns the lines with faults marked.

    Parameters
    ----------
    file : str
        For messages.
    options, ledger, desk
        Wishes, findings, and where to work.
    """

    def __init__(self, file: str, options: Options, ledger: Ledger, desk: Desk) -> None:
        self.file, self.options, self.ledger, self.desk = file, options, ledger, desk

    def apply(self, lines: nw.LazyFrame) -> nw.LazyFrame:
        """Mark duplicates, then free lines, then returns; look at customers last."""
        self._same_order_two_customers(lines)
        names = lines.collect_schema().names()
        lines = self._duplicates(lines, keyed="line" in names)
        lines = self.desk.settle(self._free(lines).with_columns(aside=nw.col("revenue")))
        lines = self.desk.settle(self._returns(lines))
        self._customers(lines)
        return lines

    def _mark(self, lines: nw.LazyFrame, reason: str, where: nw.Expr) -> nw.LazyFrame:
        code = self.ledger.code(reason, self.file)
        live = (nw.col("reason") == KEPT) & where
        return lines.with_columns(reason=nw.when(live).then(nw.lit(code)).otherwise(nw.col("reason")))

    def _found(self, lines: nw.LazyFrame, where: nw.Expr) -> tuple[int, tuple[int, ...]]:
        """Count rows and give the first lines."""
        hits = lines.filter(where)
        rows = int(p.small(hits.select(n=nw.len()))["n"].iloc[0])
        if not rows:
            return 0, ()
        first = p.small(hits.select("row").sort("row").head(3))["row"]
        return rows, tuple(file_and_line(int(row))[1] for row in first)

    def _same_order_two_customers(self, lines: nw.LazyFrame) -> None:
        if "order_id" not in lines.collect_schema().names():
            return
        live = lines.filter(nw.col("reason") == KEPT).select("order_id", "customer_id").unique()
        double = live.group_by("order_id").agg(n=nw.len()).filter(nw.col("n") > 1)
        bad = p.small(double.sort("order_id").head(3))
        if len(bad):
            total = int(p.small(double.select(n=nw.len()))["n"].iloc[0])
            shown = ", ".join(f"'{order}'" for order in bad["order_id"])
            raise ColumnProblem(
                f"{self.file}: {total:,} orders have more than one customer, such as {shown}. An order has one: is "
                "another column the order's number? Pass columns={'order_id': '...'}."
            )

    def _duplicates(self, lines: nw.LazyFrame, *, keyed: bool) -> nw.LazyFrame:
        first = nw.col("row").min().over("hash")
        lines = self.desk.settle(lines.with_columns(duplicate=nw.col("row") != first))
        rows, where = self._found(lines, nw.col("duplicate"))
        if not rows:
            return lines
        if keyed or self.options.duplicates == "drop":
            return self._mark(lines, "duplicate", nw.col("duplicate"))
        what = (
            f"{rows:,} rows are exact duplicates of an earlier row; kept, because a till may scan the same thing twice "
            "(duplicates='drop' sets them aside)"
        )
        self.ledger.warn("duplicate", self.file, what, rows=rows, lines=where)
        return lines

    def _free(self, lines: nw.LazyFrame) -> nw.LazyFrame:
        free = (nw.col("unit_price") == 0) & ~nw.col("is_return")
        rows, where = self._found(lines, free & (nw.col("reason") == KEPT))
        if not rows:
            return lines
        if self.options.free_lines == "drop":
            return self._mark(lines, "free_line", free)
        articles = ""
        if "product_id" in lines.collect_schema().names():
            counted = lines.filter(free & (nw.col("reason") == KEPT)).group_by("product_id").agg(n=nw.len())
            top = p.small(counted.sort("n", "product_id", descending=[True, False]).head(5))["product_id"].dropna()
            articles = f" (articles: {', '.join(map(str, top))})"
        what = f"{rows:,} rows have price 0{articles}; kept with revenue 0 (free_lines='drop' sets them aside)"
        self.ledger.warn("free_line", self.file, what, rows=rows, lines=where)
        return lines

    def _returns(self, lines: nw.LazyFrame) -> nw.LazyFrame:
        cancelled, where = self._found(lines, nw.col("cancelled"))
        negative, where_negative = self._found(lines, nw.col("is_return") & ~nw.col("cancelled"))
        if not cancelled and not negative:
            return lines
        how = self.options.returns
        done = {
            "net": "netted against what they return (returns='drop' sets them aside, returns='keep' leaves them)",
            "drop": "set aside, as asked with returns='drop'",
            "keep": "left as rows of their own, as asked with returns='keep'",
        }[how]
        for reason, rows, first, text in (
            ("cancellations", cancelled, where, "cancelled invoices"),
            (
                "negative",
                negative,
                where_negative,
                "rows with a negative quantity or price that are no cancelled invoice",
            ),
        ):
            if rows:
                what = f"{rows:,} {'rows of ' if reason == 'cancellations' else ''}{text}, {done}"
                self.ledger.fixed(f"{reason} found", self.file, what, rows=rows, lines=first)
        if how == "drop":
            lines = self._mark(lines, "cancellation", nw.col("cancelled"))
            return self._mark(lines, "negative_quantity", nw.col("is_return"))
        if how == "keep":
            sign = nw.when(nw.col("is_return")).then(nw.lit(-1)).otherwise(nw.lit(1))
            paid = nw.col("unit_price") - nw.col("discount") / nw.col("quantity")
            return lines.with_columns(
                unit_price=nw.when(nw.col("is_return")).then(paid).otherwise(nw.col("unit_price")),
                discount=nw.when(nw.col("is_return")).then(nw.lit(0.0)).otherwise(nw.col("discount")),
                quantity=nw.col("quantity") * sign,
            )
        return self._net(lines)

    def _net(self, lines: nw.LazyFrame) -> nw.LazyFrame:
        """Match every return with what it returns: same customer, article and price, latest earlier purchase first.

        Think of the pieces a customer holds as a pile: a purchase puts pieces on top, a return takes them off the
        top. How high the pile is follows from running sums; a piece was returned when the pile later sank below it.
        What a return takes from an empty pile was not bought in these files.
        """
        names = lines.collect_schema().names()
        product = nw.col("product_id").fill_null("") if "product_id" in names else nw.lit("")
        live = lines.filter(nw.col("reason") == KEPT).with_columns(_product=product)
        touched = live.filter(nw.col("is_return")).select(_SAME_THING).unique()
        pile = live.join(touched, on=_SAME_THING, how="inner").with_columns(
            _late=p.as_count(nw.col("is_return")),
            _step=nw.when(nw.col("is_return"))
            .then(-nw.col("quantity"))
            .otherwise(nw.col("quantity") - nw.col("returned_quantity")),
        )
        order = ["ordered_at", "_late", "row"]
        pile = pile.with_columns(_sum=p.whole(nw.col("_step").cum_sum().over(*_SAME_THING, order_by=order)))
        pile = pile.with_columns(_low=p.whole(nw.col("_sum").cum_min().over(*_SAME_THING, order_by=order)))
        pile = pile.with_columns(_low=nw.when(nw.col("_low") < 0).then(nw.col("_low")).otherwise(nw.lit(0)))
        pile = pile.with_columns(
            _height=nw.col("_sum") - nw.col("_low"),
            _before=p.whole(nw.col("_low").shift(1).over(*_SAME_THING, order_by=order)).fill_null(0),
        )
        pile = pile.with_columns(
            _future=p.whole(nw.col("_height").cum_min(reverse=True).over(*_SAME_THING, order_by=order))
        )
        sunk = nw.col("_height") - nw.col("_future")
        back = nw.when(sunk < nw.col("_step")).then(sunk).otherwise(nw.col("_step"))
        matched = pile.select(
            "row",
            _back=nw.when(nw.col("is_return")).then(nw.lit(0)).otherwise(back),
            _unmatched=nw.when(nw.col("is_return")).then(nw.col("_before") - nw.col("_low")).otherwise(nw.lit(0)),
        )
        return self._write_back(lines.join(matched, on="row", how="left"))

    def _write_back(self, lines: nw.LazyFrame) -> nw.LazyFrame:
        code = self.ledger.code("unmatched_return", self.file)
        unmatched = nw.col("_unmatched").fill_null(0)
        live_return = (nw.col("reason") == KEPT) & nw.col("is_return")
        share = nw.col("_unmatched") / nw.col("quantity")
        return lines.with_columns(
            reason=nw.when(live_return & (unmatched > 0))
            .then(nw.lit(code))
            .otherwise(nw.when(live_return).then(nw.lit(NETTED)).otherwise(nw.col("reason"))),
            aside=nw.when(live_return & (unmatched > 0)).then(nw.col("revenue") * share).otherwise(nw.col("revenue")),
            returned_quantity=p.whole(nw.col("returned_quantity") + nw.col("_back").fill_null(0)),
        ).drop("_back", "_unmatched")

    def _customers(self, lines: nw.LazyFrame) -> None:
        """Warn of ids that are no one person, and of one customer holding much of the revenue."""
        live = lines.filter((nw.col("reason") == KEPT) | (nw.col("reason") == NETTED))
        counted = live.group_by("customer_id").agg(rows=nw.len(), revenue=nw.col("revenue").sum())
        whole = p.small(counted.select(n=nw.len(), rows=nw.col("rows").sum(), revenue=nw.col("revenue").sum())).iloc[0]
        if not whole["n"]:
            return
        many = nw.max_horizontal(nw.lit(_CROWD * whole["rows"]), nw.lit(_CROWD_TIMES * whole["rows"] / whole["n"]))
        guest = nw.col("customer_id").str.to_lowercase().is_in(_GUESTS)
        crowds = p.small(counted.filter((nw.col("rows") > many) | (guest & (nw.col("rows") > 1))))
        for _, crowd in crowds.sort_values(["rows", "customer_id"], ascending=[False, True]).head(5).iterrows():
            what = (
                f"customer_id '{crowd['customer_id']}' has {int(crowd['rows']):,} rows "
                f"({100 * crowd['rows'] / whole['rows']:.1f} %): a guest account, or one very large customer?"
            )
            self.ledger.warn("crowd", self.file, what, rows=int(crowd["rows"]))
        top = p.small(counted.sort("revenue", "customer_id", descending=[True, False]).head(1)).iloc[0]
        if whole["n"] >= _FEW and whole["revenue"] > 0 and top["revenue"] / whole["revenue"] >= _WHALE:
            share = top["revenue"] / whole["revenue"]
            what = (
                f"customer_id '{top['customer_id']}' alone holds {100 * share:.0f} % of the revenue: "
                "right, or a slip of the keys?"
            )
            self.ledger.warn("whale", self.file, what, rows=int(top["rows"]))
