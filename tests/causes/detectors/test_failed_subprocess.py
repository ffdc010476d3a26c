"""A command that tests start and that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, names_of, places
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test

TESTS = """import subprocess, sys
import pytest


@pytest.fixture
def database():
    subprocess.run([sys.executable, "{script}"], check=True)


def test_fixture(database): ...


def test_status():
    done = subprocess.run([sys.executable, "{script}"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_printed_only():
    assert subprocess.run([sys.executable, "{script}"]).returncode == 0


def test_captured():
    subprocess.run([sys.executable, "{script}"], capture_output=True, check=True)


def test_wrapped():
    try:
        subprocess.check_output([sys.executable, "{script}"], stderr=subprocess.STDOUT, text=True)
    except subprocess.CalledProcessError as error:
        raise RuntimeError("the database is not ready") from error
"""
NAMES = {"test_fixture", "test_status", "test_printed_only", "test_captured", "test_wrapped"}


@pytest.mark.slow
def test_what_the_command_printed_is_the_cause_of_all_that_start_it(tmp_path: Path) -> None:
    script = "import sys\n\n\ndef main():\n    raise ValueError('no revision abc123 is known')\n\n\nmain()\n"
    files = {"migrate.py": script, "tests/test_db.py": TESTS.format(script="migrate.py")}
    (cause,), _ = investigated(tmp_path, files)
    assert cause.kind == "failed-subprocess"
    assert cause.title == "A command that tests start fails: ValueError: no revision abc123 is known"
    assert names_of(cause) == NAMES
    assert places(cause)[0] == "migrate.py:5"


@pytest.mark.slow
def test_a_package_that_the_command_lacks_is_a_missing_package(tmp_path: Path) -> None:
    files = {"migrate.py": "import no_such_alembic\n", "tests/test_db.py": TESTS.format(script="migrate.py")}
    (cause,), _ = investigated(tmp_path, files)
    assert (cause.kind, cause.title) == ("missing-package", 'Package "no_such_alembic" is not installed')
    assert cause.tests_blocked == len(NAMES)
    assert places(cause)[0] == "migrate.py:1"


def test_the_import_in_the_command_comes_before_the_line_of_the_test() -> None:
    printed = (
        'Traceback (most recent call last):\n  File "<frozen runpy>", line 88, in _run_code\n'
        "  File \"shop/cli.py\", line 4, in <module>\n    import wool\nModuleNotFoundError: No module named 'wool'\n"
    )
    failure = failure_with(
        f"{printed}assert 1 == 0\n +  where 1 = CompletedProcess(args=['shop']).returncode",
        frames=(in_test("tests/test_a.py", 9, "test_a", "assert done.returncode == 0, done.stderr"),),
    )

    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))

    assert (cause.kind, places(cause)) == ("missing-package", ["shop/cli.py:4", "tests/test_a.py:9"])


def test_a_traceback_that_a_test_only_compares_is_no_failed_command() -> None:
    printed = "Traceback (most recent call last):\nValueError: y"
    message = f"assert 'x' in {printed!r}\n{printed}"
    failure = failure_with(message)
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "failed-subprocess"
