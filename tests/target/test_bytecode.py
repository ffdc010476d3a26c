"""Bytecode of a target is kept from one copy to the next, and given back only where it belongs."""

from __future__ import annotations

import os
import py_compile
import resource
import shutil
from pathlib import Path

import pytest

from kit.target import bytecode, keep_bytecode
from kit.target.bytecode import give_back_bytecode
from kit.target.user_cache import cache_file
from tests.helpers import write_project
from tests.target.making import target_at


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


class Copies:
    """A tree, and copies of it one after the other at the same place."""

    def __init__(self, folder: Path) -> None:
        self.tree = write_project(folder / "app", {"top.py": "", "pkg/one.py": "ONE = 1\n", "pkg/two.py": "TWO = 2\n"})
        self.target = target_at(self.tree)
        self.root = folder / "copy" / "app"

    def new(self) -> Path:
        """A copy that has nothing but the sources and what is given back."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.tree, self.root)
        give_back_bytecode(self.target, self.root)
        return self.root

    def keep(self, *folders: str) -> None:
        """What is compiled in these folders of the copy."""
        keep_bytecode(self.target, self.root, [self.root / folder for folder in folders])

    def given_back(self) -> dict[str, bytes]:
        """What a new copy has got, by the path of its source without the suffix."""
        root = self.new()
        return {
            f"{path.parent.parent.relative_to(root)}/{path.name.partition('.')[0]}": path.read_bytes()
            for path in root.rglob("*.pyc")
        }

    @property
    def cache(self) -> Path:
        """The file that holds what is kept."""
        file = cache_file(self.target, "bytecode")
        assert file is not None
        return file


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    made = Copies(tmp_path)
    for source in sorted(made.new().rglob("*.py")):
        py_compile.compile(str(source), doraise=True)
    return made


def test_what_was_compiled_is_given_back_byte_for_byte(copies: Copies) -> None:
    (compiled,) = copies.root.glob("pkg/__pycache__/one.*.pyc")
    before = compiled.read_bytes()
    copies.keep(".", "pkg")
    given = copies.given_back()
    assert given.keys() == {"./top", "pkg/one", "pkg/two"}
    assert given["pkg/one"] == before


def test_only_the_folders_that_are_named_are_kept_and_what_lies_elsewhere_never(copies: Copies, tmp_path: Path) -> None:
    elsewhere = write_project(tmp_path / "elsewhere", {"other.py": ""})
    py_compile.compile(str(elsewhere / "other.py"))
    keep_bytecode(copies.target, copies.root, [copies.root / "pkg", elsewhere, copies.root / "gone"])
    assert copies.given_back().keys() == {"pkg/one", "pkg/two"}


def test_what_is_kept_of_other_folders_stays_as_long_as_the_source_does(copies: Copies) -> None:
    copies.keep("pkg")
    copies.keep(".")
    assert copies.given_back().keys() == {"./top", "pkg/one", "pkg/two"}
    (copies.tree / "pkg/two.py").unlink()
    copies.new()
    copies.keep(".")
    write_project(copies.tree, {"pkg/two.py": "TWO = 2\n"})
    assert copies.given_back().keys() == {"./top", "pkg/one"}


@pytest.mark.parametrize("change", ["time", "size"])
def test_nothing_is_given_back_to_a_source_that_has_changed(copies: Copies, change: str) -> None:
    copies.keep("pkg")
    source = copies.tree / "pkg/one.py"
    status = source.stat()
    source.write_text("ONE = 1\n" if change == "time" else "ONE = 100\n")
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns + (change == "time")))
    assert copies.given_back().keys() == {"pkg/two"}


def test_a_source_that_has_changed_and_was_compiled_anew_is_kept_anew(copies: Copies) -> None:
    copies.keep("pkg")
    (copies.tree / "pkg/one.py").write_text("ONE = 'another'\n")
    copies.new()
    py_compile.compile(str(copies.root / "pkg/one.py"))
    copies.keep("pkg")
    assert b"another" in copies.given_back()["pkg/one"]


def test_nothing_is_written_when_nothing_is_new(copies: Copies) -> None:
    copies.keep("pkg")
    before = copies.cache.stat()
    copies.new()
    copies.keep("pkg")
    after = copies.cache.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_too_much_is_not_kept(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytecode, "_MOST_BYTES", 100)
    copies.keep("pkg")
    assert not copies.cache.exists()


def test_bytecode_that_cannot_be_written_whole_is_not_written(copies: Copies) -> None:
    copies.keep("pkg")
    write_project(copies.tree, {"pkg/large.py": f"TEXT = {'x' * 9_000!r}\n"})
    copies.new()
    py_compile.compile(str(copies.root / "pkg/large.py"))
    copies.keep("pkg")
    shutil.rmtree(copies.root / "pkg/__pycache__")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, limits[1]))  # as on a full disk, the first half of it is written
    try:
        give_back_bytecode(copies.target, copies.root)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name.partition(".")[0] for path in copies.root.rglob("*.pyc")} == {"one", "two"}
