"""The page of one segmentation: whole in itself, true to the segmentation, and never half written."""

import json
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest

import segkit as sk
from segkit import report
from segkit.errors import FileProblem
from tests import toy
from tests.engines import open_tables

FACTS = pd.DataFrame(
    {
        "customer_id": [f"C{i:06d}" for i in range(1, 9)],
        "orders_per_year": [0.5, 1.0, 1.0, 2.0, 3.5, 4.0, 9.0, None],
        "revenue": [5.0, 900.0, 10.0, 20.0, 25.0, 40.0, 1500.0, 0.0],
    }
)
EMPTY = {"meta", "img", "br", "hr"}


class Page(HTMLParser):
    """Headings, pictures and addresses of a page; complains of a tag that is not closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.headings, self.images, self.addresses = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in EMPTY:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag == "img":
            self.images.append(attributes)
        self.addresses += [attributes[name] for name in ("src", "href") if name in attributes]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def seg():
    return sk.Usage(cuts=(2, 6)).fit(FACTS).segment(FACTS)


@pytest.fixture(scope="module")
def page(seg):
    return report.page(seg)


def test_a_page_needs_nothing_beside_it(page):
    parsed = Page(page)
    assert all(address.startswith("data:image/png;base64,") for address in parsed.addresses)
    assert "<script" not in page
    assert "http" not in page


def test_every_picture_says_what_it_shows(page):
    images = Page(page).images
    assert len(images) == 5
    assert all(len(image["alt"]) > 40 for image in images)
    assert len({image["alt"] for image in images}) == 5


def test_headings_come_in_order(page):
    levels = Page(page).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))


def test_the_numbers_are_those_of_the_segmentation(seg, page):
    sizes = seg.sizes().set_index("segment")
    heavy = sizes.loc["heavy"]
    assert (heavy["customers"], heavy["revenue"]) == (1, 1500)
    assert report.headline(seg) == "The heavy segment is 12 % of customers (1) and 60 % of revenue."
    assert report.headline(seg) in page
    assert "By orders per year: medium begins at 2, heavy begins at 6." in page
    assert "<td>orders per year</td>" in page
    assert seg.trust().label in page


def test_no_customer_is_named(page):
    assert "C0000" not in page


def test_without_revenue_the_largest_segment_leads():
    facts = FACTS.drop(columns="revenue")
    seg = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts)
    assert report.headline(seg) == "The largest segment is light: 3 customers, 38 % of all."


def test_a_figure_that_cannot_be_drawn_is_said_on_the_page_and_the_others_are_there():
    facts = FACTS.assign(revenue=5.0)
    page = report.page(sk.Usage(cuts=(2, 6)).fit(facts).segment(facts))
    assert "Different values of &#x27;revenue&#x27;" in page
    assert len(Page(page).images) == 4


def test_when_nobody_could_be_placed_the_headline_says_so():
    facts = FACTS.assign(orders_per_year=float("nan"))
    seg = sk.Usage(cuts=(2, 6)).fit(FACTS).segment(facts)
    assert report.headline(seg) == "No customer could be placed: a fact is missing for everybody."


def test_words_of_a_shop_cannot_become_part_of_the_page():
    class _Rude(sk.Usage):
        labels = ("light", "medium", "<script>alert(1)</script>")

        def rule(self):
            import narwhals as nw

            from segkit import _portable as p

            return p.label_of([(nw.col(self.by) >= 6, self.labels[2])], "light")

    page = report.page(_Rude(cuts=(2, 6)).fit(FACTS).segment(FACTS), title="A & <b>")
    assert "<script" not in page
    assert "<title>A &amp; &lt;b&gt;</title>" in page
    Page(page)


def test_the_page_of_a_file_tells_how_it_was_read(tmp_path):
    rows = [(i, f"c{i % 7}", f"2026-0{1 + i % 6}-0{1 + i % 9}", 1 + i % 3, 9.5) for i in range(40)]
    frame = pd.DataFrame(rows, columns=["order_id", "customer_id", "ordered_at", "quantity", "unit_price"])
    frame.loc[3, "customer_id"] = None
    frame.to_csv(tmp_path / "orders.csv", index=False)
    shop = sk.read_shop(tmp_path / "orders.csv", as_of="2026-06-30")
    page = report.page(sk.segment(shop, sk.Usage(cuts=(6, 7))))
    assert "How the files were read" in page
    assert "orders.csv: 40 rows read, 39 kept, 1 set aside." in page
    assert "from 2026-01-01 to 2026-06-30" in page
    Page(page)


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_four_files_that_agree_with_each_other(tmp_path, engine):
    shop = sk.Shop(open_tables(toy.tables(), engine), as_of="2026-03-31")
    seg = sk.segment(shop, sk.Usage(cuts=(1.2, 5)))
    paths = report.write(seg, tmp_path / "out")
    assert [path.name for path in paths] == ["report.html", "trust_card.json", "segments.csv", "rule.json"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)
    written = pd.read_csv(paths[2], dtype=str)
    assert written.to_dict("list") == {
        "customer_id": ["ann", "bob", "cyd", "dee"],
        "segment": seg.to_pandas()["segment"].tolist(),
    }
    assert json.loads(paths[1].read_text())["label"] == "constructed"
    assert sk.read_segmenter(paths[3]).cuts_ == [1.2, 5]


def test_the_same_segmentation_gives_the_same_bytes(tmp_path, seg):
    one, two = ([path.read_bytes() for path in report.write(seg, tmp_path / name)] for name in ("1", "2"))
    assert one == two


def test_older_files_are_replaced_and_others_left_alone(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "mine.txt").write_text("mine")
    report.write_together(tmp_path, {"a.txt": "new"})
    assert (tmp_path / "a.txt").read_text() == "new"
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("stop", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_mishap_leaves_what_was_there_and_nothing_new(tmp_path, stop):
    def fail(path):
        raise stop

    (tmp_path / "a.txt").write_text("old")
    for folder in (tmp_path, tmp_path / "new"):
        with pytest.raises((FileProblem, KeyboardInterrupt)):
            report.write_together(folder, {"a.txt": "new", "b.txt": fail})
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_file_in_the_way_is_said(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(FileProblem, match=r"Cannot write into '.*out'.*Name another folder"):
        report.write_together(tmp_path / "out", {"a.txt": "new"})
