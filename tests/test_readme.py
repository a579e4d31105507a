"""What the README tells a reader to type works, as it is written."""

import re
import runpy
import shlex
from pathlib import Path

import pytest
from matplotlib.image import imread
from typer.testing import CliRunner

import synthetic
from segkit.cli import app

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ {4}(?:python start\.py|segkit)\b *(.*)$", README, flags=re.MULTILINE)
PYTHON = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture
def exports(tmp_path, monkeypatch):
    """The reader's folder: an export of a small planted shop."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for name, table in synthetic.outdoor_shop(customers=400, seed=7).tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return folder


def test_every_command_is_one():
    known = {command.callback.__name__ for command in app.registered_commands} | {"test"}
    first = [shlex.split(command)[0] for command in COMMANDS if command]
    assert first
    assert set(first) <= known
    assert all(f"python start.py{word}" in README for word in ("", " test", " lab"))


@pytest.mark.parametrize("word", ["check", "segment"])
def test_an_export_is_read_as_written(exports, word):
    (command,) = [command for command in COMMANDS if command.startswith(f"{word} ")]
    done = CliRunner().invoke(app, shlex.split(command))
    assert done.exit_code == 0, done.output
    if word == "segment":
        assert any((exports.parent / "out").iterdir())


def test_the_python_lines_run_as_written(exports):
    (block,) = PYTHON
    exec(compile(block, "README.md", "exec"), {})
    assert "@" in (exports.parent / "heavy.csv").read_text(encoding="utf-8")


def test_the_pictures_are_what_their_command_draws(tmp_path):
    """When this fails, run ``python docs/pictures.py``."""
    drawn = runpy.run_path(str(ROOT / "docs" / "pictures.py"))["pictures"]()
    assert drawn
    for name, picture in drawn.items():
        assert f"![{picture.alt}](docs/images/{name})" in README
        stored, now = imread(ROOT / "docs" / "images" / name), imread(picture.save(tmp_path / name))
        assert stored.shape == now.shape
        assert abs(stored - now).mean() < 0.02, f"{name} looks different now"
