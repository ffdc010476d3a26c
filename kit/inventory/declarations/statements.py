"""The lines of a function where a wrong value can come from, with what each counts before anything else is known."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.inventory.declarations.trees import assigned
from kit.inventory.source.walking import walk

#: what decides or gives an answer is wrong more often than what only passes a value on
_BY_STATEMENT: tuple[tuple[type[ast.stmt] | tuple[type[ast.stmt], ...], float], ...] = (
    ((ast.Return, ast.If, ast.While), 1.0),
    (ast.AugAssign, 0.9),
    ((ast.Assign, ast.AnnAssign), 0.8),
    (ast.Expr, 0.7),
    ((ast.For, ast.AsyncFor, ast.Assert), 0.6),
)
_OTHER = 0.3
_LOOPS = ast.For | ast.AsyncFor | ast.While
#: a return of what other lines have made
_PASSED_ON = 0.75
#: a further line of a statement, such as one condition of a long query
_FURTHER = 0.6
#: what computes or compares is wrong more often than what names
_COMPUTES = 1.3
#: what looks like an answer that nobody gets, or takes back what was just done
_IDLE = 3.0
#: expressions that do nothing but have a value; a lone attribute may load something
_VALUES = (ast.Name, ast.Tuple, ast.List, ast.Dict, ast.Compare, ast.BinOp, ast.JoinedStr)
#: functions under these marks have to return a value
_RETURNING = frozenset(
    {
        "validates",
        "field_validator",
        "model_validator",
        "validator",
        "root_validator",
        "field_serializer",
        "property",
        "cached_property",
        "hybrid_property",
    }
)
_WITH = (ast.With, ast.AsyncWith)
_SETTING = re.compile(r"[A-Z][A-Z0-9_]{2,}")


def statement_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[int, float]:
    """The lines of a function's body, with their weights."""
    found: dict[int, float] = {}
    idle = {statement.lineno for statement in (*idle_statements(function), *_undoing(function))}
    for node in _statements(function):
        weight = _IDLE if node.lineno in idle else _weight(node)
        for part in _parts(node):
            for one in walk(part):
                line = getattr(one, "lineno", 0)
                if line:
                    if isinstance(one, ast.Compare | ast.BinOp | ast.BoolOp | ast.UnaryOp):
                        own = weight * _COMPUTES
                    else:
                        own = weight if line == node.lineno else weight * _FURTHER
                    found[line] = max(own, found.get(line, 0.0))
    return found


def _weight(node: ast.stmt) -> float:
    if isinstance(node, ast.Return) and _passes_on(node.value):
        return _PASSED_ON
    return next((one for kinds, one in _BY_STATEMENT if isinstance(node, kinds)), _OTHER)


def _passes_on(node: ast.expr | None) -> bool:
    """Whether this is only another value: a name, or what a call makes of names."""
    match node:
        case ast.Name():
            return True
        case ast.Call(func=ast.Name() | ast.Attribute(), args=arguments, keywords=[]):
            return bool(arguments) and all(map(_passes_on, arguments))
    return False


def conditions(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[int, int]:
    """By line: the line of the inmost condition that lets it run."""
    found: dict[int, int] = {}
    for node in walk(function):  # from the outside to the inside
        if isinstance(node, ast.If):
            for one in (inner for statement in node.body for inner in walk(statement)):
                if line := getattr(one, "lineno", 0):
                    found[line] = node.test.lineno
    return found


def loops(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[int, int]:
    """By line of a loop: the first line of its body."""
    return {node.lineno: node.body[0].lineno for node in walk(function) if isinstance(node, _LOOPS)}


def idle_statements(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The statements that look like an answer which nobody gets: a value that stands alone, and the end of a function
    that has to return one (a validator, a property) and never does.
    """
    found: list[ast.stmt] = [
        node for node in _statements(function) if isinstance(node, ast.Expr) and isinstance(node.value, _VALUES)
    ]
    returns = any(isinstance(node, ast.Return) and node.value is not None for node in walk(function))
    raises = isinstance(function.body[-1], ast.Raise | ast.Pass)
    if not returns and not raises and any(_mark(mark) in _RETURNING for mark in function.decorator_list):
        yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in walk(function))
        found += [] if yields else [function.body[-1]]
    return found


def _undoing(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The statements that roll back what the function has done, whatever has happened: not in a handler of errors, not
    under a condition, and not in a fixture or a context manager.
    """
    always = [one for node in function.body for one in (node.body if isinstance(node, _WITH) else [node])]
    if len(always) < 2 or any(isinstance(node, ast.Yield | ast.YieldFrom) for node in walk(function)):
        return []
    return [node for node in always if isinstance(node, ast.Expr) and _is_rollback(node.value)]


def _is_rollback(node: ast.expr) -> bool:
    call = node.value if isinstance(node, ast.Await) else node
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "rollback"


def _mark(node: ast.expr) -> str:
    mark = node.func if isinstance(node, ast.Call) else node
    return mark.attr if isinstance(mark, ast.Attribute) else getattr(mark, "id", "")


def _statements(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.stmt]:
    """The statements of a body, one another's included, without docstrings."""
    for node in walk(function):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and node is not function and not is_text:
            yield node


def _parts(node: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without the statements below it."""
    children = [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt | ast.ExceptHandler)]
    yield from children or [node]


def statements_within(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[range]:
    """The lines of each statement of a body, of a compound one those of its header."""
    found = []
    for node in _statements(function):
        inner = [one.lineno for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt | ast.ExceptHandler)]
        end = min(inner) if inner else (node.end_lineno or node.lineno) + 1
        found.append(range(node.lineno, max(end, node.lineno + 1)))
    return found


def names_read(function: ast.AST) -> dict[str, frozenset[int]]:
    """The names and attributes that a function reads, with the lines; of strings those that look like the name of a
    setting.
    """
    found: dict[str, set[int]] = {}
    for node in walk(function):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            found.setdefault(node.id if isinstance(node, ast.Name) else node.attr, set()).add(node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _SETTING.fullmatch(node.value):
            found.setdefault(node.value, set()).add(node.lineno)
    return {name: frozenset(lines) for name, lines in found.items()}


def values_assigned(module: ast.Module) -> Iterator[tuple[str, tuple[int, ...], bool, bool]]:
    """The names that a module and its classes give a value, with its lines, the first in front; whether it is the
    module itself, and whether the value is plain: a number, a text, or a table of these.
    """
    for node in module.body:
        for one in node.body if isinstance(node, ast.ClassDef) else [node]:
            if bound := assigned(one):
                name, value = bound
                lines = {part.lineno for part in walk(value) if isinstance(part, ast.expr)} - {one.lineno}
                yield name, (one.lineno, *sorted(lines)), one is node, _is_plain(value)


def _is_plain(value: ast.expr) -> bool:
    parts = (ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.expr_context, ast.unaryop)
    return all(isinstance(one, parts) for one in walk(value))


def modules_imported(module: ast.Module) -> frozenset[str]:
    """The last parts of the names that a module imports, and of the modules that it imports names from."""
    found: set[str] = set()
    for node in walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update(item.name.rpartition(".")[2] for item in node.names)
            found.add((getattr(node, "module", None) or "").rpartition(".")[2])
    return frozenset(found - {""})
