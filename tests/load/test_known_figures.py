"""Two published data sets: every figure known about them comes out."""

import datetime as dt

import pytest

from segkit.load import read_tables
from tests.load.made import nothing_lost, revenue

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def dropped(reference_data):
    return read_tables(reference_data / "online_retail.csv.gz", returns="drop", free_lines="drop")


def test_online_retail_rows_customers_invoices_revenue(dropped):
    orders, lines = dropped.tables["orders"], dropped.tables["order_lines"]
    assert len(lines) == 397_884
    assert orders["customer_id"].nunique() == len(dropped.tables["customers"]) == 4_338
    assert len(orders) == orders["order_id"].nunique() == 18_532
    assert revenue(dropped) == pytest.approx(8_911_407.90, abs=0.01)
    assert dropped.report.revenue_read == pytest.approx(9_747_747.93, abs=0.01)
    nothing_lost(dropped)


def test_online_retail_report(dropped):
    report = dropped.report
    assert report.rows_read == 541_909
    assert report.count("missing customer_id") == 135_080
    assert report.count("cancellations found") == 9_288
    assert report.count("duplicate") == 5_268
    assert "135,080 of 541,909 rows (24.9 %) have no customer_id; set aside in report.rejected." in str(report)
    assert "9,288 rows" in str(report)
    assert "5,268 exact duplicates of an earlier row; kept" in str(report)


def test_online_retail_recency_frequency_monetary(dropped):
    orders = dropped.tables["orders"].copy()
    lines = dropped.tables["order_lines"]
    orders["revenue"] = orders["order_id"].map(
        (lines["quantity"] * lines["unit_price"]).groupby(lines["order_id"]).sum()
    )
    by_customer = orders.groupby("customer_id").agg(
        last=("ordered_at", "max"), invoices=("order_id", "count"), revenue=("revenue", "sum")
    )
    days = (dt.datetime(2011, 12, 10) - by_customer["last"]).dt.days  # whole days to the midnight before the 10th
    assert (round(by_customer["invoices"].mean(), 2), by_customer["invoices"].median()) == (4.27, 2)
    assert (round(by_customer["revenue"].mean(), 2), round(by_customer["revenue"].median(), 2)) == (2054.27, 674.48)
    assert (round(days.mean(), 2), days.median()) == (92.06, 50)
    assert round((by_customer["invoices"] == 1).mean(), 3) == 0.344
    top = by_customer["revenue"].sort_values(ascending=False).head(round(0.2 * len(by_customer)))
    assert round(top.sum() / by_customer["revenue"].sum(), 3) == 0.746


def test_online_retail_by_default_nets_returns(reference_data):
    loaded = read_tables(reference_data / "online_retail.csv.gz", as_of=dt.date(2011, 12, 10))
    nothing_lost(loaded)
    lines = loaded.tables["order_lines"]
    assert (lines["returned_quantity"] <= lines["quantity"]).all()
    assert lines["returned_quantity"].sum() > 0
    assert revenue(loaded) == pytest.approx(loaded.report.revenue_kept)
    assert 8_278_519 < revenue(loaded) < 8_911_407.90  # between all returns off and none
    assert loaded.report.as_of == dt.date(2011, 12, 10)


def test_cdnow(reference_data):
    columns = {"customer_id": "customer_id", "ordered_at": "date", "quantity": "number_of_cds"}
    loaded = read_tables(reference_data / "CDNOW_master.txt", columns={**columns, "revenue": "dollar_value"})
    nothing_lost(loaded)
    orders = loaded.tables["orders"]
    assert len(orders) == 69_659
    assert orders["customer_id"].nunique() == 23_570
    assert orders["customer_id"].min() == "00001"
    assert loaded.as_of == dt.date(1998, 6, 30)
    assert revenue(loaded) == pytest.approx(loaded.report.revenue_read)
    assert "every row is one order" in str(loaded.report)
