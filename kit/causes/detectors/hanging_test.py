"""A test that does not end, or a module that does not while it is imported.

https://docs.python.org/3/library/faulthandler.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import RUN, cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.exercise import function_of
from kit.causes.scene.scene import Scene, in_category, saying
from kit.causes.scene.suspicion import where_to_look
from kit.facts.causes import Cause, Evidence, NextStep
from kit.facts.failures import Frame, Group
from kit.facts.places import Location
from kit.facts.wording import counted
from kit.failures import Root, module_name

KIND: Final = "hanging-test"
#: of the stacks at the time: one of another thread, and a frame in a file of the target's, whose paths are relative
_OTHER_THREAD = re.compile(r"^Thread 0x.*$(?P<frames>(?:\n  File .*)*)", re.MULTILINE)
_OWN_FRAME = re.compile(r'^  File "(?P<path>[^"/<][^"]*)", line (?P<line>\d+) in ', re.MULTILINE)
#: what kit itself says of a collection that it has stopped
_COLLECTING = re.compile(r"^collection did not end within ")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    at: dict[str, list[Group]] = {}
    for group in in_category(unexplained, "timed-out"):
        stopped = scene.results(group)
        if stopped and all(result.outcome == "timed_out" for result in stopped):
            at.setdefault(_place_of(scene, group), []).append(group)
    for where, groups in at.items():
        yield _cause(scene, where, groups)
    for group, _ in saying(unexplained, _COLLECTING):
        if group.files:
            yield _importing(scene, group)


def _place_of(scene: Scene, group: Group) -> str:
    """What makes two hangs one: the deepest function of the target that tests wait in, whatever library stands below it
    and however long they waited; else where the target's other threads were, or the fixture or helper of tests.
    """
    own = {_function(frame) for frame in _in_app(scene, group)}
    if len(own) == 1:
        return own.pop()
    elsewhere = {f"{place.path}:{place.line}" for place in _in_other_threads(scene, group)}
    if not own and len(elsewhere) == 1:
        return elsewhere.pop()
    helping = {_helper(scene, group, root) for root in scene.roots(group)}
    shared = helping.pop() if not own and len(helping) == 1 else None
    return shared or group.signature.frame or group.sample_tests[0]


def _in_app(scene: Scene, group: Group) -> list[Frame]:
    """The deepest in-app frames; a test that stands in a file of the app, and that a test file imports, is none."""
    functions = {function_of(result) for result in scene.results(group)}
    return [root.own for root in scene.roots(group) if root.own and root.own.function not in functions]


def _helper(scene: Scene, group: Group, root: Root) -> str | None:
    """The deepest function in test files, where that is none of these tests."""
    functions = {function_of(result) for result in scene.results(group)}
    return _function(root.test) if root.test and root.test.function not in functions else None


def _function(frame: Frame) -> str:
    return f"{module_name(frame)}:{frame.function}"


def _cause(scene: Scene, where: str, groups: list[Group]) -> Cause:
    stopped = scene.results(*groups)
    group = groups[0]
    who = stopped[0].nodeid if len(stopped) == 1 else counted(len(stopped), "test")
    places = tuple(place for one in groups for place in where_to_look(scene, one))
    elsewhere = tuple(dict.fromkeys(place for one in groups for place in _in_other_threads(scene, one)))
    return cause_of(
        groups,
        id=f"{KIND}:{where}",
        kind=KIND,
        title=f"{who} does not end" if len(stopped) == 1 else f"{who} do not end",
        state="consistent",
        locations=(*places[:1], *elsewhere, *places[1:]),
        evidence=[
            *_stack(scene, *groups),
            *(Evidence("Another thread was here, which may be what it waits for", place) for place in elsewhere),
            *(Evidence(reason) for reason in dict.fromkeys(result.reason for result in stopped) if reason),
        ],
        next_step=NextStep(
            "Find what it waits for at that line, and who should answer.", check_command([group]), "Run it alone"
        ),
    )


def _in_other_threads(scene: Scene, group: Group) -> Iterator[Location]:
    """The places of other threads in the target's own code, for a test that waited outside of it."""
    if _in_app(scene, group):
        return
    for failure in scene.failures_of(group):
        for thread in _OTHER_THREAD.finditer(failure.tail):
            own = [frame for frame in _OWN_FRAME.finditer(thread["frames"]) if frame["path"] not in scene.tests_by_path]
            yield from (_place(frame["path"], int(frame["line"])) for frame in own[:1])


def _importing(scene: Scene, group: Group) -> Cause:
    places = scene.spots(group)
    return cause_of(
        [group],
        id=f"{KIND}:{group.signature.frame or places[0].path}",
        kind=KIND,
        title=f"The import of {places[0].path} does not end",
        state="consistent",
        locations=places,
        evidence=_stack(scene, group),
        next_step=then_check("Find what it waits for at that line, and move that into a function", RUN),
    )


def _stack(scene: Scene, *groups: Group) -> Iterator[Evidence]:
    for frame in scene.frames(*groups):
        said = f"It was stopped here: {frame.source}" if frame.source else "It was stopped here"
        yield Evidence(said, _place(frame.path, frame.line))


def _place(path: str, line: int) -> Location:
    return Location(path, line, "stopped")


DETECTOR = Detector(rank=80, kind=KIND, find=_find)
