"""A test file that needs others to be imported first is found, and everything that would run it alone knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.cli.formats.text import run_text
from kit.cli.reruns import unfinished
from kit.facts.case import Case, CaseFacts
from kit.facts.suite import SuiteFacts
from kit.failures import group_failures
from kit.suite import RunOptions, bisect_pollution, run_suite
from kit.suite.options import Isolation
from kit.suite.process.supervisor import Supervisor
from kit.suite.run.files_alone import files_to_try
from kit.wire.short_ids import short_id
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with
from tests.helpers import run_kit, write_project
from tests.suite.projects import target_of

pytestmark = pytest.mark.slow

TEST = "test_b.py::test_late"
ERROR = "ValueError: parts are not registered"
FILES = {
    "pytest.ini": "[pytest]\n",
    "state.py": "seen = []\n",
    "parts.py": "import state\nif not state.seen:\n    raise ValueError('parts are not registered.\\nsee the wiki')\n",
    "test_a.py": "import state\nstate.seen.append(1)\ndef test_a(): assert state.seen == 2\n",
    "test_b.py": "import parts\ndef test_late(): raise KeyError('late')\n",
    "test_c.py": "def test_c(): raise OSError('full')\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("alone") / "shop", FILES)


@pytest.fixture(scope="module")
def facts(root: Path, tmp_path_factory: pytest.TempPathFactory) -> SuiteFacts:
    events = tmp_path_factory.mktemp("alone") / "events.jsonl"
    return run_suite(target_of(root), events=events, options=RunOptions(workers=1))


def test_only_the_file_that_needs_the_others_is_named(facts: SuiteFacts) -> None:
    assert facts.not_alone == {"test_b.py": ERROR}
    assert facts.collection_errors == ()


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_forked_or_started_the_process_that_tries_it_finds_the_same(
    root: Path, tmp_path: Path, isolation: Isolation, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = []
    start = Supervisor.start
    monkeypatch.setattr(Supervisor, "start", lambda *words, **named: starts.append(1) or start(*words, **named))

    facts = run_suite(
        target_of(root), events=tmp_path / "events.jsonl", options=RunOptions(workers=1, isolation=isolation)
    )

    assert facts.not_alone == {"test_b.py": ERROR}
    assert (len(starts) == 1) is (isolation == "fork"), "each re-run starts a process where none is forked"


def test_a_file_that_hangs_without_the_others_is_given_up(tmp_path: Path) -> None:
    waits = "import state, time\nif not state.seen:\n    time.sleep(600)\n"
    root = write_project(tmp_path / "shop", {**FILES, "parts.py": waits})

    facts = run_suite(
        target_of(root),
        events=tmp_path / "events.jsonl",
        options=RunOptions(workers=1, isolation="fork", collection_timeout_s=2),
    )

    assert (facts.not_alone, facts.problem) == ({}, None)
    assert len(facts.results) == 3


def test_the_check_of_its_cause_works(facts: SuiteFacts, root: Path, tmp_path: Path) -> None:
    causes = find_causes(None, facts, group_failures(facts))
    (step,) = [cause.next_step for cause in causes if TEST in cause.tests]
    assert f"test_b.py cannot be collected alone ({ERROR}): the command names test_late by its short id" in step.text

    words = [str(root) if word == "PATH" else word for word in step.argv[1:]]
    words[2:2] = ["--reports-dir", str(tmp_path), "--workers", "1"]
    ran = run_kit(*words, cwd=tmp_path)

    assert f"failed: {TEST}" in ran.stdout, ran.stderr
    assert "1 collected = 1 failed" in ran.stdout


def test_the_other_checks_name_the_test(facts: SuiteFacts) -> None:
    causes = find_causes(None, facts, group_failures(facts))

    assert {cause.next_step.argv[-1] for cause in causes if TEST not in cause.tests} == {
        "test_a.py::test_a",
        "test_c.py::test_c",
    }


def test_what_failed_is_run_again_with_the_whole_suite(facts: SuiteFacts) -> None:
    names = unfinished(facts)

    assert TEST not in names
    assert {"test_a.py::test_a", "test_c.py::test_c"} < {*names}


def test_a_run_of_that_test_finds_it_too(root: Path, facts: SuiteFacts, tmp_path: Path) -> None:
    again = run_suite(target_of(root), events=tmp_path / "events.jsonl", nodeids=[short_id(TEST)])

    assert [one.nodeid for one in again.results] == [TEST]
    assert unfinished(again) == (short_id(TEST),)


def test_the_outcomes_say_so(facts: SuiteFacts, root: Path) -> None:
    case = Case("c", "2026-11-23T06:00:00+00:00", "0.1.0", target_of(root))
    lines = run_text(CaseFacts(case, suite=facts)).splitlines()

    assert f"failed: {TEST}  (fails alone too; its file cannot be collected alone)" in lines
    assert "failed: test_c.py::test_c  (fails alone too)" in lines


def test_bisection_says_so(root: Path) -> None:
    found = bisect_pollution(target_of(root), TEST)

    assert (found.kind, found.not_alone) == ("fails_always", ERROR)


def test_the_first_file_and_what_passes_alone_cost_nothing() -> None:
    first, other = failure_with("a", "KeyError"), failure_with("b", "OSError")
    results = [
        result("test_a.py::test_1", first, alone="fails"),
        result("test_b.py::test_2", other, alone="flaky"),
        result("test_c.py::test_3", other, alone="fails"),
    ]

    assert files_to_try(suite(results, [first, other]), is_whole=True) == ("test_c.py",)
