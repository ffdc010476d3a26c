"""Small projects to run: most tests of this room let real pytest run them in real processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from kit.suite import RunOptions, run_suite
from tests.helpers import write_project
from tests.suite.projects import target_of

Run = Callable[..., SuiteFacts]


@pytest.fixture(autouse=True, scope="module")
def _no_plugins_but_pytests_own() -> Iterator[None]:
    """Runs of the projects start four times as fast without the plugins that happen to be installed here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        yield


def runner(folder: Path) -> Run:
    """What writes a project into ``folder`` and runs its tests."""

    def run_project(
        files: Mapping[str, str],
        addopts: tuple[str, ...] = (),
        nodeids: Sequence[str] = (),
        resume: bool = False,
        on_event: Callable[[Mapping[str, Any]], None] | None = None,
        **options: Any,
    ) -> SuiteFacts:
        root = write_project(folder / "project", {"pytest.ini": f"[pytest]\naddopts = {' '.join(addopts)}\n", **files})
        return run_suite(
            target_of(root, addopts),
            events=folder / "events.jsonl",
            options=RunOptions(**{"timeout_s": 20.0, **options}),
            nodeids=nodeids,
            resume=resume,
            on_event=on_event,
        )

    return run_project


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Write a project and run its tests: ``run({"test_a.py": "…"}, addopts=("-x",), timeout_s=2.0, …)``."""
    return runner(tmp_path)


@pytest.fixture(scope="module")
def run_in_module(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same, for a run that several tests look at."""
    return runner(tmp_path_factory.mktemp("run"))
