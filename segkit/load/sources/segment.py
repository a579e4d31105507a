"""The Segment e-commerce spec as JSON lines: one call per line, time in UTC."""

from __future__ import annotations

from segkit.load.sources.events import EventSource, Row, dig, number, objects

_NAMES = {
    "products searched": "product_searched",
    "product list viewed": "page_viewed",
    "product viewed": "product_viewed",
    "product added": "product_added",
    "checkout started": "checkout_started",
    "order completed": "order_completed",
    "product reviewed": "product_reviewed",
    "product shared": "product_shared",
    "cart abandoned": "cart_abandoned",
    "review read": "review_read",
    "policy read": "policy_read",
}
_OS_DEVICES = {"ios": "phone", "android": "phone", "iphone os": "phone", "ipados": "tablet"}


def _fits(record: Row) -> bool:
    return "type" in record and ("anonymousId" in record or "userId" in record)


def _event(record: Row) -> Row | None:
    kind = record.get("type")
    if kind not in ("track", "page", "screen"):
        return None
    name = str(record.get("event") or "page viewed")
    visitor = record.get("anonymousId")
    session = dig(record, "properties", "session_id") or dig(record, "context", "sessionId")
    return {
        "event_id": record.get("messageId"),
        "session_id": session or visitor or record.get("userId"),
        "customer_id": record.get("userId"),
        "visitor_id": visitor,
        "happened_at": record.get("timestamp") or record.get("sentAt"),
        "name": _NAMES.get(name.casefold(), name.casefold().replace(" ", "_")),
        "product_id": dig(record, "properties", "product_id"),
        "source": dig(record, "context", "campaign", "source"),
        "device": _device(record),
        "os": dig(record, "context", "os", "name"),
        "connection": dig(record, "context", "network", "connection"),
    }


def _device(record: Row) -> str | None:
    told = dig(record, "context", "device", "type")
    system = str(dig(record, "context", "os", "name") or "").casefold()
    return _OS_DEVICES.get(str(told or system).casefold(), told)


def _items(record: Row) -> list[Row]:
    name = str(record.get("event") or "").casefold()
    if record.get("type") != "track" or name not in ("order completed", "order refunded", "order cancelled"):
        return []
    properties = record.get("properties") if isinstance(record.get("properties"), dict) else {}
    products = objects(properties.get("products"))
    common = {
        "order_id": properties.get("order_id"),
        "customer_id": record.get("userId") or record.get("anonymousId"),
        "ordered_at": record.get("timestamp") or record.get("sentAt"),
        "coupon": properties.get("coupon"),
        "currency": properties.get("currency"),
        "shipping_fee": number(properties.get("shipping")),
        "device": _device(record),
        "country": dig(record, "context", "location", "country"),
        "city": dig(record, "context", "location", "city"),
    }
    back = name != "order completed"
    if back and not products:
        return [{**common, "quantity": None, "product_id": None}]
    values = [(number(item.get("price")) or 0.0) * _quantity(item) for item in products]
    off, whole = number(properties.get("discount")) or 0.0, sum(values)
    rows = []
    for place, (item, value) in enumerate(zip(products, values, strict=True), 1):
        price = number(item.get("price"))
        rows.append({
            **common,
            "line_in_order": place,
            "product_id": item.get("product_id") or item.get("sku") or item.get("name"),
            "name": item.get("name"),
            "category": item.get("category"),
            "quantity": -_quantity(item) if back else _quantity(item),
            "unit_price": item.get("price") if price is None else price,
            "discount": 0.0 if back or not whole else off * value / whole,
        })  # fmt: skip
    return rows


def _quantity(item: Row) -> float:
    quantity = number(item.get("quantity"))
    return 1.0 if quantity is None else quantity


SEGMENT = EventSource(
    name="segment",
    fits=_fits,
    event=_event,
    items=_items,
    said="Segment knows a customer by userId; orders without one are counted under the browser (anonymousId); the "
    "order's discount is spread over its lines by value; times are UTC unless tz= says where the shop is",
)
