"""One list of dependencies: pyproject.toml, the two locks and environment.yml say the same."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import MatchSpec

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-spark.lock")
CONDA_NAMES = {"matplotlib-base": "matplotlib", "python-duckdb": "duckdb"}


def requirements(*extras):
    """The project's own requirements, core and the named extras, by canonical name."""
    lines = list(PROJECT["dependencies"])
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


ALL_BUT_SPARK = requirements(*(e for e in PROJECT["optional-dependencies"] if e != "spark"))


def pins(lock):
    """Read a lock: canonical name -> (requirement, its hashes)."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=", line.strip())
            pin = Requirement(requirement)
            found[canonicalize_name(pin.name)] = (pin, hashes)
    return found


def version(pin):
    (only,) = pin.specifier
    assert only.operator == "==", f"{pin} is not pinned"
    return only.version


@pytest.fixture(scope="module")
def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def conda_specs(environment):
    specs = [line for line in environment["dependencies"] if isinstance(line, str)]
    return {spec.name.normalized: spec for spec in (MatchSpec(line, strict=True) for line in specs)}


def pip_section(environment):
    (section,) = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]
    return section


def test_the_core_alone_has_the_engine_that_works_on_frames_in_memory():
    assert "polars" in requirements()
    for room in (ROOT / "segkit").rglob("*.py"):
        assert not re.search(r"find_spec\(.polars", room.read_text(encoding="utf-8")), f"{room} does without Polars"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, flags=re.MULTILINE), "an option such as --index-url"
    for name, (pin, hashes) in pins(lock).items():
        version(pin)
        assert hashes, f"{name} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes), name


def test_the_lock_satisfies_every_requirement():
    locked = pins("requirements.lock")
    for name, requirement in ALL_BUT_SPARK.items():
        assert requirement.specifier.contains(version(locked[name][0])), f"{requirement}: {locked[name][0]}"
    spark = Requirement(*PROJECT["optional-dependencies"]["spark"])
    assert spark.specifier.contains(version(pins("requirements-spark.lock")["pyspark"][0]))


def needed(roots):
    """Follow what the installed packages ask for, extras included, from the project's own list."""
    found, waiting = set(), [(name, frozenset(r.extras)) for name, r in roots.items()]
    done = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in done:
            continue
        done.add((name, extras))
        found.add(name)
        for line in distribution(name).requires or []:
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": e}) for e in extras or {""}):
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return found


def test_the_lock_holds_what_is_needed_and_nothing_else():
    here = {n for n, (pin, _) in pins("requirements.lock").items() if not pin.marker or pin.marker.evaluate()}
    assert needed(ALL_BUT_SPARK) - {"pip"} == here


def test_the_reason_for_each_dependency_is_given():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    every = {*ALL_BUT_SPARK, *requirements("spark")}
    assert {name for name in every if not re.search(rf"^\| {re.escape(name)} \|", text, re.MULTILINE)} == set()


def test_environment_agrees_with_pyproject(environment):
    assert environment["channels"] == ["conda-forge"]
    specs = conda_specs(environment)
    assert {"jupyterlab", "pandas", "seaborn", "faker", "nbval"} <= set(specs)
    ranges = {CONDA_NAMES.get(name, name): str(spec.version) for name, spec in specs.items()}
    assert ranges.pop("python").split(",")[0] == PROJECT["requires-python"]
    assert ranges.pop("pip") == "None"
    for line in pip_section(environment):
        if not line.startswith("--editable"):
            requirement = Requirement(line)
            ranges[canonicalize_name(requirement.name)] = str(requirement.specifier)
    assert ranges == {name: str(requirement.specifier) for name, requirement in ALL_BUT_SPARK.items()}


@pytest.fixture
def project(tmp_path):
    """A copy of what makes the package, so that building it leaves nothing in the repository."""
    copy = tmp_path / "project"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("segkit", "synthetic"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.mark.slow
def test_the_pip_section_installs_in_a_fresh_environment(environment, project, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "fresh"], check=True)
    python = tmp_path / "fresh" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    listed = tmp_path / "pip-section.txt"  # conda hands the section to pip as a file, just so
    listed.write_text("\n".join(pip_section(environment)), encoding="utf-8")
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "-r", listed]
    done = subprocess.run(install, cwd=project, capture_output=True, text=True)
    if re.search("NewConnectionError|NameResolutionError|ProxyError", done.stderr):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, done.stderr
    where = [python, "-c", "import importlib.util; print(importlib.util.find_spec('segkit').origin)"]
    printed = subprocess.run(where, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert Path(printed.strip()) == project / "segkit" / "__init__.py"


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_packages(project, tmp_path):
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", tmp_path, project], check=True)
    (wheel,) = tmp_path.glob("segkit-*.whl")
    inside = set(ZipFile(wheel).namelist())
    packages = [ROOT / "segkit", ROOT / "synthetic"]
    files = [f for p in packages for f in p.rglob("*") if f.is_file() and "__pycache__" not in f.parts]
    assert {str(f.relative_to(ROOT).as_posix()) for f in files} - inside == set()
