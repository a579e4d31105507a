"""Run every test, step by step, and count them: what `python start.py test` does.

Name steps to run only those: `python start.py test unit doctest`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("SEGKIT_CI") == "1"
PYTEST = (sys.executable, "-m", "pytest", "-q", "-o", "console_output_style=classic")

# The oldest supported NumPy is 2.0; a newer Python has wheels of a newer one only.
OLDEST_NUMPY = {(3, 11): "2.0", (3, 12): "2.0", (3, 13): "2.1", (3, 14): "2.3"}


@dataclass
class Result:
    """How many tests of a step passed, failed and were skipped, and how long it took."""

    step: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0


def run(command, **environment):
    """Run a command in the project's folder and return its exit code."""
    return subprocess.call(command, cwd=ROOT, env={**os.environ, "MPLBACKEND": "Agg", **environment})


def run_pytest(step, *arguments, **environment):
    """Run pytest and read the counts from the report it writes."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = run([*PYTEST, f"--junitxml={report}", *arguments], **environment)
        return read_report(step, code, report)


def read_report(step, code, report):
    """Count the tests of a JUnit report; a run that broke off or found no test has failed.

    Parameters
    ----------
    step : str
        Name of the step.
    code : int
        Exit code of pytest.
    report : Path
        The report, which is missing when pytest broke off.
    """
    if not report.exists():
        print(f"{step}: pytest ended with exit code {code} and no report.")
        return Result(step, failed=1)
    cases = list(ElementTree.parse(report).iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    if not cases:
        print(f"{step}: no test was found.")
    if code and not failed:
        failed = 1
    return Result(step, len(cases) - failed - skipped if cases else 0, failed, skipped)


def lint(step):
    """Check the code with ruff, and that the installed packages fit each other."""
    codes = [
        run([sys.executable, "-m", "ruff", "check", "--quiet", "."]),
        run([sys.executable, "-m", "pip", "--disable-pip-version-check", "check"]),
    ]
    return Result(step, passed=codes.count(0), failed=len(codes) - codes.count(0))


def unit(step):
    """Everything under tests/ that is not a step of its own."""
    return run_pytest(step, "-m", "not engine and not browser", "tests")


def doctest(step):
    """The examples in the docstrings."""
    return run_pytest(step, "--doctest-modules", "segkit", "synthetic")


def engine(step):
    """Every measure and rule on pandas, Polars, DuckDB and Spark."""
    return run_pytest(step, "-m", "engine", "tests")


def notebook(step):
    """Every notebook, run again and each text output compared with the stored one."""
    compare = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=120")
    return run_pytest(step, *compare, "--nbval-sanitize-with=tests/nbval.cfg", "notebooks")


def browser(step):
    """The course in JupyterLab and the built book, in a real browser."""
    return run_pytest(step, "-m", "browser", "tests")


def numpy_oldest(step):
    """The planted populations are the same bytes on the oldest supported NumPy."""
    return fingerprint(step, f"numpy=={OLDEST_NUMPY.get(sys.version_info[:2], '2.*')}.*")


def numpy_newest(step):
    """The same on the newest NumPy that has a release."""
    return fingerprint(step, "numpy")


def fingerprint(step, requirement):
    """Put another NumPy in front of the installed one and test the golden fingerprint."""
    folder = tempfile.mkdtemp(prefix="segkit-numpy-")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    try:
        if run([*pip, "--no-deps", "--only-binary=:all:", "--upgrade", "--target", folder, requirement]):
            print(f"{step}: '{requirement}' could not be downloaded, so this step was skipped.")
            return Result(step, skipped=1)
        import_numpy = "import numpy; print('NumPy', numpy.__version__, 'from', numpy.__file__)"
        run([sys.executable, "-c", import_numpy], PYTHONPATH=folder)
        return run_pytest(step, "tests/synthetic/test_fingerprint.py", PYTHONPATH=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


STEPS = {
    "lint": lint,
    "unit": unit,
    "doctest": doctest,
    "engine": engine,
    "notebook": notebook,
    "browser": browser,
    "numpy-oldest": numpy_oldest,
    "numpy-newest": numpy_newest,
}


def table(results):
    """Write the counts as lines, the total last and in one fixed form."""
    row = "{:<14}{:>8}{:>8}{:>9}{:>9}".format
    lines = [row("step", "passed", "failed", "skipped", "seconds")]
    lines += [row(r.step, r.passed, r.failed, r.skipped, f"{r.seconds:.0f}") for r in results]
    passed, failed, skipped = (sum(getattr(r, k) for r in results) for k in ("passed", "failed", "skipped"))
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed, {skipped} skipped"])


def main(words):
    """Run the named steps, or all of them; return 0 when nothing failed (and, in CI, nothing was skipped)."""
    unknown = [word for word in words if word not in STEPS]
    if unknown:
        print(f"No step '{unknown[0]}'. There are: {', '.join(STEPS)}.", file=sys.stderr)
        return 2
    results = []
    names = words or list(STEPS)
    for number, name in enumerate(names, start=1):
        print(f"\n== {name} ({number} of {len(names)}): {STEPS[name].__doc__}", flush=True)
        began = time.monotonic()
        result = STEPS[name](name)
        result.seconds = time.monotonic() - began
        results.append(result)
    print("\n" + table(results), flush=True)
    return int(any(r.failed or (IN_CI and r.skipped) for r in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
