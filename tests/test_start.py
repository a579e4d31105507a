"""start.py: what it says when it cannot go on, and what it leaves alone."""

import ast
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def start(tmp_path):
    """A start.py in a project folder of its own."""
    for name in ("start.py", "requirements.lock", "requirements-spark.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    spec = importlib.util.spec_from_file_location("start_under_test", tmp_path / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_the_standard_library_only():
    tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_is_told_what_to_type(start, monkeypatch):
    monkeypatch.setattr(start, "newer_python", lambda: "python3.12")
    with pytest.raises(start.SetupProblem, match=r"3\.11 or newer; this is 3\.8 (.|\n)*Type:  python3\.12 start\.py"):
        start.check_python((3, 8, 1), "/usr/bin/python3")
    monkeypatch.setattr(start, "newer_python", lambda: None)
    with pytest.raises(start.SetupProblem, match=r"Install a newer one from python\.org"):
        start.check_python((2, 7, 18), "/usr/bin/python")
    start.check_python((3, 11, 0), "python")


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("Failed to establish a new connection: [Errno -2] Name or service not known", "no network"),
        ("ssl.SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED", "not trusted"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that was tested"),
        ("The virtual environment was not created: ensurepip is not available.", "sudo apt install python3"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "cannot be written"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "this computer and this Python"),
        ("something else\nand its end", "something else\nand its end"),
    ],
)
def test_a_failure_is_explained(start, printed, said):
    assert said in start.explain(printed, "It failed.")


def test_a_folder_of_someone_else_is_left_alone(start):
    theirs = Path(start.VENV) / "bin" / "python"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    with pytest.raises(start.SetupProblem, match=r"was not made by start\.py"):
        start.prepare_folder()
    assert theirs.read_text() == "theirs"


def test_a_half_made_folder_is_made_anew(start, capsys):
    start.prepare_folder()
    half = Path(start.VENV) / "lib" / "half"
    half.parent.mkdir()
    half.write_text("half")
    assert not start.is_ready()
    start.prepare_folder()
    assert "did not finish" in capsys.readouterr().out
    assert [p.name for p in Path(start.VENV).iterdir()] == [Path(start.STAMP).name]


def test_ready_means_made_from_what_is_here_now(start, monkeypatch):
    start.prepare_folder()
    Path(start.PYTHON).parent.mkdir()
    Path(start.PYTHON).write_text("")
    assert not start.is_ready()
    start.write_stamp(start.fingerprint())
    assert start.is_ready()
    with monkeypatch.context() as patch:
        patch.setattr(start.sys, "version_info", (3, 99, 0))
        assert not start.is_ready(), "another Python"
    with open(start.LOCK, "a") as file:
        file.write("# changed\n")
    assert not start.is_ready(), "another lock"


def test_a_full_disk_is_noticed_before_anything_is_downloaded(start, monkeypatch):
    monkeypatch.setattr(start, "NEEDED_MB", 10**9)
    with pytest.raises(start.SetupProblem, match="The disk is too full"):
        start.prepare_folder()


def test_a_failed_download_is_told_and_kept_in_a_log(start, monkeypatch):
    start.prepare_folder()
    monkeypatch.setattr(start, "PYTHON", sys.executable)
    nowhere = ["--no-index", "--find-links", start.HERE, "no-such-package"]
    with pytest.raises(start.SetupProblem, match="does not have a package"):
        start.install("the libraries", nowhere, 1)
    assert "no-such-package" in Path(start.LOG).read_text(encoding="utf-8")


@pytest.mark.parametrize("code", [0, 1, 2, 7])
def test_exit_codes_are_passed_on(start, code):
    assert start.call([sys.executable, "-c", f"raise SystemExit({code})"]) == code


def test_words_go_to_the_command(start, monkeypatch):
    called = []
    monkeypatch.setattr(start, "call", lambda command, cwd=None: called.append(command) or 0)
    start.run([])
    start.run(["segment", "my folder", "--by", "usage"])
    assert called == [[start.SEGKIT, "tour"], [start.SEGKIT, "segment", "my folder", "--by", "usage"]]


def test_a_problem_ends_with_1_and_no_stack(start):
    (Path(start.VENV)).mkdir()
    (Path(start.VENV) / "theirs").write_text("")
    command = [sys.executable, str(Path(start.HERE) / "start.py")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Rename or delete it" in done.stderr
    assert "Traceback" not in done.stderr
