"""Import cycles of the load-time graph."""

from __future__ import annotations

import random

import pytest

from kit.inventory.imports.cycles import components, find_cycles
from tests.inventory.projects import Source


def cycles(files: dict[str, str]) -> list[tuple[tuple[str, ...], list[str], int]]:
    found = find_cycles(Source(files).graph)
    return [(cycle.modules, [str(place) for place in cycle.imports], cycle.entangled) for cycle in found]


def test_two_modules_that_import_each_other() -> None:
    assert cycles({"a.py": "x = 1\nimport b", "b.py": "import json\n\nfrom a import x"}) == [
        (("a", "b"), ["a.py:2", "b.py:3"], 2)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    from a import x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import x",
        "# from a import x",
        "import json",
    ],
)
def test_an_import_that_does_not_run_at_load_time_closes_no_cycle(text: str) -> None:
    assert cycles({"a.py": "import b", "b.py": text}) == []


def test_of_a_knot_the_shortest_cycle_is_told_and_the_shortest_of_all_first() -> None:
    knot = {
        "a.py": "import b",
        "b.py": "import c",
        "c.py": "import d\nimport a",
        "d.py": "import c",
        "e.py": "import a",
    }
    ring = {"x.py": "import y", "y.py": "import z", "z.py": "import x"}
    assert cycles({**ring, **knot}) == [
        (("c", "d"), ["c.py:1", "d.py:1"], 4),
        (("x", "y", "z"), ["x.py:1", "y.py:1", "z.py:1"], 3),
    ]


def test_a_package_that_imports_its_modules_is_no_cycle_until_one_takes_a_name_of_it() -> None:
    package = {"p/__init__.py": "from p.a import f\nfrom p import b", "p/b.py": ""}
    assert cycles({**package, "p/a.py": "from p import b\nfrom . import b\nimport p.b"}) == []
    assert cycles({**package, "p/a.py": "from p import f"}) == [(("p", "p.a"), ["p/__init__.py:1", "p/a.py:1"], 2)]


def test_a_long_chain_needs_no_recursion() -> None:
    ring = {f"m{at}": [f"m{(at + 1) % 5000}"] for at in range(5000)}
    assert [len(group) for group in components(ring)] == [5000]


def test_components_are_the_modules_that_reach_each_other() -> None:
    rng = random.Random(7)
    for _ in range(200):
        nodes = [str(number) for number in range(rng.randint(1, 9))]
        edges = {node: rng.sample(nodes, rng.randint(0, min(2, len(nodes)))) for node in nodes}
        reached = {node: reach(edges, node) for node in nodes}
        mutual = {frozenset({n} | {m for m in nodes if m in reached[n] and n in reached[m]}) for n in nodes}
        assert set(components(edges)) == mutual


def reach(edges: dict[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        new = [other for other in edges[todo.pop()] if other not in found]
        found.update(new)
        todo += new
    return found
