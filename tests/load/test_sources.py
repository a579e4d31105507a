"""What each kind of export says in its own way."""

# ruff: noqa: E501 - rows of an export are as long as they are

import json

import pytest

from tests.load.made import GOOD, read, refused, revenue, write

SHOPIFY = """Name,Email,Financial Status,Currency,Subtotal,Shipping,Total,Discount Code,Discount Amount,Created at,\
Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem discount,Accepts Marketing,\
Refunded Amount,Cancelled at
#1,Ann@example.com,paid,EUR,27.00,0.00,27.00,WELCOME10,3.00,2024-01-05 23:30:00 +0100,2,Tent,10.00,12.50,T1,0.00,yes,0.00,
#1,Ann@example.com,,,,,,,,2024-01-05 23:30:00 +0100,1,Mug,10.00,,,0.00,,,
#2,bo@example.com,refunded,EUR,20.00,4.90,24.90,,0.00,2024-07-06 00:10:00 +0200,2,Tent,10.00,,T1,0.00,no,24.90,
#3,bo@example.com,partially_refunded,EUR,35.00,4.90,39.90,,0.00,2024-07-07 10:00:00 +0200,3,Tent,10.00,,T1,0.00,no,20.00,
#3,bo@example.com,,,,,,,,2024-07-07 10:00:00 +0200,1,Mug,5.00,,,0.00,,,
#4,cy@example.com,voided,EUR,10.00,4.90,14.90,,0.00,2024-07-08 10:00:00 +0200,1,Tent,10.00,,T1,0.00,yes,0.00,2024-07-08
#5,,paid,EUR,10.00,4.90,14.90,,0.00,2024-07-09 10:00:00 +0200,1,Tent,10.00,,T1,0.00,yes,0.00,
#6,Ann@example.com,partially_refunded,EUR,30.00,0.00,30.00,,0.00,2024-07-10 10:00:00 +0200,3,Tent,10.00,,T1,0.00,no,7.50,
"""


@pytest.fixture
def shopify(tmp_path):
    return read(write(tmp_path, SHOPIFY, "orders_export.csv"))


def _lines(loaded):
    lines = loaded.tables["order_lines"].merge(loaded.tables["orders"], on="order_id")
    return lines.set_index(["order_id", "line"]).sort_index()


def test_shopify_order_fields_hold_for_its_later_lines(shopify):
    orders = shopify.tables["orders"].set_index("order_id")
    assert orders.index.tolist() == ["#1", "#2", "#3", "#6"]
    assert orders.loc["#1", ["coupon", "currency"]].tolist() == ["WELCOME10", "EUR"]
    assert orders.loc["#1", "shipping_fee"] == 0  # free shipping
    assert str(orders.loc["#1", "ordered_at"]) == "2024-01-05 23:30:00"  # the shop's own clock, summer and winter
    assert str(orders.loc["#2", "ordered_at"]) == "2024-07-06 00:10:00"


def test_shopify_sale_price_and_order_discount(shopify):
    lines = _lines(shopify)
    tent, mug = lines.loc[("#1", 1)], lines.loc[("#1", 2)]
    assert (tent["unit_price"], mug["unit_price"]) == (12.5, 10)
    assert tent["discount"] == pytest.approx(5 + 2)  # 2 × 2.50 off the old price, and two thirds of the 3.00
    assert mug["discount"] == pytest.approx(1)
    assert mug["product_id"] == "Mug"  # no article number: its name


def test_shopify_refunds(shopify):
    lines = _lines(shopify)
    assert lines.loc[("#2", 1), "returned_quantity"] == 2
    assert lines.loc[("#3", 1), "returned_quantity"] == 2  # 20.00 are two tents
    assert lines.loc[("#6", 1), "returned_quantity"] == 0  # 7.50 are no whole piece: a discount
    assert lines.loc[("#6", 1), "discount"] == pytest.approx(7.5)
    assert revenue(shopify) == pytest.approx(27 + 0 + 15 + 22.5)


def test_shopify_what_is_set_aside(shopify):
    page = str(shopify.report)
    assert "1 of 8 rows (12.5 %) belong to orders that were cancelled, failed or never paid" in page
    assert "1 of 8 rows (12.5 %) have no customer_id" in page
    assert "kind of export: shopify" in page
    assert "customers are told apart by e-mail address" in page
    assert shopify.report.rejected["line"].tolist() == [7, 8]


def test_shopify_consent_is_the_latest_said(shopify):
    consents = shopify.tables["consents"]
    assert sorted(consents["granted"].tolist()) == [False, False]  # Ann said yes in January and no in July


def test_an_order_is_never_cut_in_two_by_a_batch(tmp_path, monkeypatch):
    from segkit.load import textfile

    monkeypatch.setattr(textfile, "ROWS_PER_BATCH", 1)
    loaded = read(write(tmp_path, SHOPIFY, "orders_export.csv"))
    assert _lines(loaded).loc[("#1", 2), "discount"] == pytest.approx(1)
    assert _lines(loaded).loc[("#3", 2), "currency"] == "EUR"


WOO = """Order Number,Order Status,Order Date,Email (Billing),City (Billing),Item Name,SKU,Quantity,Quantity (- Refund),\
Item Cost,Cart Discount Amount,Order Shipping Amount,Coupon Code
11,Completed,2024-01-05 10:00,ann@example.com,York,Tent,T1,2,1,10.00,3.00,0.00,TEN
11,Completed,2024-01-05 10:00,ann@example.com,York,Mug,M1,1,1,10.00,3.00,0.00,TEN
12,Refunded,2024-01-06 10:00,bo@example.com,Hull,Tent,T1,1,0,10.00,0.00,4.00,
13,Failed,2024-01-07 10:00,bo@example.com,Hull,Tent,T1,1,1,10.00,0.00,4.00,
14,Completed,2024-01-08 10:00,bo@example.com,Hull,Mug,M1,1,1,5.00,0.00,4.00,
"""


def test_woocommerce_in_the_form_of_the_advanced_export(tmp_path):
    loaded = read(write(tmp_path, WOO, "woo.csv"))
    assert loaded.report.source == "woocommerce"
    lines = _lines(loaded)
    assert lines.loc[("11", 1), ["discount", "returned_quantity"]].tolist() == [2, 1]
    assert lines.loc[("11", 2), "discount"] == 1
    assert lines.loc[("12", 1), "returned_quantity"] == 1
    assert "13" not in loaded.tables["orders"]["order_id"].tolist()
    assert revenue(loaded) == pytest.approx(9 + 9 + 0 + 5)


def _ga4(name, who="u1", items=(), second=0, **more):
    return {
        "event_name": name, "event_timestamp": 1_704_448_800_000_000 + second * 1_000_000, "user_id": who,
        "user_pseudo_id": "p1", "items": list(items), **more,
    }  # fmt: skip


TENT = {"item_id": "T1", "item_name": "Tent", "price": 9.0, "discount": 1.0, "quantity": 2}


def test_ga4_refund_without_items_returns_the_whole_order(tmp_path):
    events = [
        _ga4(
            "purchase", items=[TENT, {"item_id": "M1", "price": "5", "quantity": 1}], ecommerce={"transaction_id": "t1"}
        ),
        _ga4("purchase", items=[TENT], second=60, ecommerce={"transaction_id": "t2"}),
        _ga4("refund", second=120, ecommerce={"transaction_id": "t1"}),
        _ga4("purchase", who=None, items=[TENT], second=180, ecommerce={"transaction_id": "t3"}),
        _ga4("scroll", second=200),
    ]
    loaded = read(write(tmp_path, "\n".join(map(json.dumps, events)), "events.jsonl"))
    lines = _lines(loaded)
    assert lines.loc[("t1", 1), ["unit_price", "discount", "returned_quantity"]].tolist() == [10, 2, 2]
    assert lines.loc[("t1", 2), "returned_quantity"] == 1
    assert lines.loc[("t2", 1), "returned_quantity"] == 0
    assert lines.loc[("t3", 1), "customer_id"] == "p1"  # no user_id: the browser
    names = loaded.tables["events"]["name"].tolist()
    assert names == ["order_completed", "order_completed", "refund", "order_completed", "scroll"]
    assert str(loaded.tables["orders"]["ordered_at"].iloc[0]) == "2024-01-05 10:00:00"


def test_segment_refund_without_products_and_without_price(tmp_path):
    def call(event, second, **properties):
        stamp = f"2024-01-05T10:00:{second:02d}Z"
        return {"type": "track", "event": event, "userId": "u1", "anonymousId": "a1", "messageId": str(second),
                "timestamp": stamp, "properties": properties}  # fmt: skip

    products = [{"product_id": "T1", "price": 10, "quantity": 2}, {"product_id": "M1", "price": 5, "quantity": 1}]
    calls = [
        call("Order Completed", 1, order_id="1", products=products, discount=5),
        call("Order Completed", 2, order_id="2", products=products),
        call("Order Refunded", 3, order_id="1", products=[{"product_id": "T1", "quantity": 1}]),
        call("Order Refunded", 4, order_id="2"),
        call("Product Viewed", 5, product_id="T1"),
        {"type": "identify", "userId": "u1", "traits": {"email": "ann@example.com"}},
    ]
    loaded = read(write(tmp_path, json.dumps(calls), "calls.json"))
    lines = _lines(loaded)
    assert lines["returned_quantity"].tolist() == [1, 0, 2, 1]
    assert lines["discount"].tolist() == [4, 1, 0, 0]
    assert loaded.tables["events"]["name"].tolist()[-1] == "product_viewed"
    assert loaded.report.count("not_an_event") == 1
    assert "ann@example.com" not in str(loaded.report)


def test_json_that_is_no_event_stream(tmp_path):
    assert "looks like none of ga4, segment" in refused(write(tmp_path, '{"a": 1}\n{"a": 2}\n', "x.jsonl"))
    assert "'x.jsonl' line 2 is no JSON" in refused(write(tmp_path, '{"a": 1}\nnonsense\n', "x.jsonl"))
    assert "line 1 is no JSON object" in refused(write(tmp_path, "5\n", "y.jsonl"))
    assert "is no complete JSON array" in refused(write(tmp_path, '[{"a": 1}, ', "z.json"))


def test_a_source_that_does_not_fit(tmp_path):
    message = refused(write(tmp_path, GOOD), source="shopify")
    assert "does not look like a shopify export: it lacks some of name, createdat" in message


def test_a_list_of_contacts_alone_is_no_shop_and_says_what_is_missing(tmp_path):
    path = write(tmp_path, "Email,First Name,Newsletter\nann@example.com,Ann,yes\n", "contacts.csv")
    message = refused(path)
    assert "No column 'customer_id' in contacts.csv" in message
    assert message.endswith("It looks like a table of customers: put it into a folder with the orders and read that.")


def test_consent_history_keeps_the_latest(tmp_path):
    write(tmp_path, GOOD)
    history = (
        "customer_id,purpose,granted,changed_at\n"
        "00123,email,yes,2024-01-01\n00123,email,no,2024-02-01\n00124,email,بله,2024-01-01\n"
    )
    write(tmp_path, history, "consents.csv")
    loaded = read(tmp_path)
    consents = loaded.tables["consents"].set_index("customer_id")["granted"]
    assert consents.to_dict() == {"00123": False, "00124": True}
    assert "were replaced by a later row with the same key" in str(loaded.report)
