"""A record of several attempts as one: what the last one has not reached is as an earlier one left it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from kit.facts.suite import SuiteFacts, TestResult
from kit.suite.record.folding import Event, Fold
from kit.suite.record.test_list import joined_errors, joined_tests

#: what a run that was ended early may not have found out; an earlier attempt may have
_KNOWN_EARLIER = (
    "loaded_modules",
    "pytest_version",
    "isolation",
    "coverage",
    "execution",
    "shares",
    "views",
    "beginning",
    "protection",
    "polluted",
    "state_watch",
    "not_alone",
)


class Attempts:
    """Folds all events of a file. A new attempt adds to the record of those before it and removes nothing."""

    def __init__(self) -> None:
        self._folds = [Fold()]
        #: the number of the last attempt; 0 before the first session
        self.attempt = 0

    def add(self, event: Event) -> None:
        """Take one event."""
        if event["kind"] == "session":
            attempt = event.get("attempt", 1)
            if self.attempt and attempt != self.attempt:
                self._folds.append(Fold())
            self.attempt = attempt
        self._folds[-1].add(event)

    def finished(self) -> Counter[str]:
        """How often each node id has an outcome in the last attempt."""
        return self._folds[-1].finished()

    def facts_of_session(self) -> SuiteFacts:
        """The facts of the last attempt, with the tests of its last session alone, in their order."""
        return self._folds[-1].facts(of_session=True)

    def facts(self) -> SuiteFacts:
        """All facts so far; every test that is known has a result."""
        earlier, *later = self._folds
        facts = earlier.facts()
        for fold in later:
            facts = _merged(facts, fold.facts(), is_whole=fold.has_collected)
        return facts


def _merged(earlier: SuiteFacts, last: SuiteFacts, *, is_whole: bool) -> SuiteFacts:
    """The facts of the ``last`` attempt, completed by ``earlier`` ones. ``is_whole``: it has collected all tests."""
    tests, errors = last.tests, last.collection_errors
    if not is_whole:
        tests = tuple(joined_tests(list(earlier.tests), list(last.tests)))
        errors = tuple(joined_errors(list(earlier.collection_errors), list(errors), list(last.tests)))
    by_id = {test.nodeid: test for test in tests}
    carried, results = 0, []
    known = {"earlier": _by_test(earlier), "last": _by_test(last)}
    for test in tests:
        result = next(known["last"].get(test.nodeid, iter(())), None)
        before = next(known["earlier"].get(test.nodeid, iter(())), None)
        if before is not None and before.outcome != "not_run" and (result is None or result.outcome == "not_run"):
            carried += 1
            result = replace(before, path=by_id[test.nodeid].path, line=by_id[test.nodeid].line)
        results.append(result or TestResult(test.nodeid, test.path, "not_run", reason=last.problem, line=test.line))
    merged = replace(
        last,
        tests=tests,
        results=tuple(results),
        collection_errors=errors,
        touched=tuple(dict.fromkeys((*earlier.touched, *last.touched))),
        sessions=(*earlier.sessions, *last.sessions),
        carried=carried,
    )
    return merged if is_whole and not carried else _completed(merged, earlier)


def _by_test(facts: SuiteFacts) -> dict[str, Iterator[TestResult]]:
    results: dict[str, list[TestResult]] = {}
    for result in facts.results:
        results.setdefault(result.nodeid, []).append(result)
    return {nodeid: iter(several) for nodeid, several in results.items()}


def _completed(last: SuiteFacts, earlier: SuiteFacts) -> SuiteFacts:
    """The facts with what only an ``earlier`` attempt has found out."""
    used = {result.failure for result in last.results}
    failures = {identity: failure for identity, failure in earlier.failures.items() if identity in used}
    known = {name: getattr(last, name) or getattr(earlier, name) for name in _KNOWN_EARLIER}
    if last.pytest_version is None:
        known["rootdir"] = earlier.rootdir
    problem = last.problem
    if problem and last.carried:
        what = "1 outcome is" if last.carried == 1 else f"{last.carried:,} outcomes are"
        problem = f"{problem} {what} of an earlier attempt."
    return replace(last, failures={**failures, **last.failures}, problem=problem, **known)
