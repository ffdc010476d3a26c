"""Outcomes as CTRF, the Common Test Report Format (https://ctrf.io)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from kit.facts.case import CaseFacts
from kit.facts.failures import Failure
from kit.facts.outcomes import Outcome
from kit.facts.suite import SuiteFacts, TestResult
from kit.masking import cleaned, escaped_json

_STATUSES: dict[Outcome, str] = {
    "passed": "passed",
    "failed": "failed",
    "error": "failed",
    "timed_out": "failed",
    "crashed": "failed",
    "skipped": "skipped",
    "xfailed": "skipped",
    "xpassed": "passed",
    "not_run": "other",
}


def ctrf(facts: CaseFacts) -> str:
    """One entry a test, with the id of its cause, and one for each file that could not be collected."""
    suite = facts.suite or SuiteFacts()
    causes = {test: cause.id for cause in reversed(facts.causes or ()) for test in (*cause.tests, *cause.uncollectable)}
    tests = [_test(result, suite.failures.get(result.failure or ""), causes) for result in suite.results]
    finished = {result.nodeid for result in suite.results}
    waiting = (test for test in suite.tests if test.nodeid not in finished)
    tests += [_test(TestResult(test.nodeid, test.path, "not_run"), None, causes) for test in waiting]
    for error in suite.collection_errors:
        failed = TestResult(error.path, error.path, "error", "setup", reason="could not be collected")
        tests.append(_test(failed, error.failure, causes))
    start = int(datetime.fromisoformat(facts.case.started).timestamp() * 1000)
    states = [test["status"] for test in tests]
    counts = {name: states.count(name) for name in ("passed", "failed", "skipped", "pending", "other")}
    stop = start + int((suite.seconds or 0) * 1000)
    report = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "generatedBy": "incident-kit",
        "results": {
            "tool": {"name": "pytest", "version": suite.pytest_version or ""},
            "summary": {"tests": len(tests), **counts, "start": start, "stop": stop},
            "tests": tests,
        },
    }
    return escaped_json(json.dumps(cleaned(report), indent=1, ensure_ascii=False)) + "\n"


def _test(result: TestResult, failure: Failure | None, causes: dict[str, str]) -> dict[str, Any]:
    raw = result.outcome if result.phase in (None, "call") else f"{result.phase}_{result.outcome}"
    test: dict[str, Any] = {
        "name": result.nodeid,
        "status": _STATUSES[result.outcome],
        "duration": round((result.seconds or 0) * 1000),
        "rawStatus": raw,
        "filePath": result.path,
    }
    if failure is not None:
        raised = failure.raised
        test["message"] = f"{raised.type}: {raised.message}"
        test["trace"] = "\n".join(f"{frame.path}:{frame.line}: in {frame.function}" for frame in raised.frames)
    elif result.reason:
        test["message"] = result.reason
    if result.alone == "flaky":
        test["flaky"] = True
    if result.nodeid in causes:
        test["extra"] = {"cause": causes[result.nodeid]}
    return test
