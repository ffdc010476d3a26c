"""Tests that pass alone and fail after others: something that an earlier test leaves behind.

What a file of unittest has its module clean up is left behind always: pytest, as far as 9.2, runs no such cleanup.

https://docs.pytest.org/en/stable/explanation/flaky.html#system-state
https://github.com/pytest-dev/pytest/issues/14958
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from kit.causes.building import RUN, cause_of, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import PATH, Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.shared_state import PollutedTest
from kit.facts.wording import counted

KIND: Final = "order-dependence"

#: how many victims are shown as evidence, at most
_MOST_SHOWN = 5
#: what holds cleanups for the end of a module
_OF_MODULES = ("unittest.addModuleCleanup()", "unittest.enterModuleContext()")
#: what the default of a parameter is called as a state: ``app.carts.add(…)[items]``
_DEFAULT = re.compile(r"(?P<function>[\w.]+)\(…\)\[(?P<name>\w+)\]")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    polluted = {one.victim: one for one in scene.suite.polluted if one.polluters}
    by_state: dict[str, list[tuple[Group, list[PollutedTest]]]] = {}
    for group in unexplained:
        shown = [result.nodeid for result in scene.results(group) if result.alone == "passes_alone"]
        named = [polluted[nodeid] for nodeid in shown if nodeid in polluted]
        if named:
            by_state.setdefault(_shared(named, by_state) or group.id, []).append((group, named))
        elif shown:
            yield _cause(scene, group, shown)
    for pairs in by_state.values():
        yield _named(scene, [group for group, _ in pairs], [one for _, named in pairs for one in named])


def _shared(polluted: Sequence[PollutedTest], known: Collection[str]) -> str | None:
    """The path of the state that tests see: one that others see too, if there is one."""
    paths = [state.path for one in polluted for state in one.states]
    return next((path for path in paths if path in known), paths[0] if paths else None)


def _named(scene: Scene, groups: Sequence[Group], polluted: Sequence[PollutedTest]) -> Cause:
    """The cause where the polluter is known, and with it perhaps the state. All that fails of one state is one cause,
    whatever each test says of it and whichever test changed it last.
    """
    first = polluted[0]
    polluters = list(dict.fromkeys(nodeid for one in polluted for nodeid in one.polluters))
    places = [Location(test.path, test.line or 1, "polluter") for test in map(scene.result, polluters) if test]
    title = _title(groups, polluted, polluters)
    default = _default_of(scene, first.states[0].path) if first.states else None
    advice = f"Let {first.polluters[0]} put back what it changes (monkeypatch does), or make the victim set it"
    if len(polluters) > 1:
        advice = "Let an autouse fixture put the state back after each test, as several tests change it"
    if default:
        name, definition = default
        places.insert(0, definition)
        title = f"A default is shared by all calls of its function: {title}"
        advice = (
            f"Give {name} the default None and make its value inside the function: a default is made once, when the "
            "function is defined, and all calls share it"
        )
    if never_undone := _cleanups_in(scene, {place.path for place in places}):
        places[:0] = never_undone
        advice = (
            "Undo it in tearDownModule, or in a fixture of the module: pytest runs no cleanup that unittest holds for "
            "a module (addModuleCleanup, enterModuleContext)"
        )
    return cause_of(
        groups,
        id=f"{KIND}:{groups[0].id}",
        kind=KIND,
        title=title,
        state="consistent",
        locations=[*places, *scene.spots(*groups)],
        evidence=[Evidence(_shown(one)) for one in polluted[:_MOST_SHOWN]],
        next_step=then_check(advice, RUN),
    )


def _title(groups: Sequence[Group], polluted: Sequence[PollutedTest], polluters: Sequence[str]) -> str:
    first, count = polluted[0], sum(group.count for group in groups)
    others = first.victim if count == 1 else counted(count, "test")
    fails = "fails" if count == 1 else "fail"
    if first.states and len(polluters) > 1:
        return f"{counted(len(polluters), 'test')} change {first.states[0].path}, and {others} {fails} after them"
    what = f"leaves {first.states[0]}" if first.states else "leaves something behind"
    return f"{first.polluters[0]} {what}, and {others} {fails} after it"


def _cleanups_in(scene: Scene, paths: Collection[str]) -> list[Location]:
    """The lines of these files that leave a cleanup for the end of their module."""
    found = scene.declarations.library_uses({KIND: _OF_MODULES}, {KIND: ("unittest",)}, paths)
    return [Location(place.path, place.line, "never undone") for place in found.get(KIND, ())]


def _default_of(scene: Scene, path: str) -> tuple[str, Location] | None:
    """The parameter, and the function of the target, whose default a state is."""
    found = _DEFAULT.match(path)
    parts = found["function"].split(".") if found else []
    for length in range(len(parts) - 1, 0, -1):
        file = scene.suite.loaded_modules.get(".".join(parts[:length]))
        for place in scene.declarations.function(".".join(parts[length:])) if file else ():
            if found and place.path == file:
                return found["name"], Location(place.path, place.line, "default")
    return None


def _shown(one: PollutedTest) -> str:
    """What showed that a test depends on others."""
    if not one.states:
        return f"After {enumerated(one.polluters)}, {one.victim} has another outcome than without: {one.instead}"
    return f"{one.sentence}. The code of this test uses {'it' if len(one.states) == 1 else 'them'}"


def _cause(scene: Scene, group: Group, shown: Sequence[str]) -> Cause:
    who = shown[0] if group.count == 1 else counted(group.count, "test")
    return cause_of(
        [group],
        id=f"{KIND}:{group.id}",
        kind=KIND,
        title=f"{who} passed alone and failed twice after other tests: order, or chance",
        state="unknown",
        locations=scene.spots(group),
        evidence=[
            Evidence(
                f"Run alone, {counted(len(shown), 'test')} passed; run once more in the order of the suite, with no "
                "other test at the same time, failed again. No state is known that an earlier test leaves for it, and "
                "three runs cannot tell an earlier test from chance"
            )
        ],
        next_step=NextStep(
            "Find the test that leaves something behind, if one does.",
            ("kit", "run", PATH, "--bisect", shown[0]),
            "Run",
        ),
    )


DETECTOR = Detector(rank=5, kind=KIND, find=_find)
