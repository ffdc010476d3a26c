import errno
import os
import shutil
import socket
import stat
import subprocess
from pathlib import Path

import psutil
import pytest

from kit.facts.errors import TargetError
from kit.target import copying
from kit.target.copying import TreeChanges, TreeCopy, copy_tree
from tests.helpers import fingerprint, write_project


@pytest.fixture
def tree(tmp_path):
    return write_project(tmp_path / "app", {"pkg/__init__.py": "", "pkg/models.py": "x = 1\n", "data/one.json": "{}"})


@pytest.fixture
def to(tmp_path):
    return tmp_path / "copies" / "app"


@pytest.fixture(autouse=True)
def _folder_for_copies(tmp_path):
    (tmp_path / "copies").mkdir()


def test_a_copy_holds_what_the_tree_holds(tree, to):
    copy_tree(tree, to)
    assert fingerprint(to) == fingerprint(tree)


def test_modes_and_times_are_kept(tree, to):
    script = tree / "run.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o750)
    os.utime(script, ns=(1_600_000_000_000_000_001, 1_600_000_000_000_000_001))
    os.utime(tree / "pkg", (1_500_000_000, 1_500_000_000))
    copy_tree(tree, to)
    assert stat.S_IMODE((to / "run.sh").stat().st_mode) == 0o750
    assert (to / "run.sh").stat().st_mtime_ns == 1_600_000_000_000_000_001
    assert (to / "pkg").stat().st_mtime == 1_500_000_000


def test_environments_caches_and_large_repositories_are_left_out(tree, to):
    write_project(
        tree,
        {
            ".venv/pyvenv.cfg": "",
            ".venv/lib/x.py": "",
            "my-env/pyvenv.cfg": "",
            "conda/conda-meta/history": "",
            "pkg/__pycache__/models.cpython-311.pyc": b"",
            ".pytest_cache/x": "",
            "frontend/node_modules/x/index.js": "",
            ".git/objects/pack": b"x" * (copying.SMALL_REPOSITORY + 1),
            "venv/__init__.py": "",  # a package with the name of an environment
        },
    )
    copy_tree(tree, to)
    assert {path.relative_to(to).as_posix() for path in to.rglob("*")} == {
        "pkg",
        "pkg/__init__.py",
        "pkg/models.py",
        "data",
        "data/one.json",
        "frontend",
        "venv",
        "venv/__init__.py",
    }


def test_a_small_repository_comes_along_and_works_in_the_copy(tree, to):
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=b@c", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=tree, check=True)
    copy_tree(tree, to)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=to, capture_output=True, check=True)
    assert len(head.stdout) == 41


def test_the_pointer_to_a_repository_elsewhere_is_left_out(tree, to):
    (tree / ".git").write_text("gitdir: /elsewhere/.git/worktrees/app")
    copy_tree(tree, to)
    assert not (to / ".git").exists()


def test_links_inside_the_tree_stay_inside_the_copy(tree, to):
    (tree / "relative").symlink_to("pkg/models.py")
    (tree / "absolute").symlink_to(tree / "pkg")
    (tree / "roundabout").symlink_to("../app/data/one.json")
    (tree / "pkg" / "up").symlink_to("../data")
    copy_tree(tree, to)
    assert (to / "relative").readlink() == Path("pkg/models.py")
    assert (to / "absolute").readlink() == to / "pkg"
    assert (to / "roundabout").resolve() == to / "data" / "one.json"
    assert (to / "pkg" / "up").resolve() == to / "data"
    (to / "absolute" / "models.py").write_text("changed")
    assert (tree / "pkg" / "models.py").read_text() == "x = 1\n"


def test_what_a_link_outside_the_tree_points_to_is_copied(tree, to, tmp_path):
    outside = write_project(tmp_path / "shared", {"lib/__init__.py": "", "schema.sql": "select 1"})
    (tree / "lib").symlink_to("../shared/lib")
    (tree / "schema.sql").symlink_to(outside / "schema.sql")
    copy_tree(tree, to)
    assert not (to / "lib").is_symlink()
    (to / "schema.sql").write_text("drop")
    (to / "lib" / "new.py").touch()
    assert (outside / "schema.sql").read_text() == "select 1"
    assert not (outside / "lib" / "new.py").exists()


def test_a_link_to_much_outside_the_tree_stays_a_link(tree, to, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "FEW_ELSEWHERE", 3)
    outside = write_project(tmp_path / "many", {f"{number}.txt": "" for number in range(5)})
    (tree / "many").symlink_to(outside)
    copy_tree(tree, to)
    assert (to / "many").readlink() == outside


def test_links_that_go_in_a_circle_or_nowhere_do_no_harm(tree, to, tmp_path):
    (tree / "circle").symlink_to("circle")
    (tree / "pkg" / "parent").symlink_to("..")
    (tree / "broken").symlink_to("nothing/there")
    (tree / "gone").symlink_to(tmp_path / "gone")
    (tmp_path / "friend").mkdir()
    (tmp_path / "friend" / "back").symlink_to(tmp_path / "friend")
    (tree / "friend").symlink_to(tmp_path / "friend")
    copy_tree(tree, to)
    assert (to / "pkg" / "parent").resolve() == to
    assert (to / "broken").readlink() == Path("nothing/there")
    assert (to / "friend" / "back").is_symlink()


def test_what_is_not_a_file_or_cannot_be_read_is_left_out(tree, to, monkeypatch):
    os.mkfifo(tree / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tree)  # a socket's path must be short
        server.bind("socket")
    write_project(tree, {"secret/key.txt": "key", "locked.txt": "locked"})
    for path in (tree / "secret", tree / "locked.txt"):
        path.chmod(0)
    readable = os.access(tree / "locked.txt", os.R_OK)  # root reads everything
    copy_tree(tree, to)
    assert not (to / "pipe").exists()
    assert not (to / "socket").exists()
    assert (to / "pkg" / "models.py").exists()
    for path in (to / "secret", to / "locked.txt"):
        assert path.exists() is (readable or path.name == "secret")
        (tree / path.name).chmod(0o700)
        path.chmod(0o700) if path.exists() else None
    assert (to / "secret" / "key.txt").exists() is readable


def test_a_read_only_folder_is_copied_with_what_it_holds(tree, to):
    (tree / "pkg").chmod(0o555)
    copy_tree(tree, to)
    (tree / "pkg").chmod(0o755)
    assert (to / "pkg" / "models.py").exists()
    assert stat.S_IMODE((to / "pkg").stat().st_mode) == 0o555


def test_what_is_in_read_only_folders_is_followed(tree, to):
    write_project(tree, {"pkg/deep/er/one.py": "1\n"})
    folders = [tree / "pkg/deep/er", tree / "pkg/deep", tree / "pkg"]
    for folder in folders:
        folder.chmod(0o555)
    copy = synced(tree, to)
    for folder in folders:
        folder.chmod(0o755)
    write_project(tree, {"pkg/deep/er/two.py": "2\n"})
    (tree / "pkg/deep/er/one.py").unlink()
    for folder in folders:
        folder.chmod(0o555)

    copy.sync()

    assert [path.name for path in (to / "pkg/deep/er").iterdir()] == ["two.py"]
    assert {stat.S_IMODE((to / folder.relative_to(tree)).stat().st_mode) for folder in folders} == {0o555}
    for folder in folders:
        folder.chmod(0o755)


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 200_000])
def test_files_of_every_size_are_copied_whole(tree, to, size):
    content = os.urandom(size)
    (tree / "data.bin").write_bytes(content)
    (tree / "data.bin").chmod(0o444)
    copy_tree(tree, to)
    assert (to / "data.bin").read_bytes() == content
    assert stat.S_IMODE((to / "data.bin").stat().st_mode) == 0o444


def test_a_disk_that_takes_a_part_at_a_time_gets_all_parts(tree, to, monkeypatch):
    write = os.write
    monkeypatch.setattr(copying.os, "write", lambda to, data: write(to, data[:2]))
    copy_tree(tree, to)
    assert fingerprint(to) == fingerprint(tree)


def test_a_full_disk_is_told_with_what_to_do(tree, to, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copying.os, "write", full)
    descriptors = psutil.Process().num_fds()
    with pytest.raises(TargetError, match=r"cannot be copied to .*: No space left on device; make room"):
        copy_tree(tree, to)
    assert psutil.Process().num_fds() == descriptors


@pytest.mark.slow
def test_five_hundred_files_are_all_copied(tmp_path, to):
    source = write_project(tmp_path / "big", {f"p{number % 20}/f{number}.py": b"x = 1\n" for number in range(500)})
    copy_tree(source, to)
    assert len(list(to.rglob("*.py"))) == 500


def synced(tree: Path, to: Path) -> TreeCopy:
    copy = TreeCopy(tree, to)
    copy.sync()
    return copy


def test_a_copy_is_brought_up_to_date(tmp_path: Path) -> None:
    tree = write_project(tmp_path / "tree", {"a.py": "1\n", "b/c.py": "2\n", "b/d.py": "3\n", "e/f.py": "4\n"})
    copy = synced(tree, tmp_path / "copy")
    assert not copy.sync()

    write_project(tree, {"a.py": "one\n", "g/h/i.py": "5\n"})
    shutil.rmtree(tree / "e")
    (tree / "b/d.py").unlink()
    changes = copy.sync()

    assert changes == TreeChanges(added=("g/h/i.py",), changed=("a.py",), removed=("b/d.py", "e/f.py"))
    assert fingerprint(copy.root) == fingerprint(tree)
    assert not copy.sync()


def test_what_tests_wrote_into_a_copy_stays_until_the_tree_changes_it(tmp_path: Path) -> None:
    tree = write_project(tmp_path / "tree", {"data.txt": "tree\n", "kept.txt": "tree\n", "gone/x.py": ""})
    copy = synced(tree, tmp_path / "copy")
    write_project(
        copy.root, {"data.txt": "a test\n", "kept.txt": "a test\n", "own.db": "a test\n", "gone/log": "a test\n"}
    )

    write_project(tree, {"data.txt": "the tree again\n"})
    shutil.rmtree(tree / "gone")
    copy.sync()

    held = {path.name: path.read_text() for path in copy.root.rglob("*") if path.is_file()}
    assert held == {"data.txt": "the tree again\n", "kept.txt": "a test\n", "own.db": "a test\n", "log": "a test\n"}


def test_a_file_that_becomes_a_folder_and_back_is_followed(tmp_path: Path) -> None:
    tree = write_project(tmp_path / "tree", {"models.py": "", "link": ""})
    copy = synced(tree, tmp_path / "copy")

    (tree / "models.py").unlink()
    write_project(tree, {"models.py/inside.py": "1\n"})
    (tree / "link").unlink()
    (tree / "link").symlink_to("models.py")
    assert copy.sync() == TreeChanges(added=("models.py/inside.py",), changed=("link",), removed=("models.py",))
    assert (copy.root / "link/inside.py").read_text() == "1\n"

    shutil.rmtree(tree / "models.py")
    write_project(tree, {"models.py": "2\n"})
    copy.sync()
    assert (copy.root / "models.py").read_text() == "2\n"


def test_a_file_that_is_replaced_by_one_of_the_same_size_is_copied_again(tmp_path: Path) -> None:
    tree = write_project(tmp_path / "tree", {"a.py": "1\n"})
    copy = synced(tree, tmp_path / "copy")
    (tree / "a.py").chmod(0o444)
    assert copy.sync().changed == ("a.py",)

    (tree / "a.py").unlink()
    write_project(tree, {"a.py": "2\n"})
    copy.sync()
    assert (copy.root / "a.py").read_text() == "2\n"


def test_whatever_tests_put_in_the_way_gives_way_to_the_tree(tmp_path: Path) -> None:
    tree = write_project(tmp_path / "tree", {})
    copy = synced(tree, tmp_path / "copy")
    write_project(copy.root, {"file.py": "a test's\n", "folder.py/x": "a test's\n", "folder": "a test's\n"})
    os.mkfifo(copy.root / "pipe.py")
    (copy.root / "link.py").symlink_to(tmp_path / "precious.py")
    (tmp_path / "precious.py").write_text("precious\n")

    names = ["file.py", "folder.py", "folder/x.py", "pipe.py", "link.py"]
    write_project(tree, dict.fromkeys(names, "the tree's\n"))
    copy.sync()

    assert fingerprint(copy.root) == fingerprint(tree)
    assert (tmp_path / "precious.py").read_text() == "precious\n"


def test_what_is_not_copied_does_not_count_as_a_change(tmp_path: Path) -> None:
    tree = write_project(tmp_path / "tree", {"a.py": ""})
    copy = synced(tree, tmp_path / "copy")
    write_project(tree, {"__pycache__/a.pyc": "x", "venv/pyvenv.cfg": "", ".mypy_cache/x": "", "node_modules/y": ""})

    assert not copy.sync()
    assert [Path(folder) for folder in copy.folders] == [tree]


def test_a_sparse_file_stays_sparse_and_is_the_same(tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    with (tree / "disk.img").open("wb") as file:
        file.seek(40_000_000)
        file.write(b"middle")
        file.truncate(1 << 32)
    before = (tree / "disk.img").stat()
    if before.st_blocks > 10_000:
        pytest.skip("this file system has no sparse files")
    copy_tree(tree, tmp_path / "copy")
    after = (tmp_path / "copy" / "disk.img").stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert after.st_blocks <= before.st_blocks + 256
    with (tmp_path / "copy" / "disk.img").open("rb") as file:
        file.seek(40_000_000 - 3)
        assert file.read(12) == b"\0\0\0middle\0\0\0"


def test_a_large_file_without_holes_is_the_same(tmp_path):
    content = os.urandom(3_000_001)
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "data.bin").write_bytes(content)
    copy_tree(tmp_path / "tree", tmp_path / "copy")
    assert (tmp_path / "copy" / "data.bin").read_bytes() == content


@pytest.mark.parametrize("number", [errno.EOPNOTSUPP, errno.ENOSYS])
def test_where_holes_cannot_be_asked_for_a_sparse_file_is_copied_as_a_whole(tmp_path, monkeypatch, number):
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    (tmp_path / "tree").mkdir()
    with (tmp_path / "tree" / "disk.img").open("wb") as file:
        file.write(b"begin")
        file.truncate(5_000_000)
    monkeypatch.setattr(os, "lseek", refuse)
    copy_tree(tmp_path / "tree", tmp_path / "copy")
    assert (tmp_path / "copy" / "disk.img").read_bytes() == b"begin".ljust(5_000_000, b"\0")
