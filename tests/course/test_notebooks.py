"""What every stored notebook must be: run, whole, within its budget, readable without seeing, and without a person."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

CELLS, WORDS, LINES, LINES_IN_A_CELL = 30, 1_300, 70, 15
PERSONAL = {
    "an e-mail address": r"[\w.+-]+@[\w-]+\.\w+",
    "a telephone number": r"\+\d[\d -]{7,}",
    "a path of somebody's computer": r"/(home|root|Users|work|tmp)/|[A-Z]:\\\\",
}


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def text(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def outputs(code):
    """Every output as (cell id, kind, text)."""
    for cell in code:
        for output in cell.outputs:
            if output.output_type == "stream":
                yield cell.id, output.name, output.text
            for kind, value in output.get("data", {}).items():
                yield cell.id, kind, value


class Images(HTMLParser):
    """Collects the alternative text of every image, and whether a table follows."""

    def __init__(self, page):
        super().__init__()
        self.alts, self.tables = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt", ""))
        self.tables += tag == "table"


def test_there_are_notebooks():
    assert {"00_start_here", "12_usage"} <= {path.stem for path in NOTEBOOKS}


def test_every_code_cell_has_run_from_one_to_the_last_without_an_error(code):
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    kinds = {(output.output_type, output.get("name")) for cell in code for output in cell.outputs}
    assert kinds <= {("stream", "stdout"), ("execute_result", None), ("display_data", None)}


def test_no_line_ends_in_a_semicolon(code):
    # It would hide an output from the reader, and from the comparison with what is stored.
    assert not [line for cell in code for line in lines(cell) if line.rstrip().endswith(";")]


def test_the_budget_holds(notebook, code, text):
    assert len(notebook.cells) <= CELLS
    assert len(re.findall(r"\w[\w'’.-]*", text)) <= WORDS
    assert sum(len(lines(cell)) for cell in code) <= LINES
    assert max(len(lines(cell)) for cell in code) <= LINES_IN_A_CELL
    (minutes,) = re.findall(r"\*\*Time:\*\* (\d+) minutes", text)
    assert 25 <= int(minutes) <= 60


def test_every_part_of_a_lesson_is_there_in_order(notebook):
    parts = [
        "# ", "**The decision.**", "After this lesson", "import segkit as sk, synthetic", "## The scene", "fits**",
        "fails**", "## The data", "## Predict first", "## The naive way", "## The better way", "## Exercise 1",
        "## Describe the groups, then name them", "## Exercise 2", "## The reveal", "## Can you trust it?", ".trust(",
        "## Exercise 3: repair", "## From segment to action", "## On your own file",
        "## What to remember", "**Pitfalls:**", "**Next lesson:**", "lesson.quiz.show()", "lesson.words",
    ]  # fmt: skip
    whole = "\n".join(cell.source for cell in notebook.cells)
    places = [whole.find(part) for part in parts]
    assert -1 not in places, [part for part, place in zip(parts, places, strict=True) if place < 0]
    assert places == sorted(places)
    assert "How to read it" in whole


def test_every_figure_says_what_it_shows_and_has_its_numbers_beside_it(code):
    figures = 0
    for cell, kind, value in outputs(code):
        assert kind not in ("image/png", "image/svg+xml", "image/jpeg"), f"{cell}: an image that nobody can read out"
        if kind == "text/html" and "<img" in value:
            page = Images(value)
            figures += 1
            assert all(len(alt) > 40 and re.search(r"\d", alt) for alt in page.alts), cell
            assert page.tables >= 1, f"{cell}: a figure without its numbers"
    assert figures >= 1


def test_nothing_stored_tells_of_a_person_or_a_computer(notebook, code):
    stored = [cell.source for cell in notebook.cells] + [
        re.sub(r"base64,[A-Za-z0-9+/=\s]+", "", value) for _, _, value in outputs(code)
    ]
    for what, pattern in PERSONAL.items():
        assert not [re.search(pattern, one)[0] for one in stored if re.search(pattern, one)], what
    assert not re.search(r"https?://", "\n".join(stored)), "an address outside"


def test_no_lesson_is_promised_that_is_not_there(text):
    there = {path.name for path in NOTEBOOKS}
    assert {f"{number}_" for number in re.findall(r"(?i)\blesson (\d\d)", text)} <= {name[:3] for name in there}
    assert set(re.findall(r"\]\(([^)]+)\)", text)) <= there


def test_a_blank_is_never_an_answer_but_its_cell_runs(code):
    blanks = [cell for cell in code if "____" in cell.source and "import" not in cell.source]
    assert len(blanks) >= 3
    for cell in blanks:
        said = "".join(output.get("text", "") for output in cell.outputs)
        assert re.search("(?i)not answered yet|no prediction noted yet", said), cell.id


def test_ids_are_words_that_stay(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", one) for one in ids)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_code_reads_like_the_tool(code):
    for cell in code:
        tree = ast.parse(cell.source)
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try | ast.While)], cell.id
        assert max((len(line) for line in cell.source.splitlines()), default=0) <= 100, (
            f"{cell.id}: cut off beside a narrow window"
        )
