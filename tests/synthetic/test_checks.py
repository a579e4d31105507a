"""The checks find what is planted, and find nothing where nothing is."""

from pathlib import Path

import numpy as np
import pytest

import synthetic
from synthetic.checks import bands, recovery, refit
from synthetic.checks.__main__ import main
from synthetic.checks.facts import all_facts
from synthetic.worldfiles import read_world


def facts_of(shop):
    world = read_world().shop
    return all_facts(shop, world.first_day, world.last_day)


@pytest.fixture(scope="module")
def shop():
    return synthetic.outdoor_shop(customers=1500, seed=7)


@pytest.fixture(scope="module")
def facts(shop):
    return facts_of(shop)


def test_there_is_one_row_of_facts_per_customer(shop, facts):
    for name, frame in facts.items():
        assert frame.index.tolist() == shop.truth.customer_id.tolist(), name


@pytest.mark.slow
def test_the_persona_is_found_by_those_who_look_closer(shop, facts):
    found = recovery.persona_table(facts, shop.truth)
    rfm, shares, designed, transactions, oracle = (found[method] for method in recovery.METHODS)
    assert rfm < 0.45 < shares < designed <= oracle + 0.02
    assert transactions < oracle
    assert oracle > 0.80


def test_an_axis_is_found_from_its_own_facts_only(shop, facts):
    assert recovery.axis_table(facts, shop.truth, ["lifestyle"])["lifestyle"] > 0.75
    strangers = {name: frame.set_axis(np.roll(frame.index, 7)).reindex(frame.index) for name, frame in facts.items()}
    assert recovery.axis_table(strangers, shop.truth, ["lifestyle"])["lifestyle"] < 0.40


@pytest.mark.slow
@pytest.mark.parametrize("model", ["mbg", "bg"])
def test_the_planted_parameters_come_back(model):
    found = refit.refit(read_world(), model)
    assert refit.holds(found), found


def test_a_parameter_that_is_off_does_not_hold():
    planted = {name: getattr(refit.PLANTED, name) for name in refit.TOLERANCE}
    assert refit.holds(planted)
    assert not refit.holds({**planted, "a": planted["a"] * 1.2})
    assert not refit.holds({**planted, "r": planted["r"] * 0.93})


def test_likelihoods_agree_with_the_published_cdnow_fit():
    """Fader, Hardie and Lee (2005): one customer, x = 2, t_x = 30.43, T = 38.86 weeks; both models sum to one."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    assert refit.bg_nbd((r, alpha, a, b), np.array([0]), np.array([0.0]), 38.86)[0] == pytest.approx(
        r * np.log(alpha / (alpha + 38.86))
    )
    nobody_leaves = refit.mbg_nbd((r, alpha, 1e-9, 1e3), np.array([3]), np.array([20.0]), 38.86)
    assert nobody_leaves == pytest.approx(refit.bg_nbd((r, alpha, 1e-9, 1e3), np.array([3]), np.array([20.0]), 38.86))


def test_the_command_ends_with_one_where_a_band_is_broken(capsys):
    assert main(["--customers", "40", "--seeds", "1", "--only", "bands"]) == 1
    assert "BROKEN" in capsys.readouterr().out


def test_the_page_on_the_population_names_every_band_and_method():
    page = (Path(__file__).parents[2] / "docs" / "population.md").read_text(encoding="utf-8")
    rows = {cells[1].strip(): cells for line in page.splitlines() if len(cells := line.split("|")) == 6}
    for band in bands.BANDS:
        low, high = map(float, rows[band.name][2].split(" to "))
        assert (low, high) == (band.low, band.high), band.name
        assert all(band.holds(float(value)) for value in rows[band.name][3].split()), band.name
