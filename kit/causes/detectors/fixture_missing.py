"""A fixture that tests ask for and that nothing provides, or that asks for itself by way of others.

https://docs.pytest.org/en/stable/reference/fixtures.html#fixture-availability
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.fixtures_seen import reaches
from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "fixture-missing"
_NOT_FOUND = re.compile(r"^fixture '(?P<name>[^']+)' not found")
#: fixtures of well-known plugins, with the distribution that brings them
_OF_PLUGINS = {
    "aiohttp_client": "pytest-aiohttp",
    "benchmark": "pytest-benchmark",
    "celery_worker": "celery",
    "django_user_model": "pytest-django",
    "faker": "Faker",
    "freezer": "pytest-freezer",
    "httpserver": "pytest-httpserver",
    "httpx_mock": "pytest-httpx",
    "mocker": "pytest-mock",
    "page": "pytest-playwright",
    "requests_mock": "requests-mock",
    "snapshot": "syrupy",
    "unused_tcp_port": "pytest-asyncio or anyio",
}


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_name: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _NOT_FOUND):
        by_name.setdefault(found["name"], []).append(group)
    used = {fixture for test in scene.suite.tests for fixture in test.fixtures} - by_name.keys()
    circles: dict[tuple[Location, ...], list[str]] = {}
    for name, groups in by_name.items():
        if around := _around(scene, name, groups):
            circles.setdefault(around, []).append(name)
        else:
            idle = _idle(scene, used)  # a fixture that was renamed is one that nothing asks for any more
            meant = nearest(name, idle) or nearest(name, used | scene.declarations.fixtures.keys())
            meant = meant or _unused(name, idle)
            yield _cause(scene, name, groups, meant)
    for around, names in circles.items():
        yield _circle(scene, names, around, [group for name in names for group in by_name[name]])


def _idle(scene: Scene, used: Set[str]) -> Set[str]:
    """The fixtures for which neither a test nor a fixture asks."""
    fixtures = scene.declarations.fixtures
    asked = {one for places in fixtures.values() for place in places for one in scene.declarations.parameters(place)}
    return fixtures.keys() - used - asked


def _unused(name: str, idle: Set[str]) -> str | None:
    """The one of these fixtures with this word in its name."""
    alike = [other for other in idle if name in other.split("_")]
    return alike[0] if len(alike) == 1 else None


def _around(scene: Scene, name: str, groups: Sequence[Group]) -> tuple[Location, ...]:
    """The fixtures of the circle that this one is in, those that these tests see; empty where it is in none."""
    all_of_them = scene.declarations.fixtures.items()
    results = scene.results(*groups)
    seen = {other: [one for one in places if reaches(one, results)] for other, places in all_of_them}
    asks = {
        other: {asked for place in places for asked in scene.declarations.parameters(place)}
        for other, places in seen.items()
    }
    circle = [other for other in _asked_by(name, asks) if name in _asked_by(other, asks)]
    return tuple(sorted({place for other in circle for place in seen.get(other, ())}))


def _asked_by(name: str, asks: Mapping[str, Set[str]]) -> set[str]:
    """What a fixture asks for, directly or by way of others."""
    found: set[str] = set()
    ahead = set(asks.get(name, ()))
    while ahead:
        found |= ahead
        ahead = {more for other in ahead for more in asks.get(other, ())} - found
    return found


def _circle(scene: Scene, names: Sequence[str], places: Sequence[Location], groups: list[Group]) -> Cause:
    return cause_of(
        groups,
        id=f"{KIND}:{names[0]}",
        kind=KIND,
        title=f"{_called(names)} for {'itself' if len(names) == 1 else 'each other'}, directly or by way of others",
        state="consistent",
        locations=[*places, *scene.spots(*groups)],
        evidence=[Evidence(f"Of the circle: {scene.declarations.line(place).strip()}", place) for place in places],
        next_step=then_check("Let one of these fixtures not ask for the other", check_command(groups)),
    )


def _called(names: Sequence[str]) -> str:
    quoted = enumerated([f'"{name}"' for name in names])
    return f"Fixture {quoted} asks" if len(names) == 1 else f"Fixtures {quoted} ask"


def _cause(scene: Scene, name: str, groups: list[Group], meant: str | None) -> Cause:
    results = scene.results(*groups)
    unseen = [place for place in scene.declarations.fixtures.get(name, ()) if reaches(place, results)]
    evidence = [Evidence(f'"{name}" is defined here, and pytest does not find it', place) for place in unseen]
    defined = [place for place in scene.declarations.fixtures.get(meant or "", ()) if reaches(place, results)]
    if meant:
        place = defined[0] if defined else None
        evidence.append(Evidence(f'There is a fixture of a like name: "{meant}"', place))
    if name in _OF_PLUGINS:
        evidence.append(Evidence(f'A fixture "{name}" comes with {_OF_PLUGINS[name]}'))
    return cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=f'Fixture "{name}" does not exist',
        state="consistent",
        locations=[*unseen, *defined, *scene.spots(*groups)],
        evidence=evidence,
        next_step=then_check(_advice(name, meant), check_command(groups)),
    )


def _advice(name: str, meant: str | None) -> str:
    if name in _OF_PLUGINS:
        return f"Install {_OF_PLUGINS[name]} in the target's environment"
    if meant:
        return f'Ask for "{meant}", if that is what is meant, or define "{name}" in a conftest.py above these tests'
    return f'Define "{name}" in a conftest.py above these tests, or install the plugin that brings it'


DETECTOR = Detector(rank=91, kind=KIND, find=_find)
