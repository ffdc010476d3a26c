"""The lines that use a library are kept, and only what has changed is searched again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kit.facts.target import Target
from kit.inventory import library_uses_of
from kit.inventory.declarations import either_way, known_uses
from kit.inventory.declarations.library_uses import Use
from kit.target import cache_folder, find_target
from tests.helpers import write_project

MODULES = {"x": ("shop",)}
OLD, NEW = {"x": ("shop.old",)}, {"x": ("shop.new",)}


@pytest.fixture
def app(tmp_path: Path) -> Target:
    return find_target(write_project(tmp_path / "app", {"a.py": "from shop import old\n", "b.py": "import shop\n"}))


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The paths that are searched, in a cache of their own."""
    paths: list[str] = []
    search = known_uses.uses_in

    def counted(trees: object, path: str, *rest: object) -> Iterator[Use]:
        paths.append(path)
        return search(trees, path, *rest)  # type: ignore[arg-type]  # handed on as they come

    monkeypatch.setattr(known_uses, "uses_in", counted)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return paths


def _found(app: Target, wanted: Mapping[str, tuple[str, ...]] = OLD) -> list[str]:
    return [f"{place.path}:{place.line}" for place in library_uses_of(app, wanted, MODULES).get("x", ())]


def test_an_unchanged_app_is_searched_once(app: Target, searched: list[str]) -> None:
    assert _found(app) == _found(app) == ["a.py:1"]
    assert searched == ["a.py", "b.py"]


def test_only_a_changed_file_is_searched_again(app: Target, searched: list[str]) -> None:
    _found(app)
    searched.clear()
    (app.path / "b.py").write_text("import shop\nshop.old()\n")

    assert _found(app) == ["a.py:1", "b.py:2"]
    assert searched == ["b.py"]


def test_a_file_that_is_gone_has_no_lines(app: Target, searched: list[str]) -> None:
    _found(app)
    (app.path / "a.py").unlink()

    assert _found(app) == []
    assert searched == ["a.py", "b.py"]


def test_another_question_has_another_answer(app: Target, searched: list[str]) -> None:
    _found(app)
    assert _found(app, NEW) == []
    assert _found(app) == ["a.py:1"]
    assert len(searched) == 6


def test_another_way_to_search_is_another_question(
    app: Target, searched: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _found(app)
    (tmp_path / "search.py").write_text("# another one\n")
    monkeypatch.setattr(either_way, "__file__", str(tmp_path / "search.py"))

    _found(app)

    assert len(searched) == 4


def test_a_damaged_answer_is_none(app: Target, searched: list[str]) -> None:
    _found(app)
    folder = cache_folder(app, "uses")
    assert folder
    (stored,) = folder.iterdir()
    os.truncate(stored, 10)

    assert _found(app) == ["a.py:1"]
    assert len(searched) == 4
