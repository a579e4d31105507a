"""A learner opens lesson 12 in JupyterLab, runs it from the first to the last cell, and answers."""

import re

import nbformat

NOTEBOOK = "12_usage.ipynb"

READY = """path => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.path === path && panel.context.isReady && panel.sessionContext.isReady
        && panel.sessionContext.session?.kernel?.status === "idle";
}"""
READ_CELLS = "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(one => one.toJSON())"


def open_lab(page, address, path):
    """Open an address of JupyterLab, with no tabs of an earlier visit, and wait for its notebook and kernel."""
    page.goto(f"{address}&reset")
    page.wait_for_function(READY, arg=path, timeout=90_000)


# A cell that runs shows a star; one with an error ends the run of all.
FINISHED = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cells = panel.content.model.sharedModel.cells.map(one => one.toJSON());
    const code = cells.filter(one => one.cell_type === "code");
    const failed = code.some(one => one.outputs.some(output => output.output_type === "error"));
    const running = panel.content.widgets.some(one => one.model.executionState === "running");
    const idle = panel.sessionContext.session.kernel.status === "idle" && !running;
    return idle && (failed || code.every(one => one.execution_count !== null));
}"""


RUN_AGAIN = """([number, before]) => {
    return window.jupyterapp.shell.currentWidget.content.widgets[number].model.executionCount > before;
}"""


def command(page, name):
    """Carry out one of JupyterLab's commands, as its menu would."""
    page.evaluate("name => window.jupyterapp.commands.execute(name)", name)


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
    cells = page.evaluate(READ_CELLS)
    (number,) = [number for number, cell in enumerate(cells) if cell["id"] == cell_id]
    page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(number).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("Control+Enter")
    page.wait_for_function(RUN_AGAIN, arg=[number, cells[number]["execution_count"]], timeout=60_000)
    page.wait_for_function(FINISHED, timeout=60_000)
    return text_of(page.evaluate(READ_CELLS)[number])


def test_the_course_opens_on_its_first_lesson(page, lab):
    open_lab(page, f"{lab.url}?token={lab.token}", "00_start_here.ipynb")
    assert page.get_by_role("heading", level=1).first.inner_text().startswith("00")
    assert page.outside == []


def test_nobody_enters_without_the_token(page, lab):
    page.goto(f"{lab.url}lab/tree/{NOTEBOOK}")
    assert "/login" in page.url


def test_the_lesson_runs_and_an_answer_is_checked(page, lab):
    stored = [c for c in nbformat.read(lab.folder / NOTEBOOK, as_version=4).cells if c.cell_type == "code"]
    open_lab(page, f"{lab.url}lab/tree/{NOTEBOOK}?token={lab.token}", NOTEBOOK)
    command(page, "notebook:clear-all-cell-outputs")
    assert not any(cell["outputs"] for cell in code_cells(page))

    command(page, "notebook:run-all-cells")
    page.wait_for_function(FINISHED, timeout=240_000)
    cells = code_cells(page)
    errors = [f"{o['ename']}: {o['evalue']}" for c in cells for o in c["outputs"] if o["output_type"] == "error"]
    assert errors == []
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(stored) + 1))
    for cell, as_stored in zip(cells, stored, strict=True):
        assert text_of(cell) == text_of(as_stored), "".join(cell["source"])

    (question,) = [cell for cell in cells if cell["id"] == "q1"]
    source = "".join(question["source"])
    assert "Not answered yet" in text_of(question)
    share = re.search(r"^\s*heavy\b.*?(\d\.\d+)\s*$", text_of(question), flags=re.MULTILINE)
    assert share, "the table shows the share of the revenue last"
    assert "Not yet." in type_into(page, "q1", source.replace("____", "0.05"))
    assert "Right." in type_into(page, "q1", source.replace("____", share[1]))
    assert page.outside == []
