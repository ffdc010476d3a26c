"""No way leads from a test to the real tree where the machine has namespaces; where it has none, nothing that a test
changes there goes unnoticed.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from kit.facts.target import Target
from kit.target import copying, guarded, protection_of, scratch_copy, take_touched, target_environment
from kit.target.sandbox.seen import plan_of
from tests.helpers import write_project
from tests.target.further_ways import FURTHER_WAYS
from tests.target.making import target_at
from tests.target.ways import PRELUDE, WAYS

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")]

EVERY_WAY = WAYS | FURTHER_WAYS
GIT = ("git", "-c", "user.name=kit", "-c", "user.email=kit@example.com")
FILES = {
    "pkg/__init__.py": "",
    "pkg/mod.py": "x = 1\n",
    "pkg/test_it.py": "def test_it(): pass\n",
    "data.txt": "data",
    ".venv/pyvenv.cfg": "",
    ".venv/lib/package.py": "",
    "node_modules/a.js": "",
    ".gitignore": ".venv\nnode_modules\noutside\n",
}

State = dict[str, tuple[object, ...]]


def state_of(*folders: Path) -> State:
    """All that can be told of every entry, by reading it."""
    return {
        str(path): _state(path)
        for folder in folders
        for path in [
            folder,
            *(Path(at, name) for at, subfolders, files in os.walk(folder) for name in (*subfolders, *files)),
        ]
    }


def _state(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    is_file = stat.S_ISREG(status.st_mode)
    content = hashlib.sha256(path.read_bytes()).digest() if is_file else path.is_symlink() and path.readlink()
    attributes = () if path.is_symlink() else tuple(os.listxattr(path))
    return status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns, content, attributes


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is too large to be copied because a link points to it."""
    monkeypatch.setattr(copying, "FEW_ELSEWHERE", 2)
    folder = tmp_path / "outside"
    folder.mkdir()
    for number in range(3):
        (folder / str(number)).touch()
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / ".gitconfig").write_text("[user]\n\tname = kit\n\temail = kit@example.com\n[gc]\n\tauto = 0\n")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return folder


@pytest.fixture
def tree(home: Path, tmp_path: Path, outside: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository as users have them, with every setting that leads back to it."""
    root = write_project(tmp_path / "app", FILES)
    (root / "outside").symlink_to(outside)
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "x"), ("config", "core.worktree", str(root))):
        subprocess.run([*GIT, *words], cwd=root, check=True, capture_output=True)
    (root / "untracked.txt").touch()
    for name, value in {"GIT_DIR": root / ".git", "GIT_WORK_TREE": root, "PWD": root, "OLDPWD": root}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(root)
    return root


def target_of(tree: Path) -> Target:
    """The target, with an interpreter of the system: to look at a large environment would take a second."""
    return target_at(tree, executable=os.path.realpath(sys.executable))


def take(target: Target, way: str) -> tuple[int, bytes]:
    """Go a way from a copy of the target; how its process has ended, and what it has printed."""
    script = PRELUDE + textwrap.dedent(EVERY_WAY[way])
    with scratch_copy(target) as copy:
        done = subprocess.run(
            guarded([sys.executable, "-c", script, str(target.path)], root=copy),
            cwd=copy,
            env=target_environment(target, copy),
            capture_output=True,
            start_new_session=True,
            check=False,
        )
    return done.returncode, done.stderr


@pytest.fixture
def protection(request: pytest.FixtureRequest, tree: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """One that this machine has."""
    monkeypatch.setenv("KIT_SANDBOX", request.param)
    with scratch_copy(target_of(tree)) as copy:
        held = protection_of(copy)
    if held.rung != request.param:
        pytest.skip(f"this machine has none: {held.refused}")
    take_touched()
    return request.param


@pytest.mark.parametrize("protection", ["bind+pids", "bind"], indirect=True)
@pytest.mark.parametrize("way", EVERY_WAY)
def test_what_a_test_does_in_the_sandbox_works_and_changes_nothing(way, protection, tree, home, outside):
    before = state_of(tree, home, outside)
    returncode, said = take(target_of(tree), way)
    assert (returncode, said) == (0, b""), said.decode()
    assert state_of(tree, home, outside) == before
    assert take_touched() == ()


@pytest.mark.parametrize("protection", ["landlock", "copy"], indirect=True)
@pytest.mark.parametrize("way", EVERY_WAY)
def test_without_namespaces_whatever_a_test_changes_is_noticed(way, protection, tree, home, outside):
    assert_noticed(way, tree, outside)


def assert_noticed(way: str, tree: Path, outside: Path) -> None:
    before = state_of(tree, outside)
    take(target_of(tree), way)
    after = state_of(tree, outside)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    noticed = {one.path for one in take_touched()}
    if noticed:
        changed.discard(f"{tree}/.git/index")  # git writes it anew whenever it looks: only what it lists counts
        # git makes and removes a lock beside what it writes, which changes the time of the folder alone
        changed -= {path for path in changed if "/.git/" in path and Path(path).is_dir() and path in before}
    unnoticed = {path for path in changed - noticed if not any(other.startswith(f"{path}/") for other in noticed)}
    assert not unnoticed
    assert noticed <= changed | {path for path in noticed if "/.git" in path}, "nothing else is blamed"


def committed(root: Path) -> None:
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "x")):
        subprocess.run([*GIT, *words], cwd=root, check=True, capture_output=True)


COMMIT = "git -c user.name=kit -c user.email=kit@example.com commit --allow-empty -qm y && git rev-list --count HEAD"


def shell(target: Target, script: str) -> str:
    with scratch_copy(target) as copy:
        if not protection_of(copy).covers:
            pytest.skip("this machine has no namespaces")
        done = subprocess.run(
            guarded(["/bin/sh", "-c", script], root=copy),
            cwd=copy,
            env=target_environment(target, copy),
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_commit_in_a_repository_around_the_tree_is_discarded(home, tmp_path):
    root = write_project(tmp_path / "whole", {"service/app.py": "", "other/b.py": ""})
    committed(root)
    before = state_of(root, home)
    assert shell(target_of(root / "service"), f"rm ../other/b.py; {COMMIT}") == "2"
    assert state_of(root, home) == before


def test_a_commit_in_a_linked_work_tree_is_discarded(home, tmp_path):
    root = write_project(tmp_path / "main", {"app.py": ""})
    committed(root)
    linked = tmp_path / "linked"
    subprocess.run(["git", "worktree", "add", "-q", str(linked)], cwd=root, check=True, capture_output=True)
    before = state_of(root, linked, home)
    assert shell(target_of(linked), COMMIT) == "2"
    assert state_of(root, linked, home) == before


def test_what_is_written_to_the_home_folder_is_seen_by_the_tests_and_discarded(home, tree):
    before = state_of(home)
    assert shell(target_of(tree), "mkdir -p ~/.cache/x && echo 1 > ~/.cache/x/y && cat ~/.cache/x/y") == "1"
    assert state_of(home) == before


@pytest.mark.parametrize("name", ["XDG_CONFIG_HOME", "XDG_DATA_HOME"])
def test_what_is_written_to_a_folder_of_the_user_outside_of_the_home_folder_is_discarded(
    home, tree, tmp_path_factory, monkeypatch, name
):
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "x").touch()
    monkeypatch.setenv(name, str(folder))
    before = state_of(folder)
    assert shell(target_of(tree), f"echo 1 >> ${name}/x && cat ${name}/x") == "1"
    assert state_of(folder) == before


def test_the_home_folder_that_the_list_of_users_names_is_covered_too(home, tree):
    try:
        listed = Path(f"~{getpass.getuser()}").expanduser().resolve()
    except KeyError:
        pytest.skip("the list of users does not name this one")
    if not listed.exists():
        pytest.skip(f"{listed} does not exist")
    with scratch_copy(target_of(tree)) as copy:
        if not protection_of(copy).covers:
            pytest.skip("this machine has no namespaces")
        assert str(listed) in plan_of(copy).arguments()


def test_the_tree_is_covered_wherever_its_file_system_is_mounted_too(home, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    root, alias = write_project(tmp_path / "app", {"a.txt": "real"}), tmp_path / "alias"
    alias.mkdir()
    if subprocess.run(["mount", "--bind", str(root), str(alias)], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        shell(target_of(root), f"echo x > {alias}/a.txt")
        assert (root / "a.txt").read_text() == "real"
    finally:
        subprocess.run(["umount", str(alias)], check=True)
