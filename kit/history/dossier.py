"""The dossier of one test: what the cases of its app and the source say about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from kit.facts.case import Case, CaseFacts, Part
from kit.facts.case_commands import completed
from kit.facts.causes import Cause
from kit.facts.dossier import Dossier, NextCommand, PastOutcome
from kit.facts.errors import UsageError
from kit.facts.failures import Failure
from kit.facts.outcomes import BAD, FINE
from kit.facts.places import Location
from kit.facts.suite import RecheckVerdict, SuiteFacts, TestResult
from kit.history.beside import passing_beside
from kit.history.comparing import moment_of
from kit.history.flaky import find_flaky
from kit.history.in_tests import NOT_ALONE
from kit.history.one_test import past_of
from kit.inventory import imported_by_tests, role_of
from kit.store import Store
from kit.suite import executed_functions
from kit.wire.short_ids import is_short_id, short_id

_PARTS: tuple[Part, ...] = ("suite", "diagnosis")

#: what a failing test did when it was run again, where other tests may be why it fails
_BY_OTHERS: tuple[RecheckVerdict | None, ...] = (None, "passes_alone", "needs_others")


def explain(store: Store, name: str, case: str = "", where: Sequence[str] = ()) -> Dossier:
    """The dossier of the test ``name``: a node id, its end, or a short id, in the case ``case`` or else in the newest
    case that has it. ``where`` are the options that name the reports folder and the store, for its commands.

    Raises :class:`UsageError` when no case has such a test.
    """
    facts, result = _found(store, name, case)
    head, suite = facts.case, facts.suite
    assert suite
    name, past = past_of(store, head.target.root, result.nodeid)
    flaky = next((one for one in find_flaky(store, head.target.root).tests if one.nodeid == name), None)
    cause = next((one for one in facts.causes or () if _concerns(one, result)), None)
    introduced = store.introductions([head.id]).get(head.id, {}).get(cause.id) if cause else None
    failure = suite.failures.get(result.failure or "")
    return Dossier(
        result=result,
        case=moment_of(head),
        error=_error(failure),
        failed_at=_failed_at(failure),
        past=tuple(PastOutcome(moment_of(one), at.outcome, at.seconds) for one, at in past),
        last_good=next((moment_of(one) for one, at in past if at.outcome in FINE), None),
        flaky=flaky,
        cause=cause,
        introduced=introduced,
        polluted=next(
            (one for one in suite.polluted if one.victim == result.nodeid and (one.is_named or not flaky)),
            flaky.polluted if flaky else None,
        ),
        imports=_imports(head, result.path),
        executes=_executes(head, result.nodeid),
        commands=tuple(_commands(facts, result, cause if introduced is None else None, where)),
    )


def _found(store: Store, name: str, case: str) -> tuple[CaseFacts, TestResult]:
    """The case, or the newest one with the test, and the test's result there."""
    case = case or store.newest_with(name) or next((one.case.id for one in store.lines() if one.total), "")
    if not case:
        raise UsageError("No case has outcomes of tests yet: kit run makes one.")
    facts = store.load(case, _PARTS)
    found = _named(facts.suite or SuiteFacts(), name)
    if len(found) == 1:
        return facts, found[0]
    if found:
        names = ", ".join(one.nodeid for one in found[:5])
        raise UsageError(f'"{name}" may be one of {len(found):,} tests of the case "{case}": {names}.')
    known = [one.nodeid for one in facts.suite.results] if facts.suite else []
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise UsageError(f'The case "{case}" has no test "{name}".{hint}')


def _named(suite: SuiteFacts, name: str) -> list[TestResult]:
    """The tests that a name may stand for; only the one whose node id it is, if there is one."""
    short = {test.nodeid: test.short_id or short_id(test.nodeid) for test in suite.tests}
    found = [one for one in suite.results if _is_named(one.nodeid, name, short.get(one.nodeid, ""))]
    return [one for one in found if one.nodeid == name] or found


def _is_named(nodeid: str, name: str, short: str) -> bool:
    if is_short_id(name):
        return short.startswith(name)
    return nodeid == name or nodeid.endswith(f"::{name}") or nodeid.partition("[")[0].endswith(f"::{name}")


def _concerns(cause: Cause, result: TestResult) -> bool:
    return result.nodeid in cause.tests or result.path in cause.uncollectable


def _error(failure: Failure | None) -> str:
    if failure is None or not failure.chain:
        return ""
    raised = failure.chain[-1]
    return f"{raised.type}: {raised.message.partition(chr(10))[0]}"


def _failed_at(failure: Failure | None) -> Location | None:
    """The deepest line of the app that the failure came through."""
    frames = [frame for info in (failure.chain if failure else ()) for frame in info.frames if frame.owner == "own"]
    return Location(frames[-1].path, frames[-1].line) if frames else None


def _imports(case: Case, path: str) -> tuple[str, ...] | None:
    """The files of the app that the test's file imports now; ``None`` where the app is gone or has no such file."""
    if not case.target.path.is_dir():
        return None
    found = imported_by_tests(case.target).get(path)
    return None if found is None else tuple(sorted(found - {path}))


def _executes(case: Case, nodeid: str) -> tuple[str, ...] | None:
    """The functions of the app, not of the tests, that ran when the test was recorded last."""
    found = executed_functions(case.target, nodeid)
    return None if found is None else tuple(f"{path}::{name}" for path, name in found if role_of(path) != "test")


def _commands(facts: CaseFacts, result: TestResult, cause: Cause | None, where: Sequence[str]) -> Iterator[NextCommand]:
    """``cause`` is the one whose commit is not known yet."""
    case, suite = facts.case, facts.suite or SuiteFacts()
    name = suite.runnable(result.nodeid)[0]
    run = ("kit", "run", case.target.root)
    yield NextCommand("run it again", completed((*run, "--", name), case, where))
    if result.outcome in BAD and result.alone in _BY_OTHERS:
        yield NextCommand("find the earlier test that makes it fail", completed((*run, "--bisect", name), case, where))
    if result.outcome in BAD and passing_beside(suite, result):
        command = ("kit", "explain", name, "--beside", "--case", case.id, *where)
        yield NextCommand("name the first variable that differs from a passing test of the function", command)
    if cause and cause.kind not in NOT_ALONE and case.target.revision:
        yield NextCommand("find the commit that brought its cause", ("kit", "when", case.id, cause.id, *where))
