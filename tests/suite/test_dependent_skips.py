"""A test that depends on one of another file is run after it, as in plain pytest."""

from __future__ import annotations

import pytest

from tests.suite.conftest import Run
from tests.suite.projects import outcomes

pytestmark = pytest.mark.slow

CONFTEST = """
    import pytest

    PASSED = set()

    def pytest_runtest_setup(item):
        for mark in item.iter_markers("needs"):
            if mark.args[0] not in PASSED:
                pytest.skip(f"{item.name} depends on {mark.args[0]}")

    def pytest_runtest_logreport(report):
        if report.when == "call" and report.passed:
            PASSED.add(report.nodeid)
"""

BASE = """
    def test_base(): pass
    def test_broken(): assert 0
"""

USERS = """
    import pytest

    @pytest.mark.needs("test_a.py::test_base")
    def test_uses_it(): pass

    @pytest.mark.needs("test_a.py::test_broken")
    def test_uses_what_is_broken(): pass
"""


def test_dependencies_in_another_file_count_as_in_a_plain_run(run: Run) -> None:
    files = {"conftest.py": CONFTEST, "test_a.py": BASE, "test_b.py": USERS}

    facts = run(files, isolation="file")

    assert outcomes(facts) == {
        "test_a.py::test_base": "passed",
        "test_a.py::test_broken": "failed",
        "test_b.py::test_uses_it": "passed",
        "test_b.py::test_uses_what_is_broken": "skipped",
    }
