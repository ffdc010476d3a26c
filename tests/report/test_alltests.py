from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kit.facts.suite import TestResult
from kit.report.alltests import _front_coded, embedded_json, file_lists, table_data
from kit.report.joined import Joined
from tests.report import samples


def decoded(coded: list[Any]) -> list[str]:
    """Names from their front-coded form, as the page's script does it."""
    names, before = [], ""
    for shared, rest in zip(coded[::2], coded[1::2], strict=True):
        before = before[:shared] + rest
        names.append(before)
    return names


@given(st.lists(st.text(max_size=12)))
def test_front_coded_names_come_back(names: list[str]) -> None:
    assert decoded(_front_coded(names)) == names


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_embedded_json_holds_no_markup_and_comes_back(data: Any) -> None:
    text = str(embedded_json(data))
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == data


def test_the_table_has_every_test_with_its_outcome_group_and_cause() -> None:
    facts = samples.incident()
    assert facts.suite
    data = json.loads(table_data(Joined(facts)))
    names = decoded(data["ids"])
    assert names == [result.nodeid for result in facts.suite.results]
    columns = [data[name] for name in ("outcome", "phase", "ms", "group", "cause")]
    assert {len(column) for column in columns} == {5069}
    crashed = names.index("backend/tests/test_admin.py::test_shutdown")
    assert data["outcomes"][int(data["outcome"][crashed])] == ["crashed", "Crashed"]
    assert data["reason"][str(crashed)] == "exited with 3"
    assert data["groups"][data["group"][crashed]][0] == "group-g-crash"
    assert data["cause"][crashed] == -1
    blocked = [index for index, cause in enumerate(data["cause"]) if cause == 0]
    assert len(blocked) == 3650
    assert data["causes"][0][1].startswith("Index")
    assert {data["phases"][int(data["phase"][index])] for index in blocked} == {"setup"}


def test_plain_lists_have_every_test_by_file_with_cases_of_one_function_together() -> None:
    results = tuple(
        TestResult(nodeid, "tests/test_a.py", outcome)
        for nodeid, outcome in (
            ("tests/test_a.py::TestA::test_x[1]", "passed"),
            ("tests/test_a.py::TestA::test_x[2]", "passed"),
            ("tests/test_a.py::test_y", "failed"),
            ("tests/test_a.py::test_z", "passed"),
        )
    )
    (only,) = file_lists(results, {"tests/test_a.py::test_y"})
    assert (only.path, only.tests, only.linked) == ("tests/test_a.py", 4, ("tests/test_a.py::test_y",))
    assert only.outcomes == (("passed", 3, ("TestA::test_x[1] [2]", "test_z")), ("failed", 1, ("test_y",)))
