"""The tables of a planted shop, written as real shop systems would export them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from segkit.course.sample_export import Tables, email_of, shopify, wide_lines


def flat_csv(tables: Tables, path: Path) -> Path:
    """An invoice export: one row per line, everything on it."""
    wide = wide_lines(tables)
    names = ["order_id", "line", "customer_id", "ordered_at", "product_id", "product_name", "category", "quantity",
             "unit_price", "discount", "returned_quantity", "currency", "shipping_fee", "coupon"]  # fmt: skip
    wide[names].to_csv(path, index=False)
    return path


def native_folder(tables: Tables, folder: Path, kind: str = "csv") -> Path:
    """Every table as a file of its own name."""
    folder.mkdir(exist_ok=True)
    for name, frame in tables.items():
        if kind == "csv":
            frame.to_csv(folder / f"{name}.csv", index=False)
        elif kind == "parquet":
            frame.to_parquet(folder / f"{name}.parquet", index=False)
        else:
            frame.to_excel(folder / f"{name}.xlsx", index=False)
    return folder


def shopify_csv(tables: Tables, path: Path) -> Path:
    """Shopify's Orders > Export."""
    shopify(tables).to_csv(path, index=False)
    return path


def woocommerce_csv(tables: Tables, path: Path) -> Path:
    """Customer/Order/Coupon Export, one row per item."""
    wide = wide_lines(tables)
    gross = wide["quantity"] * wide["unit_price"]
    export = pd.DataFrame({
        "order_id": wide["order_id"], "order_number": wide["order_id"],
        "order_date": wide["ordered_at"].dt.strftime("%Y-%m-%d %H:%M:%S"), "status": "completed",
        "shipping_total": wide["shipping_fee"], "order_currency": wide["currency"], "customer_id": "0",
        "billing_first_name": wide["c_first_name"], "billing_email": email_of(wide["customer_id"]),
        "billing_city": wide["c_city"], "billing_country": wide["c_country"], "item_name": wide["product_name"],
        "item_sku": wide["product_id"], "item_quantity": wide["quantity"], "item_subtotal": gross.map(repr),
        "item_total": (gross - wide["discount"]).map(repr), "item_refunded_qty": -wide["returned_quantity"],
    })  # fmt: skip
    export.to_csv(path, index=False)
    return path


def _orders(tables: Tables):
    wide = wide_lines(tables)
    for _, lines in wide.groupby("order_id", sort=False):
        yield lines.iloc[0], lines


_UTC_SHIFT = pd.Timedelta(hours=3, minutes=30)  # the exports below come from a shop in Tehran


def ga4_jsonl(tables: Tables, path: Path) -> Path:
    """GA4 as BigQuery writes it: microseconds in UTC, items nested, price after the discount per piece."""

    def record(moment: pd.Timestamp, name: str, customer: str, items: list, **more: object) -> dict:
        micro = (moment - _UTC_SHIFT - pd.Timestamp("1970-01-01")) // pd.Timedelta(microseconds=1)
        return {
            "event_date": moment.strftime("%Y%m%d"), "event_timestamp": str(micro), "event_name": name,
            "event_params": [{"key": "ga_session_id", "value": {"int_value": "17"}}], "user_id": customer,
            "user_pseudo_id": "p" + customer, "device": {"category": "mobile", "operating_system": "Android"},
            "geo": {"country": "Iran", "city": "Tehran"}, "traffic_source": {"source": "google"}, "items": items,
            **more,
        }  # fmt: skip

    with path.open("w", encoding="utf-8") as file:
        for order, lines in _orders(tables):
            ecommerce = {"transaction_id": order["order_id"], "shipping_value": float(order["shipping_fee"])}
            buys, backs = [], []
            for _, line in lines.iterrows():
                off = float(line["discount"]) / int(line["quantity"])
                item = {
                    "item_id": line["product_id"], "item_name": line["product_name"],
                    "item_category": line["category"], "price": float(line["unit_price"]) - off, "discount": off,
                    "quantity": int(line["quantity"]),
                }  # fmt: skip
                buys.append(item)
                if line["returned_quantity"]:
                    backs.append({**item, "quantity": int(line["returned_quantity"])})
            moment, who = order["ordered_at"], order["customer_id"]
            for event, items in (("view_item", buys[:1]), ("begin_checkout", buys), ("purchase", buys)):
                more = {"ecommerce": ecommerce} if event == "purchase" else {}
                file.write(json.dumps(record(moment, event, who, items, **more)) + "\n")
            if backs:
                later = record(moment + pd.Timedelta(minutes=1), "refund", who, backs, ecommerce=ecommerce)
                file.write(json.dumps(later) + "\n")
    return path


def segment_jsonl(tables: Tables, path: Path) -> Path:
    """The Segment e-commerce spec: Product Viewed, Checkout Started, Order Completed, Order Refunded."""
    number = 0

    def call(moment: pd.Timestamp, event: str, customer: str, properties: dict) -> str:
        nonlocal number
        number += 1
        stamp = (moment - _UTC_SHIFT).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        return json.dumps({
            "type": "track", "event": event, "messageId": f"m{number}", "userId": customer,
            "anonymousId": "a" + customer, "timestamp": stamp,
            "context": {"os": {"name": "iOS"}, "campaign": {"source": "newsletter"}},
            "properties": properties,
        }) + "\n"  # fmt: skip

    with path.open("w", encoding="utf-8") as file:
        file.write(
            json.dumps({"type": "identify", "userId": "C1", "anonymousId": "a", "traits": {"plan": "free"}}) + "\n"
        )
        for order, lines in _orders(tables):
            products = [
                {"product_id": line["product_id"], "name": line["product_name"], "category": line["category"],
                 "price": float(line["unit_price"]), "quantity": int(line["quantity"])}
                for _, line in lines.iterrows()
            ]  # fmt: skip
            back = [
                {**product, "quantity": int(returned)}
                for product, returned in zip(products, lines["returned_quantity"], strict=True)
                if returned
            ]
            moment, who = order["ordered_at"], order["customer_id"]
            whole = {"order_id": order["order_id"], "products": products, "discount": float(lines["discount"].sum()),
                     "shipping": float(order["shipping_fee"]), "currency": order["currency"]}  # fmt: skip
            file.write(call(moment, "Product Viewed", who, products[0]))
            file.write(call(moment, "Checkout Started", who, {"order_id": order["order_id"], "products": products}))
            file.write(call(moment, "Order Completed", who, whole))
            if back:
                refund = {"order_id": order["order_id"], "products": back}
                file.write(call(moment + pd.Timedelta(minutes=1), "Order Refunded", who, refund))
    return path


_FARSI = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def persian_csv(tables: Tables, path: Path) -> Path:
    """An Iranian export: Jalali dates, Persian digits, Arabic ye and kaf, amounts in rial."""
    from persiantools.jdatetime import JalaliDateTime

    wide = wide_lines(tables)

    def jalali(moment: pd.Timestamp) -> str:
        return JalaliDateTime.to_jalali(moment.to_pydatetime()).strftime("%Y/%m/%d %H:%M").translate(_FARSI)

    def amount(number: float) -> str:
        return f"{number:.2f}".translate(_FARSI).replace(".", "٫")

    export = pd.DataFrame({
        "شماره سفارش": wide["order_id"].str.translate(_FARSI),
        "کد مشتري": wide["customer_id"].str.translate(_FARSI) + " ",
        "تاريخ": wide["ordered_at"].map(jalali),
        "كد كالا": wide["product_id"],
        "دسته": wide["category"],
        "تعداد": wide["quantity"].astype(str).str.translate(_FARSI),
        "قيمت": wide["unit_price"].map(amount) + " ریال",
        "تخفیف": wide["discount"].map(amount) + " ریال",
        "returned": wide["returned_quantity"].astype(str).str.translate(_FARSI),
    })  # fmt: skip
    export.to_csv(path, index=False, encoding="utf-8")
    return path
