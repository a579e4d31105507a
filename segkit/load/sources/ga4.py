"""Google Analytics 4 as exported to BigQuery: one record per event, parameters and items nested, time in UTC."""

from __future__ import annotations

import datetime as dt
from typing import Any

from segkit.load.sources.events import EventSource, Row, dig, number, objects

_NAMES = {
    "page_view": "page_viewed",
    "view_item": "product_viewed",
    "view_search_results": "product_searched",
    "search": "product_searched",
    "add_to_cart": "product_added",
    "begin_checkout": "checkout_started",
    "purchase": "order_completed",
    "share": "product_shared",
}
_DEVICES = {"mobile": "phone", "tablet": "tablet", "desktop": "desktop"}
_EPOCH = dt.datetime(1970, 1, 1)


def _fits(record: Row) -> bool:
    return (
        "event_name" in record and "event_timestamp" in record and ("user_pseudo_id" in record or "user_id" in record)
    )


def _moment(record: Row) -> str | None:
    micro = number(record.get("event_timestamp"))
    if micro is None:
        return record.get("event_timestamp")
    try:
        return (_EPOCH + dt.timedelta(microseconds=int(micro))).isoformat(" ") + "Z"
    except OverflowError:
        return str(record["event_timestamp"])


def _parameter(record: Row, name: str) -> Any:
    for parameter in objects(record.get("event_params")):
        value = parameter.get("value")
        if parameter.get("key") == name and isinstance(value, dict):
            return next((value[kind] for kind in value if value[kind] is not None), None)
    return None


def _event(record: Row) -> Row | None:
    name = record.get("event_name")
    session = _parameter(record, "ga_session_id")
    visitor = record.get("user_pseudo_id")
    items = objects(record.get("items"))
    return {
        "session_id": f"{visitor}.{session}" if session is not None else visitor,
        "customer_id": record.get("user_id"),
        "visitor_id": visitor,
        "happened_at": _moment(record),
        "name": _NAMES.get(str(name), name),
        "product_id": items[0].get("item_id") if len(items) == 1 else None,
        "source": dig(record, "traffic_source", "source"),
        "device": _device(record),
        "os": dig(record, "device", "operating_system"),
    }


def _device(record: Row) -> str | None:
    category = dig(record, "device", "category")
    return _DEVICES.get(str(category).casefold(), category)


def _items(record: Row) -> list[Row]:
    kind = record.get("event_name")
    if kind not in ("purchase", "refund"):
        return []
    items = objects(record.get("items"))
    order = dig(record, "ecommerce", "transaction_id") or _parameter(record, "transaction_id")
    common = {
        "order_id": order,
        "customer_id": record.get("user_id") or record.get("user_pseudo_id"),
        "ordered_at": _moment(record),
        "coupon": _parameter(record, "coupon"),
        "currency": _parameter(record, "currency"),
        "shipping_fee": number(dig(record, "ecommerce", "shipping_value")),
        "device": _device(record),
        "country": dig(record, "geo", "country"),
        "province": dig(record, "geo", "region"),
        "city": dig(record, "geo", "city"),
    }
    if kind == "refund" and not items:
        return [{**common, "quantity": None, "product_id": None}]
    return [{**common, **_line(item, place, kind)} for place, item in enumerate(items, 1)]


def _line(item: Row, place: int, kind: str) -> Row:
    quantity = number(item.get("quantity"))
    quantity = 1.0 if quantity is None else quantity
    off = number(item.get("discount")) or 0.0  # per piece; the price is after it
    price = number(item.get("price"))
    return {
        "line_in_order": place,
        "product_id": item.get("item_id") or item.get("item_name"),
        "name": item.get("item_name"),
        "category": item.get("item_category"),
        "quantity": -abs(quantity) if kind == "refund" else quantity,
        "unit_price": item.get("price") if price is None else price + off,
        "discount": off * quantity,
    }


GA4 = EventSource(
    name="ga4",
    fits=_fits,
    event=_event,
    items=_items,
    said="GA4 knows a customer by user_id; purchases without one are counted under the browser (user_pseudo_id), so "
    "one person may appear as several; times are UTC unless tz= says where the shop is",
)
