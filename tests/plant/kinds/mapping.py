"""Faults of mapped classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.plant.app import App, File, Place, Planting, in_one_file

_RELATIONSHIPS = ("relationship", "Relationship")
_COLUMNS = ("Column", "mapped_column", "Field")


def duplicate_class(app: App) -> Iterator[Planting]:
    """A second class of the name, in a module of its own, mapped to a table of its own."""
    yield from _second_class("duplicate-class", app, extend=False)


def extend_existing(app: App) -> Iterator[Planting]:
    """A second class of the name for the same table, which ``extend_existing`` lets through."""
    yield from _second_class("extend-existing", app, extend=True)


def relationship_target(app: App) -> Iterator[Planting]:
    """A relationship to a class that does not exist."""
    for file in app.files.values():
        classes = {one.name for other in app.files.values() for one in mapped_classes(other)}
        for statement, call in _assigned_calls(file, *_RELATIONSHIPS):
            annotation = [*ast.walk(statement.annotation)] if isinstance(statement, ast.AnnAssign) else []
            for node in [*call.args[:1], *annotation]:
                if isinstance(node, ast.Constant) and node.value in classes:
                    text = file.with_node(node, f'"{node.value}s"')
                    what = f'the relationship names "{node.value}s"'
                    yield in_one_file("relationship-target", app, file, node.lineno, text, what)


def back_populates(app: App) -> Iterator[Planting]:
    """A ``back_populates`` of an attribute that the other class does not have."""
    for file in app.files.values():
        for _, call in _assigned_calls(file, *_RELATIONSHIPS):
            for keyword in call.keywords:
                if keyword.arg == "back_populates" and isinstance(keyword.value, ast.Constant):
                    new = f"{keyword.value.value}_all"
                    text = file.with_node(keyword.value, f'"{new}"')
                    yield in_one_file("back-populates", app, file, keyword.value.lineno, text, f"back_populates {new}")


def duplicate_index(app: App) -> Iterator[Planting]:
    """``index=True`` on a column, and an ``Index`` of the same name beside it."""
    for file in app.files.values():
        for mapped in mapped_classes(file):
            table = table_of(mapped)
            if table is None or any("__table_args__" in _targets(node) for node in mapped.body):
                continue
            for statement, call in _assigned_calls(file, *_COLUMNS):
                if statement not in mapped.body or any(keyword.arg == "primary_key" for keyword in call.keywords):
                    continue
                (column,) = _targets(statement)[:1] or ("",)
                index = f'__import__("sqlalchemy").Index("ix_{table}_{column}", "{column}")'
                indented = " " * mapped.body[0].col_offset
                if not any(keyword.arg == "index" for keyword in call.keywords):
                    source = file.source(call)
                    file_with = File(file.path, file.with_node(call, f"{source[:-1].rstrip(', ')}, index=True)"), "")
                else:
                    file_with = file
                line = mapped.body[-1].end_lineno or 0
                text = file_with.with_lines(line + 1, f"{indented}__table_args__ = ({index},)")
                places = (Place(file.path, line + 1), Place(file.path, statement.lineno))
                yield Planting("duplicate-index", app.name, f"ix_{table}_{column}", places, ((file.path, text),))


def foreign_key(app: App) -> Iterator[Planting]:
    """A foreign key to a table that does not exist."""
    for file in app.files.values():
        for node in file.nodes(ast.Call):
            assert isinstance(node, ast.Call)
            named = node.args[:1] if _name(node.func) == "ForeignKey" else []
            named += [keyword.value for keyword in node.keywords if keyword.arg == "foreign_key"]
            for target in named:
                if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
                    table, _, column = target.value.rpartition(".")
                    text = file.with_node(target, f'"{table}_main.{column}"')
                    yield in_one_file("foreign-key", app, file, target.lineno, text, f"refers to {table}_main")


def tables_not_created(app: App) -> Iterator[Planting]:
    """Nobody creates the tables."""
    for file in app.files.values():
        for node in file.nodes(ast.Expr):
            assert isinstance(node, ast.Expr)
            if isinstance(node.value, ast.Call) and _name(node.value.func) == "create_all":
                text = file.with_node(node, "pass")
                yield in_one_file("tables-not-created", app, file, node.lineno, text, "create_all is not called")


def attribute_renamed(app: App) -> Iterator[Planting]:
    """A column has another attribute name than the code that uses it."""
    for file in app.files.values():
        classes = mapped_classes(file)
        for statement, call in _assigned_calls(file, *_COLUMNS):
            if not any(statement in mapped.body for mapped in classes):
                continue
            if any(keyword.arg == "primary_key" for keyword in call.keywords):
                continue
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Name):
                text = file.with_node(target, f"{target.id}_text")
                yield in_one_file(
                    "attribute-renamed", app, file, target.lineno, text, f"{target.id} is {target.id}_text"
                )


def mapped_classes(file: File) -> list[ast.ClassDef]:
    """Classes of a file that are mapped to a table."""
    return [node for node in file.nodes(ast.ClassDef) if isinstance(node, ast.ClassDef) and table_of(node)]


def table_of(mapped: ast.ClassDef) -> str | None:
    """The table of a mapped class: named, or as SQLModel and Flask-SQLAlchemy name it; ``None`` for other classes."""
    for node in mapped.body:
        value = getattr(node, "value", None)
        if "__tablename__" in _targets(node) and isinstance(value, ast.Constant):
            return str(value.value)
    if any(keyword.arg == "table" for keyword in mapped.keywords):
        return mapped.name.lower()
    if any(_name(base) == "Model" for base in mapped.bases) and any(
        isinstance(getattr(node, "value", None), ast.Call) and _name(node.value.func) in _COLUMNS
        for node in mapped.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call)
    ):
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", mapped.name).lower()
    return None


def _second_class(kind: str, app: App, *, extend: bool) -> Iterator[Planting]:
    named = {
        node.value
        for file in app.files.values()
        for _, call in [*_assigned_calls(file, *_RELATIONSHIPS)]
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and call
    }
    for file in app.production:
        for mapped in mapped_classes(file):
            if mapped.name not in named or mapped not in file.tree.body or "." not in file.module:
                continue
            base = file.source(mapped.bases[0])
            first = base.partition(".")[0]
            path = f"{file.path.rpartition('/')[0]}/legacy_{file.path.rpartition('/')[2]}"
            module = f"{file.module.rpartition('.')[0]}.legacy_{file.module.rpartition('.')[2]}"
            text, line = _twin(file.module, first, base, mapped, extend=extend)
            last = len(file.text.splitlines()) + 1
            importing = file.with_lines(last, f"import {module}  # noqa: E402")
            places = (Place(path, line), Place(file.path, mapped.lineno), Place(file.path, last))
            yield Planting(kind, app.name, f"a second {mapped.name}", places, ((path, text), (file.path, importing)))


def _twin(module: str, first: str, base: str, mapped: ast.ClassDef, *, extend: bool) -> tuple[str, int]:
    table = table_of(mapped) if extend else f"legacy_{table_of(mapped)}"
    is_sqlmodel = any(keyword.arg == "table" for keyword in mapped.keywords)
    lines = ["from typing import Optional", "", "import sqlalchemy as sa", f"from {module} import {first}"]
    if is_sqlmodel:
        lines += ["from sqlmodel import Field", "", "", f"class {mapped.name}({base}, table=True):"]
        key = "    id: Optional[int] = Field(default=None, primary_key=True)"
    else:
        lines += ["", "", f"class {mapped.name}({base}):"]
        key = "    id = sa.Column(sa.Integer, primary_key=True)"
    line = len(lines)
    lines.append(f'    __tablename__ = "{table}"')
    lines += ['    __table_args__ = {"extend_existing": True}'] * extend
    return "\n".join([*lines, key, ""]), line


def _assigned_calls(file: File, *names: str) -> Iterator[tuple[ast.Assign | ast.AnnAssign, ast.Call]]:
    for node in file.nodes(ast.Assign, ast.AnnAssign):
        assert isinstance(node, ast.Assign | ast.AnnAssign)
        if isinstance(node.value, ast.Call) and _name(node.value.func) in names:
            yield node, node.value


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _targets(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


PLANTERS = (
    duplicate_class,
    extend_existing,
    relationship_target,
    back_populates,
    duplicate_index,
    foreign_key,
    tables_not_created,
    attribute_renamed,
)
