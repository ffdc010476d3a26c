"""Import cycles of the load-time graph: the only ones that an import can trip over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from kit.facts.modules import ImportCycle
from kit.inventory.imports.loading import LoadGraph


def find_cycles(graph: LoadGraph) -> tuple[ImportCycle, ...]:
    """A shortest cycle of each group of modules that all reach each other, shortest first, then by name."""
    found = [_cycle(graph, group) for group in components(graph.lines) if len(group) > 1]
    return tuple(sorted(found, key=lambda cycle: (len(cycle.modules), cycle.modules)))


def components(edges: Mapping[str, Collection[str]]) -> Iterator[frozenset[str]]:
    """The strongly connected components (Tarjan), without recursion: import chains may be long."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: dict[str, None] = {}  # Tarjan's stack; a dict, since membership is tested
    for root in edges:
        work = [(root, iter(edges[root]))] if root not in index else []
        while work:
            node, successors = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                open_nodes[node] = None
            for other in successors:
                if other not in index:
                    work.append((other, iter(edges.get(other, ()))))
                    break
                if other in open_nodes:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    yield _closed(open_nodes, node)


def _closed(open_nodes: dict[str, None], root: str) -> frozenset[str]:
    """Take a whole component from the stack."""
    group = set()
    while root not in group:
        group.add(open_nodes.popitem()[0])
    return frozenset(group)


def _cycle(graph: LoadGraph, group: frozenset[str]) -> ImportCycle:
    inside = {module: sorted(set(graph.lines[module]) & group) for module in group}
    modules = min((_shortest_through(module, inside) for module in sorted(group)), key=len)
    steps = zip(modules, [*modules[1:], modules[0]], strict=True)
    return ImportCycle(modules, tuple(graph.location(module, other) for module, other in steps), len(group))


def _shortest_through(start: str, edges: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """A shortest cycle through a module of a component, starting with it."""
    came_from: dict[str, str] = {}
    queue = [start]
    for module in queue:  # grows while it is walked
        for other in edges[module]:
            if other == start:
                return tuple(reversed([*_back(came_from, module, start), start]))
            if other not in came_from:
                came_from[other] = module
                queue.append(other)
    raise AssertionError("every module of a component lies on a cycle")


def _back(came_from: Mapping[str, str], module: str, start: str) -> Iterator[str]:
    while module != start:
        yield module
        module = came_from[module]
