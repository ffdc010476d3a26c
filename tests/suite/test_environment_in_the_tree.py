"""A target whose environment lies in its tree: the sandbox shows it there, and it is not the target's own code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.suite import run_suite
from kit.suite.warm import WarmSuite
from kit.target import find_target
from tests.helpers import write_project

pytestmark = pytest.mark.slow

TESTS = """
import library, sys

def test_packages_are_found():
    assert library.__file__.startswith(sys.prefix)

def test_a_child_finds_them_too():
    import subprocess
    assert subprocess.run([sys.executable, "-c", "import library"]).returncode == 0

def test_an_installed_file_can_be_changed():
    with open(library.__file__, "a") as file:
        file.write("x = 1\\n")
"""


def make_target(root: Path):
    """A project with an environment that sees kit's own packages, pytest among them."""
    write_project(root, {"test_it.py": TESTS})
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    (packages,) = root.glob(".venv/lib/python3*/site-packages")
    (packages / "library.py").write_text("")
    (packages / "others.pth").write_text(next(path for path in sys.path if path.endswith("site-packages")))
    return find_target(root), packages / "library.py"


def test_packages_of_an_environment_in_the_tree_are_found_and_left_alone(tmp_path: Path) -> None:
    target, library = make_target(tmp_path / "app")
    assert target.interpreter is not None
    assert target.interpreter.executable.startswith(target.root)
    facts = run_suite(target, events=tmp_path / "events.jsonl")
    assert {result.outcome for result in facts.results} == {"passed"}
    assert set(facts.loaded_modules) == {"test_it"}
    if "sandbox" in str(facts.protection):
        assert library.read_text() == ""
        assert facts.touched == ()
    else:
        assert [one.path for one in facts.touched] == [str(library.relative_to(target.root))]


def test_its_packages_can_be_held_for_later_runs(tmp_path: Path) -> None:
    target, _ = make_target(tmp_path / "app")
    with WarmSuite(target) as suite:
        suite.run()
        suite.run()
        assert suite.started.startswith("warm")
