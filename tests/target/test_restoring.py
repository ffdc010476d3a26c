"""A scratch copy is made again what it was, whatever tests have written into it."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from kit.target import Snapshot, find_target, scratch_copy
from tests.helpers import fingerprint, write_project


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write_project(tmp_path / "tree", {"app.py": "A = 1\n", "data/rows.csv": "1,2\n", "data/more/x.txt": "x"})


@pytest.mark.slow
def test_what_was_changed_removed_and_added_is_as_it_was(tree: Path) -> None:
    with scratch_copy(find_target(tree)) as root:
        (root / "made_by_collecting.db").write_bytes(b"empty")
        before = fingerprint(root)
        snapshot = Snapshot(tree, root)

        (root / "app.py").write_text("A = 2\n")
        (root / "made_by_collecting.db").write_bytes(b"rows")
        (root / "data/more/x.txt").unlink()
        (root / "data/new.txt").write_text("new")
        changed = snapshot.restore()

        assert fingerprint(root) == before
        assert (root / "app.py").stat().st_mtime_ns == (tree / "app.py").stat().st_mtime_ns
        assert changed == {"app.py", "made_by_collecting.db", "data/more/x.txt", "data/new.txt"}
        assert snapshot.restore() == frozenset()


@pytest.mark.slow
def test_it_can_be_restored_more_than_once_and_the_tree_is_not_touched(tree: Path) -> None:
    before = fingerprint(tree)
    with scratch_copy(find_target(tree)) as root:
        snapshot = Snapshot(tree, root)
        for text in ("one", "two"):
            (root / "data/rows.csv").write_text(text)
            snapshot.restore()
            assert (root / "data/rows.csv").read_text() == "1,2\n"
    assert fingerprint(tree) == before


@pytest.mark.slow
def test_a_folder_that_is_gone_comes_back(tree: Path) -> None:
    with scratch_copy(find_target(tree)) as root:
        snapshot = Snapshot(tree, root)
        (root / "data/more/x.txt").unlink()
        (root / "data/more").rmdir()
        snapshot.restore()
        assert (root / "data/more/x.txt").read_text() == "x"


@pytest.mark.slow
def test_what_is_too_large_to_be_kept_stays_as_it_was_left_and_counts_as_changed_once(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.target.restoring._MOST_KEPT", 10)
    with scratch_copy(find_target(tree)) as root:
        (root / "large.db").write_bytes(b"x" * 100)
        snapshot = Snapshot(tree, root)
        (root / "large.db").write_bytes(b"y" * 200)

        assert snapshot.restore() == {"large.db"}
        assert snapshot.restore() == frozenset()
        assert (root / "large.db").read_bytes() == b"y" * 200


def test_a_folder_that_a_test_has_left_behind_is_gone_and_those_that_were_there_stay(tmp_path: Path) -> None:
    source, root = tmp_path / "source", tmp_path / "root"
    for folder in (source, root):
        (folder / "kept" / "empty").mkdir(parents=True)
    snapshot = Snapshot(source, root)

    (root / "staging" / "scripts" / "deep").mkdir(parents=True)
    (root / "kept" / "new").mkdir()
    (root / "staging" / "scripts" / "0.txt").write_text("0")
    snapshot.restore()

    assert sorted(path.relative_to(root).as_posix() for path in root.rglob("*")) == ["kept", "kept/empty"]


def test_folders_come_back_empty_and_go_with_all_that_is_in_them(tmp_path: Path) -> None:
    """What was compiled of the files that stay may stay, too."""
    source, root = (write_project(tmp_path / name, {"app/one.py": "ONE = 1\n"}) for name in ("source", "root"))
    (root / "empty").mkdir()
    snapshot = Snapshot(source, root)

    (root / "empty").rmdir()
    for folder in ("made", "made/deep", "app", "."):
        write_project(root / folder, {"__pycache__/one.pyc": ""})
    for folder in (".git", "made/.git/objects"):
        (root / folder).mkdir(parents=True)
    snapshot.restore()

    left = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_dir()}
    assert left == {"app", "app/__pycache__", "__pycache__", "empty"}


def test_a_repository_that_was_there_stays(tmp_path: Path) -> None:
    root = write_project(tmp_path / "root", {"app.py": "", ".git/HEAD": "main", "inner/.git/HEAD": "main"})
    before = fingerprint(root)
    snapshot = Snapshot(tmp_path / "none", root)
    (root / "inner" / "new").mkdir()

    snapshot.restore()

    assert fingerprint(root) == before


def test_what_stands_for_the_files_is_what_they_held_whatever_tests_and_the_user_have_changed_since(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "edited.py").write_text("A = 1\n")
    with scratch_copy(find_target(tree)) as root:
        write_project(tree, {"edited.py": "A = 2\n\n", "app.py": "A = 3\n\n"})
        (root / "made_by_collecting.log").write_text("12:00")
        snapshot = Snapshot(tree, root)
        (root / "data/rows.csv").write_text("by a test")
        (root / "data/more/x.txt").unlink()
        (root / "new.txt").write_text("by a test")

        found = snapshot.digests()

    held = {"app.py": "A = 1\n", "edited.py": "A = 1\n", "data/rows.csv": "1,2\n", "data/more/x.txt": "x"}
    assert found == {path: hashlib.sha1(text.encode()).digest() for path, text in held.items()}


def test_a_large_file_is_known_by_its_size_and_time(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.target.restoring._MOST_READ", 5)
    before = Snapshot(tree, tree).digests()
    os.utime(tree / "app.py", (1, 1))
    os.utime(tree / "data/rows.csv", (1, 1))

    after = Snapshot(tree, tree).digests()

    assert [path for path in before if before[path] != after[path]] == ["app.py"]


@pytest.mark.parametrize("link", ["app.py", "data", "hard"])
def test_nothing_is_written_through_a_link_that_a_test_has_made(tree: Path, tmp_path: Path, link: str) -> None:
    elsewhere = write_project(tmp_path / "elsewhere", {"app.py": "mine", "rows.csv": "mine", "more/x.txt": "mine"})
    with scratch_copy(find_target(tree)) as root:
        before = fingerprint(root)
        snapshot = Snapshot(tree, root)
        if link == "data":
            shutil.rmtree(root / link)
            (root / link).symlink_to(elsewhere)
        elif link == "hard":
            (root / "app.py").unlink()
            (root / "app.py").hardlink_to(elsewhere / "app.py")
        else:
            (root / link).unlink()
            (root / link).symlink_to(elsewhere / link)

        snapshot.restore()

        assert fingerprint(root) == before
        assert {path.read_text() for path in elsewhere.rglob("*.*")} == {"mine"}


def test_a_file_that_a_process_has_open_is_written_in_its_place(tree: Path) -> None:
    with scratch_copy(find_target(tree)) as root, (root / "data/rows.csv").open() as opened:
        snapshot = Snapshot(tree, root)
        (root / "data/rows.csv").write_text("3,4\n")

        snapshot.restore()

        assert opened.read() == "1,2\n"


def test_links_are_what_they_were(tree: Path) -> None:
    (tree / "current").symlink_to("app.py")
    (tree / "rows").symlink_to("data")
    with scratch_copy(find_target(tree)) as root:
        snapshot = Snapshot(tree, root)
        held = snapshot.digests()
        (root / "current").unlink()
        (root / "current").symlink_to("data/rows.csv")
        (root / "rows").unlink()
        (root / "new").symlink_to("data")

        assert snapshot.restore() == {"current", "rows", "new"}
        assert [str((root / name).readlink()) for name in ("current", "rows")] == ["app.py", "data"]
        assert not os.path.lexists(root / "new")
        assert Snapshot(tree, root).digests() == held
        (root / "current").unlink()
        (root / "current").symlink_to("data")
        assert Snapshot(tree, root).digests()["current"] != held["current"]
