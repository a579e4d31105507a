"""A mistake in a world or a persona is one clear sentence with what to type next."""

import shutil

import pytest

import synthetic
from synthetic.worldfiles import OUTDOOR


@pytest.fixture
def personas(tmp_path):
    folder = tmp_path / "my_personas"
    shutil.copytree(OUTDOOR / "personas", folder)
    return folder


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("share = 0.21", "shar = 0.21", "camper.toml has an unknown key 'shar'. Did you mean 'share'"),
        ("share = 0.21", "share = -1", "camper.toml share is -1; it must be a number, 0 or more"),
        ("share = 0.21", 'share = "many"', "camper.toml share is 'many'; it must be a number"),
        ("share = 0.21", "", "camper.toml lacks 'share'"),
        ("tents = 20", "tends = 20", "unknown key 'tends'. Did you mean 'tents'"),
        ("tents = 20", "tents = -20", r"camper.toml \[categories\] tents is -20"),
        ("1.75]", "1.75, 1.0]", r"camper.toml \[season\] months has 13 numbers; a year has 12"),
        ("0.85, 1.75]", "0.85]", r"camper.toml \[season\] months has 11 numbers; a year has 12"),
        ("lines = 1.45", "lines = 0.2", "camper.toml lines is 0.2; it must be a number, between 1 and 20"),
        ("[season]", "[seasons]", "unknown key 'seasons'. Did you mean 'season'"),
        ("[season]", "[axes.usages]\nlight = 1\n[season]", "unknown key 'usages'. Did you mean 'usage'"),
        ("[season]", "[axes.usage]\nlite = 1\n[season]", "unknown key 'lite'. Did you mean 'light'"),
        ("[season]", "[axes.usage]\nlight = 0\n[season]", "add up to 0"),
        ("name =", "name", "camper.toml is not valid TOML"),
    ],
)
def test_a_persona_with_a_mistake(personas, old, new, message):
    change(personas / "camper.toml", old, new)
    with pytest.raises(synthetic.SyntheticError, match=message):
        synthetic.outdoor_shop(customers=10, personas=personas)


def test_shares_that_add_up_to_nothing(personas):
    for path in personas.glob("*.toml"):
        text = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join("share = 0" if line.startswith("share") else line for line in text), encoding="utf-8")
    with pytest.raises(synthetic.SyntheticError, match=r"add up to 0\. Give at least one persona a share above 0"):
        synthetic.outdoor_shop(customers=10, personas=personas)


def test_a_folder_without_personas(tmp_path):
    with pytest.raises(synthetic.SyntheticError, match=r"No persona files .* Copy one from"):
        synthetic.outdoor_shop(customers=10, personas=tmp_path)


def test_two_personas_of_one_name(personas):
    shutil.copy(personas / "camper.toml", personas / "hiker.toml")
    with pytest.raises(synthetic.SyntheticError, match=r"Two persona files .* have the name 'camper'"):
        synthetic.outdoor_shop(customers=10, personas=personas)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("r = 3.0", "r = -2.0", r"shop.toml \[usage_class.light\] r is -2.0"),
        ("as_of = 2026-09-30", "as_of = 2023-09-30", "must follow each other"),
        ("as_of = 2026-09-30", 'as_of = "soon"', "as_of must be a day such as"),
        ("[axes.rhythm]", "[axes.rythm]", "unknown key 'rythm'. Did you mean 'rhythm'"),
        ("holdout = 0.15", "holdout = 1.5", "holdout is 1.5; it must be a number, between 0 and 0.9"),
        ("[climate_favours.hot]", "[climate_favours.warm]", r"climate_favours\] has an unknown key 'warm'"),
        ("outerwear = 0.35", "outerwear = -1", r"climate_favours.hot\] outerwear is -1"),
        ('moving_abroad = ["travel"]', 'moving_abroad = ["travels"]', "unknown key 'travels'. Did you mean 'travel'"),
    ],
)
def test_a_shop_with_a_mistake(tmp_path, old, new, message):
    world = tmp_path / "world"
    shutil.copytree(OUTDOOR, world)
    change(world / "shop.toml", old, new)
    with pytest.raises(synthetic.SyntheticError, match=message):
        synthetic.outdoor_shop(customers=10, world=world)


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"overlap": 2}, "overlap is 2; it must be a number, between 0 and 1"),
        ({"kappa": 0}, "kappa is 0"),
        ({"migrate": "all"}, "migrate is 'all'"),
        ({"overlapp": 0.1}, "no knob 'overlapp'. Did you mean 'overlap'"),
        ({"locales": {"fa_IRR": 1}}, "unknown key 'fa_IRR'. Did you mean 'fa_IR'"),
        ({"locales": {"fa_IR": 0}}, "add up to 0"),
        ({"locales": "fa_IR"}, "locales must be a table of weights"),
        ({"shock": "2019-01-01"}, "it must lie after 2024-06-01"),
        ({"shock": "spring"}, "must be a day such as"),
        ({"tables": ["order"]}, "no table 'order'. Did you mean 'orders'"),
    ],
)
def test_a_knob_out_of_range(knobs, message):
    with pytest.raises(synthetic.SyntheticError, match=message):
        synthetic.outdoor_shop(customers=10, **knobs)


def test_a_teachers_own_personas_are_read_again_after_an_edit(personas):
    change(personas / "camper.toml", 'name = "camper"', 'name = "glamper"')
    assert "glamper" in set(synthetic.outdoor_shop(customers=200, personas=personas).truth.persona)
    change(personas / "camper.toml", 'name = "glamper"', 'name = "scout"')
    assert "scout" in set(synthetic.outdoor_shop(customers=200, personas=personas).truth.persona)
