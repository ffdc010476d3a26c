"""The newest case in which all tests passed tells what was installed then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.case import Case, CaseFacts
from kit.facts.suite import RunSession
from kit.store import Store
from tests.history.moments import case_at

pytestmark = pytest.mark.slow


def test_the_newest_case_without_a_failure_is_found(url: str) -> None:
    store = Store(url)
    try:
        outcomes: list[dict[str, str | None]] = [{"t.py::a": None}, {"t.py::a": None}, {"t.py::a": "no bread"}, {}]
        cases = [case_at(number, each) for number, each in enumerate(outcomes, 1)]
        for one in cases:
            store.save_case(one.case)
            assert one.suite
            store.save_suite(one.case.id, one.suite)

        found = store.last_green(cases[2].case)

        assert found is not None
        assert found.id == "at-2"
        second = store.last_green(cases[1].case)
        assert second is not None
        assert second.id == "at-1"
        elsewhere = replace(cases[2].case, target=replace(cases[2].case.target, root="/elsewhere"))
        assert store.last_green(elsewhere) is None
    finally:
        store.close()


def last_green_before(case: CaseFacts, url: str, *others: CaseFacts) -> Case | None:
    store = Store(url)
    try:
        for one in (case, *others):
            store.save_case(one.case)
            assert one.suite
            store.save_suite(one.case.id, one.suite)
        return store.last_green(case.case)
    finally:
        store.close()


def test_a_later_case_does_not_tell_what_worked_before(url: str) -> None:
    broken, later = case_at(1, {"t.py::a": "no bread"}), case_at(2, {"t.py::a": None})

    assert last_green_before(broken, url, later) is None


def test_a_run_of_some_tests_is_not_one_of_all(url: str) -> None:
    broken = case_at(3, {"t.py::a": None, "t.py::b": "no bread"})
    one, narrow = (case_at(hour, {"t.py::a": None}) for hour in (0, 1))
    cut = case_at(2, {"t.py::a": None, "t.py::b": "<not_run>"})
    assert one.suite
    chosen = replace(one, suite=replace(one.suite, sessions=(RunSession("2026-11-23T00:00:00+00:00", is_whole=False),)))
    named = replace(narrow, case=replace(narrow.case, parameters={"tests": ["t.py"]}))

    assert last_green_before(broken, url, chosen, named, cut) is None
