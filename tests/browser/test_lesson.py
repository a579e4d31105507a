"""A learner opens lesson 12 in JupyterLab, runs it from the first to the last cell, and answers."""

import re

import nbformat
import pytest

NOTEBOOK = "12_usage.ipynb"

READY = """async () => {
    const app = window.jupyterapp;
    await app.restored;
    const panel = app.shell.currentWidget;
    if (!panel || !panel.sessionContext) return false;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    return true;
}"""
READ_CELLS = "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(one => one.toJSON())"


@pytest.fixture
def lesson(page, lab):
    page.goto(f"{lab.url}lab/tree/{NOTEBOOK}?token={lab.token}")
    page.wait_for_function("() => window.jupyterapp && window.jupyterapp.shell.currentWidget", timeout=60_000)
    page.wait_for_function(READY, timeout=60_000)
    return page


def run(page, command):
    """Carry out one of JupyterLab's commands and wait until the kernel has answered."""
    page.evaluate("command => window.jupyterapp.commands.execute(command)", command)
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'", timeout=240_000
    )


def code_cells(page):
    return [cell for cell in page.evaluate(READ_CELLS) if cell["cell_type"] == "code"]


def text_of(cell):
    """What a cell shows as text."""
    texts = []
    for output in cell["outputs"]:
        texts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return "\n".join("".join(text) for text in texts)


def type_into(page, cell_id, source):
    """Select what is in a cell, type over it as a person does, run it, and return what it shows."""
    index = [cell["id"] for cell in page.evaluate(READ_CELLS)].index(cell_id)
    editor = page.locator(".jp-Cell").nth(index).locator(".cm-content")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)
    run(page, "notebook:run-cell")
    return text_of(page.evaluate(READ_CELLS)[index])


def test_the_lesson_runs_and_an_answer_is_checked(lesson, lab):
    stored = [c for c in nbformat.read(lab.folder / NOTEBOOK, as_version=4).cells if c.cell_type == "code"]
    run(lesson, "notebook:clear-all-cell-outputs")
    assert not any(cell["outputs"] for cell in code_cells(lesson))

    run(lesson, "notebook:run-all-cells")
    cells = code_cells(lesson)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(stored) + 1))
    for cell, as_stored in zip(cells, stored, strict=True):
        assert not [o for o in cell["outputs"] if o["output_type"] == "error"], "".join(cell["source"])
        assert text_of(cell) == text_of(as_stored), "".join(cell["source"])

    (question,) = [cell for cell in cells if cell["id"] == "q1"]
    source = "".join(question["source"])
    assert "not answered yet" in text_of(question).casefold()
    share = re.search(r"^\s*heavy\b.*?(\d\.\d+)\s*$", text_of(question), flags=re.MULTILINE)
    assert share, "the table shows the share of the revenue last"
    wrong = type_into(lesson, "q1", source.replace("____", "0.05"))
    right = type_into(lesson, "q1", source.replace("____", share[1]))
    assert wrong != right
    print(wrong, right)
    assert lesson.outside == []
