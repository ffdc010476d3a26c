"""The line of the target that wrote the message of an error which a library raised: no frame shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kit import inventory
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.facts.failures import Group
from kit.facts.places import Location


def writing(scene: Scene, group: Group, found: Iterable[Suspect]) -> tuple[Location, ...]:
    """The lines that give the message of a group its text, in the files that its tests were seen to execute (``found``)
    or import; empty where the target itself raised it, or a test did.
    """
    root = next(iter(scene.roots(group)), None)
    if root is None or not scene.has_source or not root.frames or root.frames[-1].owner != "library":
        return ()
    return scene.declarations.messages.written(root.message, _paths(scene, group, found))


def _paths(scene: Scene, group: Group, found: Iterable[Suspect]) -> Iterator[str]:
    executed = [suspect.place.path for suspect in found]
    yield from (path for path in executed if inventory.role_of(path) != "test")
    if not executed:
        imported = (scene.imported_by_tests.get(result.path, frozenset()) for result in scene.results(group))
        yield from (path for paths in imported for path in sorted(paths) if inventory.role_of(path) != "test")
