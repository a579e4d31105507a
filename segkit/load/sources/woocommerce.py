"""WooCommerce orders with one row per item, as its two usual export extensions write them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from segkit.load.batches import NOT_A_SALE
from segkit.load.sources.base import Source, amounts, cells, fill_down, made, pick, spread_discount, told

_NOT_SOLD = {
    "cancelled",
    "failed",
    "pending",
    "pending payment",
    "trash",
    "checkout-draft",
    "draft",
    "on-hold",
    "on hold",
}
_ORDER = ("order_number", "Order Number", "order_id", "Order ID")
_EMAIL = ("billing_email", "Email (Billing)", "customer_email")
_QUANTITY = ("item_quantity", "Quantity")


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add price before discount, discount, returned pieces and who the customer is.

    - `item_subtotal` is before and `item_total` after the coupons; without them `Item Cost` is the price, and the
      cart's discount is spread over the lines by value.
    - `item_refunded_qty` (or `Quantity` over `Quantity (- Refund)`) tells returned pieces; a refunded order has all
      its pieces returned.
    """
    order = pick(list(frame.columns), _ORDER)
    columns = [n for n in frame.columns if not n.casefold().startswith(("item", "sku", "quantity"))]
    whole = fill_down(frame, str(order), [name for name in columns if name != order])
    key = whole[order].fillna("")
    left = amounts(whole, "Quantity (- Refund)")
    quantity = amounts(whole, *_QUANTITY)
    quantity = np.where(np.isfinite(quantity), quantity, left)
    before, after = amounts(whole, "item_subtotal"), amounts(whole, "item_total", "Order Line (w/o tax)")
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where(np.isfinite(before), before / quantity, amounts(whole, "Item Cost", "item_price"))
        price = np.where(np.isfinite(price), price, after / quantity)
        value = np.nan_to_num(price * quantity)
    cart = np.nan_to_num(amounts(whole, "Cart Discount Amount", "cart_discount", "discount_total"))
    discount = np.where(np.isfinite(after), value - np.nan_to_num(after), spread_discount(value, cart, key))
    status = cells(whole, "status", "Order Status").str.casefold().str.removeprefix("wc-")
    returned = np.abs(np.nan_to_num(amounts(whole, "item_refunded_qty")))
    returned = np.where(np.isfinite(left), np.maximum(quantity - left, returned), returned)
    returned = np.where(status == "refunded", quantity, returned)
    result = whole.copy()
    ids = cells(whole, "customer_id", "Customer User ID")
    result[made("customer_id")] = _customer(ids, cells(whole, *_EMAIL))
    result[made("quantity")] = told(quantity, cells(whole, *_QUANTITY))
    result[made("unit_price")] = told(price, cells(whole, "item_subtotal", "Item Cost"))
    result[made("discount")] = told(np.where(np.abs(discount) < 0.005, 0, discount), pd.Series("", index=whole.index))
    result[made("returned_quantity")] = told(np.nan_to_num(returned), pd.Series("", index=whole.index))
    sku = cells(whole, "item_sku", "SKU")
    result[made("product_id")] = sku.where(
        sku != "", cells(whole, "item_product_id", "Product Id", "item_name", "Item Name")
    )
    result[NOT_A_SALE] = np.where(status.isin(_NOT_SOLD), "yes", "")
    return result


def _customer(ids: pd.Series, emails: pd.Series) -> pd.Series:
    """The account's number where every order has one; otherwise the e-mail address, which guests have, too."""
    accounts = (~ids.isin(["", "0"])).all() and len(ids) > 0
    return ids if accounts and not (emails != "").all() else emails


SOURCE_COLUMNS = {
    "customer_id": (made("customer_id"),),
    "order_id": _ORDER,
    "ordered_at": ("order_date", "Order Date", "date"),
    "quantity": (made("quantity"),),
    "unit_price": (made("unit_price"),),
    "discount": (made("discount"),),
    "returned_quantity": (made("returned_quantity"),),
    "product_id": (made("product_id"),),
    "name": ("item_name", "Item Name", "Product Name"),
    "category": ("Category", "Product Categories"),
    "currency": ("order_currency", "Order Currency", "currency"),
    "shipping_fee": ("shipping_total", "Order Shipping Amount"),
    "coupon": ("coupons", "Coupon Code"),
    "email": _EMAIL,
    "phone": ("billing_phone", "Phone (Billing)"),
    "first_name": ("billing_first_name", "First Name (Billing)"),
    "last_name": ("billing_last_name", "Last Name (Billing)"),
    "city": ("billing_city", "City (Billing)"),
    "province": ("billing_state", "State Code (Billing)"),
    "country": ("billing_country", "Country Code (Billing)"),
}
_SAID = (
    "WooCommerce guests have no customer number (0): customers are told apart by e-mail address; cancelled, failed and "
    "unpaid orders are set aside"
)
WOOCOMMERCE = Source(
    name="woocommerce",
    signature=("orderdate", "billingemail", "itemquantity"),
    order=_ORDER,
    columns=SOURCE_COLUMNS,
    derive=derive,
    said=_SAID,
)
WOOCOMMERCE_ADVANCED = Source(
    name="woocommerce",
    signature=("orderdate", "emailbilling", "itemcost"),
    order=_ORDER,
    columns=SOURCE_COLUMNS,
    derive=derive,
    said=_SAID,
)
