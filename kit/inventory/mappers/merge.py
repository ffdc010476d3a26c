"""One table of mapped classes from the two sides: source, and the running target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kit.facts.inventory import MappedClass, Relationship
from kit.facts.places import Location
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.records import RuntimeMapper


def merge(source: Sequence[Mapper], runtime: Sequence[RuntimeMapper]) -> tuple[Mapper, ...]:
    """Each mapped class once, with the sides that it is known from. Two classes share a ``registry``, or their tables a
    MetaData, when the running target says so; source decides where it was not read.
    """
    found = _match(source, runtime)
    both = [_with_runtime(mapper, found[mapper.key]) for mapper in source if mapper.key in found]
    names = _registry_names(both, runtime)
    metadatas = _metadata_names(both, runtime, names)
    known = {id(mapper.runtime) for mapper in both}
    keys = {mapper.key for mapper in source}
    only_runtime = [
        _only_runtime(item, names[item.registry], metadatas.get(item.metadata, names[item.registry]))
        for item in runtime
        if id(item) not in known and item.key not in keys and item.path is not None
    ]
    same = {mapper.registry: names[mapper.runtime.registry] for mapper in reversed(both) if mapper.runtime}
    tables = {
        mapper.fact.metadata: metadatas[mapper.runtime.metadata]
        for mapper in reversed(both)
        if mapper.runtime and mapper.runtime.metadata
    }
    merged = [
        _named(mapper, names[mapper.runtime.registry], metadatas.get(mapper.runtime.metadata, mapper.fact.metadata))
        for mapper in both
        if mapper.runtime
    ]
    merged += [
        _named(item, same.get(item.registry, item.registry), tables.get(item.fact.metadata, item.fact.metadata))
        for item in source
        if item.key not in found
    ]
    return tuple(sorted(merged + only_runtime, key=lambda mapper: (mapper.fact.path, mapper.fact.line, mapper.key)))


def _match(source: Sequence[Mapper], runtime: Sequence[RuntimeMapper]) -> dict[tuple[str, str], RuntimeMapper]:
    """The running twin of each class in source: of the same name, else of the same file under another module name."""
    found = {item.key: item for item in reversed(runtime)}
    twins = {mapper.key: found[mapper.key] for mapper in source if mapper.key in found}
    places = {(item.path, item.qualname): item for item in reversed(runtime)}
    for mapper in source:
        place = (mapper.fact.path, mapper.fact.qualname)
        if mapper.key not in twins and place in places:
            twins[mapper.key] = places[place]
    return twins


def _registry_names(both: Sequence[Mapper], runtime: Sequence[RuntimeMapper]) -> dict[int, str]:
    """A name for each registry of the running target: that of most of its classes in source, each name given once."""
    names: dict[int, str] = {}
    for registry in dict.fromkeys(item.registry for item in runtime):
        members = [item for item in runtime if item.registry == registry]
        votes = Counter(mapper.registry for mapper in both if mapper.runtime and mapper.runtime.registry == registry)
        stated = next((item.base for item in members if item.base), None) or f"{members[0].module}.registry"
        name = votes.most_common(1)[0][0] if votes else stated
        taken = sum(other == name or other.startswith(f"{name}#") for other in names.values())
        names[registry] = f"{name}#{taken + 1}" if taken else name
    return names


def _metadata_names(
    both: Sequence[Mapper], runtime: Sequence[RuntimeMapper], registries: dict[int, str]
) -> dict[int, str]:
    """A name for each MetaData of the running target, in the same way."""
    names: dict[int, str] = {}
    for item in runtime:
        if item.metadata and item.metadata not in names:
            votes = Counter(one.fact.metadata for one in both if one.runtime and one.runtime.metadata == item.metadata)
            name = votes.most_common(1)[0][0] if votes else registries[item.registry]
            taken = sum(other == name or other.startswith(f"{name}#") for other in names.values())
            names[item.metadata] = f"{name}#{taken + 1}" if taken else name
    return names


def _named(mapper: Mapper, registry: str, metadata: str) -> Mapper:
    return replace(mapper, registry=registry, fact=replace(mapper.fact, metadata=metadata))


def _with_runtime(mapper: Mapper, runtime: RuntimeMapper) -> Mapper:
    fact = replace(
        mapper.fact,
        table=mapper.fact.table or runtime.table,
        schema=runtime.schema if runtime.metadata else mapper.fact.schema,
        columns=mapper.fact.columns or runtime.columns,
        sides=("source", "runtime"),
        imported_through=_steps(runtime),
    )
    return replace(mapper, fact=fact, runtime=runtime)


def _only_runtime(item: RuntimeMapper, registry: str, metadata: str) -> Mapper:
    fact = MappedClass(
        name=item.name,
        module=item.module,
        qualname=item.qualname,
        path=item.path or "",
        line=item.line or 1,
        base=item.base or registry,
        table=item.table,
        schema=item.schema,
        metadata=metadata,
        columns=item.columns,
        relationships=tuple(_relationship(name, argument) for name, argument in item.relationships),
        sides=("runtime",),
        imported_through=_steps(item),
    )
    return Mapper(fact, registry, own_table=item.inherits is None, runtime=item)


def _steps(runtime: RuntimeMapper) -> tuple[Location, ...]:
    return tuple(Location(path, line, "import") for path, line in runtime.imported_through)


def _relationship(name: str, argument: str | None) -> Relationship:
    last = (argument or "").rpartition(".")[2]
    return Relationship(name, argument, points_at=last if last.isidentifier() else None)
