"""The run of the suite over time: its picture, what happened when, and what took longest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from kit.facts.suite import SuiteFacts, TestResult
from kit.facts.timeline import RunTimeline
from kit.facts.wording import counted
from kit.report.anchors import anchor
from kit.report.joined import Joined, group_title
from kit.report.run_times import causes_named, first_failures
from kit.report.timeline_chart import Mark, timeline_chart
from kit.report.wording import duration, number, one_line

_TESTS, _FILES = 8, 8
#: at most this many moments are listed, the first ones
_MOMENTS = 40


@dataclass(frozen=True)
class Line:
    """A moment of the run: ``href`` leads to what it is about."""

    at: float
    what: str
    about: str
    href: str = ""


@dataclass(frozen=True)
class SlowFile:
    """A test file with the time of its tests; ``share`` is its part of the time of all tests."""

    path: str
    tests: int
    seconds: float
    share: str


@dataclass(frozen=True)
class Moments:
    """``finding`` says what the picture shows; ``more`` lines are left out."""

    chart: Markup
    finding: str
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True)
class Slowest:
    """The slowest files and tests, and what the files come to in a sentence."""

    files: tuple[SlowFile, ...]
    tests: tuple[TestResult, ...]
    finding: str


def moments(joined: Joined) -> Moments | None:
    """The picture of the run; ``None`` where no event of it was recorded."""
    run = joined.facts.timeline
    if run is None or not run.ended:
        return None
    failures, causes = list(_first_failures(joined, run)), list(_named(joined, run))
    finding = _finding(run, failures, causes)
    lines = sorted([*failures, *causes, *_beside(run)], key=lambda one: one.at)
    chart = timeline_chart(run, _marks(failures), _marks(causes), finding)
    return Moments(chart, finding, tuple(lines[:_MOMENTS]), max(0, len(lines) - _MOMENTS))


def _marks(lines: list[Line]) -> list[Mark]:
    return [Mark(one.at, one.about) for one in lines]


def slowest(suite: SuiteFacts | None) -> Slowest | None:
    """What took longest; ``None`` where no time was recorded."""
    timed = [one for one in suite.results if one.seconds] if suite else []
    if not timed:
        return None
    by_file: dict[str, list[float]] = {}
    for one in timed:
        by_file.setdefault(one.path, []).append(one.seconds or 0.0)
    total = sum(one.seconds or 0.0 for one in timed)
    files = [
        SlowFile(path, len(times), sum(times), f"{100 * sum(times) / total:.0f} %") for path, times in by_file.items()
    ]
    files.sort(key=lambda one: (-one.seconds, one.path))
    tests = sorted(timed, key=lambda one: (-(one.seconds or 0.0), one.nodeid))
    half = _files_for_half(files, total)
    take = "takes" if half == 1 else "take"
    finding = f"{counted(half, 'file')} of {number(len(files))} {take} half of the time of all tests"
    return Slowest(tuple(files[:_FILES]), tuple(tests[:_TESTS]), finding)


def _files_for_half(files: list[SlowFile], total: float) -> int:
    taken = 0.0
    for count, one in enumerate(files, start=1):
        taken += one.seconds
        if taken >= total / 2:
            return count
    return len(files)


def _first_failures(joined: Joined, run: RunTimeline) -> Iterator[Line]:
    for one, group in first_failures(joined, run):
        yield Line(one.at, "New failure", one_line(group_title(group), 110), f"#{anchor('group', group.id)}")


def _named(joined: Joined, run: RunTimeline) -> Iterator[Line]:
    """Causes that are still named at the end, when they were first named; those before the run at its beginning."""
    for at, cause in causes_named(joined, run):
        what = "Cause named" if at > 0 else "Cause named before the run"
        yield Line(max(at, 0.0), what, one_line(cause.title), f"#{anchor('cause', cause.id)}")


def _beside(run: RunTimeline) -> Iterator[Line]:
    names = {"lost": "Worker went down", "resumed": "Resumed", "rechecking": "Failures run once more"}
    for one in run.moments:
        of = f"worker {one.worker}: " if one.worker else ""
        yield Line(one.at, names[one.kind], one_line(f"{of}{one.what}", 160))


def _finding(run: RunTimeline, failures: list[Line], causes: list[Line]) -> str:
    took = duration(run.seconds)
    if not failures:
        return f"{counted(len(run.ended), 'test')} in {took}, and no failure"
    kinds = counted(len(failures), "kind")
    every = "The" if len(failures) == 1 else "All"
    seen = f"{every} {kinds} of failures had been seen after {duration(failures[-1].at)}"
    if causes:
        first = min(one.at for one in causes)
        named = f"after {duration(first)}" if first else "before the first test ran"
        return f"{seen} of {took}; the first cause was named {named}"
    return f"{seen} of {took}"
