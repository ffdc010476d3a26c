import subprocess
import sys
from pathlib import Path

import pytest

from kit.demo import DEMO_ROOT
from kit.facts.errors import TargetError, UsageError
from kit.facts.target import DEMO
from kit.target import find_target
from tests.helpers import fingerprint, write_project

APP = {
    "pyproject.toml": """
        [tool.pytest.ini_options]
        addopts = '-q --maxfail=1'
        testpaths = ['tests']
        pythonpath = ['src']
    """,
    "src/shop/__init__.py": "",
    "src/shop/models.py": "x = 1\n",
    "tests/test_shop.py": "from shop.models import x\n",
}


@pytest.fixture
def root(tmp_path):
    return write_project(tmp_path / "shop", APP)


def git(root, *arguments):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], cwd=root, check=True, capture_output=True
    )


def commit(root):
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "x")


def why(target, what):
    return [(reason.value, reason.why) for reason in target.reasons if reason.what == what]


def test_a_target_is_found_with_a_reason_for_everything(root, monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    target = find_target(root, python=sys.executable)
    assert (target.root, target.name) == (str(root), "shop")
    assert target.import_roots == ("src", ".")
    assert target.test_paths == ("tests",)
    assert target.config.path == "pyproject.toml"
    assert target.config.addopts == ("-q", "--maxfail=1")
    assert target.interpreter.executable == sys.executable
    assert target.package("pytest") == pytest.__version__
    assert (target.revision, target.dirty) == (None, None)
    assert target.warnings == ()
    whats = {"root", "interpreter", "packages", "pytest configuration", "tests", "import root", "revision"}
    assert {reason.what for reason in target.reasons} == whats
    assert all(reason.value and reason.why for reason in target.reasons)


def test_looking_writes_nothing_into_the_tree(root):
    commit(root)
    (root / "src" / "shop" / "models.py").touch()  # git would refresh its index
    before = fingerprint(root)
    find_target(root)
    assert fingerprint(root) == before


def test_the_demo_is_a_target_that_has_a_name_of_its_own():
    target = find_target(DEMO)
    assert target.path == DEMO_ROOT.resolve()
    assert target.interpreter.is_kits_own
    assert target.test_paths
    assert target.warnings == ()


@pytest.mark.parametrize("path", ["src/shop/models.py", "pyproject.toml", "tests/test_shop.py"])
def test_a_file_stands_for_the_project_that_it_is_in(root, path):
    assert find_target(root / path).path == root


def test_without_a_path_the_target_is_the_current_folder(root, monkeypatch):
    monkeypatch.chdir(root)
    assert find_target().path == root


@pytest.mark.parametrize("name", ["notes.txt", "hosts", "data.csv"])
def test_a_file_that_is_no_python_stands_for_nothing(root, name):
    (root / name).write_text("127.0.0.1 localhost\n")
    with pytest.raises(UsageError, match=rf"{name} is not a Python file; give the folder of the app"):
        find_target(root / name)


def test_a_file_without_a_project_stands_for_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    write_project(tmp_path, {".git/config": "", "scripts/one.py": ""})
    assert find_target(tmp_path / "scripts" / "one.py").path == tmp_path / "scripts"


@pytest.mark.slow
def test_paths_may_be_relative_begin_at_home_or_be_links(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "link").symlink_to(root)
    assert {find_target(path).root for path in ("shop", "~/shop", "link", "shop/../shop/.")} == {str(root)}


def test_the_only_project_in_a_folder_of_other_things_is_the_target(tmp_path):
    files = {f"repo/backend/{name}": content for name, content in APP.items()}
    write_project(
        tmp_path, files | {"repo/frontend/package.json": "{}", "repo/README.md": "", "repo/.venv/pyvenv.cfg": ""}
    )
    target = find_target(tmp_path / "repo", python=sys.executable)
    assert target.path == tmp_path / "repo" / "backend"
    assert why(target, "root")[0][1].startswith("it is the only Python project in")


@pytest.mark.parametrize("more", [{"other/pyproject.toml": ""}, {"pyproject.toml": ""}, {"app/__init__.py": ""}])
def test_a_folder_with_python_of_its_own_is_the_target_itself(tmp_path, more):
    write_project(tmp_path / "repo", {"backend/pyproject.toml": "", "backend/app.py": "", **more})
    assert find_target(tmp_path / "repo").path == tmp_path / "repo"


def test_a_path_that_does_not_exist_is_wrong_use(tmp_path):
    with pytest.raises(UsageError, match=r"There is no .*/gone; give the folder of the app"):
        find_target(tmp_path / "gone")


@pytest.mark.parametrize("files", [{}, {"README.md": ""}, {".venv/pyvenv.cfg": "", ".venv/a.py": ""}])
def test_a_folder_without_python_is_no_target(tmp_path, files):
    write_project(tmp_path / "docs", files).mkdir(exist_ok=True)
    with pytest.raises(TargetError, match="holds no Python file that can be read; give the folder of a Python project"):
        find_target(tmp_path / "docs")


def test_without_tests_there_is_a_target_with_a_warning(tmp_path):
    target = find_target(write_project(tmp_path, {"app.py": ""}))
    assert target.test_paths == ()
    assert any("No tests were found" in warning for warning in target.warnings)


def test_tests_and_import_roots_can_be_named(root):
    target = find_target(root, tests=["tests/test_shop.py"], app=["src"])
    assert target.test_paths == ("tests/test_shop.py",)
    assert target.import_roots == ("src",)
    assert why(target, "tests") == [("tests/test_shop.py", "--tests names it")]
    with pytest.raises(UsageError, match=r"There is no lib in .*; give --app a path"):
        find_target(root, app=["lib"])


def test_options_for_pytest_in_the_environment_are_told_without_secrets(root, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--db-password hunter2 -x")
    assert why(find_target(root), "pytest options")[0][0] == "--db-password *** -x"


@pytest.mark.slow
def test_the_revision_is_that_of_the_repository(root):
    commit(root)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert (find_target(root).revision, find_target(root).dirty) == (head, False)
    (root / "new.py").touch()
    assert find_target(root).dirty is True


@pytest.mark.slow
def test_a_part_of_a_repository_is_dirty_only_by_its_own_changes(root, tmp_path):
    (tmp_path / "other.py").touch()
    commit(tmp_path)
    (tmp_path / "other.py").write_text("changed")
    assert (len(find_target(root).revision), find_target(root).dirty) == (40, False)


@pytest.mark.slow
@pytest.mark.parametrize("state", ["untracked", "empty"])
def test_a_folder_that_no_revision_holds_has_none(root, tmp_path, state):
    if state == "untracked":
        write_project(tmp_path, {"other.py": "", ".gitignore": "shop/\n"})
        commit(tmp_path)
    else:
        git(root, "init", "-q")
    assert (find_target(root).revision, find_target(root).dirty) == (None, None)


def test_without_git_there_is_no_revision(root, monkeypatch, tmp_path):
    commit(root)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_target(root).revision is None


def test_programs_that_a_repository_brings_along_are_not_run(root, tmp_path):
    commit(root)
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    hook.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(hook))
    assert find_target(root).dirty is False
    assert not (tmp_path / "ran").exists()


@pytest.mark.slow
def test_two_calls_give_the_same_target(root):
    assert find_target(root) == find_target(root)
