"""The website shows what is stored, fetches nothing, and is written whole or not at all."""

import re

import nbformat
import pytest

from segkit.course import book
from segkit.course.glossary import GLOSSARY
from segkit.errors import DataProblem, FileProblem

pytestmark = pytest.mark.slow


def test_the_website(lessons, tmp_path):
    first = book.build(tmp_path / "site", notebooks=lessons)
    site = tmp_path / "site"
    assert first == site / "index.html"

    pages = {p.relative_to(site).as_posix(): p.read_text(encoding="utf-8") for p in site.rglob("*.html")}
    assert {"index.html", "search.html", "lessons/00_start.html", "lessons/12_usage.html"} <= set(pages)
    assert "1 stored" in pages["lessons/12_usage.html"]
    assert pages["index.html"].index("00 · Start here") < pages["index.html"].index("12 · Usage")
    assert re.search(r'title="next page"', pages["lessons/00_start.html"])
    for entry in GLOSSARY.values():
        assert f'id="term-{entry.word[0]}' in pages["glossary.html"]
        assert entry.persian in pages["glossary.html"]
    # One figure per lesson, though each shows it twice.
    assert pages["gallery.html"].count('alt="Use by &quot;group&quot;: heavy 12"') == 2
    assert 'href="lessons/12_usage.html"' in pages["gallery.html"]

    for name, text in pages.items():
        addresses = re.findall(r"""\b(?:src|href|action|srcset)\s*=\s*["']((?:https?:)?//[^"']+)""", text)
        assert addresses == [], name
    for style in site.rglob("*.css"):
        assert not re.search(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""", style.read_text(encoding="utf-8")), style


def test_a_website_is_replaced_and_nothing_else_is(lessons, tmp_path):
    out = tmp_path / "site"
    book.build(out, notebooks=lessons)
    (out / "lessons" / "old.html").write_text("gone from the course")
    book.build(out, notebooks=lessons)
    assert not (out / "lessons" / "old.html").exists()

    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("mine")
    with pytest.raises(FileProblem, match="Name another folder"):
        book.build(theirs, notebooks=lessons)
    assert (theirs / "thesis.txt").read_text() == "mine"


def test_a_link_to_nowhere_stops_it(lessons, tmp_path):
    path = lessons / "12_usage.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\n[gone](13_gone.ipynb)"
    nbformat.write(notebook, path)
    with pytest.raises(DataProblem, match=r"lessons/12_usage\.ipynb:.*13_gone"):
        book.build(tmp_path / "site", notebooks=lessons)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["lessons"]
