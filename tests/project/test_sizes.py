"""Modules, classes and functions stay small enough to be read at once."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from radon.complexity import cc_visit

ROOT = Path(__file__).parents[2]
MOST_LINES, MOST_OF_A_CLASS, MOST_OF_A_FUNCTION, MOST_COMPLEX = 300, 200, 45, 20

MODULES = [path for path in sorted((ROOT / "kit").rglob("*.py")) if "trading" not in path.parts]


def too_large(source: str) -> Iterator[str]:
    """What of a module is larger than it may be, with its size."""
    if (lines := len(source.splitlines())) > MOST_LINES:
        yield f"the module has {lines} lines"
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > (MOST_OF_A_CLASS if isinstance(node, ast.ClassDef) else MOST_OF_A_FUNCTION):
                yield f"{node.name} has {lines} lines"
    for block in cc_visit(source) if any(map(_decides_often, ast.walk(tree))) else ():
        if not hasattr(block, "methods") and block.complexity > MOST_COMPLEX:
            yield f"{block.name} has a complexity of {block.complexity}"


#: everything that radon may count; a chain of ``and`` is as many as it has parts
_DECISIONS = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar,
    ast.ExceptHandler, ast.Assert, ast.comprehension, ast.Lambda, ast.match_case,
)  # fmt: skip


def _decides_often(node: ast.AST) -> bool:
    """Whether a function can be too complex: asking radon about every module takes seconds."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    inside = list(ast.walk(node))
    parts = sum(len(one.values) for one in inside if isinstance(one, ast.BoolOp))
    return 2 * sum(isinstance(one, _DECISIONS) for one in inside) + parts >= MOST_COMPLEX


@pytest.mark.slow
def test_modules_classes_and_functions_are_small() -> None:
    found = {path.relative_to(ROOT).as_posix(): list(too_large(path.read_text(encoding="utf-8"))) for path in MODULES}

    assert {path: problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("x = 1\n" * 301, "the module has 301 lines"),
        ("class A:\n" + "    x = 1\n" * 200, "A has 201 lines"),
        ("def f():\n" + "    x = 1\n" * 45, "f has 46 lines"),
        ("def f(x):\n" + "    if x: pass\n" * 20, "f has a complexity of 21"),
        ("class A:\n    def f(x):\n" + "        if x: pass\n" * 20, "f has a complexity of 21"),
    ],
)
def test_what_is_too_large_is_found(source: str, problem: str) -> None:
    assert list(too_large(source)) == [problem]


def test_no_module_is_excepted_from_the_bars() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    lint, types = tools["ruff"]["lint"], tools["mypy"]

    assert "C90" in lint["select"]
    assert lint["mccabe"]["max-complexity"] == 10
    left_out = {code for codes in [lint["ignore"], *lint["per-file-ignores"].values()] for code in codes}
    assert [code for code in left_out if code.startswith("C90")] == []
    assert types["strict"] is True
    assert types["packages"] == ["kit"]
    assert types["exclude"] == ["kit/demo/trading/"]
    assert [set(override) for override in types["overrides"]] == [{"module", "ignore_missing_imports"}]
    marks = re.compile(r"#\s*(?:noqa\b.*\bC90|noqa$|mypy:\s|type:\s*ignore(?!\[))", re.MULTILINE)
    excepted = [path.name for path in MODULES if marks.search(path.read_text(encoding="utf-8"))]
    assert excepted == []
