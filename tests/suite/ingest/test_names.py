from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.facts.target import PytestConfig
from kit.suite.ingest.names import IngestedLocation, NameResolver
from kit.suite.ingest.recorded import TestName
from tests.helpers import write_project
from tests.suite.projects import target_of

FILES = dict.fromkeys(
    ("app/core.py", "api/tests/test_a.py", "api/tests/unit/test_a.py", "api/tests/test_b.py", "setup.py"), ""
)


@pytest.fixture
def names(tmp_path: Path) -> NameResolver:
    target = target_of(write_project(tmp_path / "shop", FILES))
    return NameResolver(replace(target, config=PytestConfig("api/pytest.ini", rootdir="api")))


@pytest.mark.parametrize(
    ("name", "nodeid", "path"),
    [
        (TestName(nodeid="tests/test_a.py::test_x[a::b]"), "tests/test_a.py::test_x[a::b]", "api/tests/test_a.py"),
        (TestName(classname="tests.test_a", name="test_x"), "tests/test_a.py::test_x", "api/tests/test_a.py"),
        (
            TestName(classname="tests.unit.test_a.TestC.TestD", name="test_x[a.b/c]"),
            "tests/unit/test_a.py::TestC::TestD::test_x[a.b/c]",
            "api/tests/unit/test_a.py",
        ),
        # inherited from a class in another file
        (
            TestName(classname="tests.test_b.TestC", name="test_x", file="tests/test_a.py"),
            "tests/test_b.py::TestC::test_x",
            "api/tests/test_b.py",
        ),
        # run from above the rootdir, and with --junitprefix
        (TestName(nodeid="api/tests/test_a.py::test_x"), "tests/test_a.py::test_x", "api/tests/test_a.py"),
        (TestName(classname="ci.tests.test_b", name="test_x"), "tests/test_b.py::test_x", "api/tests/test_b.py"),
        # run in a folder of its own
        (TestName(nodeid="/ci/shop/api/tests/test_b.py::test_x"), "tests/test_b.py::test_x", "api/tests/test_b.py"),
        (TestName(nodeid="D:\\ci\\api\\tests\\test_b.py::test_x"), "tests/test_b.py::test_x", "api/tests/test_b.py"),
        (TestName(nodeid="unit/test_a.py::test_x"), "tests/unit/test_a.py::test_x", "api/tests/unit/test_a.py"),
        # a file or folder that could not be collected
        (TestName(classname="tests.test_a"), "tests/test_a.py", "api/tests/test_a.py"),
    ],
)
def test_tests_are_found_in_the_tree(names: NameResolver, name: TestName, nodeid: str, path: str) -> None:
    assert names.place(name) == IngestedLocation(nodeid, path, in_tree=True)


def test_what_is_not_there_keeps_the_name_that_it_was_given(names: NameResolver) -> None:
    given_id = names.place(TestName(nodeid="tests/test_gone.py::test_x"))
    dotted = names.place(TestName(classname="tests.test_gone.TestC", name="test_x"))

    assert given_id == IngestedLocation("tests/test_gone.py::test_x", "api/tests/test_gone.py", in_tree=False)
    assert dotted == IngestedLocation("tests/test_gone.py::TestC::test_x", "api/tests/test_gone.py", in_tree=False)


@pytest.mark.parametrize(
    "path",
    ["/v/lib/python3.12/site-packages/app/core.py", "/usr/lib/python3.12/setup.py", "<frozen os>", "", "../../x.py"],
)
def test_files_of_others_are_not_taken_for_the_targets(names: NameResolver, path: str) -> None:
    assert names.find(path) is None


@given(name=st.builds(TestName, st.text(), st.text(), st.text(), st.text()))
def test_any_name_has_a_place(tmp_path_factory: pytest.TempPathFactory, name: TestName) -> None:
    target = target_of(tmp_path_factory.getbasetemp())

    assert isinstance(NameResolver(replace(target, root="/nonexistent")).place(name).nodeid, str)
