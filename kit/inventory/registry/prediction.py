"""Which test modules fail alone: a relationship names a class, or a foreign key a table, that nothing there imports.

``configure_mappers()`` looks every relationship's string up among the classes that are imported by then, and
``create_all()`` every foreign key's table, so a test module may need an import that only another one makes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit.facts.inventory import MappedClass
from kit.facts.predictions import CannotConfigure, Foreseen, MissedClass
from kit.inventory.imports.loading import LoadGraph
from kit.inventory.mappers.bases import is_readable
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.references import Reference, references_of
from kit.inventory.names.names import Names
from kit.inventory.registry.keys import TableReference, foreign_keys


@dataclass(frozen=True)
class _Lookup:
    """A name that a relationship in ``module`` looks up, and the classes of the registry that fit."""

    module: str
    reference: Reference
    fitting: tuple[MappedClass, ...]


def predict(
    mappers: Sequence[Mapper], names: Names, graph: LoadGraph, test_modules: Sequence[str]
) -> tuple[CannotConfigure, ...]:
    """The test modules that will fail, sorted by path.

    Some test modules load what may import whatever is missing: a module that listens to SQLAlchemy's
    ``before_configured``, or one whose imports only running the code would tell. They are left out.
    """
    lookups = [lookup for lookup in _lookups(mappers, names) if _is_certain(lookup, names)]
    keys = tuple(foreign_keys(mappers, names))
    found = []
    for module in test_modules:
        loaded = graph.closure_of_test(module)
        missed = {*_missed(lookups, loaded), *_missed_tables(keys, loaded, names)}
        if missed and not (any(names.files[one].loads_late for one in loaded) or graph.loads_unseen(loaded)):
            in_order = tuple(sorted(missed, key=lambda one: one.needed_at))
            found.append(CannotConfigure(module, names.files[module].path, in_order))
    return tuple(sorted(found, key=lambda one: one.path))


def by_name(found: Sequence[CannotConfigure]) -> tuple[Foreseen, ...]:
    """The predictions by what is missed, that of most test files first."""
    missed: dict[tuple[str, str], list[MissedClass]] = defaultdict(list)
    files: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module in found:
        for one in module.missed:
            missed[one.what, one.name].append(one)
            files[one.what, one.name].add(module.path)
    foreseen = [
        Foreseen(
            name,
            ones[0].what,
            tuple(sorted({one.needed_at for one in ones})),
            tuple(sorted({place for one in ones for place in one.defined_at})),
            tuple(sorted(files[what, name])),
        )
        for (what, name), ones in missed.items()
    ]
    return tuple(sorted(foreseen, key=lambda one: (-len(one.test_files), one.what, one.name)))


def _lookups(mappers: Sequence[Mapper], names: Names) -> Iterator[_Lookup]:
    by_name: dict[tuple[str, str], list[MappedClass]] = defaultdict(list)
    for mapper in mappers:
        by_name[mapper.registry, mapper.fact.name].append(mapper.fact)
    readable = {registry for registry in {mapper.registry for mapper in mappers} if is_readable(names, registry)}
    for mapper in mappers:
        for reference in references_of(mapper, names):
            if reference.looked_up is not None:
                name = reference.looked_up.rpartition(".")[2]
                fitting = tuple(one for one in by_name[mapper.registry, name] if reference.fits(one))
                # a part of an expression may be no class, and a library may have classes that source does not show
                if fitting or (mapper.registry in readable and not reference.in_expression):
                    yield _Lookup(mapper.fact.module, reference, fitting)


def _is_certain(lookup: _Lookup, names: Names) -> bool:
    """Whether source tells when the classes are imported: not those of a library."""
    return all(one.module in names.files for one in lookup.fitting)


def _missed_tables(keys: Sequence[TableReference], loaded: frozenset[str], names: Names) -> Iterator[MissedClass]:
    """The tables that are missing when the tables of the others are created, where anything loaded does that."""
    if any(names.files[module].creates_tables for module in loaded):
        for key in keys:
            if key.module in loaded and not any(home.module in loaded for home in key.homes):
                places = tuple(home.location for home in key.homes)
                yield MissedClass(key.table, key.location, places, 0, "table")


def _missed(lookups: Sequence[_Lookup], loaded: frozenset[str]) -> Iterator[MissedClass]:
    for lookup in lookups:
        present = sum(one.module in loaded for one in lookup.fitting)
        if lookup.module in loaded and present != 1:
            places = tuple(one.location for one in lookup.fitting)
            yield MissedClass(lookup.reference.looked_up or "", lookup.reference.location, places, present)
