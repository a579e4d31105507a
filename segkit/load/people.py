"""Customers who are perhaps none: guest accounts, one that holds everything, ids that differ by a letter's case."""

from __future__ import annotations

import narwhals as nw

from segkit import _portable as p
from segkit.load.ledger import KEPT, NETTED
from segkit.load.marker import Marker
from segkit.load.texts import count_of, shown_id

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


def look_at_customers(lines: nw.LazyFrame, marker: Marker) -> None:
    """Warn of ids that are no one person, and of one customer holding much of the revenue."""
    live = lines.filter((nw.col("reason") == KEPT) | (nw.col("reason") == NETTED))
    counted = marker.desk.settle(_by_customer(live))
    _alike(counted, marker)
    whole = p.small(counted.select(n=nw.len(), rows=nw.col("rows").sum(), revenue=nw.col("revenue").sum())).iloc[0]
    if not whole["n"]:
        return
    many = nw.max_horizontal(nw.lit(_CROWD * whole["rows"]), nw.lit(_CROWD_TIMES * whole["rows"] / whole["n"]))
    guest = nw.col("customer_id").str.to_lowercase().is_in(_GUESTS)
    crowds = p.small(counted.filter((nw.col("rows") > many) | (guest & (nw.col("rows") > 1))))
    for _, crowd in crowds.sort_values(["rows", "customer_id"], ascending=[False, True]).head(5).iterrows():
        what = (
            f"customer_id '{shown_id(crowd['customer_id'])}' has {count_of(int(crowd['rows']), 'row')} "
            f"({100 * crowd['rows'] / whole['rows']:.1f} %): a guest account, or one very large customer?"
        )
        marker.ledger.warn("crowd", marker.file, what, rows=int(crowd["rows"]))
    top = p.small(counted.sort("revenue", "customer_id", descending=[True, False]).head(1)).iloc[0]
    if whole["n"] >= _FEW and whole["revenue"] > 0 and top["revenue"] / whole["revenue"] >= _WHALE:
        share = top["revenue"] / whole["revenue"]
        what = (
            f"customer_id '{shown_id(top['customer_id'])}' alone holds {100 * share:.0f} % of the revenue: "
            "right, or a slip of the keys?"
        )
        marker.ledger.warn("whale", marker.file, what, rows=int(top["rows"]))


def _by_customer(live: nw.LazyFrame) -> nw.LazyFrame:
    return live.group_by("customer_id").agg(rows=nw.len(), revenue=nw.col("revenue").sum())


def _alike(counted: nw.LazyFrame, marker: Marker) -> None:
    """Ids that differ only in upper and lower case may be one customer, or two; the shop knows."""
    folded = counted.select(folded=nw.col("customer_id").str.to_lowercase()).group_by("folded").agg(n=nw.len())
    several = p.small(folded.filter(nw.col("n") > 1).select(n=nw.col("n").sum()))["n"].iloc[0]
    if several and several == several:
        what = f"{int(several):,} customer_id differ from another only in upper and lower case; kept apart"
        marker.ledger.warn("case", marker.file, what, rows=int(several))
