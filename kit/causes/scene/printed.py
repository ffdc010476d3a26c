"""What a command that a test has started printed before it failed: the error at the end of its traceback."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.failures import printed_type_and_message

_TRACEBACK = "Traceback (most recent call last):"
#: in a file of the target's, whose paths are relative
_FRAME = re.compile(r'^ *File "(?P<path>[^"/<][^"]*)", line (?P<line>\d+), in ', re.MULTILINE)
_EXIT_STATUS = re.compile(r"\breturncode\b|non-zero exit status|\bexit_code\b")


@dataclass(frozen=True)
class PrintedError:
    """The error that a command ended with, and the line of the target that its traceback shows last."""

    exception: str
    message: str
    place: Location | None


def printed_error(scene: Scene, group: Group) -> PrintedError | None:
    """The error that is printed where a group failed on the exit status of a command; ``None`` where there is none."""
    if group.signature.exception != "CalledProcessError" and not _EXIT_STATUS.search(group.example):
        return None
    for text in (group.example, *(failure.tail for failure in scene.failures_of(group))):
        if raised := printed_type_and_message(text):
            frames = list(_FRAME.finditer(text.rpartition(_TRACEBACK)[2]))
            place = Location(frames[-1]["path"], int(frames[-1]["line"]), "raised") if frames else None
            return PrintedError(*raised, place)
    return None
