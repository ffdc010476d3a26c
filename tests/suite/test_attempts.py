"""A run that is begun again adds to the record of the one before it: no outcome is removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kit.suite import read_events
from kit.suite.live.advancing import advance
from kit.suite.live.progress import Progress
from kit.suite.record.attempts import Attempts
from tests.suite.conftest import Run
from tests.suite.projects import outcomes, rows


def folded(*events: Mapping[str, Any]) -> Attempts:
    attempts = Attempts()
    for event in events:
        attempts.add({"at": 0.0, **event})
    return attempts


def session(attempt: int = 1, **more: Any) -> dict[str, Any]:
    return {"kind": "session", "started": "2026-01-01T00:00:00+00:00", "attempt": attempt, **more}


def collected(*names: str) -> Iterable[dict[str, Any]]:
    yield from ({"kind": "collected", "nodeid": f"t.py::{name}", "path": "t.py"} for name in names)
    yield {"kind": "ready", "tests": len(names)}


def finished(name: str, outcome: str = "passed") -> dict[str, Any]:
    return {"kind": "finished", "nodeid": f"t.py::{name}", "outcome": outcome}


def end(problem: str | None = None) -> dict[str, Any]:
    return {"kind": "end", "problem": problem}


def test_a_session_that_collects_nothing_keeps_what_was_known() -> None:
    facts = folded(session(), *collected("a", "b"), finished("a"), end("Cut."), session(), end("Too late.")).facts()

    assert outcomes(facts) == {"t.py::a": "passed", "t.py::b": "not_run"}
    assert facts.is_cut_short
    assert [(one.finished, one.problem) for one in facts.sessions] == [(1, "Cut."), (0, "Too late.")]


def test_a_new_attempt_that_collects_nothing_keeps_the_outcomes_of_the_one_before() -> None:
    facts = folded(session(), *collected("a"), finished("a", "failed"), end(), session(2), end("Too late.")).facts()

    assert outcomes(facts) == {"t.py::a": "failed"}
    assert facts.carried == 1
    assert facts.problem == "Too late. 1 outcome is of an earlier attempt."
    assert facts.is_cut_short, "the second attempt goes on"


def test_a_new_attempt_replaces_the_outcomes_that_it_has_reached() -> None:
    attempts = folded(
        session(), *collected("a", "b"), finished("a", "failed"), finished("b", "failed"), end(),
        session(2), *collected("a", "b"), finished("a"),
    )  # fmt: skip

    assert outcomes(attempts.facts()) == {"t.py::a": "passed", "t.py::b": "failed"}
    assert attempts.finished() == {"t.py::a": 1}, "what is left of the second attempt is run when it is resumed"
    assert [result.outcome for result in attempts.facts_of_session().results] == ["passed", "not_run"]


def test_a_whole_new_attempt_counts_alone() -> None:
    facts = folded(
        session(), *collected("a", "gone"), finished("a", "failed"), finished("gone"), end("Cut."),
        session(2), *collected("a", "new"), finished("a"), finished("new"), end(),
    ).facts()  # fmt: skip

    assert outcomes(facts) == {"t.py::a": "passed", "t.py::new": "passed"}
    assert (facts.problem, facts.carried, len(facts.sessions)) == (None, 0, 2)


def test_a_new_attempt_at_chosen_tests_adds_to_the_others() -> None:
    facts = folded(
        session(), *collected("a", "b"), finished("a", "failed"), finished("b", "skipped"), end(),
        session(2, whole=False), *collected("a"), finished("a"), end(),
    ).facts()  # fmt: skip

    assert outcomes(facts) == {"t.py::a": "passed", "t.py::b": "skipped"}
    assert facts.problem is None


def test_tests_that_share_a_node_id_keep_their_number() -> None:
    facts = folded(
        session(), *collected("a", "a"), finished("a"), finished("a", "failed"), end(), session(), *collected("a", "a")
    ).facts()

    assert [result.outcome for result in facts.results] == ["passed", "failed"]


def test_the_live_counts_of_a_new_attempt_begin_at_zero() -> None:
    progress = Progress()
    for event in (session(), *collected("a"), finished("a"), session(2)):
        progress = advance(progress, {"at": 0.0, "tests": 1, **event})

    assert (progress.finished, progress.attempt) == (0, 2)


def test_a_run_that_is_begun_again_with_too_little_time_keeps_every_outcome(run: Run, tmp_path: Path) -> None:
    files = {"test_a.py": "def test_a(): pass\ndef test_b(): assert 0\n"}
    run(files, recheck_s=0.0)
    before = (tmp_path / "events.jsonl").read_bytes()

    again = run(files, run_timeout_s=0.001, keep_events=True)

    assert rows(again) == {"collected": 2, "passed": 1, "failed": 1}
    assert again.problem is not None
    assert (tmp_path / "events.jsonl").read_bytes().startswith(before), "a record only grows"
    assert rows(run(files, resume=True, recheck_s=0.0)) == {"collected": 2, "passed": 1, "failed": 1}
    assert [one.attempt for one in read_events(tmp_path / "events.jsonl").sessions] == [1, 2, 2]
