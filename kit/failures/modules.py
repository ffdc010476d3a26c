"""Which module a failed import names, and whose it is, as far as the failure itself can tell."""

from __future__ import annotations

import re
import sys

from kit.facts.failures import Frame
from kit.failures.symptom import Symptom

_MISSING = re.compile(r"\bNo module named '?(?P<module>[\w.-]+)'?")
_NAME = r"""["'`]?(?P<module>[A-Za-z][\w.-]*)["'`]?"""
_KIND = r"(?: (?:Python )?(?:library|package|module|dependency|distribution))?"
#: how libraries say that they lack an optional package, the surest first
_OPTIONAL = tuple(
    re.compile(pattern)
    for pattern in (
        rf"Missing optional dependency {_NAME}",
        rf"requires? (?:that )?(?:the )?(?:Python )?{_NAME}{_KIND} (?:is|to be) installed\b",
        rf"{_NAME}{_KIND} (?:(?:is|are) not|must be) installed\b",
        rf"{_NAME} not found,? please install\b",
        rf"^{_NAME}{_KIND} (?:is|are) required\b",
        rf"\b[Ii]nstall (?:the )?{_NAME} (?:library|package|module|dependency)\b",
        rf"\bpip3? install (?!-){_NAME}(?![\w\[])",
    )
)
#: words that stand in the place of a name, as in "the package is not installed"
_NO_NAMES = frozenset(
    {"app", "dependency", "distribution", "it", "library", "module", "package", "that", "the", "this"}
)


def missing_module(message: str) -> str | None:
    """The dotted name of the module that a message says is missing."""
    if missing := _MISSING.search(message):
        return missing["module"]
    named = (found["module"] for pattern in _OPTIONAL for found in pattern.finditer(message))
    return next((name for name in named if name.lower() not in _NO_NAMES), None)


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
