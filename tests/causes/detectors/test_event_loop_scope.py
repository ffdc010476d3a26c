"""A fixture whose event loop is not the one of its tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test
from tests.helpers import write_project

OTHER_LOOP = (
    "The future belongs to a different loop than the one specified as the loop argument",
    "Task <Task pending name='t' coro=<f()>> got Future <Future pending> attached to a different loop",
    "<asyncio.locks.Lock object at 0x7f01 [unlocked]> is bound to a different event loop",
    "Event loop is closed",
)


def _causes(folder: Path, fixture: str, message: str) -> tuple[Cause, ...]:
    conftest = f"import pytest_asyncio\n\n\n@pytest_asyncio.fixture{fixture}\nasync def pool():\n    yield 1\n"
    files = {
        "pyproject.toml": PYPROJECT,
        "tests/conftest.py": conftest,
        "tests/test_pool.py": "def test_a(pool): ...\n",
    }
    target = find_target(write_project(folder / "shop", files))
    frames = (in_test("tests/test_pool.py", 1, "test_a", "await pool.get()"),)
    failure = failure_with(message, "RuntimeError", frames=frames)
    facts = suite([result("tests/test_pool.py::test_a", failure)], [failure])
    facts = replace(facts, tests=tuple(replace(test, fixtures=("pool",)) for test in facts.tests))
    source = lambda: Declarations.of(target)  # noqa: E731
    return find_causes(InventoryFacts(files=2), facts, group_failures(facts), source=source)


@pytest.mark.parametrize("message", OTHER_LOOP)
def test_the_fixture_is_named_with_its_scope(tmp_path: Path, message: str) -> None:
    (cause,) = _causes(tmp_path, '(scope="session", loop_scope="session")', message)
    assert cause.kind == "event-loop-scope"
    assert cause.title == 'Fixture "pool" lives in the event loop of the session, its tests in their own'
    assert places(cause) == ["tests/conftest.py:5", "tests/test_pool.py:1"]
    assert 'loop_scope="session"' in str(cause.next_step)


def test_the_scope_of_the_fixture_counts_where_no_loop_scope_is_given(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, '(scope="module")', OTHER_LOOP[0])
    assert "event loop of the module" in cause.title


@pytest.mark.parametrize("fixture", ["", "()", '(scope="session", loop_scope="function")'])
def test_a_fixture_in_the_loop_of_its_test_is_not_blamed(tmp_path: Path, fixture: str) -> None:
    (cause,) = _causes(tmp_path, fixture, OTHER_LOOP[0])
    assert cause.kind == "failure-group"
