"""A warning that the suite's own filters make an error, raised while pytest loads plugins: nothing is collected.

https://docs.pytest.org/en/stable/how-to/capture-warnings.html#controlling-warnings
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import RUN, cause_of, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group

KIND: Final = "warning-at-start"
_RAISED = re.compile(r"\b(?P<category>\w*Warning): (?P<said>.+)", re.DOTALL)
_OPTION = re.compile(r'option "(?P<name>\w+)" is unset')


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    raised = _RAISED.search(scene.suite.problem or "")
    if raised is None or scene.suite.tests or not scene.has_source:
        return
    line = scene.declarations.ini.line("filterwarnings")
    if line is None:
        return
    category, said = raised["category"], shortened(raised["said"])
    option = _OPTION.search(said)
    advice = f"Add ignore::{category} behind error in filterwarnings"
    if option:
        advice = f"Set {option['name']} in the same file, or add ignore::{category} behind error in filterwarnings"
    yield cause_of(
        [group for group in unexplained if not group.tests],
        id=f"{KIND}:{category}",
        kind=KIND,
        title=shortened(f"filterwarnings makes a {category} an error before any test is collected: {said}"),
        state="consistent",
        locations=[line],
        evidence=[Evidence("The suite's own filters of warnings are set here", line), Evidence(f"pytest said: {said}")],
        next_step=then_check(advice, RUN),
    )


DETECTOR = Detector(rank=46, kind=KIND, find=_find)
