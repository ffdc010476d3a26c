"""Columns that hold dates with times of day, and whether they keep a zone, as far as their types are written down.

https://docs.sqlalchemy.org/en/20/core/type_basics.html#sqlalchemy.types.DateTime
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from kit.facts.inventory import DateTimeColumn
from kit.inventory.mappers.bases import SQLMODEL, Bases
from kit.inventory.mappers.from_source import Declared, Mapper
from kit.inventory.names.names import Names
from kit.inventory.source.annotations import arguments, dotted, head, is_none, parse
from kit.inventory.source.records import Column

_TYPES = frozenset({"DateTime", "DATETIME", "TIMESTAMP"})
_AROUND = frozenset({"Mapped", "Optional", "Union", "Annotated"})


def datetime_columns(mapper: Mapper, names: Names, bases: Bases) -> tuple[DateTimeColumn, ...]:
    """Those of a class's columns whose type is one of SQLAlchemy's own, or ``datetime`` by annotation."""
    columns = [item for item in mapper.columns if "time" in (item.part.type or "").lower()]
    by_annotation = _zone_of_annotations(mapper, bases) if columns else None
    return tuple(_dated(columns, names, by_annotation))


def _dated(columns: Iterable[Declared[Column]], names: Names, by_annotation: bool | None) -> Iterator[DateTimeColumn]:
    for item in columns:
        for timezone in _zones(parse(item.part.type or ""), item.module, names, by_annotation)[:1]:
            yield DateTimeColumn(item.part.name, item.path, item.part.line, None if item.part.opaque else timezone)


def _zone_of_annotations(mapper: Mapper, bases: Bases) -> bool | None:
    """Whether ``Mapped[datetime]`` keeps a zone: never as SQLAlchemy has it, but a base may say otherwise."""
    record = bases.names.classes.get(mapper.key)
    lineage = bases.lineage(mapper.fact.module, record) if record else None
    if lineage is None or lineage.base is None:
        return None
    if lineage.base.registry == SQLMODEL:
        return False
    above = {f"{module}.{item.qualname}": item for module, item in lineage.classes}
    is_said = any("type_annotation_map" in item.others or "registry" in item.references for item in above.values())
    return None if is_said or lineage.base.identity not in above else False


def _zones(node: ast.expr | None, module: str, names: Names, by_annotation: bool | None) -> tuple[bool | None, ...]:
    """Whether a type keeps a zone, as the one element; none for what is not a type of a date and time."""
    called = node.func if isinstance(node, ast.Call) else node
    origin = names.resolve(module, dotted(called) or "")
    if origin.dotted == "datetime.datetime":
        return (by_annotation,)
    if origin.dotted.rpartition(".")[2] in _TYPES and not names.modules.is_own(origin.module):
        return (_timezone(node) if isinstance(node, ast.Call) else False,)
    if isinstance(node, ast.Subscript) and head(node) in _AROUND:
        inner = arguments(node)[:1] if head(node) == "Annotated" else arguments(node)
    elif isinstance(node, ast.BinOp):
        inner = [node.left, node.right]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        inner = [part for part in [parse(node.value)] if part]
    else:
        return ()
    return tuple(zone for part in inner if not is_none(part) for zone in _zones(part, module, names, by_annotation))


def _timezone(call: ast.Call) -> bool | None:
    """The ``timezone`` of ``DateTime(...)``."""
    given = [*call.args[:1], *(one.value for one in call.keywords if one.arg in ("timezone", None))]
    if not given:
        return False
    return given[0].value if isinstance(given[0], ast.Constant) and isinstance(given[0].value, bool) else None
