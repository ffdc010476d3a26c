"""Line coverage is that of a plain run, whoever runs the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.facts.suite import SuiteFacts
from tests.helpers import write_project
from tests.suite.conftest import Run

SHOP = {
    "pytest.ini": "[pytest]\n",
    "shop/__init__.py": "",
    "shop/prices.py": """
        import sys


        def price(kind):
            if kind == "gold":
                return 3
            if kind == "silver":
                return 2
            raise LookupError(kind)


        def never():
            return sys.maxsize
    """,
    "shop/at_import.py": "KINDS = [kind for kind in ('gold', 'silver')]\nif not KINDS:\n    KINDS = ['tin']\n",
    "conftest.py": """
        import pytest
        from shop import at_import

        @pytest.fixture(scope="session", autouse=True)
        def opened():
            yield at_import.KINDS
            at_import.closed = True
    """,
    "test_gold.py": "from shop.prices import price\n\n\ndef test_gold():\n    assert price('gold') == 3\n",
    "test_silver.py": "from shop.prices import price\n\n\ndef test_silver():\n    assert price('silver') == 3\n",
    "test_threads.py": """
        import threading
        from shop.prices import price

        def test_thread():
            thread = threading.Thread(target=price, args=("gold",))
            thread.start()
            thread.join()
    """,
}
CONFIGURED = {**SHOP, ".coveragerc": "[run]\nbranch = true\nsource = shop\n"}


def plain(root: Path) -> dict[str, tuple[int, int, float]]:
    """By path, and ``""`` for all: statements, covered ones, and their share, as coverage.py itself has it."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_FILE": str(root.parent / "plain.coverage")}
    for arguments in (
        ["run", "-m", "pytest", "-p", "no:cacheprovider"],
        ["json", "-o", str(root.parent / "plain.json")],
    ):
        subprocess.run(
            [sys.executable, "-m", "coverage", *arguments], cwd=root, env=environment, check=False, capture_output=True
        )
    told = json.loads((root.parent / "plain.json").read_text())
    parts = {"": told["totals"], **{path: module["summary"] for path, module in told["files"].items()}}
    return {
        path: (one["num_statements"], one["covered_lines"], round(one["percent_covered"], 2))
        for path, one in parts.items()
    }


def measured(facts: SuiteFacts) -> dict[str, tuple[int, int, float]]:
    assert facts.coverage is not None, facts.coverage_problem
    total = {"": (facts.coverage.statements, facts.coverage.covered, facts.coverage.percent)}
    return total | {one.path: (one.statements, one.covered, one.percent) for one in facts.coverage.modules}


@pytest.mark.parametrize("isolation", ["fork", "process", "test"])
@pytest.mark.parametrize("files", [SHOP, CONFIGURED], ids=["plain", "configured"])
def test_the_lines_are_those_of_a_plain_run(run: Run, tmp_path: Path, files: dict[str, str], isolation: str) -> None:
    facts = run(files, isolation=isolation, coverage=True)

    assert measured(facts) == plain(write_project(tmp_path / "plain" / "project", files))
    assert (facts.accounting.passed, facts.accounting.failed) == (2, 1)


def test_the_options_of_the_targets_own_coverage_hold(run: Run) -> None:
    facts = run(SHOP, ("--cov=shop", "--cov-branch", "--cov-fail-under=100"), coverage=True)

    assert {path for path in measured(facts) if path} == {"shop/__init__.py", "shop/at_import.py", "shop/prices.py"}


def test_a_target_without_coverage_is_told_so(run: Run) -> None:
    shadow = {"coverage.py": "raise ImportError('not here')\n"}
    facts = run({**SHOP, **shadow}, coverage=True)

    assert facts.coverage is None
    assert "coverage.py is not installed in the target's environment" in str(facts.coverage_problem)
    assert facts.accounting.collected == 3


def test_nothing_is_measured_unasked(run: Run) -> None:
    facts = run(SHOP)

    assert (facts.coverage, facts.coverage_problem) == (None, None)
