"""Reading the source of commits: contents are told apart by git's ids."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.target import Target
from kit.inventory.source import at_once
from kit.inventory.source.blobs import BlobRecords
from kit.inventory.source.extraction import extract
from kit.inventory.source.records import FileRecord
from tests.helpers import write_project
from tests.inventory.projects import target_at

MODEL = textwrap.dedent(
    r"""
    # -*- coding: latin-1 -*-
    from shop.base import Base
    import importlib

    PATTERN = "\d \udc80"

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        orders = relationship("Order", back_populates="user")

    def load():
        return importlib.import_module("plugins.extra")
    """
)
FILES = {"app/__init__.py": "", "app/a.py": MODEL, "app/b.py": "\ufefffrom app import a\r\n"}


def read(target: Target, blobs: dict[str, str] | None = None) -> dict[str, FileRecord]:
    """The records of the files of a commit; each path stands for its content unless ``blobs`` says otherwise."""
    facts = BlobRecords(target).read(target.path, blobs or {path: path for path in FILES})
    assert facts.problems == ()
    return {record.path: record for record in facts.files}


def test_a_few_files_need_no_process_and_give_what_a_process_gives(tmp_path: Path, reads: list[list[str]]) -> None:
    target = target_at(write_project(tmp_path / "p", FILES))
    found = read(target)
    assert reads == []
    by_process, _ = extract(target, {path: len(text) for path, text in FILES.items()}, 60.0)
    assert len(reads) == 1
    assert found == by_process
    assert found["app/a.py"].classes[0].table == "users"


def test_another_python_reads_for_itself(tmp_path: Path, reads: list[list[str]]) -> None:
    target = target_at(write_project(tmp_path / "p", FILES))
    assert target.interpreter
    assert sorted(read(replace(target, interpreter=replace(target.interpreter, version="3.8.1")))) == sorted(FILES)
    assert sorted(reads[0]) == sorted(FILES)


def test_the_process_says_what_is_wrong_with_a_file(tmp_path: Path, reads: list[list[str]]) -> None:
    root = write_project(tmp_path / "p", {"a.py": "import os\n", "b.py": "import sys\ndef broken(:\n"})
    found = read(target_at(root), {"a.py": "1", "b.py": "2"})
    assert reads == [["b.py"]]
    assert found["a.py"].error is None
    assert found["b.py"].error
    assert found["b.py"].approximate
    assert [one.statement for one in found["b.py"].imports] == ["import sys"]


def test_many_bytes_are_read_by_a_process(
    tmp_path: Path, reads: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_once, "MOST_BYTES", 10)
    read(target_at(write_project(tmp_path / "p", FILES)))
    assert len(reads) == 1


def test_a_content_is_read_once_wherever_it_stands(tmp_path: Path, reads: list[list[str]]) -> None:
    root = write_project(tmp_path / "p", {"a.py": "def broken(:\n", "b.py": "def broken(:\n"})
    records = BlobRecords(target_at(root))
    for path in ("a.py", "b.py"):
        (found,) = records.read(root, {path: "1"}).files
        assert found.path == path
    assert reads == [["a.py"]]
