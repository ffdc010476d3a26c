"""A test is flaky when nothing has changed between two outcomes that differ."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kit.case import exported, import_case
from kit.cli.explain import command as explain
from kit.cli.flaky import command as flaky
from kit.facts.case import CaseFacts
from kit.facts.shared_state import PollutedTest, StateChange
from kit.history import explain as dossier
from kit.history import find_flaky
from kit.store import Store, default_url
from kit.target import find_target
from kit.wire.short_ids import short_id
from tests.helpers import run_kit
from tests.history.moments import TARGET, case_at
from tests.history.planting import RUN_TIME, plant

A, B = "tests/test_a.py::test_a", "tests/test_b.py::test_b"
ONE, TWO = "1" * 40, "2" * 40


@pytest.fixture
def store(tmp_path: Path):
    store = Store(default_url(tmp_path))
    yield store
    store.close()


def put(store: Store, *cases: CaseFacts) -> None:
    for facts in cases:
        import_case(exported(facts), store)


def edited(facts: CaseFacts) -> CaseFacts:
    """The case, with uncommitted changes."""
    return replace(facts, case=replace(facts.case, target=replace(facts.case.target, dirty=True)))


def test_a_test_that_passes_and_fails_at_one_revision_is_flaky(store: Store) -> None:
    put(
        store,
        case_at(1, {A: None, B: None}, revision=ONE),
        case_at(2, {A: "no bread", B: None}, revision=ONE),
        case_at(3, {A: None, B: None}, revision=ONE),
        case_at(4, {A: "no bread", B: None}, revision=TWO),
    )

    found = find_flaky(store, TARGET.root)

    (one,) = found.tests
    assert (one.nodeid, one.by, one.bad, one.ran, one.since.id, one.last.id) == (A, "revision", 2, 4, "at-2", "at-4")
    assert (found.cases, found.revisions) == (4, 1)


def test_a_test_that_a_commit_broke_is_not_flaky(store: Store) -> None:
    put(store, case_at(1, {A: None}, revision=ONE), case_at(2, {A: "no bread"}, revision=TWO))

    assert not find_flaky(store, TARGET.root).tests


def test_a_test_that_an_edit_broke_is_not_flaky(store: Store) -> None:
    put(store, case_at(1, {A: None}, revision=ONE), edited(case_at(2, {A: "no bread"}, revision=ONE)))

    assert not find_flaky(store, TARGET.root).tests


def test_a_skipped_test_shows_nothing(store: Store) -> None:
    put(store, case_at(1, {A: "<skipped>"}, revision=ONE), case_at(2, {A: "no bread"}, revision=ONE))

    assert not find_flaky(store, TARGET.root).tests


def rerun_passed(facts: CaseFacts) -> CaseFacts:
    """The case, in which kit ran the failing tests again and they passed."""
    assert facts.suite
    results = tuple(replace(one, alone="flaky" if one.failure else None) for one in facts.suite.results)
    return replace(facts, suite=replace(facts.suite, results=results))


def test_a_test_that_passed_when_it_was_run_again_is_flaky(store: Store) -> None:
    put(store, rerun_passed(case_at(1, {A: "no bread", B: None})))

    (one,) = find_flaky(store, TARGET.root).tests

    assert (one.nodeid, one.by) == (A, "rerun")


def test_the_state_that_decides_is_named(store: Store, tmp_path: Path) -> None:
    polluted = PollutedTest(A, "passed", (B,), (StateChange("app.state.CURRENCY", "'EUR'", "'USD'"),))
    failing = case_at(2, {A: "no bread", B: None}, revision=ONE)
    assert failing.suite
    put(store, case_at(1, {A: None, B: None}, revision=ONE))
    put(store, replace(failing, suite=replace(failing.suite, polluted=(polluted,))))

    done = CliRunner().invoke(flaky, ["shop", "--reports-dir", str(tmp_path)], standalone_mode=False)

    assert done.return_value == 1
    assert f"failed in 1 of 2 cases, first in at-2 ({ONE[:12]}); it passes and fails at one revision" in done.output
    assert "app.state.CURRENCY: 'EUR' → 'USD', set by tests/test_b.py::test_b" in done.output


def test_a_state_that_nobody_could_name_is_not_said_to_decide(store: Store) -> None:
    failing = case_at(2, {A: "no bread", B: None}, revision=ONE)
    assert failing.suite
    put(store, case_at(1, {A: None, B: None}, revision=ONE))
    put(store, replace(failing, suite=replace(failing.suite, polluted=(PollutedTest(A, "passed"),))))

    (one,) = find_flaky(store, TARGET.root).tests

    assert one.by == "revision"
    assert one.polluted is None
    assert dossier(store, A, "at-2").polluted is None


def test_without_two_runs_of_a_revision_the_command_says_so(store: Store, tmp_path: Path) -> None:
    put(store, case_at(1, {A: "no bread"}, revision=ONE))

    done = CliRunner().invoke(flaky, ["shop", "--reports-dir", str(tmp_path)], standalone_mode=False)

    assert done.return_value == 0
    assert "No flaky test in 1 case of shop" in done.output
    assert "No revision was run twice" in done.output


def told(name: str, folder: Path) -> str:
    """What ``kit explain`` prints."""
    done = CliRunner().invoke(explain, [name, "--reports-dir", str(folder)], standalone_mode=False)
    return f"{done.output}{done.exception or ''}"


def test_a_dossier_has_the_outcomes_the_cause_and_the_last_good_revision(store: Store, tmp_path: Path) -> None:
    put(
        store,
        case_at(1, {A: None, B: None}, revision=ONE),
        case_at(2, {A: "no bread", B: None}, revision=TWO),
    )

    text = told(A, tmp_path)

    assert f"now       failed in call, 100 ms, in at-2 ({TWO[:12]})" in text
    assert "error     LookupError: no bread (shop/prices.py:7)" in text
    assert f"last good in at-1 ({ONE[:12]})" in text
    assert "cause     LookupError: no bread" in text
    where = f"--reports-dir {tmp_path}"
    assert f"kit run /srv/shop {where} -- {A}" in text
    assert f"kit run /srv/shop {where} --bisect {A}" in text
    assert re.search(rf"kit when at-2 failure-group:\w+ {where}", text)


def test_a_test_is_found_by_its_end_and_by_its_short_id(store: Store) -> None:
    put(store, case_at(1, {A: None, B: None}))

    assert dossier(store, "test_b").result.nodeid == B
    assert dossier(store, short_id(B)).result.nodeid == B
    assert dossier(store, A).last_good


def test_the_newest_case_that_has_the_test_is_taken(store: Store) -> None:
    put(store, case_at(1, {A: None, B: "no bread"}), case_at(2, {A: None}))

    assert dossier(store, B).case.id == "at-1"
    assert dossier(store, A).case.id == "at-2"


def test_an_unknown_test_is_refused_with_the_one_that_may_be_meant(store: Store, tmp_path: Path) -> None:
    put(store, case_at(1, {A: None, B: None}))

    assert f'The case "at-1" has no test "tests/test_a.py::test_aa". Did you mean {A}?' in told(f"{A}a", tmp_path)


def test_a_name_of_several_tests_is_refused_with_their_names(store: Store, tmp_path: Path) -> None:
    put(store, case_at(1, {"a.py::test_x": None, "b.py::test_x": None}))

    assert "2 tests" in told("test_x", tmp_path)


@pytest.mark.slow
def test_kit_when_does_not_search_for_the_commit_of_a_flaky_test(tmp_path: Path) -> None:
    history = plant(tmp_path / "app", RUN_TIME[0], 3, 12)
    target = find_target(history.root)
    failing, passing = (
        case_at(2, {B: "no bread"}, revision=target.revision),
        case_at(1, {B: None}, revision=target.revision),
    )
    store = Store(default_url(tmp_path))
    put(store, *(replace(one, case=replace(one.case, target=target)) for one in (passing, failing)))
    store.close()

    done = run_kit("when", "at-2", "--reports-dir", str(tmp_path), cwd=tmp_path)

    assert done.returncode == 3, done.stderr
    assert (
        f"not known: it is flaky, so a test of it at one commit shows nothing: {B} failed in 1 of 2 cases"
        in done.stdout
    )
    assert "shows it" not in done.stderr
