"""Small projects to run: most tests of this room let real pytest run them in real processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from kit.suite import EarlierRuns, RunOptions, run_suite
from tests.helpers import write_project
from tests.suite.projects import target_of

Run = Callable[..., SuiteFacts]
Overdue = Callable[..., None]


#: a test that asks for one of these starts pytest, and some of them a cluster
_STARTS_SUITES = {"run", "run_in_module", "warm", "cluster"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder that start suites as slow: quick unit tests may stand beside them in a module."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and not _STARTS_SUITES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True, scope="module")
def _no_plugins_but_pytests_own() -> Iterator[None]:
    """Runs of the projects start four times as fast without the plugins that happen to be installed here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        yield


def run_options(options: Mapping[str, Any]) -> RunOptions:
    """The options of a run; what earlier runs have shown may stand among them."""
    earlier = {field.name for field in fields(EarlierRuns)}
    shown = EarlierRuns(**{name: value for name, value in options.items() if name in earlier})
    asked = {name: value for name, value in options.items() if name not in earlier}
    return RunOptions(**{"timeout_s": 20.0, **asked, "earlier": shown})


def runner(folder: Path) -> Run:
    """What writes a project into ``folder`` and runs its tests."""

    def run_project(
        files: Mapping[str, str],
        addopts: tuple[str, ...] = (),
        nodeids: Sequence[str] = (),
        resume: bool = False,
        keep_events: bool = False,
        on_event: Callable[[Mapping[str, Any]], None] | None = None,
        **options: Any,
    ) -> SuiteFacts:
        if not (resume or keep_events):  # what an earlier attempt has recorded would be carried into this one
            (folder / "events.jsonl").unlink(missing_ok=True)
        root = write_project(folder / "project", {"pytest.ini": f"[pytest]\naddopts = {' '.join(addopts)}\n", **files})
        return run_suite(
            target_of(root, addopts),
            events=folder / "events.jsonl",
            options=run_options(options),
            nodeids=nodeids,
            resume=resume,
            on_event=on_event,
        )

    return run_project


class Clock:
    """The module ``time`` as one module of kit sees it: ``seconds`` ahead for as long as the file ``marker`` exists."""

    def __init__(self, marker: Path, seconds: float) -> None:
        self._marker, self._seconds = marker, seconds

    def monotonic(self) -> float:
        return time.monotonic() + (self._seconds if self._marker.exists() else 0.0)

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


@pytest.fixture
def overdue(monkeypatch: pytest.MonkeyPatch) -> Overdue:
    """Let modules of kit see a later time as soon as a test has got as far as it has to, and has created ``marker``.

    So limits are tested without waiting for them, and a machine that is busy changes nothing:
    ``overdue(marker, "kit.suite.process.board")``.
    """

    def patch(marker: Path, *modules: str, seconds: float = 3600.0) -> None:
        for module in modules:
            monkeypatch.setattr(f"{module}.time", Clock(marker, seconds))

    return patch


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Write a project and run its tests: ``run({"test_a.py": "…"}, addopts=("-x",), timeout_s=2.0, …)``."""
    return runner(tmp_path)


@pytest.fixture(scope="module")
def run_in_module(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same, for a run that several tests look at."""
    return runner(tmp_path_factory.mktemp("run"))
