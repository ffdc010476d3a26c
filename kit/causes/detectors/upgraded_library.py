"""A release of a library that broke code: the failure says what the table of breakages knows of that release.

https://peps.python.org/pep-0440/#version-specifiers
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.broken_upgrades import behind_a_server, by_lines, by_message, concerned, lines_met
from kit.causes.scene.dropped_by_release import by_dropped_name, dropped_at_start
from kit.causes.scene.scene import Scene
from kit.causes.upgrades.drift import moves
from kit.causes.upgrades.table import error_of
from kit.causes.upgrades.wording import upgrade_advice
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.kinds import CauseKind
from kit.facts.places import Location
from kit.facts.upgrades import Breakage
from kit.facts.wording import counted

KIND: Final = "upgraded-library"

#: at most this many lines are places of a cause, and of them shown in its evidence
_PLACES, _SHOWN = 40, 3

#: the fix where the code that a release broke is the target's
_ADAPT: Final = "Adapt {} to {} {}: it is the code of this project that the release broke"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    told = {one.id: (one, groups) for one, groups in by_message(scene, unexplained)}
    rest = [group for group in unexplained if not any(group in groups for _, groups in told.values())]
    hidden = {one.id: groups for one, groups in behind_a_server(scene, rest)} if told else {}
    for one, groups in told.values():
        yield cause_of_breakage(KIND, scene, one, [*groups, *hidden.get(one.id, ())])
    yield from _dropped(scene, [group for group in rest if not any(group in groups for groups in hidden.values())])
    stopping = keeps_from_starting(scene)
    if stopping and stopping.id not in told:
        yield cause_of_breakage(KIND, scene, stopping, [group for group in unexplained if not group.tests])


def _dropped(scene: Scene, rest: Sequence[Group]) -> Iterator[Cause]:
    """What no entry knows, neither by its message nor by its lines: the entries know a fix that works."""
    found = list(by_dropped_name(scene, rest))
    known = [group for _, groups in (by_lines(scene, rest) if found else ()) for group in groups]
    for one, groups in found:
        if unknown := [group for group in groups if group not in known]:
            yield cause_of_breakage(KIND, scene, one, unknown)


def keeps_from_starting(scene: Scene) -> Breakage | None:
    """The entry that says why pytest does not start."""
    problem = scene.suite.problem
    if not problem or scene.suite.tests:
        return None
    known = next((one for one in concerned(scene) if error_of(one).search(problem)), None)
    return known or dropped_at_start(scene, problem)


def cause_of_breakage(kind: CauseKind, scene: Scene, one: Breakage, groups: Sequence[Group]) -> Cause:
    """The cause: the release, its change, the lines that it breaks, and the fix."""
    own = _is_in_target(scene, one)
    places = scene.spots(*groups) if own else lines_met(scene, one, groups)
    lines = f": {counted(len(places), 'line')}" if places else ""
    return cause_of(
        groups,
        id=f"{kind}:{one.id}",
        kind=kind,
        title=f"{one.named} {one.first_bad} ({_versions(scene, one)}): {one.cause}{lines}",
        state="consistent",
        locations=places[:_PLACES] or scene.spots(*groups) or _filters(scene, one),
        evidence=[
            Evidence(_measured(one)),
            *([Evidence(f"The change: {one.source}")] if one.source != "not found" else []),
            *_captured(scene, one, groups),
            *(Evidence(scene.declarations.line(place).strip(), place) for place in places[:_SHOWN]),
        ],
        next_step=then_check(
            _ADAPT.format(places[0], one.named, one.first_bad) if own and places else upgrade_advice(one),
            check_command(groups),
        ),
    )


def _measured(one: Breakage) -> str:
    if one.compared:
        return f"The source of {one.named} {one.last_good} and that of {one.first_bad} show it"
    return f"The same code works with {one.named} {one.last_good}, and not with {one.first_bad}"


def _filters(scene: Scene, one: Breakage) -> tuple[Location, ...]:
    """Where filters make a warning of the release an error, if that stops pytest before it comes to a line."""
    stops = one.kind == "warning-as-error" and scene.has_source
    line = scene.declarations.ini.line("filterwarnings") if stops else None
    return (line,) if line else ()


def _is_in_target(scene: Scene, one: Breakage) -> bool:
    """Whether the code that the release broke is the target's own: no newer release of it can be installed."""
    return bool(one.beside) and set(one.imported) <= scene.own_packages


def _versions(scene: Scene, one: Breakage) -> str:
    told = f"installed {scene.environment.releases.get(one.library, '')}"
    move = moves(scene.environment, scene.inventory.pins).get(one.library)
    return f"{told}; {move.since} has {move.before}" if move else told


def _captured(scene: Scene, one: Breakage, groups: Sequence[Group]) -> Iterator[Evidence]:
    """What the tests printed or logged about it, where their exceptions do not say it."""
    for failure in scene.failures_of(*groups):
        raised = (f"{info.type}: {info.message}" for info in failure.chain)
        if not any(map(error_of(one).search, raised)) and (found := error_of(one).search(failure.tail)):
            yield Evidence(f"The captured output of these tests says: {shortened(found.group())}")
            return


DETECTOR = Detector(rank=2, kind=KIND, find=_find)
