"""The lines of pytest-reportlog (``--report-log``): pytest's own reports, one JSON object each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.facts.failures import Phase
from kit.facts.outcomes import Outcome
from kit.facts.suite import TestWarning
from kit.facts.wording import counted
from kit.suite.ingest.ending import Bad, of_exit_status
from kit.suite.ingest.longrepr import longrepr_text
from kit.suite.ingest.recorded import (
    Document,
    Format,
    Recorded,
    RecordedOutcome,
    TestName,
    Uncollectable,
    counted_from_one,
    decoded,
    mapping,
    seconds,
    text,
    without,
)

UNENDED = "The recorded run did not finish."

#: outcomes by which pytest-rerunfailures and pytest-retry mark an attempt that they repeat
_REPEATED = ("rerun", "retried")
#: records that say nothing about outcomes
_QUIET = ("SessionStart",)
_NAMED_AT_MOST = 3

#: what a record that was cut off still tells: its test, and the phase
_TORN_PLACE = re.compile(r'^\{"location": \["(?P<file>(?:[^"\\]|\\.)+)", \d+, "(?P<domain>(?:[^"\\]|\\.)+)"\]')
_TORN_PHASE = re.compile(r'"when": "(?P<when>\w+)"')


@dataclass
class _Log:
    """The records of one log, sorted by what they report."""

    tests: list[RecordedOutcome] = field(default_factory=list)
    uncollectable: list[Uncollectable] = field(default_factory=list)
    warnings: list[TestWarning] = field(default_factory=list)
    times: list[tuple[float | None, float | None]] = field(default_factory=list)
    statuses: list[object] = field(default_factory=list)
    pytest_version: str | None = None
    #: tests whose last attempt is repeated and was not torn down yet
    repeated: set[str] = field(default_factory=set)
    #: tests that have begun, in order; a tear-down ends them
    running: dict[str, None] = field(default_factory=dict)
    last: str = ""
    broken_lines: list[int] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    is_torn: bool = False

    def add(self, record: Mapping[str, Any]) -> None:
        """Take one record."""
        # pytest-subtests writes the second key
        kind = text(record.get("$report_type")) or text(record.get("_report_type"))
        if kind in ("TestReport", "SubTestReport") and text(record.get("nodeid")):
            self._add_test(record, is_part=kind == "SubTestReport")
        elif kind == "CollectReport":
            if record.get("outcome") == "failed":
                name = TestName(nodeid=text(record.get("nodeid")))
                self.uncollectable.append(Uncollectable(name, longrepr_text(record.get("longrepr"))))
        elif kind == "SessionFinish":
            self.statuses.append(record.get("exitstatus"))
        elif kind == "WarningMessage":
            self.warnings.append(_warning(record))
        elif kind not in _QUIET:
            self.unknown[kind or "of no type"] += 1
        self.pytest_version = self.pytest_version or text(record.get("pytest_version")) or None

    def _add_test(self, record: Mapping[str, Any], *, is_part: bool) -> None:
        nodeid, when = text(record.get("nodeid")), record.get("when")
        self.last = nodeid
        if is_part:
            self.tests.append(_seen(record, nodeid, "call", is_part=True))
            return
        if record.get("outcome") in _REPEATED:  # its subtests come before it in the log
            self.repeated.add(nodeid)
            self.tests.append(RecordedOutcome(TestName(nodeid=nodeid), "not_run", begins=True))
            return
        self.times.append((seconds(record.get("start")), seconds(record.get("stop"))))
        phase: Phase = "setup" if when == "setup" else "teardown" if when == "teardown" else "call"
        if when in ("setup", "call"):
            self.running[nodeid] = None
        else:  # a tear-down, or pytest-xdist's report about a worker that crashed
            self.running.pop(nodeid, None)
        is_over = phase == "teardown" and nodeid in self.repeated and record.get("outcome") == "passed"
        self.repeated.discard(nodeid)
        if not is_over:  # else it ends the attempt that is repeated
            self.tests.append(_seen(record, nodeid, phase))

    def tear(self, line: str) -> None:
        """Take a last line that was cut off."""
        self.is_torn = True
        place, phase = _TORN_PLACE.search(line), _TORN_PHASE.search(line)
        classes, bracket, parameters = _text_of(place["domain"]).partition("[") if place else ("", "", "")
        if place is None or not classes:
            return
        nodeid = f"{_text_of(place['file'])}::{classes.replace('.', '::')}{bracket}{parameters}"
        self.last = nodeid
        if phase and phase["when"] == "teardown":
            self.running.pop(nodeid, None)
        elif nodeid not in self.running:
            self.running[nodeid] = None
            self.tests.append(RecordedOutcome(TestName(nodeid=nodeid), "not_run"))

    def problems(self) -> Iterator[str]:
        """Why this log is not the whole truth about its run."""
        yield from _broken(self.broken_lines)
        for kind, number in self.unknown.items():
            yield f"{counted(number, 'record')} ({kind}) could not be read and {_are(number)} left out."
        if not self.statuses:
            yield self._unended()
        elif self.is_torn:
            yield "The last line is cut off and is left out."
        bad = Bad.of(self.tests, self.uncollectable)
        yield from dict.fromkeys(one for status in self.statuses for one in of_exit_status(status, bad))

    def _unended(self) -> str:
        torn = " Its last line is cut off." if self.is_torn else ""
        if self.running:
            names = list(self.running)
            more = f" and {len(names) - _NAMED_AT_MOST:,} more" if len(names) > _NAMED_AT_MOST else ""
            suspect = "It is the suspect" if len(names) == 1 else "They are the suspects"
            verb = "was" if len(names) == 1 else "were"
            return (
                f"{UNENDED}{torn} When the log ends, {', '.join(names[:_NAMED_AT_MOST])}{more} {verb} still running. "
                f"{suspect}: a crash, a hang, or the run was stopped from outside."
            )
        after = f" It ends after {self.last}; the suspect is the test that came next." if self.last else ""
        return f"{UNENDED}{torn}{after}"


def _recognises(document: Document) -> bool:
    first = mapping(document.first_line)
    return "$report_type" in first or "_report_type" in first


def _read(document: Document) -> Recorded:
    log = _Log()
    lines = document.text.splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    for number, line in enumerate(lines, 1):
        record = decoded(line) if line.strip() else {}
        if isinstance(record, dict):
            if record:
                log.add(record)
        elif number == len(lines):
            log.tear(line)
        else:
            log.broken_lines.append(number)
    in_flight = {TestName(nodeid=nodeid) for nodeid in log.running} if not log.statuses else set()
    return Recorded(
        tests=tuple(_marked(log.tests, in_flight)),
        uncollectable=tuple(log.uncollectable),
        pytest_version=log.pytest_version,
        seconds=_span(log.times),
        problems=tuple(log.problems()),
        warnings=tuple(log.warnings),
    )


def _marked(tests: list[RecordedOutcome], in_flight: set[TestName]) -> Iterator[RecordedOutcome]:
    """The outcomes; a test that was still running gets a reason, since its set-up says nothing about it."""
    yield from tests
    for name in in_flight:
        yield RecordedOutcome(name, "not_run", reason="The log ends while it was running.")


def _seen(record: Mapping[str, Any], nodeid: str, phase: Phase, *, is_part: bool = False) -> RecordedOutcome:
    longrepr = record.get("longrepr")
    outcome, reason = _judged(record, phase)
    if is_part and outcome != "failed":  # the test's own report says how the test ended
        outcome, reason = "not_run", ""
    location = record.get("location")
    path, line = (location[0], location[1]) if isinstance(location, list) and len(location) > 1 else ("", None)
    is_defined_here = nodeid.startswith(text(path).replace("\\", "/"))  # else it is inherited from another file
    is_bad = outcome in ("failed", "error")
    return RecordedOutcome(
        TestName(nodeid=nodeid),
        outcome,
        phase,
        seconds=None if is_part else seconds(record.get("duration")),
        reason=reason,
        message=text(mapping(mapping(longrepr).get("reprcrash")).get("message")) if is_bad else "",
        text=longrepr_text(longrepr) if is_bad else "",
        tail="\n".join(_sections(record.get("sections"))),
        line=counted_from_one(line) if is_defined_here else None,
    )


def _judged(record: Mapping[str, Any], phase: Phase) -> tuple[Outcome, str]:
    """The outcome that pytest's terminal shows for a report, and its reason."""
    said, longrepr = record.get("outcome"), record.get("longrepr")
    if said == "failed":
        strict = text(longrepr)
        return ("failed" if phase == "call" else "error"), strict if strict.startswith("[XPASS(strict)]") else ""
    if "wasxfail" in record and (said == "skipped" or phase == "call"):
        return ("xfailed" if said == "skipped" else "xpassed"), without("reason: ", text(record["wasxfail"]))
    if said == "skipped":
        place = longrepr if isinstance(longrepr, list) else [""]
        return "skipped", without("Skipped: ", text(place[-1] if place else ""))
    return ("passed" if phase == "call" and said == "passed" else "not_run"), ""


def _warning(record: Mapping[str, Any]) -> TestWarning:
    line = record.get("lineno")
    return TestWarning(
        category=text(record.get("category")) or "Warning",
        message=text(record.get("message")),
        path=text(record.get("filename")) or None,
        line=line if isinstance(line, int) and not isinstance(line, bool) else None,
        nodeid=text(record.get("nodeid")) or None,
    )


def _broken(lines: list[int]) -> Iterator[str]:
    if lines:
        some = ", ".join(str(line) for line in lines[:_NAMED_AT_MOST]) + (", …" if lines[_NAMED_AT_MOST:] else "")
        what = "line is not a JSON object and is" if len(lines) == 1 else "lines are not JSON objects and are"
        yield f"{len(lines):,} {what} left out (line {some})."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _text_of(literal: str) -> str:
    return text(decoded(f'"{literal}"')) or literal


def _sections(value: object) -> Iterator[str]:
    for section in value if isinstance(value, list) else []:
        if isinstance(section, list) and len(section) == 2 and text(section[1]):
            yield f"{text(section[0])}:\n{text(section[1])}"


def _span(times: list[tuple[float | None, float | None]]) -> float | None:
    starts = [start for start, _ in times if start is not None]
    stops = [stop for _, stop in times if stop is not None]
    return round(max(stops) - min(starts), 3) if starts and stops else None


FORMAT = Format("pytest-reportlog", _recognises, _read)
