"""Each line of the list of the nightly run is about tests, and none is about a whole family of parameters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.nightly import LIST, Entry, entries, nightly

ROOT = Path(__file__).parents[2]
LISTED = entries(LIST.read_text(encoding="utf-8"))


def collected(*arguments: str) -> list[str]:
    """The tests that pytest collects."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if "::" in line]


@pytest.mark.slow
def test_each_line_is_about_tests_and_none_is_about_a_whole_family() -> None:
    tests = collected(*sorted({f"tests/{entry.name.partition('::')[0]}" for entry in LISTED}))

    for entry in LISTED:
        family = [test for test in tests if Entry(entry.name).holds(test)]
        for pattern in entry.patterns:
            assert any(Entry(entry.name, (pattern,)).holds(test) for test in family), (entry.name, pattern)
        assert family, entry.name
        assert not entry.patterns or not all(entry.holds(test) for test in family), entry.name


def test_the_listed_ones_have_the_mark() -> None:
    demo = ["tests/project/test_nightly.py", "tests/demo/test_layers.py"]
    left_out = set(collected(*demo)) - set(collected(*demo, "-m", "not nightly"))

    assert left_out
    assert all(test.startswith("tests/demo/test_layers.py") for test in left_out)


def test_a_line_names_a_file_a_test_or_some_of_its_parameters() -> None:
    listed = entries("# why\na/test_a.py\n\nb/test_b.py::test_one\nb/test_b.py::test_two  fork *-test\n")
    tests = [
        "tests/a/test_a.py::test_it",
        "tests/b/test_b.py::test_one",
        "tests/b/test_b.py::test_one_more",
        "tests/b/test_b.py::test_two[fork]",
        "tests/b/test_b.py::test_two[a-test]",
        "tests/b/test_b.py::test_two[process]",
    ]

    assert nightly(tests, listed) == {tests[0], tests[1], tests[3], tests[4]}
