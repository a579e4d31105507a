"""The shop looks like a shop: every realism band holds at three seeds, and nobody could be written to or rung up."""

import re

import numpy as np
import pytest

import synthetic
from synthetic.checks import bands

LOCALES = ["en_US", "fa_IR", "zh_TW"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_band_holds(seed):
    figures = bands.measure(synthetic.outdoor_shop(customers=4000, seed=seed))
    broken = {band.name: figures[band.name] for band in bands.BANDS if not band.holds(figures[band.name])}
    assert not broken


def test_the_bands_can_break():
    """A shop of outfitters only is no shop for consumers, and the bands say so."""
    orders = synthetic.outdoor_shop(customers=2000, seed=1)
    orders.tables["order_lines"]["quantity"] += 3
    figures = bands.measure(orders)
    assert not next(band for band in bands.BANDS if band.name == "pieces per order").holds(figures["pieces per order"])


@pytest.mark.parametrize("locale", LOCALES)
def test_no_address_and_no_number_can_be_anybodys(locale):
    customers = synthetic.outdoor_shop(
        customers=100_000 // len(LOCALES) + 1, seed=3, tables=["customers"], locales={locale: 1}
    ).tables["customers"]
    assert set(customers.language) == {locale}
    assert customers.email.str.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)").all()
    phones = customers.phone.dropna()
    assert all(re.fullmatch(r"\+1-\d{3}-555-01\d\d", phone) for phone in phones)
    assert (len(phones) > 0) == (locale == "en_US")


def test_about_one_in_ten_does_not_tell():
    customers = synthetic.outdoor_shop(customers=4000, seed=4, tables=["customers"]).tables["customers"]
    for column in ("birth_date", "gender", "marital_status", "education", "income_band"):
        assert 0.08 < customers[column].isna().mean() < 0.12, column


def test_demographics_are_alike_for_campers_runners_and_anglers():
    shop = synthetic.outdoor_shop(customers=12_000, seed=5, tables=["customers"])
    people = shop.tables["customers"].merge(shop.truth, on="customer_id")
    alike = people[people.persona.isin(["camper", "runner", "angler"])]
    ages = alike.groupby("persona").birth_date.median()
    assert (ages.max() - ages.min()).days < 365
    for column in ("gender", "income_band", "city"):
        shares = alike.groupby("persona")[column].value_counts(normalize=True).unstack()
        assert (shares.max() - shares.min()).max() < 0.05, column


def test_campers_runners_and_anglers_are_one_crowd_in_their_twenties():
    shop = synthetic.outdoor_shop(customers=6000, seed=6, tables=["customers"])
    people = shop.tables["customers"].merge(shop.truth, on="customer_id").dropna(subset="birth_date")
    age = (np.datetime64(shop.as_of) - people.birth_date).dt.days / 365.25
    assert age.min() > 15.9
    twenties = age.between(20, 30).groupby(people.persona).mean()
    assert (twenties[["camper", "runner", "angler"]] > 0.5).all()
    assert twenties["outfitter"] < 0.3


def test_a_shock_is_seen_in_the_orders_after_its_day():
    calm = synthetic.outdoor_shop(customers=3000, seed=7, tables=["orders"]).tables["orders"]
    bad = synthetic.outdoor_shop(customers=3000, seed=7, tables=["orders"], shock="2026-01-01").tables["orders"]
    day = np.datetime64("2026-01-01")
    before = (bad.ordered_at < day).sum() / (calm.ordered_at < day).sum()
    after = (bad.ordered_at >= day).sum() / (calm.ordered_at >= day).sum()
    assert before > 0.97
    assert after < 0.80
