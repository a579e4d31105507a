"""Realism bands: what real shops look like, from where that is known, and what this one looks like."""

from dataclasses import dataclass

import numpy as np

from synthetic.population import Population

_CDNOW = "CDNOW 1997-98 (Fader & Hardie), all 23,570 customers"
_RETAIL = "Online Retail 2010-11 (Chen, UCI), a wholesaler"


@dataclass(frozen=True)
class Band:
    """One realism band: the figure must lie from ``low`` to ``high``."""

    name: str
    low: float
    high: float
    source: str

    def holds(self, value: float) -> bool:
        """Whether a value lies in the band."""
        return self.low <= value <= self.high


BANDS = (
    Band("one-time buyers", 0.40, 0.60, f"{_CDNOW}: .511; {_RETAIL}: .344"),
    Band("top fifth's share of revenue", 0.58, 0.75, f"{_CDNOW}: .678; {_RETAIL}: .746"),
    Band("Gini of revenue", 0.55, 0.70, f"{_CDNOW}: .635; {_RETAIL}: .715"),
    Band("variance / mean of repeat orders", 4, 15, f"{_CDNOW}: 9.3; {_RETAIL}: 18.1"),
    Band("sd of log order value", 0.6, 1.2, f"{_CDNOW}: .74; {_RETAIL}: 1.07"),
    Band("pieces per order", 1.6, 2.6, f"{_CDNOW}: 2.48; a shop for consumers, so no wholesaler"),
    Band("carts abandoned", 0.65, 0.78, "Baymard Institute, mean of some 50 published studies: about .70"),
    Band("orders / all visits", 0.015, 0.035, "published benchmarks: Smart Insights .014 to .018, Monetate .026"),
    Band("mails opened", 0.15, 0.40, "Mailchimp 2019, all users: .227; Campaign Monitor 2022, retail: .171"),
    Band("mails clicked", 0.01, 0.03, "Mailchimp 2019, all users: .029; Campaign Monitor 2022, retail: .007"),
    Band("December index", 1.4, 1.8, "US Census Bureau seasonal factors, sporting goods and hobby: 1.60 to 1.67"),
    Band("discounted lines", 0.15, 0.35, "an assumption: we know of no public figure"),
)


def measure(shop: Population) -> dict[str, float]:
    """Return the value of every band for a population with all its tables."""
    orders, lines = shop.tables["orders"], shop.tables["order_lines"]
    events, mails = shop.tables["events"], shop.tables["messages"]
    per_customer = orders.groupby("customer_id").size()
    value = lines.quantity * lines.unit_price - lines.discount
    net = value * (lines.quantity - lines.returned_quantity) / lines.quantity
    owner = lines.order_id.map(orders.set_index("order_id").customer_id)
    revenue = np.sort(net.groupby(owner).sum().to_numpy())
    names = events.name.value_counts()
    values = (
        (per_customer == 1).mean(),
        revenue[-(len(revenue) // 5) :].sum() / revenue.sum(),
        gini(revenue),
        (per_customer - 1).var() / (per_customer - 1).mean(),
        np.log(value.groupby(lines.order_id).sum()).std(),
        lines.quantity.sum() / len(orders),
        names["cart_abandoned"] / (names["cart_abandoned"] + names["order_completed"]),
        len(orders) / shop.tables["traffic"].visits.sum(),
        mails.opened_at.notna().mean(),
        mails.clicked_at.notna().mean(),
        december_index(orders),
        (lines.discount > 0).mean(),
    )
    return {band.name: float(figure) for band, figure in zip(BANDS, values, strict=True)}


def gini(values) -> float:
    """Return the Gini coefficient of sorted values.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    ranks = np.arange(1, len(values) + 1)
    return float(((2 * ranks - len(values) - 1) * values).sum() / (len(values) * values.sum()))


def december_index(orders) -> float:
    """Return December's orders over those of a mean month, in the last two whole years up to September."""
    months = orders.ordered_at.dt.to_period("M").value_counts().sort_index()
    months = months[months.index.max() - 23 :]
    return float(months[months.index.month == 12].mean() / months.mean())
