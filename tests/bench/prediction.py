"""What was predicted of each test module alone, beside running each alone.

    python tests/bench/prediction.py ROOT [--python EXE] [--app ROOT]... [--every N] [--models] [--cut PATH:LINE]...

ROOT is the unpacked source of a package whose environment (``ROOT/.venv`` or EXE) has its requirements and pytest. All
is done in a copy. ``--models`` adds a test module for each module with mapped classes, which imports that one alone;
``--cut`` takes the statement that begins at a line out of the copy, so that something is missing. Prints what only
one side has, and exits with 1 if there is anything.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.facts.target import Target
from kit.inventory import Inventory
from kit.inventory.registry.canary import configure_alone
from kit.target import find_target

FOLDER = "alone"
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "__pycache__", "node_modules")


def cut(root: Path, place: str) -> None:
    """Replace a statement by ``pass``."""
    path, _, line = place.rpartition(":")
    lines = (root / path).read_text().splitlines(keepends=True)
    (node,) = [
        node
        for node in ast.walk(ast.parse("".join(lines)))
        if isinstance(node, (ast.Import, ast.ImportFrom)) and node.lineno == int(line)
    ]
    assert node.end_lineno is not None
    print(f"cut from {path}: {ast.unparse(node)}")
    lines[node.lineno - 1 : node.end_lineno] = [" " * node.col_offset + "pass\n"]
    (root / path).write_text("".join(lines))


def add_tests(root: Path, target: Target) -> None:
    """A test module for each module with mapped classes."""
    mapped = Inventory.of(target, runtime=False).facts.mapped_classes
    (root / FOLDER).mkdir()
    for number, module in enumerate(sorted({one.module for one in mapped})):
        name = module.replace(".", "_").replace("-", "_")
        (root / FOLDER / f"test_{number}_{name}.py").write_text(f"import {module}\n")


def main() -> int:
    """Compare the two sides."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--python")
    parser.add_argument("--app", action="append", default=[])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--models", action="store_true")
    parser.add_argument("--cut", action="append", default=[])
    asked = parser.parse_args()
    python = asked.python or str(asked.root / ".venv/bin/python")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / asked.root.name
        shutil.copytree(asked.root, root, ignore=LEFT_OUT, symlinks=True)
        for place in asked.cut:
            cut(root, place)
        if asked.models:
            add_tests(root, find_target(root, python=python, app=asked.app))
        tests = (FOLDER,) if asked.models else ()
        return compare(find_target(root, python=python, app=asked.app, tests=tests), asked.every)


def compare(target: Target, every: int) -> int:
    """Predict, run, and print what differs."""
    began = time.process_time()
    inventory = Inventory.of(target, runtime=False)
    predicted = {one.path: one for one in inventory.prediction()}
    spent = time.process_time() - began
    paths = sorted(inventory.imported_by_tests())[::every]
    began = time.monotonic()
    alone = configure_alone(target, paths, timeout_s=3600)
    took = time.monotonic() - began
    print(
        f"{target.name}: {len(paths)} test modules, {dict(Counter(one.outcome for one in alone))}, run in {took:.0f} s"
    )
    expected = {path for path in predicted if path in paths}
    print(f"predicted to fail: {len(expected)}, in {spent:.1f} s of CPU")
    wrong = [
        (path, "predicted", str(predicted[path].missed[0]))
        for path in sorted(expected - {one.path for one in alone if one.outcome == "fails"})
        if any(one.path == path and one.outcome == "configures" for one in alone)
    ]
    wrong += [(one.path, "fails", one.said) for one in alone if one.outcome == "fails" and one.path not in predicted]
    for path, side, why in wrong:
        print(f"only {side}: {path}: {why[:300]}")
    for one in alone:
        if one.outcome == "not collected":
            print(f"not collected: {one.path}: {one.said}")
    return 1 if wrong or len(alone) < len(paths) else 0


if __name__ == "__main__":
    sys.exit(main())
