"""Code that is written for several releases of a library: what one of them lacks has another way beside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk

#: what a name is called that holds a release: ``__version__``, ``werkzeug_major``
_RELEASE = re.compile("version|major", re.IGNORECASE)
_LEAVES = (ast.Raise, ast.Return, ast.Continue, ast.Break)
#: what is caught where an import may fail, and where any other line may that is written for another release
_MISSING = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception"})
_CHANGED = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "TypeError"})
#: what a failing import raises; a wider type is caught for other reasons too
_NOT_IMPORTED = frozenset({"ImportError", "ModuleNotFoundError"})


def either_way(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes that have another way beside them: in a ``try`` that catches what another release lacks, in a branch
    of an ``if`` that asks for the release or for what it has, behind one that leaves, the imports of a name that both
    branches of an ``if`` import, and the imports of a function that is called where an ``ImportError`` is caught. Those
    that only a type checker reads have it too: they never run.
    """
    yield from _of_called(nodes)
    choosing = [node for node in nodes if isinstance(node, ast.Try | ast.If | ast.IfExp)]
    optional = set(_optional(choosing))
    leaving = set[ast.AST]()
    for node in choosing:
        if isinstance(node, ast.Try):
            yield from _of_try(node)
        elif isinstance(node, ast.If) and _is_for_types(node.test):
            yield from _inside(node.body)
        elif _asks(node.test, optional):
            yield from _inside([*node.body, *node.orelse] if isinstance(node, ast.If) else [node.body, node.orelse])
            leaving |= {node} if isinstance(node, ast.If) and isinstance(node.body[-1], _LEAVES) else set()
        elif isinstance(node, ast.If) and node.orelse:
            yield from _imported_twice(node)
    for block in (block for node in nodes for block in _blocks(node)) if leaving else ():
        yield from _behind(block, leaving)


def _of_try(node: ast.Try) -> Iterator[ast.AST]:
    within = [*node.body, *(one for handler in node.handlers for one in handler.body)]
    if any(_catches(one, _CHANGED) for one in node.handlers):
        yield from _inside(within)
    elif any(one.type is None or _catches(one, _MISSING) for one in node.handlers):
        yield from _imports_in(within)


def _of_called(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The imports of functions whose calls stand in a ``try`` for a failing import."""
    catching = [
        one for one in nodes if isinstance(one, ast.Try) and any(_catches(h, _NOT_IMPORTED) for h in one.handlers)
    ]
    called = {name for one in catching for call in _inside(one.body) if (name := _called(call))}
    for node in nodes if called else ():
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and node.target.id in called:
            called |= {one.id for one in walk(node.iter) if isinstance(one, ast.Name)}
    for node in nodes if called else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in called:
            yield from _imports_in(node.body)


def _called(node: ast.AST) -> str | None:
    """The name of the file's function, or of the class's own method, that a call is for."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute) and dotted(function.value) in {"self", "cls"}:
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def _optional(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The names of imports that may fail: whether one is ``None`` tells the release."""
    for node in nodes:
        if isinstance(node, ast.Try) and any(_catches(one, _MISSING) for one in node.handlers):
            for one in _imports_in(node.body):
                yield from _names_of(one)


def _is_for_types(test: ast.expr) -> bool:
    return (dotted(test) or "").rpartition(".")[2] == "TYPE_CHECKING"


def _asks(test: ast.expr, optional: Collection[str]) -> bool:
    """Whether a condition asks for the release, or for what it has: ``version >= 2``, ``hasattr(np, "x")``,
    ``"x" in sys.modules``.
    """
    names = [dotted(one) or "" for one in walk(test) if isinstance(one, ast.Name | ast.Attribute)]
    words = [name.rpartition(".")[2] for name in names]
    is_of_type = "isinstance" in words and "bytes" in words  # older releases gave bytes
    return (
        is_of_type
        or "sys.modules" in names
        or any(_RELEASE.search(word) or word == "hasattr" or word in optional for word in words)
    )


def _behind(block: Sequence[ast.stmt], leaving: Collection[ast.AST]) -> Iterator[ast.AST]:
    """What stands in a block behind the first statement that leaves it for one release."""
    first = next((at for at, one in enumerate(block) if one in leaving), len(block))
    yield from _inside(block[first + 1 :])


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _imported_twice(node: ast.If) -> Iterator[ast.AST]:
    branches = [list(_imports_in(block)) for block in (node.body, node.orelse)]
    first, second = ({name for one in branch for name in _names_of(one)} for branch in branches)
    yield from (one for branch in branches for one in branch if first & second & _names_of(one))


def _catches(handler: ast.ExceptHandler, names: Collection[str]) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is not None and (dotted(one) or "").rpartition(".")[2] in names for one in caught)


def _inside(parts: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for one in parts:
        yield from walk(one)


def _imports_in(block: Iterable[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    yield from (one for one in _inside(block) if isinstance(one, ast.Import | ast.ImportFrom))


def _names_of(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {one.asname or one.name for one in node.names}
