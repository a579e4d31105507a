"""The load report is the analyst's first page: complete, printable, safe to show."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import segkit as sk
from segkit.load import read_tables
from segkit.load.safe import spreadsheet_safe
from tests.load.made import GOOD, read, write

PERSONAL = """order_id,customer_id,ordered_at,product_id,quantity,unit_price,email,phone,first_name,remark
1,C1,2024-01-05,A,2,3.50,ann@example.com,+44 20 7946 0000,Ann,fine
2,,2024-01-06,B,1,2.50,bo@example.org,+44 20 7946 0001,Bo,call bo@example.org
3,C3,2024-13-06,B,1,2.50,cy@example.org,+44 20 7946 0002,<b>Cy</b>,=1+1
Total,,,,4,11.00,,,,
"""


@pytest.fixture
def loaded(tmp_path):
    return read(write(tmp_path, PERSONAL))


def test_the_page_says_what_was_read_and_how(loaded):
    page = str(loaded.report)
    for text in (
        "orders.csv: 4 rows read, 1 kept, 3 set aside.",
        "as_of: 2024-01-05 (the day of the last order)",
        "currency: not stated",
        "time zone: as written (none stated)",
        "calendar: gregorian",
        "customer_id = 'customer_id'",
        "orders.csv: 1 of 4 rows (25.0 %) have no customer_id; set aside in report.rejected. First line: 3.",
        "1 of 4 rows (25.0 %) are totals, not records",
        "such as '2024-13-06'",
        "Revenue:",
    ):
        assert text in page


def test_the_notes_as_a_frame(loaded):
    frame = loaded.report.to_frame()
    assert frame.columns.tolist()[:5] == ["treatment", "reason", "file", "rows", "set_aside"]
    assert frame.loc[frame["treatment"] == "set aside", "set_aside"].sum() == 3
    assert loaded.report.count("missing customer_id") == 1
    assert loaded.report.count("no such reason") == 0


def test_bad_input_75_no_address_or_phone_in_anything_shown(loaded):
    shown = str(loaded.report) + loaded.report._repr_html_() + loaded.report.rejected.to_html()
    shown += loaded.report.to_frame().to_string()
    for secret in ("@example", "7946", "Ann", "Cy", "Bo"):
        assert secret not in shown
    assert loaded.report.rejected["line"].tolist() == [3, 4, 5]


def test_bad_input_71_formulas_in_the_file_of_rejected_rows(tmp_path, loaded):
    path = loaded.report.to_csv(tmp_path / "rejected.csv")
    text = path.read_text("utf-8-sig")
    assert "'=1+1" in text
    assert "@example" not in text
    full = loaded.report.to_csv(tmp_path / "full.csv", personal=True).read_text("utf-8-sig")
    assert "bo@example.org" in full
    frame = pd.DataFrame({"a": ["=x", "+x", "-x", "@x", "\tx", "\rx", "-3.5", "x"], "b": [-1] * 8})
    safe = spreadsheet_safe(frame)
    assert safe["a"].tolist() == ["'=x", "'+x", "'-x", "'@x", "'\tx", "'\rx", "-3.5", "x"]
    assert safe["b"].tolist() == [-1] * 8


def test_bad_input_76_html_in_names_and_values_is_escaped(tmp_path):
    text = GOOD.replace("product_id", "<script>x</script>").replace("2024-01-05 10:00:00", "<b>1</b>")
    report = read(write(tmp_path, text)).report
    page = report._repr_html_()
    assert "<script>" not in page
    assert "<b>1" not in page


def test_a_file_without_faults_says_so_shortly(tmp_path):
    report = read(write(tmp_path, GOOD)).report
    assert "Set aside:" not in str(report)
    assert report.rejected.empty
    assert "28.95 read, 28.95 kept, 0.00 set aside" in str(report)


def test_read_shop_carries_the_report(tmp_path):
    shop = sk.read_shop(write(tmp_path, GOOD), as_of="2024-03-20")
    assert shop.as_of == dt.date(2024, 3, 20)
    assert shop.report.rows_kept == 4
    facts = sk.measures.purchases(shop).set_index("customer_id")
    assert facts.loc["00123", "recency_days"] == 7
    assert facts.loc["00123", "revenue"] == 10.5


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_files_with_different_columns_become_one_shop(tmp_path, engine):
    write(tmp_path, GOOD, "2023.csv")
    other = "client,date,amount,city\n00123,05/13/2024,4.50,York\n00200,05/14/2024,2.00,Hull\n"
    write(tmp_path, other, "2024.csv")
    loaded = read(tmp_path, engine=engine, columns={"customer_id": "client"})
    orders = loaded.tables["orders"] if engine == "pandas" else loaded.tables["orders"].df()
    assert len(orders) == 6
    assert sorted(orders["order_id"])[-2:] == ["file 2 line 2", "file 2 line 3"]
    assert loaded.report.revenue_kept == pytest.approx(28.95 + 6.5)
    assert set(loaded.report.columns) == {"2023.csv", "2024.csv"}


def test_types_of_the_tables(tmp_path):
    tables = read(write(tmp_path, GOOD)).tables
    assert tables["orders"]["ordered_at"].dtype == np.dtype("datetime64[us]")
    for name, dtype in (
        ("quantity", "int64"),
        ("line", "int64"),
        ("returned_quantity", "int64"),
        ("unit_price", "float64"),
    ):
        assert tables["order_lines"][name].dtype == np.dtype(dtype), name
    assert isinstance(tables["orders"]["customer_id"].dtype, pd.StringDtype)


def test_the_same_file_gives_the_same_bytes(tmp_path):
    path = write(tmp_path, PERSONAL)
    first, second = read_tables(path), read_tables(path)
    assert str(first.report) == str(second.report)
    for name, frame in first.tables.items():
        assert frame.to_csv() == second.tables[name].to_csv()


def test_an_odd_order_file_is_never_a_shop(tmp_path):
    from segkit.errors import SegkitError

    path = write(tmp_path, "customer_id,city\n1,York\n")
    with pytest.raises(SegkitError, match=r"No column 'ordered_at' in orders\.csv"):
        read_tables(path)
    every_row_bad = GOOD.replace("2024", "2x24")
    with pytest.raises(SegkitError, match="cannot be read as a date"):
        read_tables(write(tmp_path, every_row_bad))
    no_customer = "\n".join(
        line.replace(",0012", ",", 1)[:2] + "," + line.split(",", 2)[2] for line in GOOD.splitlines()[1:]
    )
    with pytest.raises(SegkitError, match="No order is left of 4 rows"):
        read_tables(write(tmp_path, GOOD.splitlines()[0] + "\n" + no_customer))
