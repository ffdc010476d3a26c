"""Folders outside of the tree are made again what they were, whatever tests have left there."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from kit.target.written_folders import WrittenFolder
from tests.helpers import fingerprint, write_project


@pytest.fixture
def folder(tmp_path: Path) -> WrittenFolder:
    """A folder in which a file, an empty folder and a link belong."""
    place = write_project(tmp_path / "tmp", {"mine.txt": "mine", "deep/more.txt": "more"})
    (place / "empty").mkdir()
    (place / "link").symlink_to("mine.txt")
    written = WrittenFolder(place)
    written.keep({})
    return written


def test_what_is_new_goes_and_what_was_there_comes_back(folder: WrittenFolder) -> None:
    place, before = folder.place, fingerprint(folder.place)
    (place / "new" / ".git" / "__pycache__").mkdir(parents=True)
    (place / "new" / "x.txt").write_text("x")
    (place / "new-er").write_text("x")
    (place / "mine.txt").write_text("another one's")
    (place / "deep" / "more.txt").unlink()
    (place / "deep").rmdir()
    (place / "deep").symlink_to(place / "new")
    (place / "empty").rmdir()
    (place / "link").unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(place / "pipe")

    folder.restore(())

    assert fingerprint(place) == before
    assert list(folder.changed()) == []


def test_what_a_test_cannot_see_does_not_change(folder: WrittenFolder) -> None:
    assert list(folder.changed()) == []
    (folder.place / "mine.txt").write_text("mine, and more")
    (folder.place / "new").mkdir()
    assert list(folder.changed()) == ["mine.txt", "new"]


@pytest.mark.posix("sockets have paths")
def test_a_socket_that_a_test_has_left_is_gone() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name, socket.socket(socket.AF_UNIX) as one:  # a path has 100 bytes
        written = WrittenFolder(Path(name))
        written.keep({})
        one.bind(f"{name}/left")

        written.restore(())

        assert list(Path(name).iterdir()) == []


def test_only_what_came_since_belongs_there(tmp_path: Path) -> None:
    """What a process needs that has collected anew: the tests before it have left something, too."""
    written = WrittenFolder(tmp_path)
    (tmp_path / "of_a_test").write_text("x")
    before = written.states()
    (tmp_path / "of_an_import").write_text("x")
    written.keep(before)

    written.restore(())

    assert [path.name for path in tmp_path.iterdir()] == ["of_an_import"]


def test_what_a_program_works_with_stays_as_it_is(folder: WrittenFolder) -> None:
    """The files of a database server that the suite has started are its own."""
    place = folder.place
    write_project(
        place, {"deep/rows/1": "row", "deep/more.txt": "changed", "new/data/2": "row", "new.txt": "x", "a": ""}
    )

    folder.restore([place, place / "deep", place / "new" / "data", place / "new.txt"])

    rest = ["deep/more.txt", "deep/rows/1", "link", "mine.txt", "new.txt", "new/data/2"]
    assert sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir()) == rest
    assert (place / "deep" / "more.txt").read_text() == "changed"


def test_nothing_is_written_through_a_link(folder: WrittenFolder, tmp_path: Path) -> None:
    elsewhere = write_project(tmp_path / "elsewhere", {"mine.txt": "his", "more.txt": "his"})
    place = folder.place
    for path in ("mine.txt", "deep/more.txt"):
        (place / path).unlink()
    (place / "mine.txt").symlink_to(elsewhere / "mine.txt")
    (place / "deep").rmdir()
    (place / "deep").symlink_to(elsewhere)
    (place / "link").unlink()
    (place / "link").hardlink_to(elsewhere / "more.txt")

    folder.restore(())

    assert {path.read_text() for path in elsewhere.iterdir()} == {"his"}
    assert (place / "mine.txt").read_text() == "mine"
    assert (place / "deep" / "more.txt").read_text() == "more"


def test_nothing_is_written_where_no_overlay_is_mounted(tmp_path: Path) -> None:
    """Its process is gone, and another one may have its number."""
    real = write_project(tmp_path / "home", {"mine.txt": "mine"})
    changes = write_project(tmp_path / "changes", {"left.txt": "x", "mine.txt": "x"})
    write_project(real, {"left.txt": "the user's"})
    before = fingerprint(real)

    WrittenFolder(real, changes, real).restore(())

    assert fingerprint(real) == before
