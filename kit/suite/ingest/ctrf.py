"""CTRF, the Common Test Report Format: JSON that any runner can write, with a status and a trace for each test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.facts.failures import Phase
from kit.facts.outcomes import Outcome
from kit.facts.wording import counted
from kit.suite.ingest import foreign
from kit.suite.ingest.ending import of_counts
from kit.suite.ingest.longrepr import as_traceback
from kit.suite.ingest.recorded import (
    Document,
    Format,
    Recorded,
    RecordedOutcome,
    TestName,
    Uncollectable,
    mapping,
    misfits,
    objects,
    seconds,
    text,
)

#: "pending" is a test that its runner put off on purpose; "other" says nothing
_OUTCOMES: dict[str, Outcome] = {"passed": "passed", "failed": "failed", "skipped": "skipped", "pending": "skipped"}
#: pytest's reporter adds these to the status
_RAW: dict[str, Outcome] = {"xfailed": "xfailed", "xpassed": "xpassed"}


def _recognises(document: Document) -> bool:
    report = mapping(document.json)
    results = mapping(report.get("results"))
    return report.get("reportFormat") == "CTRF" or ("tool" in results and "tests" in results)


def _read(document: Document) -> Recorded:
    results = mapping(mapping(document.json).get("results"))
    tool, summary = mapping(results.get("tool")), mapping(results.get("summary"))
    start, stop = seconds(summary.get("start")), seconds(summary.get("stop"))
    tests = objects(results.get("tests"))
    seen = tuple(_seen(test) for test in tests if not _is_file(test))
    files = (Uncollectable(TestName(nodeid=text(test.get("name"))), _told(test)) for test in tests if _is_file(test))
    return Recorded(
        tests=seen,
        uncollectable=tuple(files),
        pytest_version=text(tool.get("version")) or None if tool.get("name") == "pytest" else None,
        seconds=round((stop - start) / 1000, 3) if start is not None and stop is not None else None,
        problems=(*misfits(results.get("tests"), "tests"), *of_counts(*_counts(summary, tests)), *_namesakes(seen)),
    )


def _counts(summary: Mapping[str, Any], tests: Sequence[Mapping[str, Any]]) -> tuple[dict[str, object], dict[str, int]]:
    """How many tests the summary counts in all and as failed, and how many there are."""
    failed = sum(test.get("status") == "failed" for test in tests)
    said: dict[str, object] = {"in all": summary.get("tests"), "failed": summary.get("failed")}
    return said, {"in all": len(tests), "failed": failed}


def _namesakes(seen: Sequence[RecordedOutcome]) -> Iterator[str]:
    if hidden := len(seen) - len({one.name for one in seen}):
        yield f"{counted(hidden, 'result')} has the same name as another: the worst of them counts."


def _is_file(test: Mapping[str, Any]) -> bool:
    """Whether a failed entry stands for a file that could not be collected: it has no other name than its file."""
    return test.get("status") == "failed" and text(test.get("name")) in _files(test)


def _files(test: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(filter(None, (text(test.get("filePath")), text(test.get("file_path")))))


def _told(test: Mapping[str, Any]) -> str:
    return as_traceback(text(test.get("trace")), text(test.get("message")))


def _seen(test: Mapping[str, Any]) -> RecordedOutcome:
    raw, status = text(test.get("rawStatus") or test.get("raw_status")), text(test.get("status"))
    phase: Phase = "setup" if raw.startswith("setup") else "teardown" if raw.startswith("teardown") else "call"
    outcome = _OUTCOMES.get(status, "not_run")
    outcome = _RAW.get(raw, outcome) if outcome != "failed" else outcome
    if outcome == "failed" and phase != "call":
        outcome = "error"
    message, trace = text(test.get("message")), text(test.get("trace"))
    is_bad = outcome in ("failed", "error")
    duration = seconds(test.get("duration"))
    return RecordedOutcome(
        _name(test),
        outcome,
        phase,
        seconds=duration / 1000 if duration is not None else None,
        reason=message if not is_bad or message.startswith("[XPASS(strict)]") else "",
        message=message if is_bad else "",
        text=trace if is_bad else "",
        tail="\n".join(text(line) for line in test["stdout"]) if isinstance(test.get("stdout"), list) else "",
        line=line if isinstance(line := test.get("line"), int) and line > 0 else None,
    )


def _name(test: Mapping[str, Any]) -> TestName:
    name, file, suite = text(test.get("name")), text(test.get("filePath") or test.get("file_path")), test.get("suite")
    given = TestName(name=name)
    if (plain := foreign.plain_name(given)) != given:
        return plain
    suites = [text(part) for part in suite] if isinstance(suite, list) else text(suite).split(" > ")
    base, bracket, parameters = name.partition("[")
    *owners, base = base.split(".") if all(part.isidentifier() for part in base.split(".")) else [base]
    dotted = [part for one in suites for part in one.removesuffix(".py").replace("/", ".").split(".") if part]
    owners = [*dotted, *owners]
    if not file:
        return TestName(classname=".".join(owners), name=f"{base}{bracket}{parameters}")
    return TestName(nodeid="::".join((file, *_classes(owners, file), f"{base}{bracket}{parameters}")))


def _classes(owners: Sequence[str], file: str) -> list[str]:
    """The classes among the folders, modules and classes that a test is named with: those behind its file."""
    stem = file.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    behind = len(owners) - list(reversed(owners)).index(stem) if stem in owners else 0
    return [part for part in owners[behind:] if part.isidentifier()]


FORMAT = Format("CTRF", _recognises, _read)
