"""The planted truth is there, agrees with what can be counted, and is absent where nothing was planted."""

import pandas as pd
import pytest

import synthetic


@pytest.fixture(scope="module")
def shop():
    return synthetic.outdoor_shop(customers=4000, seed=12)


@pytest.fixture(scope="module")
def bought(shop):
    orders = shop.tables["orders"].groupby("customer_id").ordered_at.agg(["size", "min", "max"])
    return shop.truth.set_index("customer_id").join(orders)


def test_who_buys_has_a_usage_and_who_does_not_has_none(bought):
    assert (bought["size"].notna() == bought.usage.notna()).all()
    assert 0.78 < bought.usage.notna().mean() < 0.86


def test_heavy_users_buy_more_than_medium_and_medium_more_than_light(bought):
    mean = bought.groupby("usage")["size"].mean()
    assert mean["heavy"] > 2 * mean["medium"]
    assert mean["medium"] > 2 * mean["light"]


def test_loyalty_follows_the_order_of_its_rules(shop, bought):
    buyers = bought.dropna(subset="usage")
    age = (pd.Timestamp(shop.as_of) - buyers["min"].dt.normalize()).dt.days
    recent = age < 90
    assert (buyers.loyalty_state[recent] == "new").all()
    assert (buyers.loyalty_state[~recent & (buyers["size"] == 1)] == "one_time").all()
    lapsed = buyers[buyers.loyalty_state == "lapsed"]
    assert lapsed.left_at.notna().all()
    assert (lapsed["size"] >= 2).all()
    assert set(buyers[buyers.loyalty_state == "advocate"].attachment) == {"advocate"}


def test_who_has_left_never_comes_back(bought):
    gone = bought[bought.left_at.notna()]
    assert (gone.future_orders == 0).all()
    assert (gone["max"] == gone.left_at).all()
    assert bought[bought.left_at.isna() & bought.usage.notna()].future_orders.sum() > 0


def test_stages_of_those_who_only_look(shop, bought):
    looking = bought[bought.usage.isna()]
    assert set(looking.stage) == {"awareness", "education", "consideration"}
    names = shop.tables["events"].dropna(subset="customer_id").groupby("customer_id").name.agg(set)
    seen = looking.join(names.rename("seen")).dropna(subset="seen")
    carts = seen.seen.map(lambda names: "product_added" in names)
    assert not carts[seen.stage != "consideration"].any()
    assert carts[seen.stage == "consideration"].mean() > 0.8


def test_those_who_change_persona_say_when(bought):
    moved = bought[bought.second_persona.notna()]
    assert 0.06 < len(moved) / len(bought) < 0.10
    assert moved.changed_at.notna().all()
    assert (moved.persona != moved.second_persona).all()


def test_occasions_bring_their_orders(bought):
    with_one = bought[bought.occasion != "none"]
    assert with_one.occasion_orders.sum() > 0
    assert bought[bought.occasion == "none"].occasion_orders.sum() == 0


def test_open_situations_close_after_as_of(shop, bought):
    now = pd.Timestamp(shop.as_of)
    assert (bought.situation_opened_at.dropna() <= now).all()
    assert (bought.situation_closes_at.dropna() > now).all()
    assert ((bought.situation != "none") == bought.situation_opened_at.notna()).all()


def test_the_holdout_is_random_and_shows_what_a_campaign_does(shop):
    sent = shop.tables["messages"][["campaign_id", "customer_id"]].assign(treated=True)
    held = shop.tables["holdouts"].assign(treated=False)
    assert 0.13 < len(held) / (len(held) + len(sent)) < 0.17
    assert not set(map(tuple, sent.iloc[:, :2].to_numpy())) & set(map(tuple, held.iloc[:, :2].to_numpy()))
    both = pd.concat([sent, held]).merge(shop.truth[["customer_id", "persona"]], on="customer_id")
    shares = both.groupby("treated").persona.value_counts(normalize=True).unstack()
    assert (shares.loc[True] - shares.loc[False]).abs().max() < 0.02


def test_mail_only_with_consent(shop):
    consents = shop.tables["consents"].query("purpose == 'email'").set_index("customer_id")
    mails = shop.tables["messages"].join(consents, on="customer_id")
    after = mails.sent_at >= mails.changed_at
    assert mails.granted[after].all()
    assert not mails.granted[~after].any()


def test_money_for_the_tiers_is_what_the_tables_hold_and_the_future(shop, bought):
    assert bought.groupby("value_tier").contribution.min()["golden"] >= 600
    assert bought.groupby("value_tier").contribution.max()["low"] < 110


def test_without_structure_no_axis_has_more_than_one_value():
    shop = synthetic.no_structure(customers=1500, seed=1)
    drawn = ["persona", "decision_style", "obstacle", "incentive", "buying_role", "occasion", "rhythm", "usage",
             "benefit", "second_benefit", "attachment", "lifestyle", "need", "situation", "tech_skill",
             "campaign_response"]  # fmt: skip
    assert (shop.truth[drawn].nunique() <= 1).all()
    assert set(shop.tables) == set(synthetic.outdoor_shop(customers=10, seed=1).tables)


def test_less_outerwear_is_bought_in_the_hot(shop):
    lines = shop.tables["order_lines"].merge(shop.tables["products"], on="product_id")
    lines = lines.merge(shop.tables["orders"], on="order_id").merge(shop.truth, on="customer_id")
    outerwear = (lines.category == "outerwear").groupby(lines.climate).mean()
    assert outerwear["hot"] < 0.7 * outerwear["temperate"] < 0.7 * outerwear["cold"]
    towns = shop.tables["customers"].merge(shop.truth, on="customer_id").groupby("city").climate.nunique()
    assert (towns == 1).all()


def test_leaving_tables_out_changes_no_other(shop):
    few = synthetic.outdoor_shop(customers=4000, seed=12, tables=["orders", "memberships"])
    assert list(few.tables) == ["orders", "memberships"]
    for name, table in few.tables.items():
        pd.testing.assert_frame_equal(table, shop.tables[name])
    pd.testing.assert_frame_equal(few.truth, shop.truth)
