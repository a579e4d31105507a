"""Notebooks are run whole or left alone, and what is stored does not change from run to run."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from segkit.course import book
from segkit.errors import DataProblem, FileProblem


def write(path, *sources):
    cells = [new_markdown_cell("# A lesson", id="title")]
    cells += [new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
    cells[-1].metadata = {"tags": ["kept"], "editable": False}
    nbformat.write(new_notebook(cells=cells, metadata={"widgets": {"state": {}}, "author": "somebody"}), path)
    return path


@pytest.mark.slow
def test_execute_stores_outputs_and_nothing_that_changes(tmp_path):
    where = "import pathlib; print('here:', pathlib.Path.cwd().name)"
    path = write(tmp_path / "12_usage.ipynb", where, "6 * 7")
    lines = []
    assert book.execute([tmp_path], tell=lines.append) == [path]
    first = path.read_bytes()
    book.execute([path])
    assert path.read_bytes() == first
    assert lines == ["1 of 1: 12_usage.ipynb"]

    stored = nbformat.read(path, as_version=4)
    assert [cell.id for cell in stored.cells] == ["title", "cell-0", "cell-1"]
    assert stored.cells[1].outputs[0].text == f"here: {tmp_path.name}\n"
    assert stored.cells[2].outputs[0].data["text/plain"] == "42"
    assert [cell.execution_count for cell in stored.cells[1:]] == [1, 2]
    assert stored.cells[2].metadata == {"tags": ["kept"]}
    assert set(stored.metadata) == {"kernelspec", "language_info"}
    assert stored.metadata.language_info == {"name": "python"}
    assert [p.name for p in tmp_path.iterdir()] == ["12_usage.ipynb"]


@pytest.mark.slow
def test_a_failing_cell_is_named_and_the_file_left_alone(tmp_path):
    path = write(tmp_path / "broken.ipynb", "x = 1", "x / 0", "print(x)")
    before = path.read_bytes()
    with pytest.raises(DataProblem, match=r"broken\.ipynb, cell 3 of 4 \('x / 0'\): ZeroDivisionError"):
        book.execute([path])
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["broken.ipynb"]


def test_notebooks_come_in_the_order_of_the_course(tmp_path):
    for name in ["31_rfm.ipynb", "00_start.ipynb", "12_usage.ipynb"]:
        write(tmp_path / name, "1")
    found = book.find_notebooks([tmp_path / "31_rfm.ipynb", tmp_path])
    assert [p.name for p in found] == ["00_start.ipynb", "12_usage.ipynb", "31_rfm.ipynb"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.ipynb", None, "No notebook at"),
        ("notes.txt", "text", "is not a notebook"),
        ("bad.ipynb", "not json", "is not a readable notebook"),
    ],
)
def test_a_wrong_path_is_said_in_words(tmp_path, name, content, words):
    if content:
        (tmp_path / name).write_text(content)
    with pytest.raises(FileProblem, match=words):
        book.execute([tmp_path / name])


def test_an_empty_folder_is_said_in_words(tmp_path):
    with pytest.raises(FileProblem, match="No notebook"):
        book.find_notebooks([tmp_path])
