"""Who may be reached: worked out by hand in people.py, and equal on every promised engine."""

import pandas as pd
import pytest

import segkit as sk
from segkit.errors import ColumnProblem, DataProblem, MissingTable, UnknownName
from tests.act import people
from tests.engines import open_tables


def segmented(tables=None):
    shop = sk.Shop(people.tables() if tables is None else tables, as_of="2026-03-01")
    return sk.segment(shop, sk.Usage(cuts=(4, 8)))


def reached(audience):
    return audience.customers["customer_id"].tolist()


def left_out(audience):
    return dict(zip(audience.excluded["reason"], audience.excluded["customers"], strict=True))


def test_email_reaches_who_said_yes_last_and_counts_everybody_else_once(engine):
    audience = segmented(open_tables(people.tables(), engine)).audience("light", "email")
    assert reached(audience) == ["c01", "c03", "c10"]
    assert left_out(audience) == {
        "never asked": 1,  # c04 said yes to ads only
        "refused": 3,  # c02 took it back, c09, c12 contradicts itself
        "not in the customers table": 1,  # c11
        "no address": 1,  # c05
        "address not valid": 1,  # c06
        "address refused by another customer": 1,  # c08 shares an inbox with c09, who said no
        "address is another customer's too": 1,  # c07 has c01's
    }
    assert audience.segment_size == 12 == len(audience) + audience.excluded["customers"].sum()
    assert audience.contacts()["email"].tolist() == ["ann@example.com", "cyd@example.com", "ivy@example.com"]


def test_a_refusal_in_another_segment_counts_for_the_same_address(engine):
    tables = people.tables()
    tables["orders"].loc[tables["orders"]["customer_id"] == "c99", "customer_id"] = "c09"  # now a heavy user
    audience = segmented(open_tables(tables, engine)).audience("light", "email")
    assert "c08" not in reached(audience)
    assert left_out(audience)["address refused by another customer"] == 1


def test_phones_are_written_as_e164_and_no_country_is_guessed():
    audience = segmented().audience("light", "sms")
    assert dict(zip(reached(audience), audience.contacts()["phone"], strict=True)) == {
        "c01": "+14155550101",
        "c02": "+442079460102",
    }
    assert left_out(audience)["address not valid"] == 2  # c04 without a country, c06
    assert left_out(audience)["address is another customer's too"] == 1  # c07
    told = segmented().audience("light", "sms", country_code="98")
    assert told.contacts().set_index("customer_id").loc["c04", "phone"] == "+989123456789"


def test_ads_need_one_address_of_two():
    audience = segmented().audience("light", "ads")
    assert reached(audience) == ["c01", "c04", "c08"]  # c04 by e-mail, though its phone has no country
    assert audience.contacts()["phone"].dropna().tolist() == ["+14155550101"]


def test_a_purpose_without_an_address_needs_no_customers_table():
    tables = people.tables()
    del tables["customers"]
    audience = segmented(tables).audience("light", "analytics")
    assert reached(audience) == ["c01"]
    assert list(audience.contacts()) == ["customer_id", "segment"]


def test_bad_input_73_only_a_clear_yes_is_a_yes():
    written = {True: "yes", False: "خیر"}
    assert reached(segmented(people.tables(written)).audience("light", "email")) == ["c01", "c03", "c10"]
    for word in ("", "unknown", None, "?", "maybe", "2"):
        nobody = segmented(people.tables({True: word, False: "no"})).audience("light", "email")
        assert reached(nobody) == []
        assert left_out(nobody)["answer not clear"] == 8, word
    for word in ("no", "خیر", "FALSE", "0"):
        nobody = segmented(people.tables({True: word, False: "no"})).audience("light", "email")
        assert reached(nobody) == []
        assert "answer not clear" not in left_out(nobody), word


def test_bad_input_73_without_consents_nobody_is_reached():
    tables = people.tables()
    del tables["consents"]
    with pytest.raises(MissingTable, match=r"no 'consents' table, and nobody is reached.*consents\.csv.*granted"):
        segmented(tables).audience("light", "email")


def test_without_dates_every_answer_must_be_yes():
    tables = people.tables()
    tables["consents"] = tables["consents"].drop(columns="changed_at")
    audience = segmented(tables).audience("light", "email")
    assert reached(audience) == ["c01", "c10"]  # c03's older no cannot be told from its yes


def test_an_undated_no_beside_a_dated_yes_is_a_no():
    tables = people.tables()
    undated = pd.DataFrame({"customer_id": ["c01"], "purpose": ["email"], "granted": [False], "changed_at": [pd.NaT]})
    tables["consents"] = pd.concat([tables["consents"], undated.astype(tables["consents"].dtypes)], ignore_index=True)
    assert "c01" not in reached(segmented(tables).audience("light", "email"))


def test_without_customers_says_what_to_add():
    tables = people.tables()
    del tables["customers"]
    with pytest.raises(MissingTable, match=r"no 'customers' table.*customers\.csv.*customer_id, email"):
        segmented(tables).audience("light", "email")
    tables["customers"] = people.tables()["customers"].rename(columns={"email": "e_mail"})
    with pytest.raises(ColumnProblem, match=r"no column 'email'\. Did you mean 'e_mail'\?"):
        segmented(tables).audience("light", "email")


def test_unknown_names_get_the_nearest():
    seg = segmented()
    with pytest.raises(UnknownName, match=r"no segment 'lihgt'\. Did you mean 'light'\?"):
        seg.audience("lihgt", "email")
    with pytest.raises(UnknownName, match=r"purpose 'e-mail'\. Did you mean 'email'\?"):
        seg.audience("light", "e-mail")
    with pytest.raises(UnknownName, match=r"reached by 'mail'\. Did you mean 'email'\?"):
        seg.audience("light", "email", reached_by="mail")
    with pytest.raises(DataProblem, match=r"country_code='Iran'.*country_code='98'"):
        seg.audience("light", "sms", country_code="Iran")


def test_a_purpose_of_ones_own_says_how_it_reaches_people():
    with pytest.raises(DataProblem, match=r"'newsletter' does not say how.*reached_by='email'"):
        segmented().audience("light", "newsletter")
    audience = segmented().audience("light", "newsletter", reached_by="email")
    assert reached(audience) == ["c02"]
    assert left_out(audience) == {"never asked": 11}


def test_a_segmentation_without_its_shop_says_how_to_give_it():
    shop = sk.Shop(people.tables(), as_of="2026-03-01")
    facts = sk.measures.purchases(shop)
    with pytest.raises(DataProblem, match=r"segmenter\.segment\(facts, shop=shop\)"):
        sk.Usage(cuts=(4, 8)).fit(facts).segment(facts).audience("light", "email")


def test_a_customer_twice_in_the_customers_table_is_refused():
    tables = people.tables()
    tables["customers"] = pd.concat([tables["customers"], tables["customers"].head(1)], ignore_index=True)
    with pytest.raises(DataProblem, match=r"holds 1 of these customers more than once"):
        segmented(tables).audience("light", "email")


def test_bad_input_75_nothing_displayed_tells_who_somebody_is():
    audience = segmented().audience("light", "email")
    shown = repr(audience) + audience._repr_html_() + audience.customers.to_string() + audience.excluded.to_string()
    for row in people.CUSTOMERS:
        for value in row[1:]:
            assert not value or len(value) < 3 or value.strip() not in shown
    assert "@" not in shown
    assert repr(audience).startswith("Audience 'light' for email: 3 of 12 customers may be reached.")


def test_bad_input_76_html_in_a_name_is_escaped():
    tables = people.tables()
    purpose = "<script>alert(1)</script>"
    tables["consents"]["purpose"] = tables["consents"]["purpose"].replace("email", purpose)
    audience = segmented(tables).audience("light", purpose, reached_by="email")
    assert "<script>" not in audience._repr_html_()
    assert "&lt;script&gt;" in audience._repr_html_()
