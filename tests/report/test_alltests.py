from __future__ import annotations

import base64
import json
import string
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.facts.suite import TestResult
from kit.report.alltests import _front_coded, file_lists, table_data
from kit.report.joined import Joined
from kit.report.page_data import packed
from tests.report import samples


def decoded(coded: list[Any]) -> list[str]:
    """Names from their front-coded form, as the page's script does it."""
    names, before = [], ""
    for shared, rest in zip(coded[::2], coded[1::2], strict=True):
        before = before[:shared] + rest
        names.append(before)
    return names


def unrolled(runs: list[int]) -> list[int]:
    """Values from their runs, as the page's script does it."""
    return [value for value, times in zip(runs[::2], runs[1::2], strict=True) for _ in range(times)]


@pytest.mark.slow
@given(st.lists(st.text(max_size=12)))
def test_front_coded_names_come_back(names: list[str]) -> None:
    assert decoded(_front_coded(names)) == names


def unpacked(text: str) -> Any:
    """The data of the table, as the page's script reads it."""
    return json.loads(zlib.decompress(base64.b64decode(text)))


@pytest.mark.slow
@given(
    st.recursive(
        st.text(st.characters(codec="utf-8")) | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_packed_data_holds_no_markup_and_comes_back(data: Any) -> None:
    text = str(packed(data))
    assert not set(text) - set(string.ascii_letters + string.digits + "+/=")
    assert unpacked(text) == data


def test_the_table_has_every_test_with_its_outcome_group_and_cause() -> None:
    facts = samples.incident()
    assert facts.suite
    data = unpacked(table_data(Joined(facts)))
    names = decoded(data["ids"])
    assert names == [result.nodeid for result in facts.suite.results]
    data |= {name: unrolled(data[name]) for name in ("group", "cause")}
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


def test_plain_lists_count_every_test_by_file_and_name_those_that_did_not_pass() -> None:
    results = tuple(
        TestResult(nodeid, "tests/test_a.py", outcome)
        for nodeid, outcome in (
            ("tests/test_a.py::TestA::test_x[1]", "error"),
            ("tests/test_a.py::TestA::test_x[2]", "error"),
            ("tests/test_a.py::test_y", "failed"),
            ("tests/test_a.py::test_z", "passed"),
        )
    )
    (only,) = file_lists(results, {"tests/test_a.py::test_y"})
    assert (only.path, only.tests, only.linked) == ("tests/test_a.py", 4, ("tests/test_a.py::test_y",))
    assert only.outcomes == (
        ("passed", 1, ()),
        ("failed", 1, ("test_y",)),
        ("error", 2, ("TestA::test_x[1] [2]",)),
    )


def test_a_file_names_only_the_first_tests_of_an_outcome() -> None:
    results = tuple(TestResult(f"a.py::test_{index}", "a.py", "failed") for index in range(50))
    (only,) = file_lists(results, set())
    assert only.outcomes == (("failed", 50, tuple(f"test_{index}" for index in range(12))),)
