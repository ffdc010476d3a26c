"""What tests replace is not what the code under test uses: the original runs all the same.

https://docs.python.org/3/library/unittest.mock.html#where-to-patch
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.exercise import function_of
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.facts.causes import Cause, Evidence
from kit.facts.declarations import Replacement
from kit.facts.failures import Group
from kit.facts.suite import TestResult

KIND: Final = "replaced-elsewhere"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, str], list[tuple[list[Replacement], Group]]] = {}
    for group in unexplained if scene.has_source and scene.suite.execution else ():
        if found := next(_explaining(scene, group), None):
            met.setdefault((found[0].target, found[0].instead), []).append((found, group))
    for pairs in met.values():
        replacements = sorted({one for found, _ in pairs for one in found}, key=lambda one: one.location)
        yield _cause(scene, replacements, [group for _, group in pairs])


def _explaining(scene: Scene, group: Group) -> Iterator[list[Replacement]]:
    """The replacements of one thing, where every test of a group makes one of them and runs the original."""
    results = scene.results(group)
    for alike in scene.declarations.replacements.missing if results else ():
        is_made = all(any(_makes(scene, result, one) for one in alike) for result in results)
        if is_made and _explains(scene, alike[0], group):
            yield [one for one in alike if any(_makes(scene, result, one) for result in results)]


def _makes(scene: Scene, result: TestResult, one: Replacement) -> bool:
    """Whether a test makes a replacement itself, in a fixture, or at the top of its file or of a conftest.py."""
    if one.function in scene.fixtures_of.get(result.nodeid, ()):
        return True
    is_own = one.location.path == result.path and one.function in ("", function_of(result))
    return is_own or (not one.function and one.location.path.endswith("conftest.py"))


def _explains(scene: Scene, one: Replacement, group: Group) -> bool:
    """Whether the tests were seen to execute the original, and something of the file that still uses it."""
    uses = scene.spectrum.executed_named(group.failure_ids, one.used.path)
    return bool(uses) and any(item.failing == item.of_failing for item in _executed(scene, one, group))


def _executed(scene: Scene, one: Replacement, *groups: Group) -> tuple[Suspect, ...]:
    failures = [failure for group in groups for failure in group.failure_ids]
    return scene.spectrum.executed_named(failures, one.path, one.name)


def _cause(scene: Scene, replacements: Sequence[Replacement], groups: Sequence[Group]) -> Cause:
    first = replacements[0]
    executed = _executed(scene, first, *groups)
    advice = f"Replace {first.instead}, which is what the code under test uses"
    if first.used.role == "import":
        advice = f"Patch {first.instead}, where the code under test looks it up"
    return cause_of(
        groups,
        id=f"{KIND}:{first.target}:{first.instead}",
        kind=KIND,
        title=f"Tests replace {first.target}, but the code under test uses {first.instead}",
        state="consistent",
        locations=(*(one.location for one in replacements), first.used, *(one.place for one in executed[:1])),
        evidence=[
            *(Evidence(f"{one.said.partition(';')[0]}, though they replace it", one.place) for one in executed[:1]),
            Evidence(f"{first.instead} is made here, and stays what it is", first.used)
            if first.used.role == "import"
            else Evidence(f"This depends on {first.instead}, not on {first.target}", first.used),
        ],
        next_step=then_check(advice, check_command(groups)),
    )


DETECTOR = Detector(rank=65, kind=KIND, find=_find)
