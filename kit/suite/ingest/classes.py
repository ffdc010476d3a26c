"""Finds the tests of a class or module in the source: results name no test when ``setUpClass`` failed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

_DEEPEST = 10

#: from a dotted module to its path relative to the root, if the target has it
Find = Callable[[str], str | None]


class TestClasses:
    """The test classes of a target, read from its source."""

    __test__ = False

    def __init__(self, root: Path, find: Find) -> None:
        self._root = root
        self._find = find
        self._tree = lru_cache(maxsize=256)(self._parsed)

    def tests(self, path: str, classes: tuple[str, ...]) -> list[str]:
        """The tests of a class, inherited ones first, as pytest orders them; of all classes when none is given.

        Each is the part of a node id behind the file: ``TestA::test_x``.
        """
        tree = self._tree(path)
        if classes:
            body: list[ast.stmt] = tree.body if tree else []
            node: ast.ClassDef | None = None
            for name in classes:
                node = _class(body, name)
                if node is None:
                    return []
                body = node.body
            owners = [(classes, node)] if node else []
        else:
            # a class without bases cannot be a unittest.TestCase
            nodes = [one for one in (tree.body if tree else []) if isinstance(one, ast.ClassDef) and one.bases]
            owners = [((one.name,), one) for one in nodes]
        return [
            "::".join((*names, test)) for names, node in owners for test in dict.fromkeys(self._methods(path, node, 0))
        ]

    def _methods(self, path: str, node: ast.ClassDef, depth: int) -> Iterator[str]:
        for base in node.bases if depth < _DEEPEST else []:
            if found := self._resolved(path, base):
                yield from self._methods(*found, depth + 1)
        for one in node.body:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test"):
                yield one.name

    def _resolved(self, path: str, base: ast.expr) -> tuple[str, ast.ClassDef] | None:
        """Where a base class is defined: in the same file, or in one that the file imports."""
        tree = self._tree(path)
        imported = _imports(tree) if tree else {}
        if isinstance(base, ast.Attribute):
            module = imported.get(ast.unparse(base.value), ast.unparse(base.value))
            return self._imported(module, base.attr)
        if tree is None or not isinstance(base, ast.Name):
            return None
        if node := _class(tree.body, base.id):
            return path, node
        module, _, name = imported.get(base.id, "").rpartition(".")
        return self._imported(module, name) if module else None

    def _imported(self, module: str, name: str) -> tuple[str, ast.ClassDef] | None:
        path = self._find(module.replace(".", "/") + ".py")
        tree = self._tree(path) if path else None
        node = _class(tree.body, name) if tree else None
        return (path, node) if path and node else None

    def _parsed(self, path: str) -> ast.Module | None:
        try:
            return ast.parse((self._root / path).read_bytes())
        except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
            return None


def _imports(tree: ast.Module) -> dict[str, str]:
    """The names that a module imports, and the dotted names that they stand for."""
    found = {}
    for one in tree.body:
        if isinstance(one, ast.ImportFrom) and not one.level:
            found.update({alias.asname or alias.name: f"{one.module}.{alias.name}" for alias in one.names})
        elif isinstance(one, ast.Import):
            found.update({alias.asname: alias.name for alias in one.names if alias.asname})
    return found


def _class(body: list[ast.stmt], name: str) -> ast.ClassDef | None:
    return next((one for one in body if isinstance(one, ast.ClassDef) and one.name == name), None)
