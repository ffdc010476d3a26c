"""Which definitions of a fixture some tests see: files may define fixtures of one name each for themselves.

https://docs.pytest.org/en/stable/reference/fixtures.html#fixture-availability
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.causes.scene.scene import Scene
from kit.facts.places import Location
from kit.facts.suite import TestResult


def reaches(definition: Location, results: Iterable[TestResult]) -> bool:
    """Whether some of these tests would see a fixture of that file: it is their own, or a conftest.py above."""
    return any(_sees(result.path, definition) for result in results)


def fixtures_seen(scene: Scene, name: str, results: Sequence[TestResult]) -> tuple[Location, ...]:
    """The definitions of a fixture that these tests see; all of that name where a plugin may bring it. Of several that
    a test sees, the one in its own file or in the nearest conftest.py counts, as for pytest.
    """
    places = scene.declarations.fixtures.get(name, ())
    found: set[Location] = set()
    for path in {result.path for result in results} if len(places) > 1 else ():
        seen = [place for place in places if _sees(path, place)]
        nearest = max((_nearness(path, place) for place in seen), default=None)
        found.update(place for place in seen if _nearness(path, place) == nearest)
    return tuple(place for place in places if place in found) or places


def fixtures_asked(scene: Scene, results: Sequence[TestResult]) -> frozenset[Location]:
    """The definitions of all fixtures that these tests ask for."""
    names = {name for result in results for name in scene.fixtures_of.get(result.nodeid, ())}
    return frozenset(place for name in names for place in fixtures_seen(scene, name, results))


def _sees(path: str, definition: Location) -> bool:
    folder, _, file = definition.path.rpartition("/")
    return definition.path == path or (file == "conftest.py" and path.startswith(f"{folder}/" if folder else ""))


def _nearness(path: str, definition: Location) -> tuple[bool, int]:
    return definition.path == path, definition.path.count("/")
