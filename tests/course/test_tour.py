"""The tour: every type on a planted shop, the same each time, and nothing half written."""

import pytest

import segkit as sk
import synthetic
from segkit.course import tour
from segkit.errors import DataProblem, FileProblem
from segkit.possible import possible
from segkit.segmenters import TYPES


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    said = []
    folder = tmp_path_factory.mktemp("tour")
    return tour.run(folder, customers=400, seed=3, progress=said.append), said


def test_every_possible_type_is_in_the_table(taken):
    found, said = taken
    types = possible(sk.Shop(synthetic.outdoor_shop(400, seed=3)))
    names = types.loc[types["possible"], "type"].tolist()
    assert sorted([*found.table["type"], *found.left_out]) == sorted(TYPES)
    assert set(found.table["type"]) <= set(names)
    assert len(said) == 1 + len(names)


def test_the_figures_are_those_of_recovery_and_trust(taken):
    found, _ = taken
    row = found.table.set_index("type").loc["usage"]
    population = synthetic.outdoor_shop(400, seed=3)
    seg = sk.segment(sk.Shop(population), sk.Usage())
    recovery = sk.recovery(seg, population.truth)
    assert row["found"] == f"{100 * recovery.balanced_accuracy:.1f} %"
    assert row["oracle"] == f"{100 * recovery.oracle_balanced_accuracy:.1f} %"
    assert row["adjusted Rand"] == f"{recovery.adjusted_rand:.2f}"
    assert row["trust"] == seg.trust(pairs=tour.PAIRS).label
    assert row["guessing"] == "33.3 %"


def test_nothing_is_called_natural_where_nothing_is_planted(taken):
    assert (taken[0].table["nothing planted"] != "natural").all()


def test_the_page_shows_at_least_four_figures_and_how_to_go_on(taken):
    page = taken[0].path.read_text(encoding="utf-8")
    assert page.count("<img alt=") >= 4
    assert "http" not in page
    for command, _ in tour.GO_ON:
        assert command in page
        assert command in repr(taken[0])
    for column in tour.COLUMNS:
        assert column in taken[0].table
        assert f"<dt>{column}</dt>" in page


def test_a_second_tour_replaces_the_first_by_the_same_bytes(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(tour, "possible", _only_usage)
    first = tour.run(tmp_path, customers=150).path.read_bytes()
    (tmp_path / "index.html").write_text("older")
    again = tour.run(tmp_path, customers=150)
    assert again.path.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert "usage" in capsys.readouterr().out


def test_a_type_that_cannot_run_is_named_with_its_reason(tmp_path, monkeypatch):
    def refuse(self, facts):
        raise DataProblem("Too few for 3 groups.")

    monkeypatch.setattr(sk.Usage, "learn", refuse)
    monkeypatch.setattr(tour, "possible", _only_usage)
    with pytest.raises(DataProblem, match=r"No type could be run\. Too few for 3 groups\."):
        tour.run(tmp_path / "new", customers=60)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(tour, "possible", _only_usage)
    (tmp_path / "tour").write_text("a file")
    with pytest.raises(FileProblem, match="Name another folder"):
        tour.run(tmp_path / "tour", customers=60)


def _only_usage(shop):
    types = possible(shop)
    return types[types["type"] == "usage"]
