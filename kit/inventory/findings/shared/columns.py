"""Whether source shows all that matters of a class's columns."""

from __future__ import annotations

import builtins
import sys

from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Declared, Mapper
from kit.inventory.source.annotations import relationship_target
from kit.inventory.source.records import Column


def is_readable(column: Declared[Column], view: View) -> bool:
    """Whether the column can be read; its type may be an ``Annotated`` one that brings a key along."""
    annotation = column.part.type or ""
    if column.part.opaque or "Annotated" in annotation:
        return False
    pointed = relationship_target(annotation) if "Mapped[" in annotation else None
    if pointed is None or hasattr(builtins, pointed.dotted):
        return True
    origin = view.names.resolve(column.module, pointed.dotted)
    is_alias = not origin.dotted.endswith(pointed.dotted.rpartition(".")[2])
    return origin.module.partition(".")[0] in sys.stdlib_module_names and not is_alias


def are_all_readable(mapper: Mapper, view: View) -> bool:
    """Whether the class has the columns that source shows, and no others."""
    classes = view.bases_of(mapper)
    if classes is None or not mapper.columns:
        return False
    records = [record for _, record in classes]
    if any(record.references or any(name.endswith("()") for name in record.others) for record in records):
        return False
    return all(is_readable(column, view) for column in mapper.columns)
