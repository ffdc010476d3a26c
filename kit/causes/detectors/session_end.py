"""Every test passes, and plain pytest's session fails at its end: a hook raises or sets the exit code, or less is
covered than the target asks for.

https://docs.pytest.org/en/stable/reference/exit-codes.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.ending import FailedEnd
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.wording import counted

KIND: Final = "session-end"


def _find(scene: Scene, _unexplained: Sequence[Group]) -> Iterator[Cause]:
    end = scene.suite.failed_end
    if end is None:
        return
    tests = counted(len(scene.suite.tests), "test")
    yield cause_of(
        (),
        id=f"{KIND}:{end.kind}:{end.named}",
        kind=KIND,
        title=shortened(f"Every test passes, and pytest fails at the end: {end.sentence}"),
        state="confirmed",
        locations=[Location(end.path, end.line)] if end.path and end.line else (),
        evidence=[
            Evidence(
                f"Of {tests} none failed. A plain run, with the configuration as it is, exits with {end.exit_code}: "
                f"{end.sentence}"
            )
        ],
        next_step=then_check(_advice(end), ("python", "-m", "pytest")),
    )


def _advice(end: FailedEnd) -> str:
    where = f" ({end.path}:{end.line})" if end.path and end.line else ""
    match end.kind:
        case "coverage":
            return f"Test the lines that no test runs, or lower {end.named} to what is covered"
        case "raised":
            return f"Correct the hook that raises {end.named}{where}: pytest calls it when all tests are over"
        case "exit-code":
            return f"See why {end.named or 'a plugin'} makes the run fail{where}: no test does"


DETECTOR = Detector(rank=3, kind=KIND, find=_find)
