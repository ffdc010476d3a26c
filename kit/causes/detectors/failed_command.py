"""A command that tests start, that fails, and that says why in a line of its own, without a traceback.

https://docs.python.org/3/library/subprocess.html#subprocess.CompletedProcess
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.printed import Complaint, complaint
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "failed-command"
#: what differs between runs of one command
_DATA = re.compile(r"0x[0-9a-f]+|\d+|\S*/\S*")
#: what programs write in front of their complaint
_PREFIX = re.compile(r"^(?:[\w.-]+: )?(?:[Ee]rror: )?")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, str], tuple[Complaint, list[Group]]] = {}
    for group in unexplained:
        if said := complaint(scene, group):
            met.setdefault((said.command, _DATA.sub("#", said.text)), (said, []))[1].append(group)
    for said, groups in met.values():
        yield _cause(scene, said, groups)


def _cause(scene: Scene, said: Complaint, groups: list[Group]) -> Cause:
    places = _places(scene, said)
    told = shortened(said.text)
    return cause_of(
        groups,
        id=f"{KIND}:{said.command}:{_DATA.sub('#', told)}",
        kind=KIND,
        title=f"{said.command} fails when tests start it: {told}",
        state="consistent",
        locations=(*places, *scene.spots(*groups)),
        evidence=[Evidence(f"It printed: {told}", next(iter(places), None))],
        next_step=then_check("Fix what the command says; run it by itself, as the test does", check_command(groups)),
    )


def _places(scene: Scene, said: Complaint) -> tuple[Location, ...]:
    """Where the target says these words, else the file that is run."""
    written = dict.fromkeys((said.text, _PREFIX.sub("", said.text)))
    found = tuple(place for text in written for place in scene.declarations.string(text))
    if found:
        return found
    paths = scene.declarations.reading.trees.ending_with(said.path)
    return (Location(paths[0], 1, "command"),) if len(paths) == 1 else ()


DETECTOR = Detector(rank=122, kind=KIND, find=_find)
