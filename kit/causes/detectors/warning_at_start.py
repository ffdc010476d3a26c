"""A warning that the suite's own filters make an error, raised while pytest loads plugins: nothing is collected.

https://docs.pytest.org/en/stable/how-to/capture-warnings.html#controlling-warnings
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import RUN, cause_of, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.detectors.upgraded_library import keeps_from_starting
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import ExceptionInfo, Group

KIND: Final = "warning-at-start"
_RAISED = re.compile(r"\b(?P<category>\w*Warning): (?P<said>.+)", re.DOTALL)
_OPTION = re.compile(r'option "(?P<name>\w+)" is unset')


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    raised = _RAISED.search(scene.suite.problem or "")
    if raised is None or scene.suite.tests or not scene.has_source or keeps_from_starting(scene):
        return
    line = scene.declarations.ini.line("filterwarnings")
    if line is None:
        return
    groups = [group for group in unexplained if not group.tests]
    category, said = raised["category"], shortened(raised["said"])
    callers = [place for place in scene.spots(*groups) if place.role == "raised"]
    option = _OPTION.search(said)
    change = f"Change what {callers[0]} uses, or add" if callers else "Add"
    if option:
        change = f"Set {option['name']} in the same file, or add"
    advice = f"{change} {_ignored(category, said, scene.chains(*groups))} behind error in filterwarnings"
    yield cause_of(
        groups,
        id=f"{KIND}:{category}",
        kind=KIND,
        title=shortened(f"filterwarnings makes a {category} an error before any test is collected: {said}"),
        state="consistent",
        locations=[*callers, line],
        evidence=[
            Evidence("The suite's own filters of warnings are set here", line),
            *([] if groups else [Evidence(f"pytest said: {said}")]),
        ],
        next_step=then_check(advice, RUN),
    )


def _ignored(category: str, said: str, raised: Sequence[ExceptionInfo]) -> str:
    """The filter that lets the warning pass. pytest wants a class that is not built in with its module."""
    if isinstance(getattr(builtins, category, None), type):
        return f"ignore::{category}"
    module = next((info.module for info in raised if info.type == category), None)
    if category.startswith("Pytest"):
        module = "pytest"
    if module:
        return f"ignore::{module}.{category}"
    return f"ignore:{re.split(r'[^ A-Za-z0-9_]', said)[0].strip()}"


DETECTOR = Detector(rank=46, kind=KIND, find=_find)
