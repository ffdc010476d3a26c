"""A setting that code asks for by another name than the configuration gives it.

https://flask.palletsprojects.com/en/stable/config/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group

KIND: Final = "missing-setting"
#: settings are written in capitals: other keys may be any data
_NAMED = re.compile(r"^(?:'\w+' object has no attribute )?'(?P<name>[A-Z][A-Z0-9_]{3,})'$")
#: an environment variable has no name in the configuration
_ASKED = re.compile(r"^(?!.*\benviron\b).*(?:config|settings|options)", re.IGNORECASE)

_ADVICE = "Let the configuration and the code call the setting by one name, or give it a value of its own"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _NAMED):
        if any(_ASKED.search(frame.source) for frame in scene.frames(group)[:1]):
            met.setdefault(found["name"], []).append(group)
    for name, groups in met.items():
        if cause := _cause(scene, name, groups):
            yield cause


def _cause(scene: Scene, name: str, groups: list[Group]) -> Cause | None:
    if any(one.name == name for one in scene.declarations.defaults_of(name)):
        return None  # the name is right: the configuration that gives it a value is not the one that was loaded
    meant = nearest(name, scene.declarations.setting_names)
    given = scene.declarations.defaults_of(meant)[:1] if meant else ()
    if not given:
        return None
    spots, place = scene.spots(*groups), given[0].location
    return cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=f'No setting is called "{name}"; there is "{meant}"',
        state="consistent",
        locations=(*spots[:1], place, *spots[1:]),
        evidence=[Evidence(f'"{meant}" gets its value here', place)],
        next_step=then_check(_ADVICE, check_command(groups)),
    )


DETECTOR = Detector(rank=95, kind=KIND, find=_find)
