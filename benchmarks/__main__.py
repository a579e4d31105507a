"""Run the benchmark that the first word names."""

import ast
import importlib
import sys
from pathlib import Path


def benchmarks():
    """Name each benchmark (a module here with a function ``main``) and the first line of what it says of itself."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").split("\n")[0]
    return found


def main(words):
    """Hand over to the named benchmark, or list them; return the exit code."""
    names = benchmarks()
    if not words or words[0] not in names:
        if words:
            print(f"No benchmark '{words[0]}'.", file=sys.stderr)
        print("python -m benchmarks NAME [--help]", *(f"  {n:<14}{text}" for n, text in names.items()), sep="\n")
        return 2 if words else 0
    return importlib.import_module(f"benchmarks.{words[0]}").main(words[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
