"""A shop's export as it reaches an analyst: made from planted tables, with faults whose number is known."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]
ORDERS, STALL_LIST = "orders_export.csv", "market_stall.csv"
TILL = "till@example.com"
BY_ORDER = {"till": 0.03, "no address": 0.015, "not paid": 0.01, "gift": 0.01, "no date": 0.001, "capitals": 0.05}
"""Share of the orders that get each fault; no order gets two."""


@dataclass(frozen=True)
class SampleExport:
    """Files like those an analyst is sent, and what was planted in them.

    Attributes
    ----------
    path : pathlib.Path
        Orders as Shopify exports them, opened once in a spreadsheet program and saved.
    stall : pathlib.Path
        The list of a market stall, with column names of its own.
    faults : dict of str to int
        Rows with each planted fault, by the reason under which a load report counts them.
    revenue : float
        What the kept orders brought, after discounts and returns.
    """

    path: Path
    stall: Path
    faults: dict[str, int]
    revenue: float


def wide_lines(tables: Tables) -> pd.DataFrame:
    """Order lines with the order, the customer and the article on every row, in order of the orders."""
    lines = tables["order_lines"].merge(tables["orders"], on="order_id", validate="m:1")
    products = tables["products"].rename(columns={"name": "product_name"})
    lines = lines.merge(products, on="product_id", how="left", validate="m:1")
    customers = tables["customers"].add_prefix("c_").rename(columns={"c_customer_id": "customer_id"})
    lines = lines.merge(customers, on="customer_id", how="left", validate="m:1")
    return lines.sort_values(["ordered_at", "order_id", "line"]).reset_index(drop=True)


def email_of(customer_id: pd.Series) -> pd.Series:
    """One address per customer, so that an export without customer numbers can be told apart."""
    return customer_id.str.lower() + "@example.com"


def shopify(tables: Tables, *, offset: str = " -0500") -> pd.DataFrame:
    """Shopify's Orders > Export: later lines leave the order's own fields blank; a sale shows as compare-at price."""
    wide = wide_lines(tables)
    first = ~wide["order_id"].duplicated()
    gross = wide["quantity"] * wide["unit_price"]
    paid = gross - wide["discount"]
    whole = wide["quantity"] - wide["returned_quantity"]
    refund = (paid * wide["returned_quantity"] / wide["quantity"]).groupby(wide["order_id"]).transform("sum")
    kept = whole.groupby(wide["order_id"]).transform("sum")
    status = np.where(refund == 0, "paid", np.where(kept == 0, "refunded", "partially_refunded"))
    # every other discounted line is a sale price, the rest carry a line discount
    sale = (wide["discount"] > 0) & (np.arange(len(wide)) % 2 == 0)
    now = (paid / wide["quantity"]).where(sale, wide["unit_price"])
    subtotal = (now * wide["quantity"] - wide["discount"].where(~sale, 0)).groupby(wide["order_id"]).transform("sum")
    stamp = wide["ordered_at"].dt.strftime("%Y-%m-%d %H:%M:%S") + offset
    order = {
        "Financial Status": status, "Paid at": stamp, "Fulfillment Status": "fulfilled",
        "Accepts Marketing": wide["customer_id"].isin(_said_yes(tables)).map({True: "yes", False: "no"}),
        "Currency": wide["currency"], "Subtotal": subtotal.map(repr), "Shipping": wide["shipping_fee"], "Taxes": "0.00",
        "Total": (subtotal + wide["shipping_fee"]).map(repr), "Discount Code": wide["coupon"],
        "Discount Amount": wide["discount"].where(~sale, 0).groupby(wide["order_id"]).transform("sum"),
        "Shipping Name": wide["c_first_name"] + " " + wide["c_last_name"], "Shipping City": wide["c_city"],
        "Shipping Country": wide["c_country"], "Refunded Amount": refund.map(repr), "Source": wide["channel"],
    }  # fmt: skip
    export = pd.DataFrame({
        "Name": "#" + wide["order_id"], "Email": email_of(wide["customer_id"]), **order, "Created at": stamp,
        "Lineitem quantity": wide["quantity"], "Lineitem name": wide["product_name"], "Lineitem price": now.map(repr),
        "Lineitem compare at price": wide["unit_price"].map(repr).where(sale, ""), "Lineitem sku": wide["product_id"],
        "Lineitem discount": wide["discount"].map(repr).where(~sale, "0.0"), "Cancelled at": "",
    })  # fmt: skip
    for name in order:
        export[name] = export[name].astype("object").where(first, "")
    return export.astype("object").fillna("").astype("str")


def _said_yes(tables: Tables) -> set[str]:
    """Customers whose last answer to e-mail was yes."""
    if "consents" not in tables:
        return set()
    answers = tables["consents"].query("purpose == 'email'").sort_values("changed_at", kind="stable")
    last = answers.drop_duplicates("customer_id", keep="last")
    return set(last.loc[last["granted"].astype(bool), "customer_id"])


def write_sample(tables: Tables) -> SampleExport:
    """Write the two files to a folder that goes when Python ends.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Of a planted shop; the same tables give the same bytes.

    Returns
    -------
    SampleExport
        Where they are, and what was planted.
    """
    folder = Path(tempfile.mkdtemp(prefix="segkit-sample-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    export, faults, lost = _with_faults(shopify(tables))
    export.to_csv(folder / ORDERS, index=False, sep=";", encoding="utf-8-sig")
    _stall(tables).to_csv(folder / STALL_LIST, index=False)
    lines = tables["order_lines"]
    paid = (lines["quantity"] * lines["unit_price"] - lines["discount"]) / lines["quantity"]
    kept = (paid * (lines["quantity"] - lines["returned_quantity"]))[~("#" + lines["order_id"]).isin(lost)]
    return SampleExport(folder / ORDERS, folder / STALL_LIST, faults, float(kept.sum()))


def _with_faults(export: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int], set[str]]:
    """Plant the faults; return the rows, how many rows each concerns, and the orders that are lost by them."""
    names = export["Name"].unique()
    shuffled = np.random.default_rng(46).permutation(names)
    ends = np.cumsum([max(round(share * len(names)), 1) for share in BY_ORDER.values()])
    chosen = dict(zip(BY_ORDER, np.split(shuffled, ends), strict=False))
    rows = {fault: export["Name"].isin(those) for fault, those in chosen.items()}
    first = export["Currency"] != ""
    export.loc[rows["till"], "Email"] = TILL
    export.loc[rows["till"] & first, "Accepts Marketing"] = "no"
    export.loc[rows["no address"], "Email"] = ""
    export.loc[rows["not paid"] & first, ["Financial Status", "Cancelled at"]] = ["voided", "2026-01-01"]
    export.loc[rows["no date"], "Created at"] = "1970-01-01 00:00:00 -0500"
    export.loc[rows["capitals"], "Email"] = export["Email"].str.upper() + " "
    gifts = export[rows["gift"] & first].assign(**{name: "" for name in export if "Lineitem" not in name})
    gifts[["Name", "Email", "Created at"]] = export.loc[gifts.index, ["Name", "Email", "Created at"]]
    sticker = {"quantity": "1", "name": "Sticker", "price": "0.00", "compare at price": "", "sku": "GIFT",
               "discount": "0.0"}  # fmt: skip
    gifts = gifts.assign(**{f"Lineitem {name}": value for name, value in sticker.items()})
    whole = pd.concat([export, gifts.set_index(gifts.index + 0.5)]).sort_index(kind="stable")
    header = pd.DataFrame([dict(zip(whole, whole, strict=True))])
    half = len(whole) // 2 + int(np.flatnonzero((whole["Currency"] != "").to_numpy()[len(whole) // 2 :])[0])
    total = dict.fromkeys(whole, "")
    total |= {"Name": "Total", "Total": f"{pd.to_numeric(whole['Total']).sum():.2f}"}
    whole = pd.concat([whole.iloc[:half], header, whole.iloc[half:], pd.DataFrame([total])], ignore_index=True)
    faults = {
        "crowd": rows["till"], "missing customer_id": rows["no address"], "not_a_sale": rows["not paid"],
        "free_line": gifts["Name"] != "", "placeholder ordered_at": rows["no date"],
    }  # fmt: skip
    counts = {reason: int(where.sum()) for reason, where in faults.items()}
    lost = {name for fault in ("no address", "not paid", "no date") for name in chosen[fault]}
    return whole, counts | {"repeated_header": 1, "total_row": 1}, lost


def _stall(tables: Tables, customers: int = 60) -> pd.DataFrame:
    """What some customers bought, as a market stall writes it down."""
    wide = wide_lines(tables)
    wide = wide[wide["customer_id"].isin(sorted(wide["customer_id"].unique())[:customers])]
    return pd.DataFrame({
        "Card": wide["customer_id"].str[1:], "Sold": wide["ordered_at"].dt.strftime("%d/%m/%Y %H:%M"),
        "What": wide["product_name"], "How many": wide["quantity"],
        "Each": ((wide["quantity"] * wide["unit_price"] - wide["discount"]) / wide["quantity"]).round(2),
    })  # fmt: skip
