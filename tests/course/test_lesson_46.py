"""What lesson 46 says about its sample export holds for the sample of any seed."""

import pandas as pd
import pytest

from segkit.course.lesson_46_your_own_data import STALL
from segkit.course.sample_export import write_sample
from tests.course.test_lessons import notebook, run


@pytest.fixture(scope="module", params=[7, 3, 11])
def names(request):
    return run("lesson_46", seed=request.param)


def test_all_three_naive_figures_are_wrong(names):
    data, shop = names["lesson"].data, names["shop"]
    assert len(names["rows"]) > 1.3 * shop.table("orders")["order_id"].nunique(), "rows are articles"
    assert names["rows"]["Email"].nunique() > 1.05 * len(shop.table("customers")), "an address in capitals"
    assert names["total"] > 1.9 * data.sample.revenue, "about twice as much, or more"
    assert 0.2 < names["rows"]["Total"].isna().mean() < 0.5, "only the first row of an order carries its totals"


def test_the_report_finds_every_planted_fault_and_the_money_to_the_cent(names):
    table = names["lesson"].data.faults(names["shop"].report)
    assert len(table) == 8
    assert (table["planted"] == table["reported"]).all(), table
    assert (table["planted"] > 0).all()


def test_the_odd_customer_is_the_till(names):
    data, report = names["lesson"].data, names["shop"].report
    (crowd,) = [note for note in report.notes if note.reason == "crowd"]
    assert data.till in crowd.text
    assert 0.02 < crowd.rows / report.rows_read < 0.04, "about 3 in 100 of all rows"
    of_till = names["seg"].to_pandas().set_index("customer_id").loc[data.till]
    assert of_till["segment"] == "heavy"
    assert of_till["orders"] > of_till["tenure_days"] / 7, "more than once a week"
    assert of_till["tenure_days"] > 1.9 * 365, "for two years"
    assert data.till not in data.mailing, "it never said yes"
    assert "One of them is the till" in names["lesson"].q4.judge(names["mailing"]).message


def test_what_is_said_of_the_groups(names):
    people = names["seg"].to_pandas()
    light, heavy = (people[people["segment"] == one] for one in ("light", "heavy"))
    assert light["orders"].median() <= 2, "came once or twice"
    assert light["recency_days"].median() > 365, "have been away for long"
    assert 8 < heavy["orders_per_year"].mean() < 15, "about monthly"
    assert names["voucher"].sum() > 1.5 * names["voucher"]["light"]
    assert names["refused"] > 0.1 * len(people)
    figures = {one.name: one.figure for one in names["seg"].trust(pairs=5).lines}
    assert min(figures["one order"], figures["another binning"]) > 0.2 > figures["identifiable"], "poor"


def test_right_answers_in_other_words_are_right(names):
    lesson, columns = names["lesson"], {ours: theirs.lower() for ours, theirs in STALL.items()}
    assert lesson.q2.judge(columns).status == "right", "read_shop does not mind capitals"
    assert lesson.q4.judge(lambda seg: seg.audience("heavy", purpose="email")).status == "right", "an audience as it is"


def test_the_stalls_list_says_by_itself_that_the_day_comes_first(names):
    assert "day first" in str(names["lesson"].data.stall_read.report)
    days = pd.read_csv(names["lesson"].data.stall)["Sold"].str[:2].astype(int)
    assert days.max() > 12


def test_the_same_shop_gives_the_same_files(names):
    data = names["lesson"].data
    again = write_sample(data.population.tables)
    assert again.path != data.path
    assert again.path.read_bytes() == data.path.read_bytes()
    assert again.stall.read_bytes() == data.stall.read_bytes()
    assert (again.faults, again.revenue) == (data.sample.faults, data.sample.revenue)


@pytest.mark.slow
def test_with_ones_own_file_every_cell_below_the_path_runs(tmp_path, capsys):
    """The reader writes a name in place of None, and nothing else."""
    path = tmp_path / "mine.csv"
    days = pd.Timestamp("2025-01-06") + pd.to_timedelta(range(0, 300, 2), unit="D")
    mine = pd.DataFrame({"customer_id": [f"k{n * n % 41}" for n in range(150)], "date": days, "price": 2.5})
    mine.to_csv(path, index=False)
    names = {}
    for cell in notebook("lesson_46").cells:
        if cell.cell_type == "code":
            source = cell.source.replace("path, how = None", f"path, how = {str(path)!r}")
            exec(source.replace("\"usage\", \"email\"", "\"usage\", None"), names)
    assert names["shop"].report.rows_kept == 150
    assert "Nothing to reveal. None of the" in capsys.readouterr().out
