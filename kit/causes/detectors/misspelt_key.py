"""A key of a dictionary that is misspelt, or a field of a class: what asks for the right word finds nothing.

https://docs.python.org/3/library/stdtypes.html#mapping-types-dict
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.fixtures_seen import fixtures_asked
from kit.causes.scene.saying import words_of
from kit.causes.scene.scene import Scene, is_in
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.failures import differing_keys

KIND: Final = "misspelt-key"
_QUOTED = re.compile(r"^(['\"])\w+\1$")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, str, Location], list[Group]] = {}
    for group in unexplained if scene.has_source else ():
        paths, said = _paths(scene, group), {_text(word) or word for word in words_of(scene, group)}
        told = ((word, scene.slips.keys.instead_of(word, paths, said)) for word in _asked(scene, group))
        if found := next(((word, *key) for word, key in told if key), None):
            met.setdefault(found, []).append(group)
    for (word, key, place), groups in met.items():
        yield _cause(scene, word, key, place, groups)


def _asked(scene: Scene, group: Group) -> tuple[str, ...]:
    """The words that the tests of a group ask for: the key that was not found, those that two dictionaries do not
    share, what the test writes down in quotes.
    """
    root = next(iter(scene.roots(group)), None)
    if root and root.type == "KeyError":
        return tuple(filter(None, [_text(root.message)]))
    if not is_in(group, "missing-entry", "missing-value") and not group.category.startswith("assertion-"):
        return ()
    words = words_of(scene, group)
    quoted = sorted((word for word in words if _QUOTED.match(word)), key=lambda word: (-words[word], word))
    return tuple(dict.fromkeys((*(_text(one) or one for one in differing_keys(group.example)), *map(_text, quoted))))


def _text(quoted: str) -> str:
    try:
        value = ast.literal_eval(quoted)
    except (ValueError, SyntaxError):
        return ""
    return value if isinstance(value, str) else ""


def _paths(scene: Scene, group: Group) -> frozenset[str]:
    """The files that the tests of a group import, those of their fixtures, and those of their tracebacks."""
    results = scene.results(group)
    tests = {result.path for result in results}
    imported = frozenset().union(*(scene.imported_by_tests.get(path, frozenset()) for path in tests))
    fixtures = {place.path for place in fixtures_asked(scene, results)}
    return imported.union(tests, fixtures, (root.own.path for root in scene.roots(group) if root.own))


def _cause(scene: Scene, word: str, key: str, place: Location, groups: list[Group]) -> Cause:
    why = f'Tests ask for "{word}", and nothing else in the source is called "{key}"'
    title = f'The key "{key}" is probably a misspelt "{word}"'
    if place.role == "field":
        title = f'The field "{key}" is probably what tests call "{word}"'
    return cause_of(
        groups,
        id=f"{KIND}:{place}:{key}",
        kind=KIND,
        title=title,
        state="consistent",
        locations=(place, *scene.spots(*groups)),
        evidence=[Evidence(why, place)],
        next_step=then_check(f'Write "{word}" there, or ask for "{key}"', check_command(groups)),
    )


DETECTOR = Detector(rank=130, kind=KIND, find=_find)
