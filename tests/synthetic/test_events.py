"""Visits hang together: orders are seen being placed, carts stay behind for a reason, guests sign in later."""

import pandas as pd
import pytest

import synthetic


@pytest.fixture(scope="module")
def shop():
    return synthetic.outdoor_shop(customers=3000, seed=11)


@pytest.fixture(scope="module")
def events(shop):
    return shop.tables["events"]


def test_every_order_is_completed_in_a_visit_at_its_time(shop, events):
    done = events[events.name == "order_completed"][["customer_id", "happened_at"]]
    orders = shop.tables["orders"][["customer_id", "ordered_at"]]
    both = done.sort_values(list(done)).to_numpy().tolist(), orders.sort_values(list(orders)).to_numpy().tolist()
    assert both[0] == both[1]


def test_a_visit_with_an_order_views_and_adds_what_the_order_holds(shop, events):
    orders = shop.tables["orders"].merge(shop.tables["order_lines"], on="order_id")
    bought = orders.groupby(["customer_id", "ordered_at"]).product_id.apply(sorted)
    placed = events[events.name == "order_completed"].set_index("session_id")[["customer_id", "happened_at"]]
    added = events[(events.name == "product_added") & events.session_id.isin(placed.index)]
    added = added.groupby("session_id").product_id.apply(sorted).to_frame("added").join(placed)
    together = added.merge(bought.rename("bought"), left_on=["customer_id", "happened_at"], right_index=True)
    assert len(together) > 0.99 * len(placed)  # two orders of one minute are told apart by nothing
    assert (together.added == together.bought).mean() > 0.99


def test_keys_and_order(shop, events):
    assert events.event_id.is_unique
    assert set(events.customer_id.dropna()) <= set(shop.tables["customers"].customer_id)
    assert set(events.product_id.dropna()) <= set(shop.tables["products"].product_id)
    assert events.groupby("session_id").visitor_id.nunique().eq(1).all()
    follows = events.session_id == events.session_id.shift()
    assert (events.happened_at >= events.happened_at.shift())[follows].all()
    assert events.session_id[~follows].is_unique  # the events of a visit stand together
    assert events.happened_at.max() < pd.Timestamp(shop.as_of) + pd.Timedelta(days=1)
    about = {"product_viewed", "review_read", "product_added", "product_reviewed", "product_shared"}
    assert set(events[events.product_id.notna()].name) == about
    assert events[events.name.isin(about)].product_id.notna().all()


def test_a_cart_is_left_behind_for_the_customers_own_reason(shop, events):
    step = {
        "page_viewed": "shipping_cost",
        "checkout_started": "payment",
        "policy_read": "returns_policy",
        "product_viewed": "out_of_stock",
    }
    left = events.assign(before=events.name.shift())[events.name == "cart_abandoned"].dropna(subset="customer_id")
    seen = left.before.map(step)
    assert seen.notna().all()
    planted = left.customer_id.map(shop.truth.set_index("customer_id").obstacle)
    assert 0.80 < (seen == planted).mean() < 0.92


def test_guests_sign_in_later_and_strangers_never(events):
    who = events.groupby("visitor_id").customer_id.agg(["nunique", "count", "size"])
    assert (who["nunique"] <= 1).all()
    assert ((who["count"] > 0) & (who["count"] < who["size"])).sum() > 100  # a guest and signed in on one device
    strangers = who[who["count"] == 0]
    assert 0.1 < len(strangers) / len(who) < 0.5


def test_nobody_is_signed_in_before_the_sign_up(shop, events):
    signed_up = shop.tables["customers"].set_index("customer_id").signed_up_at
    known = events.dropna(subset="customer_id")
    assert (known.happened_at >= known.customer_id.map(signed_up)).all()


def test_more_guests_on_request():
    few, many = (synthetic.outdoor_shop(customers=500, seed=1, tables=["events"], guests=g) for g in (0, 3))
    strangers = [shop.tables["events"].visitor_id.str[-1].astype(int).ge(2) for shop in (few, many)]
    assert not strangers[0].any()
    assert strangers[1].mean() > 0.07


def test_traffic_counts_every_known_visit(shop, events):
    sessions = events.drop_duplicates("session_id")
    known = sessions.groupby([sessions.happened_at.dt.normalize(), "source", "device"]).size()
    counted = shop.tables["traffic"].set_index(["day", "source", "device"])
    both = known.rename("known").to_frame().join(counted.rename_axis(known.index.names))
    assert both.visits.sum() > 2 * both.known.sum()
    # A visit begins before its last event: those over midnight may be counted on the day before or after.
    assert (both.visits + 2 >= both.known).all()
    assert (counted.visitors <= counted.visits).all()
    assert (counted.visitors > 0).all()
