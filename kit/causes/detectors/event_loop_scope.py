"""A fixture that keeps objects of one event loop for tests that run in another.

https://pytest-asyncio.readthedocs.io/en/stable/concepts.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group

if TYPE_CHECKING:
    from kit.facts.declarations import FixtureScope

KIND: Final = "event-loop-scope"
_OTHER_LOOP = re.compile(
    r"(?:attached to|belongs to|bound to) a different (?:event )?loop|^Event loop is closed|^no running event loop"
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, tuple[FixtureScope, list[Group]]] = {}
    for group, _ in saying(unexplained, _OTHER_LOOP):
        if fixture := _wider(scene, group):
            met.setdefault(fixture.name, (fixture, []))[1].append(group)
    for fixture, groups in met.values():
        yield _cause(scene, fixture, groups)


def _wider(scene: Scene, group: Group) -> FixtureScope | None:
    """The async fixture that all tests of a group ask for and that lives longer than one test."""
    asked = [set(scene.fixtures_of.get(nodeid, ())) for nodeid in group.tests]
    shared = set.intersection(*asked) if asked else set()
    found = [one for name in sorted(shared) for one in scene.declarations.fixture_scopes(name)]
    return next((one for one in found if one.asynchronous and one.loop != "function"), None)


def _cause(scene: Scene, fixture: FixtureScope, groups: list[Group]) -> Cause:
    told = f'loop_scope="{fixture.loop_scope}"' if fixture.loop_scope else f'scope="{fixture.scope}"'
    return cause_of(
        groups,
        id=f"{KIND}:{fixture.name}",
        kind=KIND,
        title=f'Fixture "{fixture.name}" lives in the event loop of the {fixture.loop}, its tests in their own',
        state="consistent",
        locations=[fixture.location, *scene.spots(*groups)],
        evidence=[
            Evidence(
                f"It is defined with {told}; a test runs in a loop of its own unless told otherwise", fixture.location
            )
        ],
        next_step=then_check(
            f'Run these tests in its loop, with @pytest.mark.asyncio(loop_scope="{fixture.loop}") or '
            f"asyncio_default_test_loop_scope = {fixture.loop}, or give the fixture the scope of a test",
            check_command(groups),
        ),
    )


DETECTOR = Detector(rank=93, kind=KIND, find=_find)
