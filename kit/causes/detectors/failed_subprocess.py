"""A command that tests start and that fails: what it printed says why.

https://docs.python.org/3/library/subprocess.html#subprocess.CalledProcessError
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.printed import PrintedError, printed_error
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group

KIND: Final = "failed-subprocess"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, tuple[PrintedError, list[Group]]] = {}
    for group in unexplained:
        if error := printed_error(scene, group):
            met.setdefault(error.told, (error, []))[1].append(group)
    for error, groups in met.values():
        yield _cause(scene, error, groups)


def _cause(scene: Scene, error: PrintedError, groups: list[Group]) -> Cause:
    told = shortened(error.told)
    return cause_of(
        groups,
        id=f"{KIND}:{error.place or told}",
        kind=KIND,
        title=f"A command that tests start fails: {told}",
        state="consistent",
        locations=[*([error.place] if error.place else []), *scene.spots(*groups)],
        evidence=[Evidence(f"It printed: {told}", error.place)],
        next_step=then_check("Fix what the command says; run it by itself, as the test does", check_command(groups)),
    )


DETECTOR = Detector(rank=42, kind=KIND, find=_find)
