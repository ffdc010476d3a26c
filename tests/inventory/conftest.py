"""No test of the inventory reads or writes the user's own cache, and a test can see what processes read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.target import Target
from kit.inventory.source import extraction


@pytest.fixture(autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The files of each process that reads source."""
    seen: list[list[str]] = []
    run = extraction.run_probe

    def counted(target: Target, script: str, request: dict[str, list[str]], **rest: object) -> object:
        seen.append(request["files"])
        return run(target, script, request, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(extraction, "run_probe", counted)
    return seen
