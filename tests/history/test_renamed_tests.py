"""A test that another release of pytest names in another way is the same test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kit.case import exported, import_case
from kit.facts.case import CaseFacts
from kit.history import compare_cases, explain, find_flaky
from kit.store import Store, default_url
from tests.helpers import run_kit, write_project
from tests.history.moments import TARGET, case_at

LONG, OTHER = "x" * 101, "y" * 102
OLD = {f"tests/test_a.py::test_a[{LONG}]": "no apples", f"tests/test_a.py::test_a[{OTHER}]": None}
FINE = dict.fromkeys(OLD)
NEW = {"tests/test_a.py::test_a[text0]": "no apples", "tests/test_a.py::test_a[text1]": None}

TESTS = """
import pytest


@pytest.mark.parametrize("text", ["a" * 101, "b" * 101, "short"])
def test_length(text):
    assert text[0] != "a"
"""


def ran_with(version: str, facts: CaseFacts) -> CaseFacts:
    assert facts.suite
    return replace(facts, suite=replace(facts.suite, pytest_version=version))


def test_tests_with_other_ids_are_neither_new_nor_gone() -> None:
    found = compare_cases(ran_with("9.1.1", case_at(1, OLD)), ran_with("9.2.0", case_at(2, NEW)))

    assert {one.nodeid: one.change for one in found.tests} == {"tests/test_a.py::test_a[text0]": "known"}
    assert not found.gone
    assert found.sentence == "UNCHANGED: 1 cause known, no test broken; 2 tests have other ids under pytest 9.2.0"


def test_a_test_that_breaks_under_its_other_id_is_broken() -> None:
    tests = {**NEW, "tests/test_a.py::test_a[text1]": "no bread"}
    found = compare_cases(ran_with("9.1.1", case_at(1, OLD)), ran_with("9.2.0", case_at(2, tests)))

    assert [(one.nodeid, one.before, one.after) for one in found.broken] == [
        ("tests/test_a.py::test_a[text1]", "passed", "failed")
    ]


@pytest.mark.parametrize(
    ("version", "tests"),
    [
        ("9.1.1", NEW),
        ("9.2.0", {**NEW, "tests/test_a.py::test_a[text2]": None}),
        ("9.2.0", {f"tests/test_a.py::test_a[{OTHER}]": None, "tests/test_a.py::test_a[text1]": "no apples"}),
        ("9.2.0", {one.replace("test_a[", "test_b["): two for one, two in NEW.items()}),
    ],
    ids=["the same pytest", "one test more", "another order", "another function"],
)
def test_tests_that_may_be_others_are_gone(version: str, tests: dict[str, str | None]) -> None:
    found = compare_cases(ran_with("9.1.1", case_at(1, OLD)), ran_with(version, case_at(2, tests)))

    assert f"tests/test_a.py::test_a[{LONG}]" in found.gone
    assert not found.renamed


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Cases at one revision: a part of the tests ran last, and pytest was upgraded after the second case."""
    store = Store(default_url(tmp_path))
    part = {"tests/test_a.py::test_a[text0]": "no apples"}
    for version, hour, tests in (("9.1.1", 1, OLD), ("9.1.1", 2, FINE), ("9.2.0", 3, NEW), ("9.2.0", 4, part)):
        import_case(exported(ran_with(version, case_at(hour, tests, revision="1" * 40))), store)
    yield store
    store.close()


@pytest.mark.parametrize("name", ["tests/test_a.py::test_a[text0]", f"tests/test_a.py::test_a[{LONG}]"])
def test_the_past_of_a_test_has_the_cases_in_which_it_had_its_other_id(store: Store, name: str) -> None:
    found = explain(store, name)

    assert [(one.case.id, one.outcome) for one in found.past] == [
        ("at-4", "failed"),
        ("at-3", "failed"),
        ("at-2", "passed"),
        ("at-1", "failed"),
    ]
    assert found.last_good
    assert found.last_good.id == "at-2"
    assert found.flaky


def test_outcomes_under_both_ids_count_for_one_flaky_test(store: Store) -> None:
    (one,) = find_flaky(store, TARGET.root).tests

    assert (one.nodeid, one.bad, one.ran) == ("tests/test_a.py::test_a[text0]", 3, 4)


@pytest.mark.slow
@pytest.mark.skipif(pytest.version_tuple < (9, 2), reason="it names long parameters as ever")
def test_a_failed_test_runs_again_under_its_other_id(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_a.py": TESTS, "pytest.ini": "[pytest]\n"})
    reports = [
        {"$report_type": "TestReport", "nodeid": f"test_a.py::test_length[{value}]", "when": "call", "outcome": outcome}
        for value, outcome in (("a" * 101, "failed"), ("b" * 101, "passed"), ("short", "passed"))
    ]
    log = [{"$report_type": "SessionStart", "pytest_version": "9.1.1"}, *reports]
    (tmp_path / "log.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in log))
    run_kit("ingest", "log.jsonl", "--target", "app", "--case", "ci", "--reports-dir", "reports", cwd=tmp_path)

    again = run_kit("run", "--failed", "ci", "--reports-dir", "reports", "--recheck-s", "0", cwd=tmp_path)

    assert "0 of 1 failure fixed · 1 left\n" in again.stderr
    assert "pytest finds no such test" not in again.stderr
