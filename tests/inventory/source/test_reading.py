"""Reading the source of a target from disk, by its own interpreter and through the cache."""

from __future__ import annotations

import gc
import os
from dataclasses import replace
from pathlib import Path

import pytest

from kit.inventory.source import extraction
from kit.inventory.source import reading as source
from kit.inventory.source.reading import read_source, source_files
from kit.target import ProbeRun
from tests.helpers import fingerprint, write_project
from tests.inventory.projects import target_at

FILES = {"app/__init__.py": "", "app/a.py": "import os\n", "app/b.py": "from app import a\n"}


@pytest.mark.slow
def test_what_is_enough_for_two_is_read_by_two_processes_to_the_same_end(
    tmp_path: Path, reads: list[list[str]], monkeypatch: pytest.MonkeyPatch, cache_home: Path
) -> None:
    root = write_project(tmp_path / "p", FILES)
    by_one = read_source(target_at(root))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home / "another"))
    monkeypatch.setattr(extraction, "ENOUGH_FOR_TWO", 0)
    monkeypatch.setattr(extraction, "usable_processors", lambda: 2)
    assert read_source(target_at(root)) == by_one
    assert sorted(map(len, reads)) == [1, 2, 3]


def test_garbage_is_collected_as_before_once_the_files_are_read(tmp_path: Path) -> None:
    before = gc.get_threshold()
    read_source(target_at(write_project(tmp_path / "p", FILES)))
    assert gc.get_threshold() == before


def test_two_processes_get_about_the_same_to_read() -> None:
    sizes = {"large.py": 900, "a.py": 300, "b.py": 300, "c.py": 250, "empty.py": 0}
    assert sorted(sum(sizes[path] for path in share) for share in extraction.halves(sizes)) == [850, 900]
    assert sorted(path for share in extraction.halves(sizes) for path in share) == sorted(sizes)


def test_every_file_is_read_and_nothing_is_written(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", FILES)
    before = fingerprint(root)
    facts = read_source(target_at(root))
    assert [file.path for file in facts.files] == sorted(FILES)
    assert facts.files[2].imports[0].statement == "from app import a"
    assert facts.problems == ()
    assert fingerprint(root) == before


def test_only_the_targets_own_source_is_read(tmp_path: Path) -> None:
    root = write_project(
        tmp_path / "p",
        {
            "a.py": "",
            "environment/pyvenv.cfg": "",
            "environment/lib/x.py": "",
            "node_modules/x.py": "",
            ".hidden/x.py": "",
            "__pycache__/x.py": "",
            "vendored/site-packages/x.py": "",
            "data.txt": "",
            "folder.py/inside.py": "",
        },
    )
    (root / "linked").symlink_to(root)
    assert {file.path for file in source_files(str(root))} == {"a.py", "folder.py/inside.py"}


def test_the_copy_that_an_installation_has_built_is_not_source(tmp_path: Path) -> None:
    built = {"build/lib/shop/models.py": "", "build/lib.linux-x86_64-3.12/shop/models.py": "", "build/tools.py": ""}
    without, project = tmp_path / "without", tmp_path / "project"
    write_project(without, {"shop/models.py": "", **built})
    write_project(project, {"pyproject.toml": "", "shop/models.py": "", **built})

    assert {file.path for file in source_files(str(project))} == {"shop/models.py", "build/tools.py"}
    assert {file.path for file in source_files(str(without))} == {"shop/models.py", *built}


def test_names_and_strings_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", {"a.py": 'class A(Base):\n    __tablename__ = "\\udc80"\n'})
    (root / os.fsdecode(b"\xff.py")).write_text("")
    target = target_at(root)
    first = read_source(target)
    assert [(file.path, file.classes[0].table) for file in first.files] == [("a.py", "?")]
    assert read_source(target) == first


def test_what_did_not_change_is_not_read_again(tmp_path: Path, reads: list[list[str]]) -> None:
    target = target_at(write_project(tmp_path / "p", FILES))
    first = read_source(target)
    assert read_source(target) == first
    assert len(reads) == 1


@pytest.mark.slow
def test_a_changed_a_new_and_a_removed_file_are_noticed(tmp_path: Path, reads: list[list[str]]) -> None:
    target = target_at(write_project(tmp_path / "p", FILES))
    read_source(target)
    write_project(target.path, {"app/a.py": "import sys\n", "app/c.py": ""})
    os.utime(target.path / "app/a.py", ns=(1, 1))
    (target.path / "app/b.py").unlink()
    facts = read_source(target)
    assert reads[1] == ["app/a.py", "app/c.py"]
    assert [file.path for file in facts.files] == ["app/__init__.py", "app/a.py", "app/c.py"]
    assert facts.files[1].imports[0].statement == "import sys"


@pytest.mark.slow
def test_another_python_has_a_cache_of_its_own(tmp_path: Path, reads: list[list[str]]) -> None:
    target = target_at(write_project(tmp_path / "p", FILES))
    read_source(target)
    assert target.interpreter
    read_source(replace(target, interpreter=replace(target.interpreter, version="3.8.1")))
    assert len(reads) == 2


@pytest.mark.slow
def test_a_corrupt_cache_is_ignored(tmp_path: Path, cache_home: Path, reads: list[list[str]]) -> None:
    target = target_at(write_project(tmp_path / "p", FILES))
    first = read_source(target)
    (file,) = (cache_home / "incident-kit/source").iterdir()
    for broken in (b"", b"\xff\xff", b"\x81\xa1x\x01", file.read_bytes()[:-20]):
        file.write_bytes(broken)
        assert read_source(target) == first
    assert len(reads) == 5


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    occupied = tmp_path / "a file"
    occupied.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(occupied))
    target = target_at(write_project(tmp_path / "p", FILES))
    assert len(read_source(target).files) == 3


def test_nothing_is_cached_inside_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_project(tmp_path / "p", FILES)
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))
    before = fingerprint(root)
    read_source(target_at(root))
    assert fingerprint(root) == before


def test_a_target_without_an_interpreter_is_read_by_kits_own(tmp_path: Path) -> None:
    target = replace(target_at(write_project(tmp_path / "p", FILES)), interpreter=None)
    facts = read_source(target)
    assert len(facts.files) == 3
    assert facts.problems == ()


def test_an_interpreter_that_does_not_run_is_replaced_and_that_is_said(tmp_path: Path) -> None:
    target = target_at(write_project(tmp_path / "p", FILES), python=str(tmp_path / "no-python"))
    facts = read_source(target)
    assert len(facts.files) == 3
    assert facts.problems == (f"{tmp_path}/no-python did not read 3 source files; kit's own Python did.",)


def test_a_file_that_cannot_be_opened_is_recorded_with_its_error(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", {"a.py": ""})
    files = extraction._read(target_at(root), {"gone.py": 1}, 20.0)
    assert files["gone.py"].error == (1, "FileNotFoundError: No such file or directory")


def test_generated_data_is_not_read_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LARGEST_FILE", 20)
    target = target_at(write_project(tmp_path / "p", {"a.py": "", "data.py": f"x = {'1' * 20}"}))
    facts = read_source(target)
    assert [file.path for file in facts.files] == ["a.py"]
    assert facts.problems == ("data.py was not read: it is larger than 20 bytes.",)


def test_what_is_not_read_in_time_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "run_probe", lambda *_, **__: ProbeRun((), None, "", timed_out=True))
    facts = read_source(target_at(write_project(tmp_path / "p", FILES)), timeout_s=1.5)
    assert facts.files == ()
    assert facts.problems == ("3 source files could not be read in 1.5 s, app/__init__.py is the first.",)
