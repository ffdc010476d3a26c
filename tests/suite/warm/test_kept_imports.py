"""The first run in a kept copy is warm when a whole run has shown what the suite imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.suite import RunOptions, run_suite
from tests.suite.projects import outcomes, target_of
from tests.suite.warm.conftest import Warm

pytestmark = pytest.mark.slow

COLD = "cold: this run shows what to hold"


def test_a_whole_run_shows_what_to_hold_and_a_part_of_it_does_not(warm: Warm, root: Path, tmp_path: Path) -> None:
    suite = warm({"test_a.py": "def test_a(): pass\n", "test_b.py": "import decimal, click\ndef test_b(): pass\n"})
    run_suite(target_of(root), events=tmp_path / "part.jsonl", nodeids=["test_b.py"])

    run_suite(target_of(root), events=tmp_path / "whole.jsonl", options=RunOptions(timeout_s=20.0))

    assert outcomes(suite.run()) == {"test_a.py::test_a": "passed", "test_b.py::test_b": "passed"}
    assert suite.started.startswith("warm: the libraries were imported before (")


def test_a_part_of_the_suite_shows_nothing(warm: Warm, root: Path, tmp_path: Path) -> None:
    suite = warm({"test_a.py": "def test_a(): pass\n", "test_b.py": "import click\ndef test_b(): pass\n"})

    run_suite(target_of(root), events=tmp_path / "part.jsonl", nodeids=["test_b.py"])
    suite.run()

    assert suite.started == COLD


def test_variables_that_the_suite_sets_are_not_kept(warm: Warm, root: Path, tmp_path: Path) -> None:
    conftest = "import os\nos.environ['SHOP_PASSWORD'] = 'cinnamon'\n"
    suite = warm({"conftest.py": conftest, "test_a.py": "import click\ndef test_a(): pass\n"})

    run_suite(target_of(root), events=tmp_path / "whole.jsonl", options=RunOptions(timeout_s=20.0))
    suite.run()

    assert suite.started == COLD


def test_rerunning_one_file_later_in_a_run_leaves_the_list_whole(warm: Warm, root: Path, tmp_path: Path) -> None:
    suite = warm({"test_a.py": "def test_a(): assert 0\n", "test_b.py": "import click\ndef test_b(): pass\n"})

    run_suite(target_of(root), events=tmp_path / "whole.jsonl", options=RunOptions(timeout_s=20.0))
    suite.run()
    held = suite.started

    suite.run()

    assert held.startswith("warm: ")
    assert suite.started == held  # nothing was imported in addition
