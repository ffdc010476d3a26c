"""Which classes of one name failing tests bring together, where a repository holds several applications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kit.causes.scene.scene import Scene
from kit.facts.collisions import among
from kit.facts.failures import Group
from kit.facts.inventory import Collision
from kit.facts.suite import TestResult

#: with more classes than this, those of other applications may be among them
PAIR = 2


def met_together(scene: Scene, groups: Sequence[Group], collision: Collision) -> Collision:
    """The collision without the classes that these tests do not import and that other tests use without harm: were
    they in one registry with the rest, no test could use its mappers.
    """
    if len(collision.classes) <= PAIR or not groups:
        return collision
    importing = _importing(scene)
    own = _loaded(scene, importing, scene.results(*groups))
    elsewhere = _loaded(scene, importing, (one for one in scene.suite.results if _is_fine(one))) - own
    met = [party for party in collision.classes if party.mapped.path not in elsewhere]
    return among(collision, met, scene.inventory) if len(met) >= PAIR else collision


def _is_fine(result: TestResult) -> bool:
    return result.outcome == "passed" or result.alone == "passes_alone"


def _importing(scene: Scene) -> Mapping[str, set[str]]:
    """The files with modules that each file imports while it is imported itself."""
    importing: dict[str, set[str]] = defaultdict(set)
    paths = {module: path for path, module in scene.declarations.module_names.items()}
    for one in scene.inventory.importers:
        if one.module in paths and one.scope not in ("function", "type_checking", "lazy"):
            importing[one.path].add(paths[one.module])
    return importing


def _loaded(scene: Scene, importing: Mapping[str, set[str]], results: Iterable[TestResult]) -> frozenset[str]:
    """The files that tests import, and those that these import at their end or from one another."""
    found: set[str] = set()
    todo = set(scene.exercise.modules_of(results))
    while todo:
        found |= todo
        todo = {other for path in todo for other in importing.get(path, ())} - found
    return frozenset(found)
