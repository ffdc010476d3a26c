"""The newest case in which all tests passed tells what was installed then."""

from __future__ import annotations

import pytest

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
        root = cases[0].case.target.root

        found = store.last_green(root, before="at-3")

        assert found is not None
        assert found.id == "at-2"
        second = store.last_green(root, before="at-2")
        assert second is not None
        assert second.id == "at-1"
        assert store.last_green("/elsewhere", before="at-3") is None
    finally:
        store.close()
