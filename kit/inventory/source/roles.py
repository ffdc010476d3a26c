"""What kind of code a file is, told from where it lies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from kit.facts.places import Role

_TEST_FOLDERS = frozenset({"tests", "test", "testing"})
_MIGRATION_FOLDERS = frozenset({"alembic", "migrations", "migration"})
_SCRIPT_FOLDERS = frozenset({"scripts", "script", "bin", "tools", "examples", "docs", "docs_src", "benchmarks"})
_SCRIPTS = frozenset({"setup.py", "manage.py", "noxfile.py", "fabfile.py"})

#: what runs together: the app, and the tests of it in one process
TOGETHER: frozenset[Role] = frozenset({"production", "test"})


def role_of(path: str) -> Role:
    """The role of a source file. A test stays a test wherever it lies."""
    place = PurePosixPath(path)
    folders = {part.lower() for part in place.parent.parts}
    if folders & _TEST_FOLDERS or place.name.startswith(("test_", "conftest.")) or place.stem.endswith("_test"):
        return "test"
    if folders & _MIGRATION_FOLDERS:
        return "migration"
    if folders & _SCRIPT_FOLDERS or place.name in _SCRIPTS:
        return "script"
    return "production"


def may_meet(paths: Iterable[str], suite_paths: Collection[str] | None = None) -> bool:
    """Whether two of the files may be imported in one process: examples and scripts are each run alone, and so are the
    test apps that a suite (the files ``suite_paths``) does not load itself.
    """
    return sum(_meets_others(path, suite_paths) for path in paths) > 1


def _meets_others(path: str, suite_paths: Collection[str] | None) -> bool:
    role = role_of(path)
    is_stand_alone = role == "test" and suite_paths is not None and path not in suite_paths
    return role != "script" and not is_stand_alone


def is_test_module(path: str) -> bool:
    """Whether pytest collects the file by its default pattern."""
    name = PurePosixPath(path).name
    return name.startswith("test_") or name.endswith("_test.py")
