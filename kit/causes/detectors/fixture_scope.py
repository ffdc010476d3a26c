"""A fixture that lives longer than one that it asks for.

https://docs.pytest.org/en/stable/how-to/fixtures.html#fixture-scopes
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "fixture-scope"
_MISMATCH = re.compile(
    r"^ScopeMismatch: You tried to access the (?P<short>\w+) scoped fixture (?P<wanted>\w+) "
    r"with a (?P<long>\w+) scoped request object"
)
_STANDS = re.compile(r"^(?P<path>[^\s:][^:\n]*\.py):(?P<line>\d+): +(?:async )?def (?P<name>\w+)\(", re.MULTILINE)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, tuple[re.Match[str], list[Group]]] = {}
    for group in unexplained:
        if found := _MISMATCH.search(group.example):
            met.setdefault(group.example, (found, []))[1].append(group)
    for said, (found, groups) in met.items():
        stand = [(Location(one["path"], int(one["line"]), "fixture"), one["name"]) for one in _STANDS.finditer(said)]
        asking = [pair for pair in stand if pair[1] != found["wanted"]]
        yield _cause(scene, found, asking, [place for place, name in stand if name == found["wanted"]], groups)


def _cause(
    scene: Scene,
    found: re.Match[str],
    asking: Sequence[tuple[Location, str]],
    wanted: Sequence[Location],
    groups: list[Group],
) -> Cause:
    longer, shorter = found["long"], found["short"]
    name = f'"{asking[-1][1]}"' if asking else "a fixture"
    return cause_of(
        groups,
        id=f"{KIND}:{asking[-1][1] if asking else ''}:{found['wanted']}",
        kind=KIND,
        title=f'Fixture {name} lives for a {longer} and asks for "{found["wanted"]}", which lives for a {shorter}',
        state="consistent",
        locations=[*(place for place, _ in reversed(asking)), *wanted, *scene.spots(*groups)],
        evidence=[Evidence(f'The fixture "{one}" stands here', place) for place, one in asking],
        next_step=then_check(
            f'Give {name} the scope "{shorter}", or "{found["wanted"]}" the scope "{longer}"', check_command(groups)
        ),
    )


DETECTOR = Detector(rank=86, kind=KIND, find=_find)
