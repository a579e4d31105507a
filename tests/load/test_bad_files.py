"""Bad inputs 1 to 23: the file itself."""

import gzip
import io
import zipfile

import pandas as pd
import pytest

from segkit.load import files, read_tables
from tests.load.made import GOOD, read, refused, write


def test_bad_input_01_path_missing(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "customers.csv")
    assert refused(tmp_path / "x.csv").endswith("The folder holds: customers.csv, orders.csv.")
    assert "No file at" in refused(tmp_path / "x.csv")
    assert "does not exist either" in refused(tmp_path / "nowhere" / "x.csv")
    (tmp_path / "empty").mkdir()
    assert "holds no file that can be read" in refused(tmp_path / "empty")


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.parquet"])
def test_bad_input_02_empty_file(tmp_path, name):
    assert refused(write(tmp_path, "", name)) == f"'{name}' is empty (0 bytes)."


def test_bad_input_02_empty_inside_gzip_and_blank(tmp_path):
    assert refused(write(tmp_path, gzip.compress(b""), "x.csv.gz")) == "'x.csv.gz' is empty (0 bytes)."
    assert refused(write(tmp_path, "\n\n \n")) == "'orders.csv' holds only blank lines."


def test_bad_input_03_header_only(tmp_path):
    header = GOOD.splitlines()[0]
    assert refused(write(tmp_path, header + "\n")) == "'orders.csv' has column names but no rows."
    frame = pd.read_csv(io.StringIO(GOOD), dtype=str).head(0)
    frame.to_excel(tmp_path / "x.xlsx", index=False)
    frame.to_parquet(tmp_path / "x.parquet")
    assert "'x.xlsx' has column names but no rows." in refused(tmp_path / "x.xlsx")
    assert "'x.parquet' has column names but no rows." in refused(tmp_path / "x.parquet")


def test_bad_input_04_utf8_byte_order_mark(tmp_path):
    loaded = read(write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()))
    assert len(loaded.tables["order_lines"]) == 4
    assert "read as UTF-8 with a byte order mark" in str(loaded.report)


def test_bad_input_05_utf16_unicode_text(tmp_path):
    loaded = read(write(tmp_path, GOOD.replace(",", "\t").encode("utf-16"), "orders.txt"))
    assert loaded.tables["orders"]["customer_id"].tolist() == ["00123", "00124", "00123", "00125"]
    assert "read as UTF-16" in str(loaded.report)
    assert "columns are parted by tabs" in str(loaded.report)


def test_bad_input_06_windows_1256(tmp_path):
    text = GOOD.replace("unit_price", "unit_price,شهر").replace("3.50", "3.50,تهران").replace("10.25", "10.25,شیراز")
    text = text.replace("2.05", "2.05,مشهد").replace("شیراز", "شيراز")
    path = write(tmp_path, text.encode("cp1256"))
    assert refused(path) == ("'orders.csv' is not UTF-8. It decodes cleanly as cp1256; pass encoding='cp1256'.")
    cities = read(path, encoding="cp1256").tables["customers"]["city"].tolist()
    assert cities == ["تهران", "شیراز", "مشهد"]  # the Arabic ye became the Persian one
    assert "encoding='cp1256' is" not in refused(write(tmp_path, "é,b\n1,2\n".encode("latin-1"), "y.csv"))
    assert "encoding='utf8x' is not known" in refused(path, encoding="utf8x")


@pytest.mark.parametrize(("sep", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_bad_input_07_other_separator(tmp_path, sep, name):
    loaded = read(write(tmp_path, GOOD.replace(",", sep)))
    assert len(loaded.tables["orders"]) == 4
    assert f"orders.csv: columns are parted by {name}." in str(loaded.report)


def test_bad_input_07_one_column_left(tmp_path):
    message = refused(write(tmp_path, GOOD.replace(",", "~")))
    assert message.startswith("orders.csv has only one column, named 'order_id~customer_id~")
    assert message.endswith("pass sep=.")
    assert len(read(write(tmp_path, GOOD.replace(",", "~")), sep="~").tables["orders"]) == 4


def test_bad_input_08_ragged_rows(tmp_path):
    text = GOOD + "5,00126,2024-03-01,D,1\n6,00126,2024-03-01,D,1,2.00,x,y\n7,1\n8,1\n"
    message = refused(write(tmp_path, text))
    assert "4 rows without 6 cells: line 6 has 5, line 7 has 8, line 8 has 2." in message


def test_bad_input_08_extra_empty_cells_and_blank_lines_are_no_rags(tmp_path):
    text = GOOD.replace("3.50\n", "3.50,,\n") + "\n\n5,00126,2024-03-13,D,1,2.00\n"
    loaded = read(write(tmp_path, text))
    assert len(loaded.tables["orders"]) == 5
    assert "2 blank lines skipped" in str(loaded.report)


def test_bad_input_09_unbalanced_quote(tmp_path):
    message = refused(write(tmp_path, GOOD.replace("2,00124", '2,"00124')))
    assert message == "orders.csv: a quote opened on line 3 never closes. Close it, or export the file again."
    message = refused(write(tmp_path, GOOD.replace("2,00124", '2,"00124').replace("3,00123", '3,"00123"')))
    assert "orders.csv: line 3 has a quote in the wrong place" in message


def test_bad_input_09_line_numbers_count_lines_inside_quotes(tmp_path):
    text = GOOD.replace("A,2", '"A\nB",2') + "5,,2024-03-01,D,1,2.00\n"
    loaded = read(write(tmp_path, text))
    assert loaded.report.rejected["line"].tolist() == [7]


def test_bad_input_10_nul_bytes(tmp_path):
    message = refused(write(tmp_path, GOOD.replace("00123", "00\x00123", 1)))
    assert message == "'orders.csv' line 2 holds a NUL byte; the file is corrupt, or UTF-16: try encoding='utf-16'."


def test_bad_input_11_duplicate_column_names(tmp_path):
    message = refused(write(tmp_path, GOOD.replace("product_id", "unit_price")))
    assert message == "orders.csv: column 'unit_price' appears twice (positions 4, 6). Rename one."
    frame = pd.DataFrame([["a", "b"]], columns=["amt", "amt"])
    frame.to_excel(tmp_path / "x.xlsx", index=False)
    assert "column 'amt' appears twice (positions 1, 2)" in refused(tmp_path / "x.xlsx")


def test_bad_input_12_padded_and_cased_header(tmp_path):
    loaded = read(write(tmp_path, GOOD.replace("customer_id", " Customer ID ").replace("order_id", "\ufeffORDER-ID")))
    assert loaded.report.columns["orders.csv"]["customer_id"] == "Customer ID"
    message = refused(write(tmp_path, GOOD.replace("customer_id", "Customr Idd")))
    assert message.startswith("No column 'customer_id' in orders.csv. Did you mean 'Customr Idd'?")
    assert message.endswith("Pass columns={'customer_id': 'Customr Idd'}.")
    message = refused(write(tmp_path, GOOD), columns={"customer_id": "client"})
    assert message.startswith("No column 'client' in orders.csv.")
    message = refused(write(tmp_path, GOOD), columns={"custmer_id": "customer_id"})
    assert "columns= names 'custmer_id', which segkit does not know. Did you mean 'customer_id'?" in message


def test_bad_input_13_header_repeated(tmp_path):
    header, *rows = GOOD.splitlines()
    loaded = read(write(tmp_path, "\n".join([header, *rows, header, *rows, header])))
    assert "2 of 10 rows (20.0 %) repeat the column names; set aside in report.rejected. First lines: 6, 11." in str(
        loaded.report
    )
    with_currency = [f"{line},{'Currency' if line == header else 'EUR'}" for line in (header, *rows, header, *rows)]
    assert read(write(tmp_path, "\n".join(with_currency))).report.currency == "EUR"  # its name is no currency


@pytest.mark.parametrize("word", ["Total", "Grand total", "SUM", "جمع", "مجموع"])
def test_bad_input_14_total_row(tmp_path, word):
    loaded = read(write(tmp_path, GOOD + f"{word},,,,8,27.45\n"))
    assert len(loaded.tables["order_lines"]) == 4
    assert "1 of 5 rows (20.0 %) are totals, not records" in str(loaded.report)
    assert loaded.report.rejected["line"].tolist() == [6]


def test_bad_input_15_title_lines(tmp_path):
    for title in ("Sales report 2024\n\n", "Sales report 2024,,,,,\n"):
        message = refused(write(tmp_path, title + GOOD))
        assert message == "orders.csv: 1 title line stands above the column names. Pass skiprows=1."
    loaded = read(write(tmp_path, "Sales report 2024,,,,,\n" + GOOD + "9,,2024-01-01,A,1,1.00\n"), skiprows=1)
    assert loaded.report.rejected["line"].tolist() == [7]


def test_bad_input_15_title_lines_in_excel(tmp_path):
    frame = pd.read_csv(io.StringIO(GOOD), dtype=str)
    frame.to_excel(tmp_path / "x.xlsx", index=False, startrow=2)
    loaded = read(tmp_path / "x.xlsx")  # two empty rows above are no title
    assert len(loaded.tables["orders"]) == 4


@pytest.mark.parametrize(
    ("first", "shape"),
    [
        ("ann@example.com,Ann Ash,+44 20 7946 0000,2024-01-05,3.50", "xxx@xxxxxxx.xxx"),
        ("Ann Ash,+44 20 7946 0000,red", "+99 99 9999 9999"),
        ("00123,2024-01-05 10:00:00,A,2,3.50", "9999-99-99 99:99:99"),
        ("Ann Ash;A;12.50", "99.99"),
        ("ann@example.com", "xxx@xxxxxxx.xxx"),
    ],
)
def test_a_file_without_column_names_is_refused_and_its_first_customer_not_told(tmp_path, first, shape):
    message = refused(write(tmp_path, f"{first}\n{first}\n"))
    assert message == (
        f"orders.csv has no column names: its first line holds values, such as '{shape}'. Put a line of names "
        "above it, such as customer_id, ordered_at, unit_price."
    )


def test_dates_as_names_beside_known_columns_are_names(tmp_path):
    text = GOOD.replace("product_id", "2024-01-01")
    assert len(read(write(tmp_path, text)).tables["orders"]) == 4


def test_bad_input_16_html_saved_as_xls(tmp_path):
    message = refused(write(tmp_path, "<html><body><table><tr><td>1</td></tr></table></body></html>", "x.xls"))
    assert message == "'x.xls' is an HTML page, not a table; open it and save it again as .xlsx or CSV."


def test_bad_input_17_wrong_kind_of_file(tmp_path):
    assert "'x.parquet' is not Parquet: it looks like text" in refused(write(tmp_path, GOOD, "x.parquet"))
    assert "'x.xlsx' is not an Excel workbook: it looks like text" in refused(write(tmp_path, GOOD, "x.xlsx"))
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    assert "is a Git-LFS pointer, not the data" in refused(write(tmp_path, pointer, "y.parquet"))
    assert "cannot be read" in refused(write(tmp_path, b"PAR1" + b"x" * 100, "z.parquet"))


def _zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_bad_input_18_zip_with_two_files(tmp_path):
    path = _zip(tmp_path / "x.zip", {"a.csv": GOOD, "b.csv": GOOD})
    message = refused(path)
    assert message == "'x.zip' holds 2 files. Pass member= with one of them. There are: 'a.csv', 'b.csv'."
    assert len(read(path, member="a.csv").tables["orders"]) == 4
    assert "has no file 'c.csv'" in refused(path, member="c.csv")
    assert len(read(_zip(tmp_path / "y.zip", {"a.csv": GOOD})).tables["orders"]) == 4


def test_bad_input_19_truncated_gzip(tmp_path):
    whole = gzip.compress((GOOD * 500).encode())
    message = refused(write(tmp_path, whole[: len(whole) // 2], "x.csv.gz"))
    assert message == "'x.csv.gz' ends too early: the download is cut short. Fetch it again."
    assert "is damaged" in refused(write(tmp_path, whole[:40] + b"\x00" * 30 + whole[70:], "y.csv.gz"))


def test_bad_input_20_zip_bomb_and_escaping_members(tmp_path):
    bomb = _zip(tmp_path / "x.zip", {"a.csv": GOOD + "0" * 30_000_000})
    assert "would unpack to 30,000,212 bytes; not opened" in refused(bomb)
    escaping = _zip(tmp_path / "y.zip", {"../a.csv": GOOD})
    assert "wants to be written elsewhere" in refused(escaping)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.zip", "y.zip"]  # nothing was unpacked to disk


def test_bad_input_20_gzip_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_UNPACKED", 2**20)
    message = refused(write(tmp_path, gzip.compress((GOOD + "\n" * 2_000_000).encode()), "x.csv.gz"))
    assert "unpacks to more than 1,048,576 bytes; stopped" in message


def test_bad_input_20_workbook_bomb(tmp_path, monkeypatch):
    pd.read_csv(io.StringIO(GOOD)).to_excel(tmp_path / "x.xlsx", index=False)
    monkeypatch.setattr(files, "MOST_UNPACKED", 1_000)
    assert "not opened. Export it as CSV." in refused(tmp_path / "x.xlsx")


def test_bad_input_21_several_sheets(tmp_path):
    frame = pd.read_csv(io.StringIO(GOOD), dtype=str)
    with pd.ExcelWriter(tmp_path / "x.xlsx") as book:
        frame.to_excel(book, sheet_name="2023", index=False)
        frame.to_excel(book, sheet_name="2024", index=False)
    assert refused(tmp_path / "x.xlsx") == "'x.xlsx' has 2 sheets. Pass sheet= with one of: 2023, 2024."
    assert len(read(tmp_path / "x.xlsx", sheet="2024").tables["orders"]) == 4
    assert "has no sheet '2025'. Did you mean '2024'?" in refused(tmp_path / "x.xlsx", sheet="2025")


def test_bad_input_21_merged_cells_and_formulas_without_values(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for line in GOOD.splitlines():
        sheet.append(line.split(","))
    sheet.merge_cells("B2:B3")
    book.save(tmp_path / "x.xlsx")
    loaded = read(tmp_path / "x.xlsx")
    assert "has 1 merged area; only the first cell of each holds a value" in str(loaded.report)
    assert loaded.report.rejected["line"].tolist() == [3]  # the order whose customer the merge swallowed
    for row in range(2, 6):
        sheet.cell(row, 6).value = "=E2*2"
    book.save(tmp_path / "y.xlsx")
    message = refused(tmp_path / "y.xlsx")
    assert "column 'unit_price' holds formulas without stored results" in message


def test_bad_input_22_excel_row_limit(tmp_path, monkeypatch):
    from segkit.load import loader

    monkeypatch.setattr(loader, "LIMITS", {5: ".xlsx"})
    loaded = read(write(tmp_path, GOOD))
    assert "exactly the .xlsx row limit (5 rows with the column names): probably cut off" in str(loaded.report)
    monkeypatch.undo()
    assert 1_048_576 in loader.LIMITS
    assert "row limit" not in str(read(write(tmp_path, GOOD)).report)


def test_bad_input_23_password_protected_workbook(tmp_path):
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le")
    message = refused(write(tmp_path, compound, "x.xlsx"))
    assert message == "'x.xlsx' is protected by a password; open it, save it without one, and read that."


def test_a_folder_of_csv_excel_and_parquet_is_one_shop(tmp_path):
    frame = pd.read_csv(io.StringIO(GOOD), dtype=str)
    frame[["order_id", "customer_id", "ordered_at"]].to_csv(tmp_path / "orders.csv", index=False)
    frame[["order_id", "product_id", "quantity", "unit_price"]].to_excel(tmp_path / "order_lines.xlsx", index=False)
    customers = pd.DataFrame({"customer_id": ["00123", "00124"], "city": ["York", "Leeds"]})
    customers.to_parquet(tmp_path / "customers.parquet")
    write(tmp_path, "hello\nworld\n", "readme.md")
    loaded = read(tmp_path)
    assert set(loaded.tables) == {"orders", "order_lines", "customers"}
    assert loaded.tables["order_lines"]["line"].tolist() == [1, 1, 1, 1]
    assert loaded.report.rows_read == 10


def test_an_unknown_option_is_refused_by_name(tmp_path):
    path = write(tmp_path, GOOD)
    assert "returns='nett' is not known. Did you mean 'net'?" in refused(path, returns="nett")
    assert "tz='Mars' is not a time zone" in refused(path, tz="Mars")
    assert "source='shopfy' is not known. Did you mean 'shopify'?" in refused(path, source="shopfy")
    with pytest.raises(TypeError):
        read_tables(path, nonsense=1)
