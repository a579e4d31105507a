"""Cancelled invoices and negative quantities: netted against what they return, set aside, or left."""

from __future__ import annotations

import narwhals as nw

from segkit import _portable as p
from segkit.load.ledger import KEPT, NETTED
from segkit.load.marker import Marker
from segkit.load.texts import count_of

_SAME_THING = ["customer_id", "_product", "unit_price"]


_DONE = {
    "net": "netted where what they return is found (returns='drop' sets them aside, returns='keep' leaves them)",
    "drop": "set aside, as asked with returns='drop'",
    "keep": "left as rows of their own, as asked with returns='keep'",
}


def settle_returns(lines: nw.LazyFrame, marker: Marker) -> nw.LazyFrame:
    """Treat returns as the caller wishes, and say how many there are."""
    negative = nw.col("is_return") & ~nw.col("cancelled")
    found = 0
    for reason, where, text in (
        ("cancellations found", nw.col("cancelled"), "of cancelled invoices"),
        ("negative quantities found", negative, "with a negative quantity or price and no cancelled invoice"),
    ):
        rows, first = marker.found(lines, where)
        if rows:
            what = f"{count_of(rows, 'row')} {text}, {_DONE[marker.options.returns]}"
            marker.ledger.fixed(reason, marker.file, what, rows=rows, lines=first)
        found += rows
    if not found:
        return lines
    if marker.options.returns == "drop":
        lines = marker.mark(lines, "cancellation", nw.col("cancelled"))
        return marker.mark(lines, "negative_quantity", nw.col("is_return"))
    return _leave(lines) if marker.options.returns == "keep" else _net(lines, marker)


def _leave(lines: nw.LazyFrame) -> nw.LazyFrame:
    """Give returns their minus back; what they lack to the full price goes into the price."""
    back = nw.col("is_return")
    paid = nw.col("unit_price") - nw.col("discount") / nw.col("quantity")
    return lines.with_columns(
        unit_price=nw.when(back).then(paid).otherwise(nw.col("unit_price")),
        discount=nw.when(back).then(nw.lit(0.0)).otherwise(nw.col("discount")),
        quantity=nw.when(back).then(-nw.col("quantity")).otherwise(nw.col("quantity")),
    )


def _net(lines: nw.LazyFrame, marker: Marker) -> nw.LazyFrame:
    """Match every return with what it returns, closest likeness first.

    Always the same customer, article and unit price; first of these the order that the return names, and the line for
    which the same was paid; then any earlier one.
    """
    names = lines.collect_schema().names()
    lines = lines.with_columns(
        _left=nw.when(nw.col("is_return")).then(nw.col("quantity")).otherwise(nw.lit(0)),
        _paid=(nw.col("unit_price") - nw.col("discount") / nw.col("quantity")).round(6),
    )
    discounted = marker.found(lines, nw.col("discount") > 0)[0] > 0
    for alike in (["order_id", "_paid"], ["order_id"], ["_paid"], []):
        if ("_paid" in alike and not discounted) or ("order_id" in alike and "order_id" not in names):
            continue
        lines = marker.desk.settle(_match(lines, [*_SAME_THING, *alike]))
    code = marker.ledger.code("unmatched_return", marker.file)
    back = (nw.col("reason") == KEPT) & nw.col("is_return")
    lines = lines.with_columns(
        reason=nw.when(back & (nw.col("_left") > 0))
        .then(nw.lit(code))
        .otherwise(nw.when(back).then(nw.lit(NETTED)).otherwise(nw.col("reason"))),
        aside=nw.when(back).then(nw.col("revenue") * nw.col("_left") / nw.col("quantity")).otherwise(nw.col("revenue")),
    ).drop("_left", "_paid")
    lines = marker.desk.settle(lines)
    _value(lines, marker)
    return lines


def _value(lines: nw.LazyFrame, marker: Marker) -> None:
    """Say how far the money given back differs from what was paid for the pieces: tables hold the latter."""
    whole = nw.when(nw.col("quantity") > 0).then(nw.col("quantity")).otherwise(nw.lit(1))
    paid = (nw.col("quantity") * nw.col("unit_price") - nw.col("discount")) * (1 - nw.col("returned_quantity") / whole)
    held = nw.when(nw.col("reason") == KEPT).then(paid).otherwise(nw.lit(0.0))
    aside = nw.when(nw.col("reason") > 0).then(nw.col("aside")).otherwise(nw.lit(0.0))
    sums = p.small(lines.select(held=held.sum(), told=(nw.col("revenue") - aside).sum())).iloc[0]
    gap = float(sums["held"] - sums["told"])
    if abs(gap) > 0.005:
        what = (
            f"returned pieces count at what was paid for them; the rows of returns say {abs(gap):,.2f} "
            f"{'more' if gap > 0 else 'less'}, so the tables' revenue is {float(sums['held']):,.2f}"
        )
        marker.ledger.warn("value of returns", marker.file, what)


def _match(lines: nw.LazyFrame, same: list[str]) -> nw.LazyFrame:
    """Match returns with earlier purchases of the same thing, the latest first.

    Think of the pieces a customer holds as a pile: a purchase puts pieces on top, a return takes them off the top.
    How high the pile is follows from running sums; a piece was returned when the pile later sank below it. What a
    return takes from an empty pile was not bought before, and is left.
    """
    names = lines.collect_schema().names()
    product = nw.col("product_id").fill_null("") if "product_id" in names else nw.lit("")
    live = lines.filter(nw.col("reason") == KEPT).with_columns(_product=product)
    touched = live.filter(nw.col("_left") > 0).select(same).unique()
    still = nw.col("quantity") - nw.col("returned_quantity")
    pile = live.join(touched, on=same, how="inner").select(
        *same,
        "ordered_at",
        "row",
        _late=p.as_count(nw.col("is_return")),
        _step=nw.when(nw.col("is_return")).then(-nw.col("_left")).otherwise(still),
    )
    order = ["ordered_at", "_late", "row"]
    pile = pile.with_columns(_sum=p.whole(nw.col("_step").cum_sum().over(*same, order_by=order)))
    pile = pile.with_columns(_low=p.whole(nw.col("_sum").cum_min().over(*same, order_by=order)))
    pile = pile.with_columns(_low=nw.when(nw.col("_low") < 0).then(nw.col("_low")).otherwise(nw.lit(0)))
    pile = pile.with_columns(
        _height=nw.col("_sum") - nw.col("_low"),
        _before=p.whole(nw.col("_low").shift(1).over(*same, order_by=order)).fill_null(0),
    )
    pile = pile.with_columns(_future=p.whole(nw.col("_height").cum_min(reverse=True).over(*same, order_by=order)))
    sunk = nw.col("_height") - nw.col("_future")
    matched = pile.select(
        "row",
        _back=nw.when(nw.col("_late") == 1)
        .then(nw.lit(0))
        .otherwise(nw.when(sunk < nw.col("_step")).then(sunk).otherwise(nw.col("_step"))),
        _unmatched=nw.when(nw.col("_late") == 1).then(nw.col("_before") - nw.col("_low")).otherwise(nw.lit(0)),
    )
    return (
        lines.join(matched, on="row", how="left")
        .with_columns(
            returned_quantity=p.whole(nw.col("returned_quantity") + nw.col("_back").fill_null(0)),
            _left=p.whole(
                nw.when(nw.col("_unmatched").is_null()).then(nw.col("_left")).otherwise(nw.col("_unmatched"))
            ),
        )
        .drop("_back", "_unmatched")
    )
