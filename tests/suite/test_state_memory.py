"""What a run has settled about changed states holds for the next one, as long as files stay what they are."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest

from kit.facts.outcomes import Outcome
from kit.facts.suite import SuiteFacts
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.rechecking import RerunResult
from kit.suite.run.run_inputs import RunInputs
from kit.suite.run.state_log import LoggedChange, Look, StateLog
from kit.suite.run.state_memory import StateMemory
from kit.suite.run.suspect_search import SuspectSearch
from kit.target import Snapshot
from tests.causes.scenes import result
from tests.helpers import write_project

FILES = ("test_a.py", "test_b.py", "test_c.py")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(
        tmp_path,
        {**dict.fromkeys(FILES, "def test_it(): pass\n"), "app.py": "seen = []\n", "rates.json": "1", "late.py": ""},
    )


def memory(root: Path, settled: Collection[int] = (), outcome: Outcome = "passed") -> StateMemory:
    results = [result(f"{file}::test_it", outcome=outcome) for file in FILES]
    return StateMemory(inputs(root), FILES, settled, results)


def inputs(root: Path, tests: Sequence[str] = FILES, python: bytes = b"3.11") -> RunInputs:
    return RunInputs(tests, [f"{path}::test_it" for path in tests], Snapshot(root, root).digests, python)


def change(path: str) -> LoggedChange:
    return LoggedChange(path, "[]", "[1]", ("seen",))


def look(*tests: int, path: str = "app.seen") -> Look:
    return Look(tests, (change(path),), tests, len(tests))


def settled_in_order(root: Path) -> list[int]:
    before = memory(root)
    before.settle_in_order([2])
    return before.answers()


def test_what_a_test_did_in_plain_order_holds_for_every_state(root: Path) -> None:
    now = memory(root, settled_in_order(root))

    assert now.is_settled(look(0), change("app.seen"), 2)
    assert now.is_settled(look(1), change("app.other"), 2)
    assert not now.is_settled(look(0), change("app.seen"), 1)


def test_what_a_test_did_in_plain_order_does_not_hold_for_another_one_with_its_node_id(root: Path) -> None:
    def twice(settled: Collection[int] = ()) -> StateMemory:
        results = [result(f"{FILES[0]}::test_it", outcome="passed")] * 2
        return StateMemory(inputs(root, FILES[:1] * 2), FILES[:1] * 2, settled, results)

    first = twice()
    first.settle_in_order([0])

    later = twice(first.answers())
    assert [later.is_settled(look(0), change("app.seen"), test) for test in range(2)] == [True, False]
    assert not later.are_all_settled


def test_what_is_settled_holds_in_a_scratch_copy_at_another_path(root: Path, tmp_path: Path) -> None:
    elsewhere = write_project(tmp_path.with_name("copy"), {path.name: path.read_text() for path in root.iterdir()})

    assert memory(elsewhere, settled_in_order(root)).is_settled(look(0), change("app.seen"), 2)


def test_a_test_that_ends_otherwise_is_looked_into_again(root: Path) -> None:
    now = memory(root, settled_in_order(root), outcome="failed")

    assert not now.is_settled(look(0), change("app.seen"), 2)


@pytest.mark.parametrize("file", ["app.py", *FILES, "rates.json", "late.py", "new.env"])
def test_nothing_holds_once_a_file_has_changed(root: Path, file: str) -> None:
    settled = settled_in_order(root)
    (root / file).write_text("def test_it(): assert 1\n")

    assert not memory(root, settled).is_settled(look(0), change("app.seen"), 2)


def test_nothing_holds_for_another_interpreter_or_for_other_tests_of_the_same_files(root: Path) -> None:
    keys = {
        inputs(root, tests, python).key(inputs(root, tests, python).tests)
        for tests, python in ((FILES, b"3.11"), (FILES, b"3.12"), (FILES[::-1], b"3.11"), ((*FILES, FILES[0]), b"3.11"))
    }

    assert len(keys) == 4


@pytest.mark.parametrize(("edited", "holds"), [("test_a.py", False), ("test_b.py", False), ("test_c.py", True)])
def test_what_was_found_for_two_files_holds_while_no_file_of_tests_before_them_changes(
    root: Path, edited: str, holds: bool
) -> None:
    before = memory(root)
    before.settle(look(0), change("app.seen"), [1], ())
    (root / edited).write_text("def test_it(): assert 1\n")

    assert memory(root, before.answers()).is_settled(look(0), change("app.seen"), 1) is holds


def test_what_a_file_passes_on_depends_on_what_was_changed_before_it(root: Path) -> None:
    before = memory(root)
    before.settle(look(1), change("app.kept"), [2], ())
    (root / "test_a.py").write_text("def test_it(): assert 1\n")

    assert not memory(root, before.answers()).is_settled(look(1), change("app.kept"), 2)


def test_the_time_of_a_file_and_records_of_tools_make_no_difference(root: Path) -> None:
    settled = settled_in_order(root)
    os.utime(root / "rates.json", (1, 1))
    write_project(root, {".coverage": "1", ".git/index": "1", "__pycache__/app.pyc": "1", ".hypothesis/x": "1"})

    assert memory(root, settled).is_settled(look(0), change("app.seen"), 2)


def test_a_temporary_file_is_known_again_under_another_name_that_was_drawn(root: Path) -> None:
    before = memory(root)
    before.settle(look(0), change(f"file {root / 'tmp12345678'}"), [2], ())
    now = memory(root, before.answers())

    assert now.is_settled(look(0), change(f"file {root / 'tmpabcdefgh'}"), 2)
    assert not now.is_settled(look(0), change("file data/tmpabcdefgh"), 2)


def test_what_was_found_for_one_test_of_a_file_is_not_computed_again_for_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[bytes] = []
    files = [f"test_{number}.py" for number in range(5)]
    write_project(tmp_path, dict.fromkeys(files, ""))
    tests = [files[index // 100] for index in range(500)]
    results = [result(f"{file}::test_it") for file in tests]
    held = inputs(tmp_path, tests)
    before, looked = StateMemory(held, tests, (), results), look(*range(400))
    before.settle(looked, change("app.seen"), range(400, 500), ())
    now = StateMemory(inputs(tmp_path, tests), tests, before.answers(), results)
    sha1 = hashlib.sha1

    def counted(data: bytes, **options: Any) -> Any:
        hashed.append(data)
        return sha1(data, **options)

    monkeypatch.setattr(hashlib, "sha1", counted)

    assert all(now.is_settled(looked, change("app.seen"), suspect) for _ in range(3) for suspect in range(400, 500))
    # each suspect, each pair of files, each file, its name and those before it; the tests, those left out, and all else
    assert len(hashed) <= 100 + 4 + 3 * len(files) + 3
    hashed.clear()
    knows_nothing = StateMemory(inputs(tmp_path, tests), tests, (), results)
    assert not knows_nothing.is_settled(looked, change("app.seen"), 400)
    assert hashed == [], "a run that knows nothing need not look"


def test_what_holds_for_a_test_in_every_state_is_kept_however_many_other_answers_there_are(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.suite.run.state_memory._MOST", 5)
    settled: list[int] = []
    for _ in range(3):  # what is known is handed on from run to run
        now = memory(root, settled)
        now.settle_in_order([0, 2] if not settled else [])
        now.settle_names(look(0), ("seen",))
        for number in range(50):
            now.settle(look(0, path=f"app.seen{number}"), change(f"app.seen{number}"), [1, 2], ())
        settled = now.answers()

        assert len(settled) == 2 + 5
    now = memory(root, settled)
    assert [now.is_settled(look(1), change("app.unheard_of"), test) for test in range(3)] == [True, False, True]
    assert now.is_harmless(look(0), ("seen",))


def test_answers_for_which_there_is_no_room_are_not_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.suite.run.state_memory._MOST", 5)
    now, made = memory(root), hashlib.sha1
    for number in range(5):
        now.settle(look(0, path=f"app.seen{number}"), change(f"app.seen{number}"), [1], ())
    monkeypatch.setattr(hashlib, "sha1", None)  # it raises from here on
    for number in range(5, 50):
        now.settle(look(0, path=f"app.seen{number}"), change(f"app.seen{number}"), [1], ())
    monkeypatch.setattr(hashlib, "sha1", made)

    assert len(now.answers()) == 5


def test_names_that_made_no_difference_need_not_be_asked_about_while_every_test_does_the_same(root: Path) -> None:
    before = memory(root)
    before.settle_names(look(0, 1), ("seen",))
    settled = before.answers()

    now = memory(root, settled)

    assert now.is_harmless(look(0), ("seen",))
    assert now.is_harmless(look(0, 1), ("seen",))
    assert now.is_harmless(look(0, 2), ("seen",)), "one of the two changes it, and that may be the known one"
    assert not now.is_harmless(look(2), ("seen",)), "another file changes it, too"
    assert not now.is_harmless(look(0), ("other",))
    assert not memory(root, settled, "skipped").is_harmless(look(0), ("seen",)), "the tests do something else"
    (root / "app.py").write_text("seen = [1]\n")
    assert not memory(root, settled).is_harmless(look(0), ("seen",))


def test_nothing_is_asked_where_each_test_has_done_the_same_in_plain_order(root: Path) -> None:
    before = memory(root)
    before.settle_in_order([0, 1, 2])
    some = memory(root)
    some.settle_in_order([0, 2])

    assert before.are_all_settled
    assert memory(root, before.answers()).are_all_settled
    assert not some.are_all_settled
    assert not memory(root, some.answers()).are_all_settled
    assert not memory(root, before.answers(), "skipped").are_all_settled, "the tests do something else"
    failing = memory(root, outcome="failed")
    failing.settle_in_order([0, 1, 2])
    assert not failing.are_all_settled, "kit looks closer at such a run"


def test_nothing_is_said_of_names_in_a_run_with_a_failing_test(root: Path) -> None:
    before = memory(root, outcome="failed")
    before.settle_names(look(0), ("seen",))

    assert before.answers() == []
    assert not memory(root, [1], "failed").is_harmless(look(0), ("seen",))


def test_a_test_that_fails_alone_too_keeps_no_names_from_being_remembered(root: Path) -> None:
    results = [result(f"{file}::test_it", outcome="failed" if file == FILES[2] else "passed") for file in FILES]

    def remembered(settled: Collection[int] = (), failing_alone: Collection[int] = (2,)) -> StateMemory:
        return StateMemory(inputs(root), FILES, settled, results, lambda: failing_alone)

    before = remembered()
    before.settle_names(look(0), ("seen",))

    assert remembered(before.answers()).is_harmless(look(0), ("seen",))
    assert not remembered(before.answers(), failing_alone=()).is_harmless(look(0), ("seen",))


def test_what_a_test_did_in_a_run_of_some_tests_does_not_hold_in_a_run_of_all(root: Path) -> None:
    results = [result(f"{file}::test_it", outcome="not_run" if file == FILES[1] else "passed") for file in FILES]
    some = StateMemory(inputs(root), FILES, (), results)
    some.settle_in_order([2])

    assert not memory(root, some.answers()).is_settled(look(1), change("app.seen"), 2)


def test_what_a_test_did_after_all_tests_before_it_is_remembered_though_it_was_no_suspect(root: Path) -> None:
    results = tuple(result(f"{file}::test_it", outcome="passed") for file in FILES)
    now = StateMemory(inputs(root), FILES, (), results)
    facts = SuiteFacts(results=results)
    search = SuspectSearch(facts, StateLog(), ExecutionLog([one.nodeid for one in results]), now, lambda names: None)

    search.settle({0: RerunResult("passed"), 2: RerunResult("passed")}, {})

    later = memory(root, now.answers())
    assert [later.is_settled(look(1), change("app.seen"), test) for test in range(3)] == [True, False, False]


def test_what_a_test_did_otherwise_after_all_tests_before_it_is_not_settled(root: Path) -> None:
    results = tuple(result(f"{file}::test_it", outcome="passed") for file in FILES)
    now = StateMemory(inputs(root), FILES, (), results)
    facts = SuiteFacts(results=results)
    search = SuspectSearch(facts, StateLog(), ExecutionLog([one.nodeid for one in results]), now, lambda names: None)

    search.settle({0: RerunResult("passed"), 1: RerunResult("failed"), 2: RerunResult("passed")}, {})

    later = memory(root, now.answers())
    assert [later.is_settled(look(1), change("app.seen"), test) for test in range(3)] == [True, False, True]
