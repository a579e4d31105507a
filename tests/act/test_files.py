"""The one writer of CSV: nothing a spreadsheet would run, whole or not at all, UTF-8 within the platforms' limits."""

import csv
import hashlib
import os

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import segkit as sk
from segkit import act
from segkit.act.addresses import clean_email, clean_phone
from segkit.errors import DataProblem, FileProblem, UnknownName
from tests.act import people
from tests.engines import PROMISED, open_tables


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def segmented():
    return sk.segment(sk.Shop(people.tables(), as_of="2026-03-01"), sk.Usage(cuts=(4, 8)))


DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", " =1+1", "＝1", "\u200b=1", "−1")


def test_bad_input_71_a_formula_gets_an_apostrophe(tmp_path):
    frame = pd.DataFrame({"=name": DANGEROUS, "change": range(-5, 6), "plain": ["a=1"] * len(DANGEROUS)})
    written = act.write_csv(frame, tmp_path / "out.csv")
    header, *rows = rows_of(written.path)
    assert header == ["'=name", "change", "plain"]
    assert [row[0] for row in rows] == ["'" + text.replace("\r", "\n") for text in DANGEROUS]
    assert rows[0][1:] == ["-5", "a=1"]  # numbers stay numbers, and = within a text is no formula
    assert written.defused == len(DANGEROUS) + 1
    assert "12 cells began like a formula" in repr(written)


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=12), min_size=1, max_size=20))
def test_no_text_at_all_comes_out_as_a_formula_and_none_is_lost(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("any") / "out.csv"
    act.write_csv(pd.DataFrame({"text": pd.Series(texts, dtype=object)}), path)
    back = [row[0] if row else "" for row in rows_of(path)[1:]]
    one_kind = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    assert [text.removeprefix("'") for text in back] == [text.removeprefix("'") for text in one_kind]
    assert not [text for text in back if text.lstrip().startswith(("=", "+", "-", "@"))]


def test_bad_input_72_a_platform_gets_the_phone_as_it_is_and_nothing_else_of_that_kind(tmp_path):
    phones = ["+989123456789", "+14155550101", "+1", "+1415555010x", "=1+1", "+" + "1" * 16, None]
    frame = pd.DataFrame({"Phone Number": phones, "Name": phones})
    act.write_csv(frame, tmp_path / "platform.csv", platform=True, phones=("Phone Number",))
    _, *rows = rows_of(tmp_path / "platform.csv")
    assert [row[0] for row in rows] == ["+989123456789", "+14155550101", "", "", "", "", ""]
    assert [row[1][:1] for row in rows] == ["'"] * 6 + [""]  # the same text elsewhere is a formula
    act.write_csv(frame, tmp_path / "spreadsheet.csv")
    assert rows_of(tmp_path / "spreadsheet.csv")[1][0] == "'+989123456789"


def test_a_platform_gets_at_most_255_bytes_and_whole_letters(tmp_path):
    written = act.write_csv(pd.DataFrame({"n": ["ب" * 200, "b" * 255, "𠮷" * 64]}), tmp_path / "a.csv", platform=True)
    texts = [row[0] for row in rows_of(written.path)[1:]]
    assert texts == ["ب" * 127, "b" * 255, "𠮷" * 63]
    assert written.shortened == 2
    assert not written.path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_byte_order_mark_only_where_a_spreadsheet_needs_it(tmp_path):
    act.write_csv(pd.DataFrame({"name": ["Ann"]}), tmp_path / "plain.csv")
    act.write_csv(pd.DataFrame({"name": ["شهاب"]}), tmp_path / "persian.csv")
    assert (tmp_path / "plain.csv").read_bytes() == b"name\nAnn\n"
    assert (tmp_path / "persian.csv").read_bytes() == "\ufeffname\nشهاب\n".encode()


@pytest.mark.parametrize("engine", PROMISED)
def test_any_engine_and_the_same_bytes(tmp_path, engine):
    frame = pd.DataFrame({"customer_id": ["a", "b,c"], "segment": ["light", None]})
    act.write_csv(open_tables({"x": frame}, engine)["x"], tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b'customer_id,segment\na,light\n"b,c",\n'


def test_whole_or_nothing(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_text("what was there")

    class Breaks:
        def __str__(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act.write_csv(pd.DataFrame({"a": [1, Breaks()]}), path)
    assert path.read_text() == "what was there"
    assert os.listdir(tmp_path) == ["out.csv"]

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(FileProblem, match=r"cannot be written: No space left on device"):
        act.write_csv(pd.DataFrame({"a": [1]}), path)
    assert path.read_text() == "what was there"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_missing_folder_and_a_folder_for_a_file_are_named(tmp_path):
    with pytest.raises(FileProblem, match=r"no folder '.*nowhere'\. Make it first"):
        act.write_csv(pd.DataFrame({"a": [1]}), tmp_path / "nowhere" / "out.csv")
    with pytest.raises(FileProblem, match=r"is a folder\. Name the file"):
        act.write_csv(pd.DataFrame({"a": [1]}), tmp_path)


def test_mailchimp(segmented, tmp_path):
    written = segmented.audience("light", "email").to_mailchimp(tmp_path / "light.csv")
    assert rows_of(written.path) == [
        ["Email Address", "First Name", "Last Name", "Tags"],
        ["ann@example.com", "Ann", "Ash", "light"],
        ["cyd@example.com", "Cyd", "Cedar", "light"],
        ["ivy@example.com", "'=cmd()", "'@Ivy", "light"],
    ]
    assert written.defused == 2


def test_klaviyo_puts_the_address_first(segmented, tmp_path):
    segmented.audience("light", "sms").to_klaviyo(tmp_path / "light.csv")
    assert rows_of(tmp_path / "light.csv") == [
        ["Phone Number", "First Name", "Last Name", "Segment"],
        ["+14155550101", "Ann", "Ash", "light"],
        ["+442079460102", "Bob", "Birch", "light"],
    ]


def test_mautic_names_its_own_fields(segmented, tmp_path):
    segmented.audience("light", "email").to_mautic(tmp_path / "light.csv")
    assert rows_of(tmp_path / "light.csv")[:2] == [
        ["email", "firstname", "lastname", "tags"],
        ["ann@example.com", "Ann", "Ash", "light"],
    ]


def test_plain_csv_holds_only_the_addresses_of_its_purpose(segmented, tmp_path):
    segmented.audience("light", "email").to_csv(tmp_path / "light.csv")
    assert rows_of(tmp_path / "light.csv")[:2] == [
        ["customer_id", "segment", "first_name", "last_name", "email"],
        ["c01", "light", "Ann", "Ash", "ann@example.com"],
    ]


def test_hashed_for_google_and_meta(segmented, tmp_path):
    def sha(text):
        return hashlib.sha256(text.encode()).hexdigest()

    ads = segmented.audience("light", "ads")
    ads.to_hashed(tmp_path / "google.csv")
    assert rows_of(tmp_path / "google.csv") == [
        ["Email", "Phone"],
        [sha("ann@example.com"), sha("+14155550101")],
        [sha("dee@example.com"), ""],
        [sha("hal@example.com"), ""],
    ]
    ads.to_hashed(tmp_path / "meta.csv", platform="meta")
    assert rows_of(tmp_path / "meta.csv")[:2] == [["email", "phone"], [sha("ann@example.com"), sha("14155550101")]]


def test_a_yes_to_mail_is_no_yes_to_an_ad_platform(segmented, tmp_path):
    with pytest.raises(DataProblem, match=r"said yes to 'email', not to being given to an ad platform.*purpose='ads'"):
        segmented.audience("light", "email").to_hashed(tmp_path / "x.csv")
    with pytest.raises(UnknownName, match=r"no ad list for 'gogle'\. Did you mean 'google'\?"):
        segmented.audience("light", "ads").to_hashed(tmp_path / "x.csv", platform="gogle")
    with pytest.raises(DataProblem, match=r"Mailchimp reaches people by email.*reached by phone"):
        segmented.audience("light", "sms").to_mailchimp(tmp_path / "x.csv")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (" A.B+shop@Example.COM ", "a.b+shop@example.com"),
        ("a@b.co.", "a@b.co"),
        ("ann@bücher.example", "ann@bücher.example"),
        ("añn@example.com", None),
        ("a@b", None),
        ("a@@b.co", None),
        ("a..b@c.co", None),
        ("a@b..co", None),
        ("a b@c.co", None),
        ("-a@b.co", None),
        ("a@b.co,c@d.co", None),
        ("x" * 250 + "@b.co", None),
    ],
)
def test_email_addresses(text, clean):
    assert clean_email(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("+98 912 345 6789", "+989123456789"),
        ("0098-912-345-6789", "+989123456789"),
        ("۰۰۹۸۹۱۲۳۴۵۶۷۸۹", "+989123456789"),
        ("09123456789", None),
        ("9123456789", None),
        ("+1234567", None),
        ("+1234567890123456", None),
        ("call me", None),
    ],
)
def test_phone_numbers(text, clean):
    assert clean_phone(text) == clean
