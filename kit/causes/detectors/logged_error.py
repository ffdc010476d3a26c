"""An error that the app catches and logs: the tests see only what follows, such as another answer or an empty list.

https://docs.python.org/3/library/logging.html#logging.Logger.exception
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.expected_errors import logged, met_by_passing
from kit.causes.scene.printed import PrintedError
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.wording import counted

KIND: Final = "logged-error"

#: one test alone may log an error that it expects, and fail for another reason
_FEWEST = 2
_PLACES = 3


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, tuple[PrintedError, list[Group]]] = {}
    for group in unexplained:
        if error := logged(scene, group):
            met.setdefault(error.told, (error, []))[1].append(group)
    for error, groups in met.values():
        if sum(group.count for group in groups) >= _FEWEST and not met_by_passing(scene, error):
            shown = [one for one in unexplained if one not in groups and _shows(one, error)]
            yield _cause(error, [*shown, *groups], sum(group.count for group in groups))


def _shows(group: Group, error: PrintedError) -> bool:
    """Whether tests fail with that error itself."""
    return (group.signature.exception, group.example.partition("\n")[0]) == (error.exception, error.message)


def _cause(error: PrintedError, groups: Sequence[Group], tests: int) -> Cause:
    told = shortened(error.told)
    return cause_of(
        groups,
        id=f"{KIND}:{error.place}:{error.exception}",
        kind=KIND,
        title=f"The app catches an error, and tests fail for what follows: {told}",
        state="consistent",
        locations=error.places[:_PLACES],
        evidence=[Evidence(f"In the captured output of {counted(tests, 'failing test')}: {told}", error.place)],
        next_step=then_check(
            f"Fix what {error.place} raises: the traceback is in the output of the tests", check_command(groups)
        ),
    )


DETECTOR = Detector(rank=58, kind=KIND, find=_find)
