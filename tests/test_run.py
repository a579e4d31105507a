"""The counts at the end of a test run are true, and in CI a skip is a failure."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import run

ROOT = Path(__file__).resolve().parent.parent

EXAMPLE = '''
import pytest

def test_passes(): assert True
def test_fails(): assert False
def test_skips(): pytest.skip("no Java here")
@pytest.mark.xfail(reason="known")
def test_known(): assert False
def test_with_reference(reference_data): assert False
'''


def pytest_on(folder, ci, *arguments):
    """Run the project's own settings and hooks on an example of each outcome."""
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "tests").mkdir()
    for name in ("__init__.py", "conftest.py", "engines.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests")
    (folder / "tests" / "test_example.py").write_text(EXAMPLE)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SEGKIT_")} | {"SEGKIT_CI": ci}
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return done, run.read_report("example", done.returncode, report)


def test_a_user_may_skip_and_is_told_why(tmp_path):
    done, result = pytest_on(tmp_path, "0")
    assert (result.passed, result.failed, result.skipped) == (1, 1, 3)
    assert "no Java here" in done.stdout
    assert "optional folder of reference data" in done.stdout


def test_in_ci_a_skip_is_a_failure(tmp_path):
    done, result = pytest_on(tmp_path, "1")
    assert (result.passed, result.failed, result.skipped) == (1, 2, 1), "the one left is the expected failure"
    assert "SEGKIT_CI=1 counts as a failure" in done.stdout
    assert "no Java here" in done.stdout
    assert "1 deselected" in done.stdout


def test_in_ci_a_skipped_file_is_a_failure(tmp_path):
    (tmp_path / "test_whole.py").write_text("import pytest; pytest.skip('absent', allow_module_level=True)")
    done, result = pytest_on(tmp_path, "1", "test_whole.py")
    assert done.returncode != 0
    assert (result.passed, result.failed) == (0, 1)


def test_nothing_to_run_is_a_failure(tmp_path):
    _, result = pytest_on(tmp_path, "0", "-k", "no_such_name")
    assert (result.passed, result.failed, result.skipped) == (0, 1, 0)


def test_a_run_that_breaks_off_is_a_failure(tmp_path):
    assert run.read_report("example", 3, tmp_path / "missing.xml").failed == 1


def test_the_last_line_counts_everything():
    results = [run.Result("unit", 12, 1, 2, 3.4), run.Result("browser", 3, 0, 0, 20.0)]
    assert run.table(results).splitlines()[-1] == "15 passed, 1 failed, 2 skipped"


@pytest.mark.parametrize(
    ("result", "in_ci", "code"),
    [
        (run.Result("x", passed=1), True, 0),
        (run.Result("x", passed=1, skipped=1), False, 0),
        (run.Result("x", passed=1, skipped=1), True, 1),
        (run.Result("x", passed=1, failed=1), False, 1),
    ],
)
def test_exit_code(monkeypatch, result, in_ci, code):
    monkeypatch.setattr(run, "IN_CI", in_ci)
    monkeypatch.setattr(run, "STEPS", {"x": lambda step: result})
    assert run.main([]) == code


def test_an_unknown_step_is_named(capsys):
    assert run.main(["unti"]) == 2
    assert "No step 'unti'" in capsys.readouterr().err
