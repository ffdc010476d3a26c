"""Targets and results, as the tests of this room need them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kit.facts.suite import SuiteFacts, TestResult
from kit.facts.target import Interpreter, PytestConfig, Target

#: every way to isolate tests from each other
RUNGS = ("fork", "process", "file", "test")


def target_of(root: Path, addopts: tuple[str, ...] = (), *, python: str = sys.executable) -> Target:
    """The target at ``root``, whose ``pytest.ini`` has these ``addopts``."""
    config = PytestConfig("pytest.ini", addopts=addopts)
    return Target(str(root), root.name, Interpreter(python, "3.11"), (".",), (".",), config)


def outcomes(facts: SuiteFacts) -> dict[str, str]:
    """Node id to outcome."""
    return {result.nodeid: result.outcome for result in facts.results}


def by_name(facts: SuiteFacts) -> dict[str, TestResult]:
    """The results by the name of the test function."""
    return {result.nodeid.rpartition("::")[2]: result for result in facts.results}


def rows(facts: SuiteFacts) -> dict[str, int]:
    """The rows of the accounting that are not empty; it must hold."""
    accounting = facts.accounting
    assert accounting.holds()
    return {name: count for name, count in vars(accounting).items() if count}


def in_plain_pytest(tmp_path: Path) -> dict[str, str]:
    """The outcomes of a plain run of the same project, by node id."""
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-q", "--tb=no", "-p", "no:cacheprovider"],
        cwd=tmp_path / "project",
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    ).stdout
    words = (line.split() for line in said.splitlines() if "::" in line)
    return {nodeid: outcome.lower() for outcome, nodeid, *_ in words}
