"""What is said of a copy that takes long, and what is asked before a very large one."""

from __future__ import annotations

import io

import pytest

from kit.facts.errors import TargetError, UsageError
from kit.target import copy_progress
from kit.target.copy_progress import CopyProgress, check_size
from kit.target.copying import copy_tree


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_copy_that_is_done_at_once_says_nothing(capsys):
    progress = CopyProgress(5 << 20)
    progress.add(5 << 20)
    progress.end()
    assert capsys.readouterr().err == ""


def test_one_that_takes_longer_says_how_many_bytes_are_done(capsys, monkeypatch):
    monkeypatch.setattr(copy_progress, "_SILENCE_S", 0.0)
    progress = CopyProgress(3 << 30)
    progress.add(700 << 20)
    progress.end()
    assert capsys.readouterr().err.splitlines()[0] == "kit: copying the tree: 700 MiB of 3.0 GiB"


def test_a_tree_above_the_limit_is_refused_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_COPY_LIMIT_MIB", "1")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "data").write_bytes(b"x" * (2 << 20))
    with pytest.raises(TargetError, match=r"holds 2 MiB to copy, more than 1 MiB; .* KIT_COPY_LIMIT_MIB"):
        copy_tree(tmp_path / "tree", tmp_path / "copy")


@pytest.mark.parametrize(("answer", "is_made"), [("y\n", True), ("\n", False), ("", False)])
def test_at_a_terminal_somebody_is_asked(answer, is_made, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stderr", said := Terminal())
    monkeypatch.setenv("KIT_COPY_LIMIT_MIB", "1")
    if is_made:
        check_size("/app", 2 << 20)
    else:
        with pytest.raises(TargetError):
            check_size("/app", 2 << 20)
    assert said.getvalue() == "kit: /app holds 2 MiB to copy, more than 1 MiB. Copy it? [y/N] "


def test_a_limit_that_is_not_a_number_is_refused(monkeypatch):
    monkeypatch.setenv("KIT_COPY_LIMIT_MIB", "lots")
    with pytest.raises(UsageError, match="is not a number of MiB"):
        check_size("/app", 1)


def test_holes_do_not_count(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_COPY_LIMIT_MIB", "1")
    (tmp_path / "tree").mkdir()
    with (tmp_path / "tree" / "disk.img").open("wb") as file:
        file.truncate(1 << 30)
    if (tmp_path / "tree" / "disk.img").stat().st_blocks > 100:
        pytest.skip("this file system has no sparse files")
    copy_tree(tmp_path / "tree", tmp_path / "copy")
    assert (tmp_path / "copy" / "disk.img").stat().st_size == 1 << 30
