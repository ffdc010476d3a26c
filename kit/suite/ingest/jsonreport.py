"""pytest-json-report (``--json-report``): one JSON object with every test and its phases."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from kit.facts.failures import Phase
from kit.facts.suite import Outcome
from kit.suite.ingest.recorded import (
    Document,
    Format,
    Recorded,
    Seen,
    TestName,
    Uncollectable,
    counted_from_one,
    mapping,
    objects,
    seconds,
    text,
    without,
)

_PHASES: tuple[Phase, ...] = ("setup", "call", "teardown")
_AS_SAID: frozenset[Outcome] = frozenset({"skipped", "xfailed", "xpassed"})


def _recognises(document: Document) -> bool:
    return {"exitcode", "summary"} <= set(mapping(document.json))


def _read(document: Document) -> Recorded:
    report = mapping(document.json)
    return Recorded(
        tests=tuple(seen for test in objects(report.get("tests")) for seen in _tests(test)),
        uncollectable=tuple(
            Uncollectable(TestName(nodeid=text(node.get("nodeid"))), text(node.get("longrepr")))
            for node in objects(report.get("collectors"))
            if node.get("outcome") == "failed"
        ),
        seconds=seconds(report.get("duration")),
        problem=None if objects(report.get("tests")) or report.get("exitcode") != 0 else "Its tests were left out.",
    )


def _tests(test: Mapping[str, Any]) -> Iterator[Seen]:
    name = TestName(nodeid=text(test.get("nodeid")))
    line = counted_from_one(test.get("lineno"))
    whole = next((outcome for outcome in get_args(Outcome) if outcome == test.get("outcome")), None)
    phases = [phase for phase in _PHASES if phase in test]
    if not phases:  # the report may be asked to leave them out
        yield Seen(name, whole or "not_run", line=line)
    for at, phase in enumerate(phases):
        yield _seen(name, phase, mapping(test[phase]), whole, line, begins=at == 0)


def _seen(
    name: TestName, phase: Phase, report: Mapping[str, Any], whole: Outcome | None, line: int | None, *, begins: bool
) -> Seen:
    said, words = report.get("outcome"), text(report.get("longrepr"))
    outcome: Outcome = "not_run"
    reason = ""
    if said == "failed":
        outcome = "failed" if phase == "call" else "error"
        reason = words if words.startswith("[XPASS(strict)]") else ""
    elif said == "skipped":
        outcome = "xfailed" if whole == "xfailed" else "skipped"
        reason = _reason(words) if outcome == "skipped" else ""
    elif phase == "call":
        outcome = whole if whole in _AS_SAID else "passed"
    is_bad = said == "failed"
    return Seen(
        name,
        outcome,
        phase,
        begins=begins,
        seconds=seconds(report.get("duration")),
        reason=reason,
        message=text(mapping(report.get("crash")).get("message")) if is_bad else "",
        text=words if is_bad else "",
        tail="\n".join(filter(None, (text(report.get("stdout")), text(report.get("stderr"))))),
        line=line,
    )


def _reason(words: str) -> str:
    """A skip is written as the tuple of its file, line and reason."""
    try:
        place = ast.literal_eval(words)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return without("Skipped: ", words)
    return without("Skipped: ", str(place[-1])) if isinstance(place, tuple) and place else words


FORMAT = Format("pytest-json-report", _recognises, _read)
