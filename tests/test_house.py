"""The design's direction: an import never runs back, and synthetic knows nothing of segkit."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = [
    "errors", "schema", "_portable", "intervals", "load", "shop", "consent", "measures", "segmenters", "possible",
    "segmentation", "loyalty_questions",
    "trust", "act", "plots", "report", "course", "cli", "__main__",
]  # fmt: skip
SIDE_BY_SIDE = {"trust", "act", "plots"}  # plots may draw a trust card; none of them is left of another


def imported(tree):
    """Names of modules imported when the file is imported; a door opened inside a function does not count."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files(package):
    return sorted((ROOT / package).rglob("*.py"))


def room_of(path):
    return path.relative_to(ROOT / "segkit").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", files("segkit"), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_from_left_to_right(path):
    room = room_of(path)
    if room == "__init__":
        return
    assert room in ROOMS, f"{room} has no place in the house; name it in ROOMS"
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] == "synthetic":
            assert room in ("course", "cli"), f"{path} knows the synthetic shop"
        if parts[0] != "segkit" or len(parts) < 2 or parts[1] not in ROOMS:
            continue
        if {room, parts[1]} <= SIDE_BY_SIDE:
            continue
        assert ROOMS.index(parts[1]) <= ROOMS.index(room), f"{path} imports {name}, which lies to its right"


@pytest.mark.parametrize("path", files("synthetic"), ids=lambda path: str(path.relative_to(ROOT)))
def test_synthetic_knows_nothing_of_segkit(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in [a.name for a in node.names]]
    named += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in named if name.split(".")[0] == "segkit"]


def test_importing_segkit_leaves_heavy_and_optional_libraries_alone():
    import subprocess
    import sys

    heavy = {"polars", "duckdb", "pyspark", "faker", "typer", "IPython"}
    code = f"import sys, segkit; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
