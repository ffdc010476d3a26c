"""What the relationships of mapped classes point at: a name that the registry looks up, or a class itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.inventory import MappedClass
from kit.facts.places import Location
from kit.inventory.mappers.from_source import Declared, Mapper
from kit.inventory.names.modules import parents
from kit.inventory.names.names import Names
from kit.inventory.source.annotations import evaluated_names, relationship_target
from kit.inventory.source.records import FileRecord, RelationshipCall


@dataclass(frozen=True)
class Reference:
    """A class that a relationship names. ``looked_up`` is the string that the registry looks up (a class name, or
    one behind a part of its module's path); ``origin`` is module and qualified name where no string is involved.
    ``in_expression`` says that the string is a part of an expression, where it may be no class at all.
    """

    location: Location
    looked_up: str | None = None
    origin: tuple[str, str] | None = None
    back_populates: str | None = None
    in_expression: bool = False

    def fits(self, mapped: MappedClass) -> bool:
        """Whether a class of the same registry is one that this refers to."""
        if self.origin is not None:
            return self.origin == (mapped.module, mapped.qualname)
        path, _, name = (self.looked_up or "").rpartition(".")
        return name == mapped.name and f".{mapped.module}".endswith(f".{path}" if path else "")


def references_of(mapper: Mapper, names: Names) -> Iterator[Reference]:
    """What the relationships of a class refer to."""
    for declared in mapper.relationships:
        yield from references_in(declared, names)
    if mapper.runtime is not None and "source" not in mapper.fact.sides:
        for _, argument in mapper.runtime.relationships:
            if argument:
                yield Reference(Location(mapper.fact.path, mapper.fact.line, "relationship"), argument)


def references_in(declared: Declared[RelationshipCall], names: Names) -> Iterator[Reference]:
    """What one relationship refers to: its target first, when it says one."""
    call = declared.part
    location = Location(declared.path, call.line, "relationship")
    if call.kind == "string":
        yield Reference(location, call.target, back_populates=call.back_populates)
    elif call.kind != "annotation" and call.target:
        origin = names.resolve(declared.module, call.target)
        yield Reference(location, origin=(origin.module, origin.name), back_populates=call.back_populates)
    elif call.annotation and (pointed := relationship_target(call.annotation)):
        # SQLAlchemy takes a class as it is, but of a string, and of any annotation under the future import, the name
        if pointed.quoted or _postpones_annotations(names.files[declared.module]):
            # SQLModel, whose annotations have no Mapped around them, keeps the path in front of the name
            name = pointed.dotted.rpartition(".")[2] if "Mapped[" in call.annotation else pointed.dotted
            yield Reference(location, name, back_populates=call.back_populates)
        else:
            origin = names.resolve(declared.module, pointed.dotted)
            yield Reference(location, origin=(origin.module, origin.name), back_populates=call.back_populates)
    for expression in call.expressions:
        for name in evaluated_names(expression):  # of "Order.total.desc", "Order" and "Order.total" may be the class
            yield from (Reference(location, prefix, in_expression=True) for prefix in parents(name))


def _postpones_annotations(file: FileRecord) -> bool:
    future = [statement for statement in file.imports if statement.module == "__future__"]
    return any(item.name == "annotations" for statement in future for item in statement.names)
