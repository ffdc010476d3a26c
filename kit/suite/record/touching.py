"""Which test ran when the real tree was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kit.facts.touched import Touched
from kit.masking import mask
from kit.target import Difference

#: a change may be a test's when it happened while the test ran, or this many seconds before or after
_NEAR = 1.0

#: how much later than things happen their events are written, in seconds: a test that ran so near to a change may have
#: made it as well as the nearest one
_LATE = 0.2

#: no more tests than these are named for one change
_MOST_TESTS = 5

_Span = tuple[float, float, str]


def attributed(differences: Iterable[Difference], events: Iterable[Mapping[str, Any]], root: Path) -> Iterator[Touched]:
    """Each difference with the tests that ran at that moment; paths below ``root`` are relative to it."""
    spans = list(_spans(events))
    for one in differences:
        path = one.path.removeprefix(f"{root}/") if one.path != str(root) else "."
        yield Touched(mask(path), one.how, _running(spans, one.at))


def _running(spans: Iterable[_Span], moment: float) -> tuple[str, ...]:
    """The tests that ran at a moment, or about then, the nearest first; else those that ran nearest to it."""
    distances = sorted(
        ((max(began - moment, moment - ended, 0.0), nodeid) for began, ended, nodeid in spans), key=lambda one: one[0]
    )
    if not distances or distances[0][0] >= _NEAR:
        return ()
    limit = max(distances[0][0], _LATE)
    return tuple(dict.fromkeys(nodeid for distance, nodeid in distances if distance <= limit))[:_MOST_TESTS]


def _spans(events: Iterable[Mapping[str, Any]]) -> Iterator[_Span]:
    """When each test ran, in seconds since 1970. The tests of a worker ran one after the other, so one whose event was
    written together with the next test's ended before that one began.
    """
    began, by_worker = 0.0, dict[object, list[tuple[float, float, str]]]()
    for event in events:
        if event["kind"] == "session":
            began = datetime.fromisoformat(event["started"]).timestamp() - event["at"]
        elif event["kind"] == "finished" and event.get("seconds") is not None:
            ended = began + event["at"]
            by_worker.setdefault(event.get("worker"), []).append((ended, event["seconds"], event["nodeid"]))
    for tests in by_worker.values():
        following = float("inf")
        for ended, seconds, nodeid in reversed(tests):
            end = min(ended, following)
            following = end - seconds
            yield following, end, nodeid
