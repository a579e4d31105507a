"""Shopify: Orders > Export. One row per line item; later lines of an order leave the order's own fields blank."""

from __future__ import annotations

import numpy as np
import pandas as pd

from segkit.load.batches import NOT_A_SALE
from segkit.load.sources.base import Source, amounts, cells, fill_down, made, spread_discount, told

_NOT_SOLD = {"voided", "expired"}


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add price before discount, discount, returned pieces and the article's number.

    - `Lineitem compare at price` above the price tells a sale: the difference is a discount.
    - What `Subtotal` lacks to the sum of the lines is the order's discount, spread over the lines by value; without a
      subtotal, `Discount Amount` is.
    - A refunded order has all its pieces returned. A part refund that is a whole number of one line's pieces is taken
      as their return; any other is spread over the lines as a discount.
    """
    order = next(name for name in frame.columns if name.casefold() == "name")
    of_lines = {"name", "email", "created at", "vendor"}
    own = [n for n in frame.columns if not n.casefold().startswith("lineitem") and n.casefold() not in of_lines]
    whole = fill_down(frame, order, [*own, *(n for n in frame.columns if n.casefold() in ("email", "created at"))])
    key = whole[order].fillna("")
    price, quantity = amounts(whole, "Lineitem price"), amounts(whole, "Lineitem quantity")
    full = np.fmax(price, amounts(whole, "Lineitem compare at price"))
    with np.errstate(over="ignore", invalid="ignore"):
        value = np.nan_to_num(price * quantity)
    own_discount = np.nan_to_num(amounts(whole, "Lineitem discount"))
    of_order = pd.Series(value).groupby(key.to_numpy()).transform("sum").to_numpy() - amounts(whole, "Subtotal")
    listed = amounts(whole, "Discount Amount")
    to_spread = np.where(np.isfinite(of_order), of_order, np.nan_to_num(listed))
    mine = pd.Series(own_discount).groupby(key.to_numpy()).transform("sum").to_numpy()
    left = np.maximum(to_spread - mine, 0)
    discount = own_discount + spread_discount(value - own_discount, np.where(left < 0.005, 0, left), key)
    paid = value - discount
    returned, refund = _returns(whole, key, quantity, paid)
    sale = np.nan_to_num((full - price) * quantity)
    result = whole.copy()
    result["Created at"] = cells(whole, "Created at").str.replace(r"\s*[+-]\d{2}:?\d{2}$", "", regex=True)
    result[made("product_id")] = cells(whole, "Lineitem sku").where(lambda s: s != "", cells(whole, "Lineitem name"))
    result[made("unit_price")] = told(full, cells(whole, "Lineitem price"))
    result[made("discount")] = told(discount + sale + refund, pd.Series("", index=whole.index))
    result[made("returned_quantity")] = told(returned, pd.Series("", index=whole.index))
    status = cells(whole, "Financial Status").str.casefold()
    void = status.isin(_NOT_SOLD) | ((cells(whole, "Cancelled at") != "") & ~status.str.contains("refunded"))
    result[NOT_A_SALE] = np.where(void, "yes", "")
    return result


def _returns(
    whole: pd.DataFrame, key: pd.Series, quantity: np.ndarray, paid: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pieces returned per line, and what is left of a refund to take off as discount."""
    returned, refund = np.zeros(len(whole)), np.zeros(len(whole))
    status = cells(whole, "Financial Status").str.casefold().to_numpy()
    returned[status == "refunded"] = np.nan_to_num(quantity)[status == "refunded"]
    partly = np.flatnonzero(status == "partially_refunded")
    if not len(partly):
        return returned, refund
    money = np.nan_to_num(amounts(whole, "Refunded Amount"))
    for rows in pd.Series(partly).groupby(key.to_numpy()[partly]).groups.values():
        lines = partly[rows]
        amount = money[lines[0]]
        with np.errstate(divide="ignore", invalid="ignore"):
            pieces = amount / (paid[lines] / quantity[lines])
        pieces[~np.isfinite(pieces)] = 0  # a line for nothing has nothing to give back
        fits = (np.abs(pieces - np.round(pieces)) < 0.001) & (pieces >= 0.999) & (np.round(pieces) <= quantity[lines])
        if fits.any():
            line = int(np.flatnonzero(fits)[0])
            returned[lines[line]] = round(float(pieces[line]))
        elif paid[lines].sum() > 0:
            refund[lines] = np.minimum(amount, paid[lines].sum()) * paid[lines] / paid[lines].sum()
    return returned, refund


SHOPIFY = Source(
    name="shopify",
    signature=("name", "createdat", "lineitemquantity", "lineitemprice"),
    order=("Name",),
    columns={
        "customer_id": ("Customer ID", "Email"),
        "order_id": ("Name",),
        "ordered_at": ("Created at",),
        "quantity": ("Lineitem quantity",),
        "unit_price": (made("unit_price"),),
        "discount": (made("discount"),),
        "returned_quantity": (made("returned_quantity"),),
        "product_id": (made("product_id"),),
        "name": ("Lineitem name",),
        "currency": ("Currency",),
        "shipping_fee": ("Shipping",),
        "coupon": ("Discount Code",),
        "channel": ("Source",),
        "email": ("Email",),
        "phone": ("Phone", "Billing Phone"),
        "city": ("Shipping City", "Billing City"),
        "province": ("Shipping Province", "Billing Province"),
        "country": ("Shipping Country", "Billing Country"),
        "consent_email": ("Accepts Marketing",),
    },
    derive=derive,
    said="a Shopify export has no customer number: customers are told apart by e-mail address, orders without one are "
    "guests; times are the shop's own",
)
