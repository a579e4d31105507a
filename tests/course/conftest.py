"""A course of two small lessons."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def lesson(title, link):
    picture = f'<img src="data:image/png;base64,{PIXEL}" alt="Use by &quot;group&quot;: heavy 12">'
    figure = new_output("display_data", data={"text/html": picture, "text/plain": "heavy 12"})
    return new_notebook(
        cells=[
            new_markdown_cell(f"# {title}\n\nWords.\n\n## How they differ\n\nSee [the other]({link}).", id="title"),
            new_code_cell("print(1)", id="a", execution_count=1, outputs=[new_output("stream", text="1 stored\n")]),
            new_code_cell("draw()", id="b", execution_count=2, outputs=[figure]),
            new_code_cell("draw()  # again", id="c", execution_count=3, outputs=[figure]),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}},
    )


@pytest.fixture
def lessons(tmp_path):
    folder = tmp_path / "lessons"
    folder.mkdir()
    nbformat.write(lesson("00 · Start here", "12_usage.ipynb"), folder / "00_start.ipynb")
    nbformat.write(lesson("12 · Usage", "00_start.ipynb"), folder / "12_usage.ipynb")
    return folder
