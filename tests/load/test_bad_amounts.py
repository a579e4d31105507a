"""Bad inputs 54 to 65: how much."""

import numpy as np
import pandas as pd
import pytest

from tests.load.made import GOOD, read, refused, revenue, with_column, write


def _prices(tmp_path, values, **how):
    loaded = read(write(tmp_path, with_column("unit_price", values)), **how)
    by_order = loaded.tables["order_lines"].sort_values("order_id")
    return loaded, by_order["unit_price"].tolist()


def _refused(tmp_path, values, **how):
    return refused(write(tmp_path, with_column("unit_price", values)), **how)


def test_bad_input_54_thousands(tmp_path):
    message = _refused(tmp_path, ["1,200", "300"])
    assert message == (
        "orders.csv: column 'unit_price' has 2 rows such as '1,200', which can be read in two ways, a thousand times "
        "apart. Pass thousands=',' (or decimal=',')."
    )
    loaded, prices = _prices(tmp_path, ["1,200", "300"], thousands=",")
    assert prices == [1200, 300, 1200, 300]
    assert "2 rows: unit_price read without currency, marks between thousands, brackets" in str(loaded.report)
    _, prices = _prices(tmp_path, ["1,200.50", "1,300", "2.5"])  # the point elsewhere says what the comma is
    assert prices == [1200.5, 1300, 2.5, 1200.5]


def test_bad_input_55_decimal_comma(tmp_path):
    for values, ask in (
        (["1.234,50"], "Pass decimal=','."),
        (["12,5"], "Pass decimal=','."),
        (["1.234"], "Pass decimal='.' (or decimal=',')."),
        (["1.234.567"], "Pass decimal=','."),
    ):
        assert _refused(tmp_path, values).endswith(ask)
    assert _prices(tmp_path, ["1.234,50", "12,5"], decimal=",")[1][:2] == [1234.5, 12.5]
    assert _prices(tmp_path, ["1.234"], decimal=".")[1][0] == 1.234
    assert _prices(tmp_path, ["1.234"], decimal=",")[1][0] == 1234
    assert _prices(tmp_path, ["1.234", "2.5"])[1][:2] == [1.234, 2.5]  # 2.5 can only be a decimal point


def test_bad_input_56_marks_around_numbers(tmp_path):
    loaded, prices = _prices(tmp_path, ["$12", "$ 1,200.00", "12.5", "$0.5"])
    assert prices == [12, 1200, 12.5, 0.5]
    assert "currency: $" in str(loaded.report)
    assert "3 rows: unit_price read without currency, marks between thousands, brackets" in str(loaded.report)
    _, prices = _prices(tmp_path, ["۱۲۳", "۱٬۲۰۰٫۵", "٣", "1 200.5"])
    assert prices == [123, 1200.5, 3, 1200.5]
    loaded, prices = _prices(tmp_path, ["12%", "3.5", "4.5", "5.5"])
    assert prices == [3.5, 4.5, 5.5]
    assert "have a percentage in unit_price" in str(loaded.report)


def test_bad_input_56_brackets_mean_minus(tmp_path):
    text = GOOD + "5,00123,2024-03-14,A,1,(3.50)\n"
    loaded = read(write(tmp_path, text))
    assert loaded.report.revenue_read == pytest.approx(7 + 10.25 + 3.5 + 8.2 - 3.5)
    assert loaded.tables["order_lines"]["returned_quantity"].sum() == 1


def test_bad_input_57_two_currencies(tmp_path):
    message = _refused(tmp_path, ["12 ریال", "5 تومان"])
    assert "column 'unit_price' holds 2 currencies: rial (2 rows), toman (2 rows)" in message
    text = "\n".join(
        line + f",{c}" for line, c in zip(GOOD.splitlines(), ["currency", "GBP", "EUR", "GBP", "GBP"], strict=True)
    )
    path = write(tmp_path, text)
    message = refused(path)
    assert message == (
        "orders.csv: amounts are in 2 currencies: GBP (3 rows), EUR (1 row). Convert them to one, or pass "
        "currency='GBP' to keep those rows and set the others aside."
    )
    loaded = read(path, currency="GBP")
    assert "1 of 4 rows (25.0 %) are in another currency" in str(loaded.report)
    assert "currency: GBP" in str(loaded.report)


RETURNS = """order_id,customer_id,ordered_at,product_id,quantity,unit_price
1,a,2024-01-01,P,5,2.00
2,a,2024-01-02,P,3,2.00
3,a,2024-01-03,P,-4,2.00
4,a,2024-01-04,P,2,2.00
5,b,2024-01-05,P,-1,2.00
6,a,2024-01-06,P,-20,2.00
7,a,2024-01-07,P,-1,9.00
8,b,2024-01-08,P,2,2.00
"""


def test_bad_input_58_returns_are_netted_by_default(tmp_path):
    loaded = read(write(tmp_path, RETURNS))
    lines = loaded.tables["order_lines"].set_index("order_id")
    # the 4 come off order 2 (3 pieces) and then order 1; the 20 take all that is left, 12 of them find nothing
    assert lines["returned_quantity"].to_dict() == {"1": 5, "2": 3, "4": 2, "8": 0}
    assert revenue(loaded) == 4
    report = loaded.report
    assert report.count("negative quantities found") == 4
    assert report.rejected[["line", "revenue"]].to_numpy().tolist() == [[6, -2], [7, -28], [8, -9]]
    assert (report.revenue_read, report.revenue_kept) == (-35 + 0, 4)


def test_bad_input_58_latest_earlier_purchase_first(tmp_path):
    loaded = read(
        write(
            tmp_path, RETURNS.splitlines()[0] + "\n1,a,2024-01-01,P,5,2\n2,a,2024-01-02,P,3,2\n3,a,2024-01-03,P,-2,2\n"
        )
    )
    assert loaded.tables["order_lines"].set_index("order_id")["returned_quantity"].to_dict() == {"1": 0, "2": 2}


def _by_hand(rows):
    """Match returns one by one with a stack, as a shop assistant would."""
    back, unmatched, stacks = {}, {}, {}
    for row in sorted(rows, key=lambda r: (r["day"], r["quantity"] < 0, r["line"])):
        stack = stacks.setdefault((row["customer"], row["product"], row["price"]), [])
        if row["quantity"] > 0:
            stack.append([row["line"], row["quantity"]])
            back[row["line"]] = 0
            continue
        left = -row["quantity"]
        while left and stack:
            taken = min(left, stack[-1][1])
            back[stack[-1][0]] += taken
            stack[-1][1] -= taken
            left -= taken
            if not stack[-1][1]:
                stack.pop()
        if left:
            unmatched[row["line"]] = left
    return back, unmatched


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_bad_input_58_netting_equals_matching_by_hand(tmp_path, engine):
    rng = np.random.default_rng(58)
    rows = [
        {"line": i + 2, "customer": f"c{rng.integers(6)}", "product": f"p{rng.integers(2)}",
         "price": 1.5 + rng.integers(2), "day": int(rng.integers(60)),
         "quantity": int(rng.choice([-4, -3, -1, 1, 2, 5]))}
        for i in range(800)
    ]  # fmt: skip
    text = "order_id,customer_id,ordered_at,product_id,quantity,unit_price\n" + "".join(
        f"{r['line']},{r['customer']},{pd.Timestamp('2024-01-01') + pd.Timedelta(days=r['day'])},{r['product']},"
        f"{r['quantity']},{r['price']}\n"
        for r in rows
    )
    loaded = read(write(tmp_path, text), engine=engine)
    lines = loaded.tables["order_lines"]
    lines = lines.to_pandas() if engine == "polars" else lines.df() if engine == "duckdb" else lines
    back, unmatched = _by_hand(rows)
    assert lines.set_index(lines["order_id"].astype(int))["returned_quantity"].to_dict() == back
    assert sorted(loaded.report.rejected["line"]) == sorted(unmatched)


def test_bad_input_58_a_return_of_a_discounted_line_counts_at_what_was_paid(tmp_path):
    text = (
        "order_id,customer_id,ordered_at,product_id,quantity,unit_price,discount\n"
        "1,a,2024-01-01,P,2,10.00,4.00\n2,a,2024-01-02,P,-1,10.00,0\n"
    )
    loaded = read(write(tmp_path, text))
    assert revenue(loaded) == 8
    assert loaded.report.revenue_kept == 6
    assert "the rows of returns say 2.00 more, so the tables' revenue is 8.00" in str(loaded.report)


def test_bad_input_58_returns_dropped_or_kept(tmp_path):
    path = write(tmp_path, RETURNS)
    dropped = read(path, returns="drop")
    assert len(dropped.tables["order_lines"]) == 4
    assert revenue(dropped) == 24
    assert dropped.report.rejected["line"].tolist() == [4, 6, 7, 8]
    kept = read(path, returns="keep")
    assert len(kept.tables["order_lines"]) == 8
    assert revenue(kept) == kept.report.revenue_read == -35


def test_bad_input_59_cancelled_invoice_without_its_original(tmp_path):
    text = GOOD + "C536379,00125,2024-03-14,C,-9,2.05\nC536380,00199,2024-03-14,Z,-1,5.00\n"
    text = text.replace("\n1,", "\n536377,").replace("\n2,", "\n536378,")
    loaded = read(write(tmp_path, text))
    assert loaded.report.count("cancellations found") == 2
    assert (
        "2 of 6 rows (33.3 %) return something that was not bought before in these files, or more than was bought"
        in str(loaded.report)
    )
    assert loaded.report.rejected["revenue"].tolist() == pytest.approx([-18.45, -5])


def test_lines_without_an_order_number(tmp_path):
    text = "customer_id,date,amount\n1,2024-01-05,2.50\n1,2024-01-05,3.50\n2,2024-01-06,1.00\n"
    loaded = read(write(tmp_path, text))
    assert loaded.tables["orders"]["order_id"].tolist() == ["line 2", "line 3", "line 4"]
    assert "every row is one order" in str(loaded.report)
    text = "customer_id,date,sku,price\n1,2024-01-05,A,2.50\n1,2024-01-05,B,3.50\n2,2024-01-06,A,1.00\n"
    loaded = read(write(tmp_path, text))
    assert loaded.tables["orders"]["order_id"].tolist() == ["line 2", "line 4"]
    assert "rows of one customer at one moment are one order" in str(loaded.report)


def test_bad_input_59_order_numbers_that_all_begin_with_c_are_no_cancellations(tmp_path):
    text = GOOD.replace("\n1,", "\nC1,").replace("\n2,", "\nC2,").replace("\n3,", "\nC3,").replace("\n4,", "\nC4,")
    assert read(write(tmp_path, text)).report.count("cancellations found") == 0


def test_bad_input_60_free_lines(tmp_path):
    path = write(tmp_path, GOOD + "5,00125,2024-03-14,POST,1,0\n6,00125,2024-03-14,TEST,1,0.00\n")
    loaded = read(path)
    assert "2 rows with price 0 (articles: POST, TEST); kept with revenue 0" in str(loaded.report)
    assert len(loaded.tables["order_lines"]) == 6
    dropped = read(path, free_lines="drop")
    assert dropped.report.rejected["line"].tolist() == [6, 7]


@pytest.mark.parametrize("value", ["inf", "-inf", "Infinity"])
def test_bad_input_61_amounts_that_are_no_number(tmp_path, value):
    loaded, prices = _prices(tmp_path, [value, "2.5", "NaN", "3.5"])
    assert prices == [2.5, 3.5]
    assert "have no finite number in unit_price" in str(loaded.report)
    assert "1 of 4 rows (25.0 %) have no unit_price" in str(loaded.report)
    frame = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": ["a", "b", "c"], "date": ["2024-01-01"] * 3})
    frame["amount"] = [1.5, np.inf, np.nan]
    frame.to_parquet(tmp_path / "x.parquet")
    assert read(tmp_path / "x.parquet").report.rows_set_aside == 2


def test_bad_input_62_negative_total_is_a_return_not_a_logarithm(tmp_path):
    """A negative amount never reaches a logarithm: it is matched as a return, or set aside."""
    text = (
        "order_id,customer_id,ordered_at,amount\n"
        "1,a,2024-01-01,5.00\n2,a,2024-01-02,-5.00\n3,b,2024-01-02,-7.00\n4,b,2024-01-03,2.0\n"
    )
    loaded = read(write(tmp_path, text))
    assert (loaded.tables["order_lines"]["unit_price"] >= 0).all()
    assert loaded.report.rejected["line"].tolist() == [4]


def test_bad_input_63_one_enormous_amount(tmp_path):
    header = GOOD.splitlines()[0]
    rows = [f"{i},c{i},2024-01-05,A,1,{'1000000000' if i == 7 else '2.00'}" for i in range(40)]
    loaded = read(write(tmp_path, "\n".join([header, *rows])))
    assert "customer_id 'c7' alone holds 100 % of the revenue: right, or a slip of the keys?" in str(loaded.report)
    assert loaded.report.rows_kept == 40


def test_bad_input_64_order_total_on_its_first_line_only(tmp_path):
    text = (
        "order_id,customer_id,ordered_at,product_id,total\n"
        "1,a,2024-01-01,A,10.00\n1,a,2024-01-01,B,\n1,a,2024-01-01,C,\n2,b,2024-01-02,A,5.00\n"
    )
    message = refused(write(tmp_path, text))
    assert "column 'total' is filled only on the first line of 1 of 1 order with several lines" in message
    assert "Pass columns={'unit_price': '...'}" in message


def test_bad_input_64_order_total_repeated_on_every_line(tmp_path):
    text = "order_id,customer_id,ordered_at,product_id,quantity,total\n" + "".join(
        f"{o},c{o},2024-01-0{o},{p},{q},{10 * o}.00\n" for o in (1, 2, 3) for p, q in (("A", 1), ("B", 2))
    )
    message = refused(write(tmp_path, text))
    assert "column 'total' has the same amount on every line of all 3 orders with several lines" in message


def test_bad_input_65_exact_duplicates(tmp_path):
    path = write(tmp_path, GOOD + GOOD.splitlines()[1] + "\n")
    loaded = read(path)
    assert len(loaded.tables["order_lines"]) == 5
    assert "1 exact duplicate of an earlier row; kept, because a till may scan the same thing twice" in str(
        loaded.report
    )
    assert read(path, duplicates="drop").report.rejected["line"].tolist() == [6]


def test_bad_input_65_duplicates_of_keyed_lines(tmp_path):
    lines = GOOD.splitlines()
    keyed = [lines[0] + ",line", *(line + ",1" for line in lines[1:])]
    loaded = read(write(tmp_path, "\n".join([*keyed, keyed[1]])))
    assert "1 of 5 rows (20.0 %) are exact duplicates of an earlier row; set aside" in str(loaded.report)
    message = refused(write(tmp_path, "\n".join([*keyed, keyed[1].replace("3.50", "3.75")])))
    assert "1 key (order_id and line) on several rows that differ, such as '1' '1'" in message


def test_bad_input_65_one_order_with_two_customers(tmp_path):
    message = refused(write(tmp_path, GOOD + "1,00999,2024-01-05 10:00:00,B,1,2.00\n"))
    assert message.startswith("orders.csv: 1 order with more than one customer, such as '1'.")


def test_goods_sold_by_weight_keep_their_revenue(tmp_path):
    loaded = read(write(tmp_path, with_column("quantity", ["1.5", "2"])))
    assert revenue(loaded) == pytest.approx(1.5 * 3.5 + 2 * 10.25 + 1.5 * 3.5 + 2 * 2.05)
    assert "each is one piece at the weighed price" in str(loaded.report)


def test_quantity_zero_is_set_aside(tmp_path):
    loaded = read(write(tmp_path, with_column("quantity", ["0", "2"])))
    assert "2 of 4 rows (50.0 %) have quantity 0" in str(loaded.report)


def test_line_totals_below_price_times_quantity_are_discounts(tmp_path):
    text = GOOD.replace("unit_price", "unit_price,line_total")
    lines = text.splitlines()
    lines[1] += ",6.00"
    lines[2] += ",10.25"
    lines[3] += ",3.50"
    lines[4] += ",9.00"
    loaded = read(write(tmp_path, "\n".join(lines)))
    by_order = loaded.tables["order_lines"].set_index("order_id")["discount"]
    assert by_order.to_dict() == {"1": 1.0, "2": 0.0, "3": 0.0, "4": 0.0}
    assert "1 row with a line total above quantity × unit price" in str(loaded.report)
