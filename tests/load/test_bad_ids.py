"""Bad inputs 24 to 37: who is who."""

import io

import pandas as pd
import pytest

from tests.load.made import GOOD, read, refused, with_column, write


def _excel(tmp_path, frame):
    frame.to_excel(tmp_path / "x.xlsx", index=False)
    return tmp_path / "x.xlsx"


def _customers(loaded):
    return loaded.tables["orders"].sort_values("order_id")["customer_id"].tolist()


def test_bad_input_24_leading_zeros(tmp_path):
    """Ids are always read as text, in CSV, Excel and Parquet: 00123 stays 00123."""
    expected = ["00123", "00124", "00123", "00125"]
    frame = pd.read_csv(io.StringIO(GOOD), dtype=str)
    frame.to_parquet(tmp_path / "x.parquet")
    for path in (write(tmp_path, GOOD), _excel(tmp_path, frame), tmp_path / "x.parquet"):
        assert _customers(read(path)) == expected


def test_bad_input_25_id_column_with_a_blank(tmp_path):
    """pandas writes 17850.0 as soon as one id is missing; Parquet then holds a float."""
    frame = pd.read_csv(io.StringIO(GOOD))
    frame["customer_id"] = [17850, 17851, None, 17850]
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    frame.to_csv(tmp_path / "x.csv", index=False)
    frame.to_parquet(tmp_path / "x.parquet")
    for path in (tmp_path / "x.csv", _excel(tmp_path, frame), tmp_path / "x.parquet"):
        loaded = read(path)
        assert _customers(loaded) == ["17850", "17851", "17850"]
        assert "1 of 4 rows (25.0 %) have no customer_id" in str(loaded.report)
    assert "customer_id written in one way" in str(read(tmp_path / "x.csv").report)


def test_bad_input_26_ids_rounded_by_excel(tmp_path):
    message = refused(write(tmp_path, with_column("customer_id", ["1.23457E+15", "1.23457E+15", "1", "2"])))
    assert message == (
        "orders.csv: column 'customer_id' has 2 ids such as '1.23457E+15' (first lines: 2, 3): they were rounded by "
        "Excel and cannot be told apart. Export again with this column as text."
    )
    frame = pd.read_csv(io.StringIO(GOOD), dtype=str)
    frame["customer_id"] = [1234567890123456789, 1, 2, 3]
    assert "rounded by Excel" in refused(_excel(tmp_path, frame))


def test_bad_input_27_ids_of_more_than_twenty_digits(tmp_path):
    """Ids are always read as text: no digit is lost."""
    long = ["123456789012345678901", "123456789012345678902"]
    assert set(_customers(read(write(tmp_path, with_column("customer_id", long))))) == set(long)


@pytest.mark.parametrize("empty", ["", "NULL", "nan", "NaN", "#N/A", "None", "NA", "N/A", "<NA>", r"\N", "  "])
def test_bad_input_28_null_id(tmp_path, empty):
    loaded = read(write(tmp_path, with_column("customer_id", ["00123", empty, "00124", "00125"])))
    assert _customers(loaded) == ["00123", "00124", "00125"]
    text = "orders.csv: 1 of 4 rows (25.0 %) have no customer_id; set aside in report.rejected. First line: 3."
    assert text in str(loaded.report)
    assert loaded.report.rejected[["line", "reason"]].to_numpy().tolist() == [[3, "missing customer_id"]]


def test_bad_input_29_guest_ids(tmp_path):
    header, *_ = GOOD.splitlines()
    rows = [f"{i},{'guest' if i % 4 else f'c{i}'},2024-01-05,A,1,2.00" for i in range(40)]
    loaded = read(write(tmp_path, "\n".join([header, *rows])))
    assert "customer_id 'guest' has 30 rows (75.0 %): a guest account, or one very large customer?" in str(
        loaded.report
    )
    assert loaded.report.rows_kept == 40
    rows = [f"{i},{'7' if i % 50 == 0 else f'c{i}'},2024-01-05,A,1,2.00" for i in range(2_000)]
    loaded = read(write(tmp_path, "\n".join([header, *rows])))
    assert "customer_id '7' has 40 rows (2.0 %)" in str(loaded.report)
    assert loaded.report.count("crowd") == 40


def test_bad_input_30_words_that_mean_something_else(tmp_path):
    """Only a stated list of words means 'empty': Namibia's NA stays where a column holds countries, and so do names."""
    text = GOOD.replace("unit_price", "unit_price,country,first_name,last_name")
    for i, end in enumerate(("NA,Null,None", "None,Ann,null", "GB,Bo,Nan", ",,")):
        lines = text.splitlines()
        lines[i + 1] += "," + end
        text = "\n".join(lines) + "\n"
    customers = read(write(tmp_path, text)).tables["customers"].set_index("customer_id")
    assert customers.loc["00124", "country"] == "None"
    assert customers.loc["00124", "last_name"] == "null"
    assert customers.loc["00123", "last_name"] == "Nan"
    assert pd.isna(customers.loc["00125", "country"])
    namibia = read(
        write(
            tmp_path,
            GOOD.replace("unit_price", "unit_price,country")
            .replace("3.50", "3.50,NA")
            .replace("10.25", "10.25,NA")
            .replace("2.05", "2.05,NA"),
        )
    )
    assert set(namibia.tables["customers"]["country"]) == {"NA"}


def test_bad_input_31_blanks_around_ids(tmp_path):
    loaded = read(write(tmp_path, with_column("customer_id", [" A12", "A12 ", "A12", "A12\u00a0"])))
    assert _customers(loaded) == ["A12"] * 4
    assert "3 rows: customer_id written in one way" in str(loaded.report)
    cased = read(write(tmp_path, with_column("customer_id", ["A12", "a12"])))
    assert set(_customers(cased)) == {"A12", "a12"}  # folded only on request: they may be two people
    assert "2 customer_id differ from another only in upper and lower case" in str(cased.report)


def test_bad_input_32_persian_letters_and_marks(tmp_path):
    same = ["علي\u200cرضا ك", "علی\u200cرضا ک", "\u200fعلیرضا ک", "علیرضا\u00a0ک"]
    loaded = read(write(tmp_path, with_column("customer_id", same)))
    assert set(_customers(loaded)) == {"علیرضا ک"}
    assert "3 rows: customer_id written in one way" in str(loaded.report) or "4 rows" in str(loaded.report)
    digits = read(write(tmp_path, with_column("customer_id", ["۰۱۲۳", "0123"])))
    assert set(_customers(digits)) == {"0123"}


def test_bad_input_33_number_and_text_keys_join(tmp_path):
    """Keys are always read as text: a number in Parquet meets the same text in CSV."""
    frame = pd.read_csv(io.StringIO(GOOD))
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    frame[["order_id", "customer_id", "ordered_at"]].to_parquet(tmp_path / "orders.parquet")
    frame[["order_id", "product_id", "quantity", "unit_price"]].astype(str).to_csv(
        tmp_path / "order_lines.csv", index=False
    )
    loaded = read(tmp_path)
    assert len(loaded.tables["order_lines"]) == 4
    assert loaded.report.rows_set_aside == 0


def test_bad_input_34_key_on_several_rows(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path, "customer_id,city\n00123,York\n00123,Leeds\n00124,Hull\n", "customers.csv")
    message = refused(tmp_path)
    assert message == (
        "customers.csv: 1 key (customer_id) on several rows that differ, such as '00123'. Table 'customers' has one "
        "row per customer: take the outdated rows out."
    )
    write(tmp_path, "customer_id,city\n00123,York\n00123,York\n00124,Hull\n", "customers.csv")
    loaded = read(tmp_path)
    assert len(loaded.tables["customers"].query("customer_id == '00123'")) == 1
    assert "1 of 3 rows (33.3 %) are exact duplicates of an earlier row" in str(loaded.report)


def test_bad_input_35_email_addresses(tmp_path):
    write(tmp_path, GOOD)
    emails = "customer_id,email,city\n00123, Ann@Example.COM ,York\n00124,bo+shop@example.com.,Hull\n"
    write(tmp_path, emails, "customers.csv")
    loaded = read(tmp_path)
    by_customer = loaded.tables["customers"].set_index("customer_id")["email"]
    assert by_customer["00123"] == "ann@example.com"
    assert by_customer["00124"] == "bo+shop@example.com"  # a plus tag is part of the address
    assert "2 rows: email written in one way" in str(loaded.report)


def test_bad_input_35_email_as_the_customers_id_is_replaced_by_a_fingerprint(tmp_path):
    loaded = read(
        write(tmp_path, with_column("customer_id", ["Ann@example.com", "ann@example.com ", "bo@example.org"]))
    )
    ids = _customers(loaded)
    assert ids[0] == ids[1] == ids[3] != ids[2]
    assert not any("@" in value for value in ids)
    assert "customer_id is made of the e-mail address" in str(loaded.report)
    assert "example.com" not in str(loaded.report)


def test_bad_input_36_phone_numbers(tmp_path):
    write(tmp_path, GOOD)
    phones = "customer_id,phone,city\n00123,0098 912 000 0000,a\n00124,+98-912-0000000,b\n00125,۰۰۹۸۹۱۲۰۰۰۰۰۰۰,c\n"
    write(tmp_path, phones, "customers.csv")
    loaded = read(tmp_path)
    assert set(loaded.tables["customers"]["phone"]) == {"+989120000000"}
    assert "phone written in one way" in str(loaded.report)


def test_bad_input_37_one_customer_with_two_ids_stays_two(tmp_path):
    """Out of scope, and documented: segkit never merges customers."""
    from segkit.load import read_tables

    assert "never merged" in read_tables.__doc__
    loaded = read(write(tmp_path, with_column("customer_id", ["1", "2", "3", "4"])))
    assert len(loaded.tables["customers"]) == 4
