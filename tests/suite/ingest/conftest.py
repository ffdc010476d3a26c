"""One project, run by kit and by others: the runs that several tests look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite import RunOptions, run_suite
from kit.suite.ingest import read_results
from tests.helpers import write_project
from tests.suite.ingest.making import PROJECT, record
from tests.suite.projects import target_of

RECORDED = Path(__file__).parent / "recorded"

#: how each file is made; two were recorded once, with plugins that are not installed here
MADE: dict[str, tuple[str, ...]] = {
    "xunit2.xml": ("--junitxml",),
    "xunit1.xml": ("-o", "junit_family=xunit1", "--junitxml"),
    "short.xml": ("--tb=short", "--junitxml"),
    "native.xml": ("--tb=native", "--junitxml"),
    "log.jsonl": ("-p", "pytest_reportlog.plugin", "--report-log"),
}

Ingest = Callable[[str], SuiteFacts]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """The project, as a target."""
    return target_of(write_project(tmp_path_factory.mktemp("made") / "shop", PROJECT))


@pytest.fixture(scope="session")
def own_run(project: Target, tmp_path_factory: pytest.TempPathFactory) -> SuiteFacts:
    """What kit itself sees of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return run_suite(
            project, events=tmp_path_factory.mktemp("own") / "events.jsonl", options=RunOptions(timeout_s=60)
        )


@pytest.fixture(scope="session")
def results_file(project: Target, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of that name, made when it is first asked for."""
    folder = tmp_path_factory.mktemp("results")

    def made(name: str) -> Path:
        if name not in MADE:
            return RECORDED / name
        if not (folder / name).exists():
            *options, last = MADE[name]
            record(project.path, *options, f"{last}={folder / name}")
        return folder / name

    return made


@pytest.fixture(scope="session")
def ingest(project: Target, results_file: Callable[[str], Path]) -> Ingest:
    """What the file of that name says."""
    return lambda name: read_results([results_file(name)], project)
