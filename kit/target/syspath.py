"""Which folders a file puts on ``sys.path``, as far as its source tells without being run.

Read are the usual expressions on ``__file__`` and the current folder: ``Path(__file__).resolve().parent / "src"``,
``os.path.join(os.path.dirname(__file__), "..")``, names that hold such a path, and a loop over a tuple of them.
"""

from __future__ import annotations

import ast
import os
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

_ADDING = frozenset({"sys.path.insert", "sys.path.append", "sys.path.extend", "site.addsitedir", "path.insert"})
#: calls and methods whose result is the same path, as far as it matters here
_SAME = frozenset({"str", "Path", "PurePath", "PosixPath", "fspath", "abspath", "realpath", "normpath", "resolve"})
_SAME_METHODS = frozenset({"resolve", "absolute", "as_posix", "expanduser", "__str__"})
_CURRENT = frozenset({"os.getcwd", "Path.cwd", "pathlib.Path.cwd"})
#: what pytest calls the folder it was started for
_ROOTS = frozenset({"rootpath", "rootdir"})
#: a value that many expressions can have is not followed further
_MOST_VALUES = 16


@dataclass(frozen=True)
class PathEdit:
    """A folder of the target that a line puts on ``sys.path``, relative to the root (``"."`` is the root itself)."""

    line: int
    folder: str


def path_edits(root: Path, path: str) -> tuple[PathEdit, ...]:
    """The edits of the file at ``path``, relative to ``root``; none for one that cannot be read or parsed."""
    try:
        tree = ast.parse((root / path).read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    reading = _Reading(root, root / path)
    found = dict.fromkeys(edit for node in _in_order(tree.body) for edit in reading.statement(node))
    return tuple(found)


def _in_order(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement, those in functions too, since hooks and fixtures edit the path as well."""
    for node in body:
        yield node
        for field in ("body", "orelse", "finalbody"):
            yield from _in_order([item for item in getattr(node, field, ()) if isinstance(item, ast.stmt)])
        for handler in getattr(node, "handlers", ()):
            yield from _in_order(handler.body)


class _Reading:
    """The values of one file's names, as statement follows statement."""

    def __init__(self, root: Path, file: Path) -> None:
        self._root = root
        self._names: dict[str, list[str]] = {"__file__": [str(file)]}

    def statement(self, node: ast.stmt) -> Iterator[PathEdit]:
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            self._names[node.target.id] = self._elements(node.iter)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = _dotted(node.value.func)
            if called in _ADDING and node.value.args:
                yield from self._edits(node.lineno, node.value.args[-1])
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                self._names[target.id] = self._values(node.value)
            elif _dotted(target.value if isinstance(target, ast.Subscript) else target) == "sys.path":
                yield from self._edits(node.lineno, node.value)

    def _edits(self, line: int, node: ast.expr) -> Iterator[PathEdit]:
        for value in self._elements(node):
            folder = Path(os.path.normpath(self._root / value))
            if folder.is_relative_to(self._root) and folder.is_dir():
                yield PathEdit(line, folder.relative_to(self._root).as_posix())

    def _elements(self, node: ast.expr) -> list[str]:
        """The values of a list or a tuple, or of a sum with one in it; else those of the expression itself."""
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return [value for element in node.elts for value in self._values(element)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = [side for side in (node.left, node.right) if isinstance(side, (ast.List, ast.Tuple))]
            if sides:
                return [value for side in sides for value in self._elements(side)]
        return self._values(node)

    def _values(self, node: ast.expr | None) -> list[str]:
        """Every text that an expression may be; none where that is unknown."""
        read = _READERS.get(type(node))
        return read(self, node)[:_MOST_VALUES] if read and node is not None else []

    def _constant(self, node: ast.Constant) -> list[str]:
        return [node.value] if isinstance(node.value, str) else []

    def _name(self, node: ast.Name) -> list[str]:
        return self._names.get(node.id, [])

    def _attribute(self, node: ast.Attribute) -> list[str]:
        if node.attr == "parent":
            return [posixpath.dirname(value) for value in self._values(node.value)]
        if node.attr in _ROOTS:
            return [str(self._root)]
        return [".."] if _dotted(node) == "os.pardir" else [os.sep] if _dotted(node) == "os.sep" else []

    def _subscript(self, node: ast.Subscript) -> list[str]:
        """``path.parents[2]``."""
        at = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if not isinstance(node.value, ast.Attribute) or node.value.attr != "parents" or not isinstance(at, int):
            return []
        values = self._values(node.value.value)
        return [str(Path(value).parents[at]) for value in values if 0 <= at < len(Path(value).parents)]

    def _operation(self, node: ast.BinOp) -> list[str]:
        together: Callable[[str, str], str] = posixpath.join if isinstance(node.op, ast.Div) else str.__add__
        if not isinstance(node.op, (ast.Div, ast.Add)):
            return []
        return [together(*pair) for pair in product(self._values(node.left), self._values(node.right))]

    def _formatted(self, node: ast.JoinedStr) -> list[str]:
        parts = [self._values(part.value if isinstance(part, ast.FormattedValue) else part) for part in node.values]
        return ["".join(part) for part in product(*parts)]

    def _call(self, node: ast.Call) -> list[str]:
        called = _dotted(node.func) or ""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else called
        if called in _CURRENT or (name in ("Path", "PurePath") and not node.args):
            return [str(self._root)]
        if name == "dirname":
            return [posixpath.dirname(value) for argument in node.args[:1] for value in self._values(argument)]
        if name in ("join", "joinpath") or (name in _SAME and len(node.args) > 1):
            return self._joined(node, name)
        if name in _SAME and node.args:
            return self._values(node.args[0])
        if isinstance(node.func, ast.Attribute) and name in _SAME_METHODS:
            return self._values(node.func.value)
        return []

    def _joined(self, node: ast.Call, name: str) -> list[str]:
        owner = [node.func.value] if name == "joinpath" and isinstance(node.func, ast.Attribute) else []
        parts = [self._values(part) for part in [*owner, *node.args]]
        return [posixpath.join(*part) for part in product(*parts)]


_READERS: dict[type | None, Callable[..., list[str]]] = {
    ast.Constant: _Reading._constant,
    ast.Name: _Reading._name,
    ast.Attribute: _Reading._attribute,
    ast.Subscript: _Reading._subscript,
    ast.BinOp: _Reading._operation,
    ast.JoinedStr: _Reading._formatted,
    ast.Call: _Reading._call,
}


def _dotted(node: ast.expr | None) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None
