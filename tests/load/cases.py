"""The 76 bad inputs, each with what segkit says about it, as a Markdown table made by the tests themselves.

Run ``python -m tests.load.cases``; it runs the tests and prints the table.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

CASES = 76
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAME = re.compile(r'def (test_bad_input_(\d\d)_(\w+))\(.*\):\n(?:    """(.+)""")?')


def named() -> dict[int, dict[str, str]]:
    """Return the tests of every number, in the order they are written, each with what its docstring says."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for path in sorted(HERE.glob("test_*.py")):
        for test, number, _, text in NAME.findall(path.read_text(encoding="utf-8")):
            found[int(number)][test] = text
    return dict(sorted(found.items()))


def told() -> dict[str, list[str]]:
    """Run the tests of the cases, and return what each was told, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages"
        command = [sys.executable, "-m", "pytest", str(HERE), "-q", "-k", "bad_input", "-p", "no:cacheprovider"]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "SEGKIT_MESSAGES": str(file)}, text=True,
                              stdout=subprocess.PIPE)  # fmt: skip
        print(done.stdout.strip().splitlines()[-1], file=sys.stderr)
        if done.returncode:
            raise SystemExit(done.stdout)
        messages = defaultdict(list)
        for line in file.read_text(encoding="utf-8").splitlines():
            test, message = line.split("\t", 1)
            test, message = test.split("[")[0], re.sub(r"/\S+/(?=\w)", "", message)
            if message not in messages[test]:
                messages[test].append(message)
    return messages


def table() -> str:
    """Return the table: number, case, every message of its tests, and the tests."""
    messages = told()
    lines = ["| | case | what segkit says or does | tests |", "|---|---|---|---|"]
    for number, tests in named().items():
        said = [message for test, text in tests.items() for message in (text, *messages.get(test, [])) if message]
        said = list(dict.fromkeys(said))
        case = re.sub(r"test_bad_input_\d\d_", "", next(iter(tests))).replace("_", " ")
        text = "<br>".join(one.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for one in said)
        lines.append(f"| {number} | {case} | {text} | {'<br>'.join(tests)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
