"""From node ids to paths and back."""

from __future__ import annotations

import pytest

from kit.facts.nodeids import file_of, nodeid_of, path_of


@pytest.mark.parametrize(
    ("nodeid", "file"),
    [("tests/test_a.py::TestC::test_b[x::y]", "tests/test_a.py"), ("tests/test_a.py", "tests/test_a.py"), ("a", "a")],
)
def test_the_file_of_a_test_stands_before_the_first_colons(nodeid: str, file: str) -> None:
    assert file_of(nodeid) == file


@pytest.mark.parametrize(
    ("path", "rootdir", "nodeid"),
    [
        ("tests/test_a.py", ".", "tests/test_a.py"),
        ("backend/tests/test_a.py", "backend", "tests/test_a.py"),
        ("tests/test_a.py", "backend", "../tests/test_a.py"),
    ],
)
def test_a_path_becomes_a_node_id(path: str, rootdir: str, nodeid: str) -> None:
    assert nodeid_of(path, rootdir) == nodeid


def test_a_node_id_becomes_a_path_that_leads_there() -> None:
    assert path_of("tests/test_a.py::test_b", ".") == "tests/test_a.py"
    assert path_of("tests/test_a.py::test_b", "backend") == "backend/tests/test_a.py"
