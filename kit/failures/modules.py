"""Which module a failed import names, and whose it is, as far as the failure itself can tell."""

from __future__ import annotations

import re
import sys

from kit.facts.failures import Frame
from kit.failures.symptom import Symptom

_MISSING = re.compile(r"\bNo module named '?(?P<module>[\w.-]+)'?")
_OPTIONAL = re.compile(
    r"Missing optional dependency '(?P<module>[\w.-]+)'|`?(?P<other>[\w.-]+)`? (?:is not installed|must be installed)\b"
)


def missing_module(message: str) -> str | None:
    """The dotted name of the module that a message says is missing."""
    found = _MISSING.search(message) or _OPTIONAL.search(message)
    return next(filter(None, found.groups()), None) if found else None


def names_own_module(symptom: Symptom) -> bool:
    """Whether the missing module belongs to the target: its top-level name is a part of a path in the traceback."""
    name = missing_module(symptom.message)
    if name is None:
        return False
    frames = (frame for info in symptom.chain for frame in info.frames if frame.owner != "library")
    if name == "conftest":
        return True
    return name.partition(".")[0] in {part for frame in frames for part in _parts(frame)}


def names_foreign_module(symptom: Symptom) -> bool:
    """Whether the missing module belongs to another distribution: neither the target's own nor Python's."""
    name = missing_module(symptom.message)
    return name is not None and name.partition(".")[0] not in sys.stdlib_module_names and not names_own_module(symptom)


def _parts(frame: Frame) -> list[str]:
    return frame.path.removesuffix(".py").split("/")
