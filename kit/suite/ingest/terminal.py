"""Reads what pytest prints on a terminal: the names of tests, the failures in full, the counts of the last line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.facts.failures import Phase
from kit.facts.outcomes import Outcome
from kit.facts.wording import counted
from kit.suite.ingest.ending import of_counts
from kit.suite.ingest.recorded import Recorded, RecordedOutcome, TestName, Uncollectable

_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_LAST_LINE = re.compile(
    r"^(?:=+ )?(?P<counts>\d+ [a-z]+(?: [a-z]+)?(?:, \d+ [a-z]+(?: [a-z]+)?)*) in (?P<time>[\d.]+)s\b"
)
_COUNT = re.compile(r"(?P<number>\d+) (?P<what>[a-z]+)")
_PART = re.compile(r"^={3,} (?P<title>.+?) ={3,}$")
_HEADING = re.compile(r"^_{3,} (?P<title>.+?) _{3,}$")
_IN_PHASE = re.compile(r"^ERROR at (?P<phase>setup|teardown) of (?P<test>.+)$", re.DOTALL)
_COLLECTING = re.compile(r"^ERROR collecting (?P<path>.+)$")
_WORDS: dict[str, Outcome] = {
    "PASSED": "passed",
    "FAILED": "failed",
    "SUBFAILED": "failed",
    "ERROR": "error",
    "SKIPPED": "skipped",
    "XFAIL": "xfailed",
    "XPASS": "xpassed",
}
#: a line of ``-v``: node id, outcome, progress; and a line of the short summary: outcome, node id, message
_VERBOSE = re.compile(
    r"^(?P<nodeid>\S+\.py::.+?) (?P<word>PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b(?: \(.*\))? *(?:\[.*)?$"
)
_SUMMARY = re.compile(
    r"^(?P<word>PASSED|FAILED|ERROR|XFAIL|XPASS|SUBFAILED)(?:\[.*?\] |\(.*?\) | )+?(?P<nodeid>[^\s:]+\.py(?:::.*?)?)"
    r"(?: - (?P<message>.*))?$"
)
_FIRST_FRAME = re.compile(r"^(?P<path>[^\s:]+\.py):\d+:", re.MULTILINE)
#: outcomes of tests that pytest counts and names only on request
_UNNAMED: tuple[Outcome, ...] = ("passed", "skipped", "xfailed", "xpassed")
_SUMMARY_TITLE = "short test summary info"


@dataclass
class _Printed:
    """What was printed, sorted. ``shown`` are the failures in full: heading and text."""

    outcomes: dict[str, tuple[Outcome, str]] = field(default_factory=dict)
    shown: list[tuple[str, list[str]]] = field(default_factory=list)
    uncollectable: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] | None = None
    seconds: float | None = None


def read_terminal(text: str) -> Recorded | None:
    """Read pytest's output; ``None`` when the text lacks pytest's last line."""
    printed = _sorted(_COLOUR.sub("", text).splitlines())
    if printed.counts is None:
        return None
    tests = list(_tests(printed))
    return Recorded(
        tests=tuple(tests),
        uncollectable=tuple(
            Uncollectable(TestName(nodeid=path), words) for path, words in printed.uncollectable.items()
        ),
        seconds=printed.seconds,
        problems=tuple(_problems(printed, tests)),
    )


def _sorted(lines: list[str]) -> _Printed:
    printed = _Printed()
    part = ""
    for line in lines:
        if last := _LAST_LINE.match(line):
            _take_last_line(last, printed)
        elif title := _PART.match(line):
            part = title["title"]
        elif part == _SUMMARY_TITLE:
            _take_summary(line, printed)
        elif part in ("FAILURES", "ERRORS"):
            _take_shown(line, printed)
        elif verbose := _VERBOSE.match(line):
            printed.outcomes.setdefault(verbose["nodeid"], (_WORDS[verbose["word"]], ""))
    for heading_, words in printed.shown:
        if collecting := _COLLECTING.match(heading_):
            printed.uncollectable[collecting["path"]] = "\n".join(words)
    return printed


def _take_last_line(last: re.Match[str], printed: _Printed) -> None:
    found = _COUNT.finditer(last["counts"])
    printed.counts = {one["what"].removesuffix("s"): int(one["number"]) for one in found}
    printed.seconds = float(last["time"].strip(".") or 0)


def _take_shown(line: str, printed: _Printed) -> None:
    if heading := _HEADING.match(line):
        printed.shown.append((heading["title"], []))
    elif printed.shown:
        printed.shown[-1][1].append(line)


def _take_summary(line: str, printed: _Printed) -> None:
    found = _SUMMARY.match(line)
    if found is None:
        return
    nodeid, message = _whole_nodeid(found["nodeid"], found["message"] or "")
    if "::" not in nodeid:
        printed.uncollectable.setdefault(nodeid, message)
    elif _WORDS[found["word"]] == "failed" or printed.outcomes.get(nodeid, ("not_run", ""))[0] != "failed":
        printed.outcomes[nodeid] = (_WORDS[found["word"]], message)


def _whole_nodeid(nodeid: str, message: str) -> tuple[str, str]:
    """The node id with all of its parameters, which may hold the ``-`` that comes before the message."""
    while "[" in nodeid and not nodeid.endswith("]") and "]" in message:
        more, _, message = message.partition(" - ")
        nodeid = f"{nodeid} - {more}"
    return nodeid, message


def _tests(printed: _Printed) -> Iterator[RecordedOutcome]:
    known: dict[str, list[str]] = {}
    for nodeid in printed.outcomes:
        known.setdefault(nodeid.partition("::")[2].replace("::", "."), []).append(nodeid)
    told: set[str] = set()
    for heading, lines in printed.shown:
        words = "\n".join(lines)
        if _COLLECTING.match(heading):
            continue
        within = _IN_PHASE.match(heading)
        phase: Phase = "call" if within is None else "setup" if within["phase"] == "setup" else "teardown"
        domain = (within["test"] if within else heading).partition(" [")[0].partition(" (")[0]
        nodeid = _nodeid(domain, words, known.get(domain, []), told)
        told.add(nodeid)
        message = printed.outcomes.get(nodeid, ("", ""))[1]
        yield RecordedOutcome(
            TestName(nodeid=nodeid), "failed" if phase == "call" else "error", phase, message=message, text=words
        )
    for nodeid, (outcome, message) in printed.outcomes.items():
        if nodeid not in told:
            is_bad = outcome in ("failed", "error")
            reason = "" if is_bad else message.removeprefix("reason: ")
            phase = "setup" if outcome == "error" else "call"
            yield RecordedOutcome(
                TestName(nodeid=nodeid), outcome, phase, message=message if is_bad else "", reason=reason
            )


def _nodeid(domain: str, words: str, known: list[str], told: set[str]) -> str:
    """The node id of a failure that is shown in full. Tests of the same name are shown in the order of their files."""
    for nodeid in known:
        if nodeid not in told:
            return nodeid
    if known:
        return known[0]
    frame = _FIRST_FRAME.search(words)
    classes, bracket, parameters = domain.partition("[")
    return "::".join(filter(None, (frame["path"] if frame else "", classes.replace(".", "::") + bracket + parameters)))


def _problems(printed: _Printed, tests: list[RecordedOutcome]) -> Iterator[str]:
    counts = printed.counts or {}
    names: dict[Outcome, int] = {
        outcome: len({one.name for one in tests if one.outcome == outcome}) for outcome in _WORDS.values()
    }
    errors = sum(one.outcome == "error" for one in tests) + len(printed.uncollectable)
    failed = max(names["failed"], sum(one.outcome == "failed" for one in tests))  # subtests are counted one by one
    yield from of_counts({"failed": counts.get("failed", 0)}, {"failed": failed})
    if counts.get("error", 0) > errors:
        yield from of_counts({"ended in an error": counts["error"]}, {"ended in an error": errors})
    unnamed = sum(max(counts.get(outcome, 0) - names[outcome], 0) for outcome in _UNNAMED)
    if unnamed:
        yield (
            f"pytest's output counts {counted(unnamed, 'test')} that passed or were skipped and does not name them: "
            "run it with -v, or use its JUnit XML."
        )
