"""Every test that runs a suite has the mark ``slow``: ``make quick`` leaves it out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[2]

#: what runs a suite in a process of its own
RUNS_A_SUITE = frozenset({"run_suite", "investigated"})

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def names_used(function: Function) -> set[str]:
    """What a function calls, and the fixtures that it asks for."""
    called = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    names = {one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in called}
    return names | {argument.arg for argument in function.args.args}


def unmarked(source: str) -> Iterator[str]:
    """The tests in a file that run a suite and are not marked as slow."""
    if not any(name in source for name in RUNS_A_SUITE):
        return
    tree = ast.parse(source)
    if any("pytestmark" in text and "slow" in text for text in map(ast.unparse, tree.body)):
        return
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, Function)}
    running: set[str] = set()
    while more := {name for name, one in functions.items() if names_used(one) & (RUNS_A_SUITE | running)} - running:
        running |= more
    for name in sorted(running):
        if name.startswith("test_") and not any("slow" in ast.unparse(one) for one in functions[name].decorator_list):
            yield name


def test_a_test_that_runs_a_suite_is_marked_as_slow() -> None:
    paths = sorted((ROOT / "tests").rglob("test_*.py"))

    assert len(paths) > 400
    assert not [(path.name, name) for path in paths for name in unmarked(path.read_text(encoding="utf-8"))]


def test_it_is_seen_through_a_helper_and_a_fixture() -> None:
    source = """
def found(): return run_suite(1)

def told(found): return found

def test_by_call(): assert found()

def test_by_fixture(told): assert told

@pytest.mark.slow
def test_marked(): assert run_suite(2)

def test_other(): assert other()
"""
    assert [*unmarked(source)] == ["test_by_call", "test_by_fixture"]
    assert not [*unmarked(f"pytestmark = pytest.mark.slow\n{source}")]
