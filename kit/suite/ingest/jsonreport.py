"""pytest-json-report (``--json-report``): one JSON object with every test and its phases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from kit.facts.failures import Phase
from kit.facts.outcomes import Outcome
from kit.facts.wording import counted
from kit.suite.ingest.ending import Bad, of_counts, of_exit_status
from kit.suite.ingest.recorded import (
    Document,
    Format,
    Recorded,
    RecordedOutcome,
    TestName,
    Uncollectable,
    counted_from_one,
    mapping,
    misfits,
    objects,
    seconds,
    text,
    without,
)

_PHASES: tuple[Phase, ...] = ("setup", "call", "teardown")
_AS_SAID: frozenset[Outcome] = frozenset({"skipped", "xfailed", "xpassed"})
#: what the plugin writes for a test whose last subtest passed
_LAST_SUBTEST = "subtests passed"
_NAMED_AT_MOST = 3
#: pytest-xdist puts the worker in front
_WORKER = re.compile(r"^\[gw\d+\] [^\n]*\n")

_UNTOLD_FAILURE = (
    "The report says that the test failed, and none of its phases did: a subtest failed, or its process crashed. "
    "pytest-json-report keeps no traceback of either."
)


def _recognises(document: Document) -> bool:
    return {"exitcode", "summary"} <= set(mapping(document.json))


def _read(document: Document) -> Recorded:
    report = mapping(document.json)
    tests = objects(report.get("tests"))
    seen = [one for test in tests for one in _tests(test)]
    uncollectable = [
        Uncollectable(TestName(nodeid=text(node.get("nodeid"))), text(node.get("longrepr")))
        for node in objects(report.get("collectors"))
        if node.get("outcome") == "failed"
    ]
    return Recorded(
        tests=(*seen, *_never_run(report, {text(test.get("nodeid")) for test in tests})),
        uncollectable=tuple(uncollectable),
        seconds=seconds(report.get("duration")),
        problems=tuple(_problems(report, tests, Bad.of(seen, uncollectable))),
    )


def _problems(report: Mapping[str, Any], tests: Sequence[Mapping[str, Any]], bad: Bad) -> Iterator[str]:
    yield from misfits(report.get("tests"), "tests")
    yield from misfits(report.get("collectors"), "collectors")
    summary, status = mapping(report.get("summary")), report.get("exitcode")
    if "tests" not in report and summary.get("total") != 0:
        yield "The report was written without its tests (--json-report-omit)."
    else:
        outcomes = [test.get("outcome") for test in tests]
        said = {"failed": summary.get("failed", 0), "ended in an error": summary.get("error", 0)}
        yield from of_counts(said, {"failed": outcomes.count("failed"), "ended in an error": outcomes.count("error")})
    yield from of_exit_status(status, bad)
    doubtful = [text(test.get("nodeid")) for test in tests if test.get("outcome") == _LAST_SUBTEST]
    if doubtful and status != 0:
        more = f" and {len(doubtful) - _NAMED_AT_MOST:,} more" if len(doubtful) > _NAMED_AT_MOST else ""
        yield (
            f"{counted(len(doubtful), 'test')} may have failed although the report says "
            f'"{_LAST_SUBTEST}": pytest-json-report keeps only the last subtest of a test '
            f"({', '.join(doubtful[:_NAMED_AT_MOST])}{more})."
        )


def _never_run(report: Mapping[str, Any], run: set[str]) -> Iterator[RecordedOutcome]:
    """Tests that were collected and have no outcome, for instance because the run stopped at the first failure."""
    collectors = objects(report.get("collectors"))
    folders = {text(node.get("nodeid")) for node in collectors}
    for node in collectors:
        for item in objects(node.get("result")):
            nodeid = text(item.get("nodeid"))
            if "::" in nodeid and nodeid not in folders and nodeid not in run and not item.get("deselected"):
                yield RecordedOutcome(TestName(nodeid=nodeid), "not_run", line=counted_from_one(item.get("lineno")))


def _tests(test: Mapping[str, Any]) -> Iterator[RecordedOutcome]:
    name = TestName(nodeid=text(test.get("nodeid")))
    line = counted_from_one(test.get("lineno"))
    said = test.get("outcome")
    whole: Outcome | None = next((outcome for outcome in get_args(Outcome) if outcome == said), None)
    phases = [phase for phase in _PHASES if phase in test]
    seen = [_seen(name, phase, mapping(test[phase]), whole, line) for phase in phases]
    yield from seen
    if not phases:  # --json-report-omit leaves them out
        yield RecordedOutcome(name, "passed" if said == _LAST_SUBTEST else whole or "not_run", line=line)
    elif whole in ("failed", "error") and all(one.outcome not in ("failed", "error") for one in seen):
        yield RecordedOutcome(name, whole, "call" if whole == "failed" else "setup", message=_UNTOLD_FAILURE, line=line)


def _seen(
    name: TestName, phase: Phase, report: Mapping[str, Any], whole: Outcome | None, line: int | None
) -> RecordedOutcome:
    said, words = report.get("outcome"), text(report.get("longrepr"))
    outcome: Outcome = "not_run"
    reason = ""
    if said == "failed":
        outcome = "failed" if phase == "call" else "error"
        reason = words if words.startswith("[XPASS(strict)]") else ""
    elif said == "skipped":
        outcome = "xfailed" if whole == "xfailed" else "skipped"
        reason = _reason(words) if outcome == "skipped" else ""
    elif phase == "call" and said == "passed":
        outcome = whole if whole in _AS_SAID else "passed"
    is_bad = said == "failed"
    return RecordedOutcome(
        name,
        outcome,
        phase,
        seconds=seconds(report.get("duration")),
        reason=reason,
        message=text(mapping(report.get("crash")).get("message")) if is_bad else "",
        text=words if is_bad else "",
        tail="\n".join(filter(None, (text(report.get("stdout")), text(report.get("stderr"))))),
        line=line,
    )


def _reason(words: str) -> str:
    """The reason of a skip, which is written as the tuple of its file, line and reason."""
    try:
        place = ast.literal_eval(_WORKER.sub("", words))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return without("Skipped: ", words)
    return without("Skipped: ", str(place[-1])) if isinstance(place, tuple) and place else words


FORMAT = Format("pytest-json-report", _recognises, _read)
