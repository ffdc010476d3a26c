"""Which tests kit chooses after an edit, against what a whole run shows, and against pytest-testmon.

    python tests/bench/selection.py mutants [--number N] [--seed N] [--suite NAME=FOLDER=PYTHON=FILES]...
    python tests/bench/selection.py testmon --python PYTHON

``mutants`` changes one place of the source at a time: an operator, a constant, a condition, a statement, a default, an
assignment outside of functions. For each it lets kit choose, runs the whole suite with plain pytest, and counts the
tests that come to another outcome than before and were not chosen. The bar is none. ``FILES`` are glob patterns of what
is changed, in FOLDER itself: the file is put back afterwards.

``testmon`` runs the healthy demo under kit and under pytest-testmon 2.2, which PYTHON must have installed: the first
run, and then the body of one function after another edited; it prints tests chosen and CPU time.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.facts.nodeids import path_of
from kit.facts.target import Target
from kit.inventory import Reach
from kit.suite import Chooser, RunOptions, run_suite
from kit.suite.select.deciding import choose
from kit.suite.select.keeping import load_record
from kit.target import find_target
from tests.bench.comparing import PLUGIN
from tests.bench.measuring import measure
from tests.demo.trees import EVERY_FIX, mended

_LIMIT_S = 300.0

#: the functions whose bodies are edited, with a line before which a statement is put
_EDITED = {"is_locked": "backend/app/auth/lockout.py", "to_cents": "backend/app/core/money.py"}


@dataclass(frozen=True)
class Mutant:
    """A changed source file."""

    path: str
    line: int
    what: str
    text: str


def mutants_of(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a file that compiles."""
    for node in ast.walk(ast.parse(text)):
        for what, old, new in _edits(node, text):
            start, end = _span(text, old)
            changed = text[:start] + new + text[end:]
            try:
                compile(changed, path, "exec")
            except (SyntaxError, ValueError):
                continue
            if changed != text:
                yield Mutant(path, old.lineno, what, changed)


_OPERATORS = {ast.Eq: "!=", ast.NotEq: "==", ast.Lt: ">=", ast.GtE: "<", ast.Gt: "<=", ast.LtE: ">", ast.In: "not in"}
_SUMS = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Mod: "+"}


def _edits(node: ast.AST, text: str) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPERATORS:
        left, right = _source(text, node.left), _source(text, node.comparators[0])
        yield "comparison", node, f"(({left}) {_OPERATORS[type(node.ops[0])]} ({right}))"
    elif isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        yield "operator", node, f"(({_source(text, node.left)}) {_SUMS[type(node.op)]} ({_source(text, node.right)}))"
    elif isinstance(node, ast.Constant) and type(node.value) in (int, bool, float):
        yield "constant", node, f"({not node.value})" if isinstance(node.value, bool) else f"({node.value + 1})"
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "return", node, "return None"
    elif isinstance(node, ast.If):
        yield "condition", node.test, f"(not ({_source(text, node.test)}))"
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "statement", node, "pass"
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.Dict | ast.List | ast.Tuple | ast.Set):
        yield "value", node.value, "None"
    elif isinstance(node, ast.Raise):
        yield "raise", node, "pass"


def _source(text: str, node: ast.expr) -> str:
    start, end = _span(text, node)
    return text[start:end]


def _span(text: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    lines = text.splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())

    return offset(node.lineno, node.col_offset), offset(node.end_lineno or 0, node.end_col_offset or 0)


def outcomes(tree: Path, python: str, tests: list[str]) -> dict[str, str]:
    """What each test came to under plain pytest; files that cannot be imported have none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "outcomes.json")
        variables = {"OUTCOMES": str(file), "PYTHONPATH": str(PLUGIN), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", "-p", "outcomes_of_pytest"]
        command += ["--continue-on-collection-errors", *tests]
        nowhere = subprocess.DEVNULL
        try:
            subprocess.run(
                command, cwd=tree, env={**os.environ, **variables}, timeout=_LIMIT_S, stdout=nowhere, stderr=nowhere
            )
            return dict(json.loads(file.read_bytes() or b"[]")) if file.exists() else {}
        except subprocess.TimeoutExpired:
            return {"": "hangs"}


def run_mutants(name: str, tree: Path, python: str, patterns: list[str], asked: argparse.Namespace) -> int:
    """Measure one suite; how many tests were missed."""
    target = find_target(tree, python=python, tests=tuple(asked.tests))
    run_suite(target, events=Path(os.environ["XDG_CACHE_HOME"], f"{name}.jsonl"), options=RunOptions(records=True))
    before = outcomes(tree, python, asked.tests)
    files = sorted({path.relative_to(tree).as_posix() for pattern in patterns for path in tree.glob(pattern)})
    every = [mutant for path in files for mutant in mutants_of(path, (tree / path).read_text())]
    chance = random.Random(asked.seed)
    total = missed = killed = chosen = whole = 0
    for mutant in chance.sample(every, min(asked.number, len(every))):
        original = (tree / mutant.path).read_text()
        try:
            (tree / mutant.path).write_text(mutant.text)
            selected, by_imports = _chosen(target, set(before), mutant.path)
            after = outcomes(tree, python, asked.tests)
        finally:
            (tree / mutant.path).write_text(original)
        differing = {test for test in before.keys() | after.keys() if before.get(test) != after.get(test)}
        if after == {"": "hangs"}:
            continue
        collected = {test.partition("::")[0] for test in selected}  # a new test of such a file runs too
        lost = sorted(one for one in differing - selected if one in before or one.partition("::")[0] not in collected)
        total, killed, chosen, whole = (
            total + 1,
            killed + bool(differing),
            chosen + len(selected),
            whole + len(by_imports),
        )
        missed += len(lost)
        if lost:
            print(
                f"  MISSED {len(lost)} of {len(differing)}: {mutant.path}:{mutant.line} {mutant.what}: {lost[:3]}",
                flush=True,
            )
    print(
        f"{name}: {total} mutants of {len(every)}, {killed} change outcomes; tests missed: {missed}; chosen on average "
        f"{chosen / max(total, 1):.1f} of {len(before)}, by the imports alone {whole / max(total, 1):.1f}",
        flush=True,
    )
    return missed


def _chosen(target: Target, known: set[str], path: str) -> tuple[set[str], set[str]]:
    """The tests that kit chooses after a change of the file ``path``, and those that the import graph alone would."""
    record, rootdir = load_record(target), target.config.rootdir
    if record is None:
        raise RuntimeError("nothing was recorded")
    chooser = Chooser(target, record, Reach(target))
    choice = choose(record, chooser.tree, chooser.files_of, rootdir)
    files = chooser.files_of([path])
    by_imports = {test for test in known if path_of(test, rootdir) in files}
    return {*choice.tests, *(test for test in known if path_of(test, rootdir) in choice.files)}, by_imports


def _against_testmon(folder: Path, python: str) -> int:
    """The healthy demo, each runner in a tree of its own: the first run, then each edit, undone afterwards."""
    ours, theirs, plain = (mended(folder / name, *EVERY_FIX) for name in ("kit", "testmon", "plain"))
    pytest = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    commands: dict[str, tuple[list[str], Path]] = {
        "plain": ([*pytest, "-p", "no:testmon"], plain),
        "testmon": ([*pytest, "--testmon"], theirs),
        "kit": ([sys.executable, "-m", "kit", "run", str(ours), "--python", python, "--changed"], folder),
    }
    first = {name: _cost(*command) for name, command in commands.items()}
    for name, (cpu_s, _) in first.items():
        print(f"first run, {name}: {cpu_s:.1f} s CPU, {cpu_s / first['plain'][0]:.2f} of plain", flush=True)
    for function, path in _EDITED.items():
        for name in ("testmon", "kit"):
            _edit_body(commands[name][1] / path if name == "testmon" else ours / path, function)
        costs = {name: _cost(*commands[name]) for name in ("testmon", "kit")}
        ratio = costs["kit"][0] / costs["testmon"][0]
        print(f"{function}: " + "; ".join(f"{name} {cpu_s:.1f} s CPU, {last}" for name, (cpu_s, last) in costs.items()))
        print(f"{function}: CPU {ratio:.2f} of testmon's (bar 0.4)", flush=True)
    return 0


def _cost(command: list[str], folder: Path) -> tuple[float, str]:
    """CPU seconds, and the line that says how many tests ran."""
    output = folder.parent / "output.txt"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TESTMON_DATAFILE": str(folder.parent / "testmon.db")}
    cost = measure(command, folder=folder, environment=environment, output=output, limit_s=7200.0)
    lines = [line for line in output.read_text().splitlines() if " passed" in line or "collected" in line]
    return cost.cpu_s, lines[-1] if lines else "nothing ran"


def _edit_body(path: Path, function: str) -> None:
    """Put a statement that changes nothing before the last one of the function."""
    text = path.read_text()
    (node,) = (one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef) and one.name == function)
    lines = text.splitlines(keepends=True)
    last = node.body[-1]
    lines.insert(last.lineno - 1, f"{' ' * last.col_offset}edited = len({function!r})  # noqa: F841\n")
    path.write_text("".join(lines))


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("mutants", "testmon"))
    parser.add_argument("--number", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--suite", action="append", default=[], metavar="NAME=FOLDER=PYTHON=FILES")
    parser.add_argument("--tests", action="append", default=[], metavar="PATH")
    parser.add_argument("--python", default=sys.executable)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        if asked.what == "testmon":
            return _against_testmon(Path(folder), asked.python)
        missed = 0
        for suite in asked.suite or [f"demo=={sys.executable}=backend/app/**/*.py"]:
            name, source, python, *patterns = suite.split("=")
            tree = Path(source or Path(folder, name)).resolve()  # in place: its package is installed from there
            if not source:
                mended(tree, *EVERY_FIX)
            missed += run_mutants(name, tree, python, patterns, asked)
        return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
