"""Questions about several cases of one target have the same answers on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.store import Store
from tests.history.moments import case_at

pytestmark = pytest.mark.slow


def test_earlier_cases_of_the_target_with_their_causes_and_failures(url: str) -> None:
    store = Store(url)
    try:
        cases = [case_at(1, {"t.py::a": "no apples", "t.py::b": None}), case_at(2, {"t.py::a": None}), case_at(3, {})]
        other = case_at(0, {"t.py::c": "no bread"})
        cases.append(replace(other, case=replace(other.case, target=replace(other.case.target, root="/elsewhere"))))
        for one in cases:
            store.save_case(one.case)
            assert one.suite
            assert one.grouping
            store.save_suite(one.case.id, one.suite)
            store.save_diagnosis(one.case.id, one.grouping, one.causes or ())

        before = store.cases_before(cases[2].case)

        assert [case.id for case in before] == ["at-2", "at-1"]
        assert {case: len(causes) for case, causes in store.causes_of(["at-2", "at-1"]).items()} == {"at-1": 1}
        assert store.once_bad(["at-2", "at-1"]) == {"t.py::a"}
    finally:
        store.close()
