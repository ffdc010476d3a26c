"""Which entries of the table of breakages a group of failures matches, and at which lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from kit.causes.scene.scene import Scene
from kit.causes.upgrades.drift import moves
from kit.causes.upgrades.ranges import broken_by, is_bad
from kit.causes.upgrades.table import breakages, error_of
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.upgrades import ANY_FILE, Breakage, Move

#: how many lines above the failing one the line that leads to it may stand
_NEAR: Final = 15

#: what a test says that sees no more of an error than the status of the server's answer
_SERVER_ERROR: Final = re.compile(
    r"\b500 (?:Internal )?Server Error\b|\bassert 500 ==|\[500\]|\bstatus(?:[_ ]code)?\W{0,3}500\b", re.IGNORECASE
)

_CALLED = re.compile(r"TypeError: (?P<function>[A-Za-z_][\w.]*)\(\) (?:got|missing|takes)")


def concerned(scene: Scene) -> tuple[Breakage, ...]:
    """The entries whose releases are installed, and that the facts allow to tell."""
    moved = moves(scene.environment, scene.inventory.pins)
    found = broken_by(breakages(), scene.environment.installed)
    return tuple(one for one in found if not one.needs_move or _has_crossed(one, moved.get(one.library)))


def _has_crossed(one: Breakage, move: Move | None) -> bool:
    return move is not None and not is_bad(one, move.before)


def by_message(scene: Scene, groups: Sequence[Group]) -> Iterator[tuple[Breakage, list[Group]]]:
    """Entries with the groups that say what they say, where the message alone tells it."""
    certain = [one for one in concerned(scene) if not one.lines]
    yield from _matched(scene, groups, certain) if certain else ()


def by_lines(scene: Scene, groups: Sequence[Group]) -> Iterator[tuple[Breakage, list[Group]]]:
    """Entries with the groups that say what could come of anything, and whose tests come to a line of the entry."""
    vague = [one for one in concerned(scene) if one.lines and _is_warned(scene, one)]
    yield from _matched(scene, groups, vague) if vague and scene.has_source else ()


def behind_a_server(scene: Scene, groups: Sequence[Group]) -> Iterator[tuple[Breakage, list[Group]]]:
    """Entries with the groups that say only that a server failed, where the error itself was shown nowhere: a web
    framework answers it with the status 500. Their tests come to a line that one entry, and no other, says is broken.
    """
    failed = [group for group in groups if any(map(_SERVER_ERROR.search, _said(scene, group)))]
    if not failed or not scene.has_source:
        return
    broken = [one for one in concerned(scene) if one.uses and one.visible and not one.lines]
    places = lines_of(scene, broken)
    found: dict[str, list[Group]] = {}
    for group in failed:
        reached = [one.id for one in broken if _imports(scene, group, places.get(one.id, ()))]
        if len(reached) == 1:
            found.setdefault(reached[0], []).append(group)
    yield from ((one, found[one.id]) for one in broken if one.id in found)


def lines_of(scene: Scene, wanted: Sequence[Breakage]) -> Mapping[str, tuple[Location, ...]]:
    """By id of an entry: the lines of the source that it concerns."""
    if not scene.has_source or not wanted:
        return {}
    uses = {one.id: one.uses for one in wanted if one.uses}
    return scene.declarations.library_uses(uses, {one.id: one.imported for one in wanted})


def lines_met(scene: Scene, one: Breakage, groups: Sequence[Group]) -> tuple[Location, ...]:
    """The lines that an entry concerns: first those that these failures come through, also where their file does not
    import the library, and whatever the variable is called: it gets the object from another module.
    """
    if not scene.has_source or not one.uses:
        return ()
    frames = {
        (frame.path, frame.line)
        for failure in scene.failures_of(*groups)
        for raised in failure.chain
        for frame in raised.frames
        if frame.owner != "library"
    }
    called = [f".{use.rpartition('.')[2]}" if use.startswith("?") else use for use in one.uses]
    paths = {path for path, _ in frames}
    anywhere = scene.declarations.library_uses({one.id: called}, {one.id: (ANY_FILE,)}, paths)
    met = [place for place in anywhere.get(one.id, ()) if (place.path, place.line) in frames]
    return tuple(dict.fromkeys([*met, *lines_of(scene, [one]).get(one.id, ())]))


def _matched(
    scene: Scene, groups: Sequence[Group], entries: Sequence[Breakage]
) -> Iterator[tuple[Breakage, list[Group]]]:
    found: dict[str, list[Group]] = {}
    patterns = [(one, error_of(one)) for one in entries]
    reached = cache(lambda identity: lines_of(scene, [one for one in entries if one.id == identity]).get(identity, ()))
    for group in groups:
        said = _said(scene, group)
        for one, pattern in patterns:
            fits = any(map(pattern.search, said)) and not is_own_call(scene, group)
            if fits and (not one.lines or _comes_to(scene, group, one, reached(one.id))):
                found.setdefault(one.id, []).append(group)
                break
    for one in entries:
        if one.id in found:
            yield one, found[one.id]


def _said(scene: Scene, group: Group) -> list[str]:
    """All that the failures of a group say: their exceptions, and what was captured of their output and log."""
    failures = scene.failures_of(group)
    told = [f"{info.type}: {info.message}" for failure in failures for info in failure.chain]
    root = f"{group.signature.exception}: {group.example}"
    return list(dict.fromkeys([*told, root, *(failure.tail for failure in failures if failure.tail)]))


def is_own_call(scene: Scene, group: Group) -> bool:
    """Whether a call that is refused is one of the target's own functions, called by the target itself."""
    for failure in scene.failures_of(group) if scene.has_source else ():
        root = failure.chain[-1]
        called = _CALLED.match(f"{root.type}: {root.message}")
        by_library = bool(root.frames) and root.frames[-1].owner == "library"
        if called and not by_library and scene.declarations.function(called["function"]):
            return True
    return False


def _is_warned(scene: Scene, one: Breakage) -> bool:
    said = (f"{warning.category}: {warning.message}" for warning in scene.suite.warnings)
    return not one.warns or any(re.search(one.warns, text) for text in said)


def _comes_to(scene: Scene, group: Group, one: Breakage, places: Sequence[Location]) -> bool:
    """Whether tests of a group come to one of these lines, as closely as the entry asks for."""
    if one.lines == "near":
        frames = [
            (frame.path, frame.line) for failure in scene.failures_of(group) for frame in failure.chain[-1].frames
        ]
        return any(place.path == path and 0 <= line - place.line <= _NEAR for place in places for path, line in frames)
    if one.lines == "imported":
        return _imports(scene, group, places)
    files = _files(scene, group)
    return any(place.path in files for place in places)


def _imports(scene: Scene, group: Group, places: Sequence[Location]) -> bool:
    """Whether one of these lines is in what tests of a group import."""
    files = _files(scene, group)
    files |= {path for file in tuple(files) for path in scene.imported_by_tests.get(file, ())}
    folders = {file.rpartition("/")[0] for file in files}
    files |= {place.path for place in places if place.path.rpartition("/")[0] in folders and _is_shared(place)}
    return any(place.path in files for place in places)


def _files(scene: Scene, group: Group) -> set[str]:
    return {result.path for result in scene.results(group)} | set(group.files)


def _is_shared(place: Location) -> bool:
    """Whether pytest loads the file for tests that do not import it."""
    return place.path.rpartition("/")[2] == "conftest.py"
