"""A reader opens the built website, follows its links and searches it."""

from urllib.parse import urldefrag

import pytest

from segkit.course import book


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return book.build(tmp_path_factory.mktemp("website") / "site").parent


def test_every_link_leads_somewhere_inside(page, site):
    failed = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    waiting, seen = [(site / "index.html").as_uri()], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page.goto(address)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        assert all(link.startswith(site.as_uri()) for link in links), address
        here = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
        for link in links:
            target, fragment = urldefrag(link)
            if target == address and fragment:
                assert fragment in here, f"{link} on {address}"
            if target.endswith(".html"):
                waiting.append(target)
        broken = "all => all.filter(image => !image.naturalWidth || !image.alt).map(image => image.src)"
        assert page.eval_on_selector_all("article img", broken) == [], address
    lessons = [f"lessons/{path.stem}" for path in book.find_notebooks([book.PROJECT / "notebooks"])]
    assert {f"{site.as_uri()}/{name}.html" for name in [*lessons, "gallery", "glossary"]} <= seen
    assert failed == []
    assert page.outside == []


def test_nobody_is_kept_out(page, site):
    """What axe-core finds that keeps out readers with a screen reader or a keyboard: its two worst grades."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    lessons = book.find_notebooks([book.PROJECT / "notebooks"])
    found = []
    for name in ["index", "gallery", "glossary", *(f"lessons/{path.stem}" for path in lessons)]:
        page.goto((site / f"{name}.html").as_uri())
        for one in axe.run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.append(f"{name}: {one['help']}: {one['nodes'][0]['html'][:120]} ({len(one['nodes'])} times)")
    assert found == []


def test_next_leads_from_lesson_to_lesson(page, site):
    page.goto((site / "index.html").as_uri())
    for lesson in book.find_notebooks([book.PROJECT / "notebooks"]):
        page.get_by_title("next page").click()
        page.wait_for_url(f"**/{lesson.stem}.html")


def test_the_search_finds_a_word(page, site):
    page.goto((site / "search.html").as_uri() + "?q=voucher")
    found = page.locator("#search-results li a")
    found.first.wait_for(timeout=20_000)
    assert any("12_usage.html" in (link.get_attribute("href") or "") for link in found.all())
    assert page.outside == []
