from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kit.facts.errors import UsageError
from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.facts.suite import CollectedTest, Coverage, ModuleCoverage, SuiteFacts, TestResult, TestWarning
from kit.suite import run_suite
from kit.suite.record.events import EventWriter, read_events
from kit.suite.record.folding import Fold
from tests.suite.projects import target_of

pytestmark = pytest.mark.slow

FAILURE = Failure("f1", "call", (ExceptionInfo("ValueError", "builtins", "no", 2, (Frame("app.py", 3, "go", "own"),)),))


def event(kind: str, **details: Any) -> dict[str, Any]:
    return {"kind": kind, "at": 1.0, **msgspec.to_builtins(details)}


COLLECTED = [
    event("collected", nodeid=f"test_a.py::test_{n}", path="test_a.py", line=n, markers=["slow"]) for n in (1, 2)
]
READY = event("ready", tests=2, isolation="fork: …", rootdir=".", pytest="9.0", loaded_modules={"app": "app.py"})


def finished(n: int, outcome: str = "passed", **details: Any) -> dict[str, Any]:
    return event("finished", nodeid=f"test_a.py::test_{n}", outcome=outcome, phase="call", seconds=0.5, **details)


def write(path: Path, *events: dict[str, Any]) -> Path:
    writer = EventWriter(path)
    for each in events:
        writer.write(each)
    writer.close()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "events.jsonl"


def test_events_fold_to_what_the_suite_did(path: Path) -> None:
    failed = finished(2, "failed", failure="f1")
    end = event("end", seconds=2.5, problem=None, interrupted=False)
    facts = read_events(
        write(path, event("session"), *COLLECTED, READY, finished(1), event("failure", failure=FAILURE), failed, end)
    )

    assert facts.tests == (
        CollectedTest("test_a.py::test_1", "test_a.py", 1, markers=("slow",)),
        CollectedTest("test_a.py::test_2", "test_a.py", 2, markers=("slow",)),
    )
    assert facts.results[1] == TestResult(
        "test_a.py::test_2", "test_a.py", "failed", "call", 0.5, failure="f1", reason=None, line=2
    )
    assert facts.failures == {"f1": FAILURE}
    assert (facts.isolation, facts.pytest_version, facts.loaded_modules) == ("fork: …", "9.0", {"app": "app.py"})
    assert facts.problem is None
    assert facts.accounting.holds()


def test_names_that_many_tests_have_are_kept_once(path: Path) -> None:
    about = {"path": "t.py", "line": 1, "fixtures": ["app", "client"], "markers": ["slow"]}
    write(path, *({"kind": "collected", "nodeid": f"t.py::{name}", **about} for name in "ab"))

    one, other = read_events(path).tests

    assert one.fixtures == ("app", "client")
    assert (one.fixtures, one.markers) == (other.fixtures, other.markers)
    assert one.fixtures is other.fixtures
    assert one.markers is other.markers


def test_the_first_line_tells_format_and_version(path: Path) -> None:
    write(path, event("session"))
    write(path, event("session"))

    first, *others = map(msgspec.json.decode, path.read_bytes().splitlines())
    assert first == {"kind": "header", "format": "kit-events", "version": 1}
    assert [other["kind"] for other in others] == ["session", "session"]


def test_a_test_that_was_not_reached_is_not_run_and_says_why(path: Path) -> None:
    facts = read_events(write(path, event("session"), *COLLECTED, READY, finished(1)))

    assert [result.outcome for result in facts.results] == ["passed", "not_run"]
    assert facts.results[1].reason == facts.problem == "The run did not finish."


def test_a_torn_last_line_is_left_out_and_the_next_session_begins_on_a_new_one(path: Path) -> None:
    write(path, event("session"), *COLLECTED, READY, finished(1))
    with path.open("ab") as file:
        file.write(b'{"kind":"finished","nodeid":"test_a.py::te')

    assert [result.outcome for result in read_events(path).results] == ["passed", "not_run"]
    write(path, event("session"), *COLLECTED, READY, finished(2))
    assert [result.outcome for result in read_events(path).results] == ["passed", "passed"]


def test_kinds_and_keys_of_a_later_version_are_left_out(path: Path) -> None:
    events = (event("session"), *COLLECTED, event("weather", sky="blue"), finished(1, colour="red"), event("finished"))
    with write(path, *events).open("ab") as file:
        file.write(b"[1, 2]\nnot json\n\xff\xfe\n")

    assert read_events(path).accounting.passed == 1


def test_a_later_session_collects_anew_and_keeps_the_outcomes(path: Path) -> None:
    interrupted = event("end", seconds=1.0, problem="The run was interrupted.", interrupted=True)
    first = (event("session"), *COLLECTED, READY, finished(1), interrupted)
    facts = read_events(write(path, *first, event("session"), *COLLECTED, READY, finished(2, "skipped")))

    assert [result.outcome for result in facts.results] == ["passed", "skipped"]
    assert len(facts.tests) == 2


def test_what_could_not_be_run_once_may_be_run_later(path: Path) -> None:
    facts = read_events(write(path, event("session"), *COLLECTED, finished(1, "not_run"), finished(1)))

    assert facts.results[0].outcome == "passed"


def test_a_node_id_that_was_collected_twice_has_two_outcomes(path: Path) -> None:
    twice = (COLLECTED[0], COLLECTED[0])
    facts = read_events(write(path, event("session"), *twice, finished(1), finished(1, "failed")))

    assert [result.outcome for result in facts.results] == ["passed", "failed"]
    assert facts.accounting.holds()


def test_a_failure_that_was_run_once_more_is_told_by_its_result(path: Path) -> None:
    beside = event("rechecked", nodeid="test_a.py::test_1", alone="fails_beside_others", outcome="passed", reason="…")
    alone = event("rechecked", nodeid="test_a.py::test_2", alone="fails")
    failed = [finished(1, "failed", failure="f1"), finished(2, "error", failure="f1")]
    first, second = read_events(write(path, event("session"), *COLLECTED, *failed, beside, alone)).results

    assert (first.alone, first.outcome, first.failure, first.reason) == ("fails_beside_others", "passed", "f1", "…")
    assert (second.alone, second.outcome, second.failure) == ("fails", "error", "f1")


def test_a_second_run_of_a_test_that_nobody_knows_is_left_out(path: Path) -> None:
    facts = read_events(write(path, event("session"), event("rechecked", nodeid="test_a.py::test_9", alone="flaky")))

    assert facts.results == ()


def test_the_counts_of_a_warning_add_up(path: Path) -> None:
    seen = {"category": "DeprecationWarning", "message": "old", "path": "app.py", "line": 3}
    first = event("warning", **seen, nodeid="test_a.py::test_1", count=1)
    other = event("warning", **{**seen, "line": 4}, nodeid=None, count=1)
    again = event("warning", **seen, nodeid="test_a.py::test_1", count=41)
    facts = read_events(write(path, event("session"), first, other, again))

    assert facts.warnings == (
        TestWarning("DeprecationWarning", "old", "app.py", 3, "test_a.py::test_1", 42),
        TestWarning("DeprecationWarning", "old", "app.py", 4, None, 1),
    )


def test_coverage_leaks_and_what_is_shared_are_read_again(path: Path) -> None:
    coverage = Coverage(10, 5, 50.0, (ModuleCoverage("app.py", 10, 5, 50.0),))
    leaked = event("leaked", nodeid="test_a.py::test_1", processes=["redis-server"])
    shares = event("shares", what="Tests share app.db.")
    facts = read_events(
        write(path, *COLLECTED, finished(1), leaked, shares, event("coverage", coverage=coverage, problem=None))
    )

    assert facts.results[0].leaked == ("redis-server",)
    assert (facts.coverage, facts.coverage_problem, facts.shares) == (coverage, None, "Tests share app.db.")


def test_no_file_is_no_test(path: Path) -> None:
    assert read_events(path).accounting.collected == 0


def test_two_runs_do_not_write_to_one_record(path: Path) -> None:
    first = EventWriter(path)
    with pytest.raises(UsageError, match=r"Another run of kit writes to .*: wait until it has ended"):
        EventWriter(path)
    first.write({"kind": "ready"})
    before = path.read_bytes()
    first.close()
    EventWriter(path).close()
    assert path.read_bytes() == before


def test_a_record_that_was_removed_meanwhile_is_locked_again(path: Path) -> None:
    first = EventWriter(path)
    path.unlink()
    first.bring_back()
    with pytest.raises(UsageError, match="Another run of kit"):
        EventWriter(path)
    first.close()


def test_a_folder_that_cannot_be_written_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match=r"events\.jsonl cannot be written: .*; choose another"):
        run_suite(target_of(tmp_path), events=tmp_path / "file" / "events.jsonl")


def lost(*events: dict[str, object]) -> SuiteFacts:
    """The facts of a run that has ended well, with these events in its record."""
    fold = Fold()
    for event in ({"kind": "session"}, *events, {"kind": "end", "problem": None}):
        fold.add({"at": 0.0, **event})
    return fold.facts()


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({"kind": "finished", "nodeid": "test_a.py::a"}, "finished: Object missing required field `outcome`"),
        (
            {"kind": "finished", "nodeid": "a", "outcome": "off"},
            "finished: Invalid enum value 'off' - at `$.outcome`",
        ),
        ({"kind": "collected", "nodeid": 7, "path": "a.py"}, "collected: Expected `str`, got `int` - at `$.nodeid`"),
        ({"kind": "failure"}, "failure: Object missing required field `failure`"),
        ({"kind": "leaked", "nodeid": "test_a.py::a", "processes": []}, "leaked: its test has no result"),
    ],
)
def test_an_event_of_another_shape_is_counted_and_makes_the_run_incomplete(event: dict[str, object], why: str) -> None:
    assert lost(event).problem == f"1 event of the run could not be read ({why}): results may be missing."
    assert lost(event, event).problem == f"2 events of the run could not be read ({why}): results may be missing."


def test_events_of_kinds_that_a_later_version_adds_are_no_problem() -> None:
    assert lost({"kind": "weather", "is": "fine"}, {"kind": "session", "of": "another sort"}).problem is None


def test_a_collected_test_that_its_record_does_not_list_is_a_problem() -> None:
    assert lost({"kind": "ready", "tests": 2}, {"kind": "end", "problem": None}).problem == (
        "The run has collected 2 tests, and its record lists 0."
    )
