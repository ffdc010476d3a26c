"""Questions about the load-time import graph: fan-in and fan-out, chains of imports, and what depends on a module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from kit.facts.modules import Fan, ImportChain, Neighbour, Neighbourhood, Reached
from kit.facts.places import Location
from kit.inventory.imports.loading import LoadGraph
from kit.inventory.names.names import Names
from kit.inventory.source.roles import role_of


def fans(graph: LoadGraph, names: Names) -> tuple[Fan, ...]:
    """Every module, the most imported first, then by name."""
    found = [
        Fan(module, file.path, role_of(file.path), len(graph.importing.get(module, ())), len(graph.lines[module]))
        for module, file in names.files.items()
    ]
    return tuple(sorted(found, key=lambda fan: (-fan.fan_in, fan.module)))


def neighbourhood(graph: LoadGraph, names: Names, module: str) -> Neighbourhood:
    """The modules next to one."""

    def neighbour(other: str, start: str, end: str) -> Neighbour:
        return Neighbour(other, role_of(names.files[other].path), graph.location(start, end))

    return Neighbourhood(
        module,
        tuple(neighbour(other, other, module) for other in sorted(graph.importing.get(module, ()))),
        tuple(neighbour(other, module, other) for other in sorted(graph.lines[module])),
        names.files[module].path,
    )


def reached(graph: LoadGraph, names: Names, test_modules: Sequence[str], module: str) -> Reached:
    """The files that load ``module``: by their own statements, through others, and the test files among them."""
    direct = graph.importing.get(module, frozenset())
    tests = {one for one in test_modules if module in graph.closure_of_test(one)}
    loading = {one for one in _towards(graph.lines, module) if one != module and one not in test_modules}
    indirect = loading - direct
    paths = [tuple(sorted(names.files[one].path for one in modules)) for modules in (loading & direct, indirect, tests)]
    return Reached(module, names.files[module].path, *paths)


def chains_to(graph: LoadGraph, names: Names, starts: Iterable[str], module: str) -> tuple[ImportChain, ...]:
    """A shortest chain from each start that leads to the module, shortest first."""
    steps = _towards(graph.lines, module)
    found = [_chain(start, steps, graph.lines, names) for start in starts if start in steps and start != module]
    return tuple(sorted(found, key=lambda chain: (len(chain.modules), chain.modules)))


def stopping_without(graph: LoadGraph, names: Names, module: str) -> tuple[ImportChain, ...]:
    """The chain that leads to the module from each one that cannot be imported without it, nearest first. Imports that
    a ``try`` guards do not count; a package that cannot be imported takes all of its modules along.
    """
    steps = _towards(graph.needed, module)
    found = [_chain(start, steps, graph.needed, names) for start in steps if start != module]
    return tuple(sorted(found, key=lambda chain: (len(chain.modules), chain.modules)))


def _towards(edges: Mapping[str, Mapping[str, int]], end: str) -> dict[str, str]:
    """The next step on a shortest way to ``end``, by module that has one."""
    importing: dict[str, list[str]] = defaultdict(list)
    for module in sorted(edges):
        for other in edges[module]:
            importing[other].append(module)
    steps = {end: end}
    queue = [end]
    for module in queue:  # grows while it is walked
        for other in importing[module]:
            if other not in steps:
                steps[other] = module
                queue.append(other)
    return steps


def _chain(start: str, steps: Mapping[str, str], edges: Mapping[str, Mapping[str, int]], names: Names) -> ImportChain:
    modules = [start]
    while steps[modules[-1]] != modules[-1]:
        modules.append(steps[modules[-1]])
    imports = []
    for module, other in pairwise(modules):
        is_package = module.startswith(f"{other}.") and edges[module][other] == 1
        path = names.files[other if is_package else module].path
        imports.append(Location(path, edges[module][other], "package" if is_package else "import"))
    return ImportChain(tuple(modules), tuple(imports))
