"""What is noticed of the real tree, and what is not a change."""

from __future__ import annotations

import os
import py_compile
import subprocess
from pathlib import Path

import pytest

from kit.target import fingerprint
from kit.target.fingerprint import Fingerprint
from kit.target.touched import note_touched, take_touched, watched
from tests.helpers import write_project
from tests.target.making import make_environment, target_at


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "app", {"a.txt": "one", "sub/b.txt": "two", "sub/c.txt": "three"})


def git(root: Path, *words: str) -> None:
    settings = ("-c", "user.name=kit", "-c", "user.email=kit@example.com")
    subprocess.run(["git", *settings, *words], cwd=root, check=True, capture_output=True)


def changes(before: Fingerprint) -> dict[str, str]:
    return {one.path.rpartition("/app/")[2]: one.how for one in before.differences()}


def test_each_kind_of_change_has_its_name(root):
    before = Fingerprint(target_at(root, executable="/usr/bin/python3"))
    assert changes(before) == {}
    (root / "a.txt").write_text("ONE")
    (root / "sub" / "b.txt").unlink()
    (root / "sub" / "new.txt").touch()
    (root / "sub" / "c.txt").chmod(0o600)
    assert changes(before) == {
        "a.txt": "changed",
        "sub/b.txt": "removed",
        "sub/new.txt": "added",
        "sub/c.txt": "mode changed",
    }


def test_bytes_are_noticed_whose_size_and_time_were_put_back(root):
    before = Fingerprint(target_at(root, executable="/usr/bin/python3"))
    status = (root / "a.txt").stat()
    (root / "a.txt").write_text("ONE")
    os.utime(root / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert list(changes(before)) == ["a.txt"]


def test_a_hard_link_that_another_tool_makes_is_no_change(root, tmp_path):
    before = Fingerprint(target_at(root, executable="/usr/bin/python3"))
    os.link(root / "a.txt", tmp_path / "cache")
    assert changes(before) == {}


def test_looking_at_a_repository_is_no_change_and_adding_a_file_to_its_index_is(root):
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    before = Fingerprint(target_at(root, executable="/usr/bin/python3"))
    os.utime(root / "a.txt", (1, 1))
    git(root, "status")
    assert changes(before) == {"a.txt": "changed"}
    (root / "untracked").touch()
    git(root, "add", "untracked")
    assert changes(before)[".git/index"] == "changed"


@pytest.mark.parametrize("is_covered", [False, True])
def test_a_commit_in_the_repository_around_the_tree_is_noticed(root, is_covered):
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    before = Fingerprint(target_at(root / "sub", executable="/usr/bin/python3"), is_covered=is_covered)
    git(root, "commit", "-qm", "y", "--allow-empty")
    assert any(path.startswith(".git/refs/heads/") for path in changes(before))


def test_what_others_do_on_other_branches_is_no_change_where_tests_cannot_reach_them(root, tmp_path):
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")
    git(root, "worktree", "add", "-q", str(tmp_path / "linked"))
    covered, reachable = (
        Fingerprint(target_at(tmp_path / "linked", executable="/usr/bin/python3"), is_covered=each)
        for each in (True, False)
    )
    git(root, "commit", "-qm", "y", "--allow-empty")
    git(root, "tag", "new")
    assert changes(covered) == {}
    assert ".git/refs/tags/new" in changes(reachable)
    git(tmp_path / "linked", "commit", "-qm", "z", "--allow-empty")
    assert ".git/refs/heads/linked" in changes(covered)


@pytest.mark.parametrize("is_covered", [False, True])
def test_what_is_installed_meanwhile_is_noticed(root, tmp_path, is_covered):
    environment = make_environment(tmp_path / "environment")
    (packages,) = environment.glob("lib/python3*/site-packages")
    target = target_at(root, executable=str(environment / "bin" / "python"))
    before = Fingerprint(target, is_covered=is_covered)
    (packages / "new").mkdir()
    assert [one.path for one in before.differences()] == [str(packages / "new")]


BYTECODE = [
    (py_compile.PycInvalidationMode.TIMESTAMP, "tool.cpython-311.pyc"),
    (py_compile.PycInvalidationMode.CHECKED_HASH, "tool.cpython-311.opt-1.pyc"),
    (py_compile.PycInvalidationMode.TIMESTAMP, "tool.cpython-311-pytest-9.2.0.pyc"),
    (py_compile.PycInvalidationMode.TIMESTAMP, "tool.cpython-311.pyc.140000"),
]


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """A module that is installed in an environment."""
    (packages,) = make_environment(tmp_path / "environment").glob("lib/python3*/site-packages")
    write_project(packages, {"tool.py": "A = 1\n", "sub/tool.py": "A = 2\n"})
    return packages / "tool.py"


def of_environment(root: Path, tool: Path, *, is_covered: bool) -> Fingerprint:
    return Fingerprint(target_at(root, executable=f"{tool.parents[3]}/bin/python"), is_covered=is_covered)


@pytest.mark.slow
@pytest.mark.parametrize("is_covered", [False, True])
@pytest.mark.parametrize(("mode", "name"), BYTECODE)
def test_byte_code_that_another_process_writes_into_the_environment_is_no_change(root, tool, mode, name, is_covered):
    before = of_environment(root, tool, is_covered=is_covered)
    for source in (tool, tool.parent / "sub" / "tool.py"):
        py_compile.compile(str(source), f"{source.parent}/__pycache__/{name}", invalidation_mode=mode)
    assert before.differences() == ()
    again = of_environment(root, tool, is_covered=is_covered)
    py_compile.compile(str(tool), f"{tool.parent}/__pycache__/more.{name}", invalidation_mode=mode)
    assert [Path(one.path).name for one in again.differences()] == ([] if is_covered else [f"more.{name}"])


def test_byte_code_that_belongs_to_other_source_is_a_change(root, tool):
    before = of_environment(root, tool, is_covered=False)
    other = write_project(root, {"tool.py": "A = 'other'\n"}) / "tool.py"
    compiled = tool.parent / "__pycache__" / "tool.cpython-311.pyc"
    py_compile.compile(str(other), str(compiled))
    (tool.parent / "__pycache__" / "notes.txt").touch()
    found = [one.path for one in before.differences() if "site-packages" in one.path]
    assert found == [str(compiled.parent / "notes.txt"), str(compiled)]


def test_byte_code_of_source_that_has_changed_is_a_change_too(root, tool):
    before = of_environment(root, tool, is_covered=False)
    tool.write_text("A = 'changed'\n")
    py_compile.compile(str(tool), f"{tool.parent}/__pycache__/tool.cpython-311.pyc")
    assert sorted(Path(one.path).name for one in before.differences()) == ["tool.cpython-311.pyc", "tool.py"]


def test_byte_code_in_the_tree_itself_is_a_change(root, tool):
    write_project(root, {"app.py": "A = 1\n"})
    before = of_environment(root, tool, is_covered=True)
    py_compile.compile(str(root / "app.py"))
    assert any(path.startswith("__pycache__") for path in changes(before))


def test_a_tree_with_too_many_entries_says_that_not_all_were_looked_at(root, monkeypatch, caplog):
    assert Fingerprint(target_at(root, executable="/usr/bin/python3")).is_complete
    monkeypatch.setattr(fingerprint, "MOST_ENTRIES", 2)
    with watched(target_at(root, executable="/usr/bin/python3"), is_covered=False):
        assert "changes beyond them are not noticed" in caplog.text


def test_a_file_that_changes_twice_is_reported_once_at_the_first_moment(root):
    target = target_at(root, executable="/usr/bin/python3")
    with watched(target, is_covered=False):
        (root / "a.txt").write_text("first")
        note_touched(target.root)
        first = (root / "a.txt").stat().st_ctime
        (root / "a.txt").write_text("second, and longer")
    (one,) = take_touched(target.root)
    assert one.at == pytest.approx(first, abs=1e-6)
    assert take_touched(target.root) == ()
