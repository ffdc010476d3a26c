"""Small apps that are written to disk, run for real, and asked for their causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.suite import SuiteFacts
from kit.facts.upgrades import NO_ENVIRONMENT, Environment
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory, mark_loaded
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.helpers import write_project

PYPROJECT = '[project]\nname = "shop"\nversion = "1"\n[tool.pytest.ini_options]\npythonpath = ["."]\n'


def investigated(
    folder: Path, files: Mapping[str, str], *, records: bool = False, environment: Environment = NO_ENVIRONMENT
) -> tuple[tuple[Cause, ...], SuiteFacts]:
    """The causes of an app of these files, and what its suite did; ``records``: also what its tests execute."""
    target = find_target(write_project(folder / "shop", {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", **files}))
    suite = run_suite(
        target, events=folder / "events.jsonl", options=RunOptions(workers=1, timeout_s=20, records=records)
    )
    inventory = Inventory.of(target)
    causes = find_causes(
        mark_loaded(inventory.facts, suite.loaded_modules),
        suite,
        group_failures(suite),
        loads=inventory.imported_by_tests,
        source=lambda: Declarations.of(target),
        environment=environment,
    )
    return causes, suite


def names_of(cause: Cause) -> set[str]:
    """The names of the tests that a cause blocks, without their files."""
    return {nodeid.partition("::")[2] for nodeid in cause.tests}


def blocking(causes: Iterable[Cause], test: str) -> Cause:
    """The first cause that blocks a test of this name."""
    return next(cause for cause in causes if test in names_of(cause))


def told(cause: Cause) -> str:
    """All its evidence."""
    return "\n".join(item.text for item in cause.evidence)


def places(cause: Cause) -> list[str]:
    """Its locations as ``path:line``."""
    return [str(place) for place in cause.locations]


def told_of(
    folder: Path, files: Mapping[str, str], facts: SuiteFacts, environment: Environment = NO_ENVIRONMENT
) -> tuple[Cause, ...]:
    """The causes of recorded facts, with the source of an app of these files; nothing of it is run."""
    root = write_project(folder / "shop", {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", **files})
    return told_at(root, facts, environment)


def told_at(root: Path, facts: SuiteFacts, environment: Environment = NO_ENVIRONMENT) -> tuple[Cause, ...]:
    """The causes of recorded facts, with the source of the app at ``root``; nothing of it is run."""
    target = find_target(root)
    found = Inventory.of(target, runtime=False)
    return find_causes(
        found.facts,
        facts,
        group_failures(facts),
        loads=found.imported_by_tests,
        source=lambda: Declarations.of(target),
        environment=environment,
    )
