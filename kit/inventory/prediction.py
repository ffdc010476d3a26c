"""Which test modules cannot configure their mappers alone: a relationship names a class that nothing there imports.

``configure_mappers()`` looks every relationship's string up among the classes that are imported by then, so a test
module may need an import that only another one makes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from kit.facts.inventory import CannotConfigure, MissedClass
from kit.inventory.bases import is_readable
from kit.inventory.loading import LoadGraph
from kit.inventory.mappers import Mapper
from kit.inventory.names import Names
from kit.inventory.references import Reference, references_of

#: the mapped classes by registry and name
ByName = Mapping[tuple[str, str], Sequence[Mapper]]


def predict(
    mappers: Sequence[Mapper], names: Names, graph: LoadGraph, test_modules: Sequence[str]
) -> tuple[CannotConfigure, ...]:
    """The test modules that will fail, sorted by path."""
    by_name: dict[tuple[str, str], list[Mapper]] = defaultdict(list)
    for mapper in mappers:
        by_name[mapper.registry, mapper.fact.name].append(mapper)
    references = [(mapper, tuple(references_of(mapper, names))) for mapper in mappers]
    readable = {registry for registry in {mapper.registry for mapper in mappers} if is_readable(names, registry)}
    found = []
    for module in test_modules:
        loaded = graph.closure_of_test(module)
        needed = [(mapper, refs) for mapper, refs in references if mapper.fact.module in loaded]
        if missed := tuple(sorted(set(_missed(needed, by_name, loaded, readable)), key=lambda one: one.needed_at)):
            found.append(CannotConfigure(module, names.files[module].path, missed))
    return tuple(sorted(found, key=lambda one: one.path))


def _missed(
    needed: Sequence[tuple[Mapper, Sequence[Reference]]],
    by_name: ByName,
    loaded: frozenset[str],
    readable: Collection[str],
) -> Iterator[MissedClass]:
    """A class that is nowhere is missed only of a registry that a library has no part in."""
    for mapper, references in needed:
        for reference in references:
            if reference.looked_up is None:
                continue
            name = reference.looked_up.rpartition(".")[2]
            fitting = [one for one in by_name.get((mapper.registry, name), ()) if reference.fits(one.fact)]
            present = sum(one.fact.module in loaded for one in fitting)
            if present != 1 and (fitting or (mapper.registry in readable and not reference.in_expression)):
                places = tuple(one.fact.location for one in fitting)
                yield MissedClass(reference.looked_up, reference.location, places, present)
