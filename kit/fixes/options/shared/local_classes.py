"""Mapped classes that a test or a fixture defines: the inventory knows those of modules only.

https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from kit.facts.inventory import MappedClass, Relationship
from kit.fixes.scene import FixScene
from kit.inventory import callee

_COLUMNS = ("Column", "mapped_column", "Field")
_RELATIONSHIPS = ("relationship", "Relationship")


def local_classes(scene: FixScene, path: str, lines: Collection[int]) -> tuple[MappedClass, ...]:
    """The mapped classes in the bodies of those functions of a file that have one of the lines."""
    tree = scene.declarations.reading.trees.tree(path)
    found = {
        node.lineno: _mapped(path, node)
        for function in (ast.walk(tree) if tree else ())
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(function.lineno <= line <= (function.end_lineno or 0) for line in lines)
        for node in ast.walk(function)
        if isinstance(node, ast.ClassDef)
    }
    return tuple(one for one in found.values() if one.columns or one.relationships)


def _mapped(path: str, node: ast.ClassDef) -> MappedClass:
    calls = dict(_calls(node))
    return MappedClass(
        name=node.name,
        module="",
        qualname=node.name,
        path=path,
        line=node.lineno,
        base=None,
        table=_table(node),
        columns=tuple(name for name, call in calls.items() if callee(call) in _COLUMNS),
        relationships=tuple(
            Relationship(name, None, call.lineno, _target(call))
            for name, call in calls.items()
            if callee(call) in _RELATIONSHIPS
        ),
    )


def _calls(node: ast.ClassDef) -> Iterator[tuple[str, ast.Call]]:
    """What the class body gives its names, where that is a call."""
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Call):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from ((one.id, statement.value) for one in targets if isinstance(one, ast.Name))


def _target(call: ast.Call) -> str | None:
    """The class that a relationship names, as far as its argument tells."""
    first = call.args[0] if call.args else None
    name = first.value if isinstance(first, ast.Constant) else getattr(first, "id", None)
    return name if isinstance(name, str) else None


def _table(node: ast.ClassDef) -> str:
    """The table that the class names, else the one that Flask-SQLAlchemy or SQLModel makes of the class's name."""
    for statement in node.body:
        value = statement.value if isinstance(statement, ast.Assign) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and _names_table(statement):
            return value.value
    if any(keyword.arg == "table" for keyword in node.keywords):
        return node.name.lower()
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower()


def _names_table(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and any(
        isinstance(one, ast.Name) and one.id == "__tablename__" for one in statement.targets
    )
