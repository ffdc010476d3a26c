"""Async tests that nothing awaits count as passed: they are a cause of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.suite import SuiteFacts, TestWarning
from tests.causes.apps import investigated, names_of, places
from tests.causes.scenes import causes_of, result, suite

CASE = """
import unittest

async def send():
    return 1

class Shared:
    async def test_inherited(self):
        assert False

class FirstCase(Shared, unittest.TestCase):
    async def test_sends(self):
        assert await send() == 2

    def test_forgets(self):
        send()

class SecondCase(Shared, unittest.TestCase):
    def test_sync(self):
        assert True

class RightCase(unittest.IsolatedAsyncioTestCase):
    async def test_awaited(self):
        assert await send() == 1
"""


def _warned(message: str, nodeid: str, *passed: str, count: int = 1) -> SuiteFacts:
    facts = suite([result(one) for one in (nodeid, *passed)])
    return replace(facts, warnings=(TestWarning("RuntimeWarning", message, nodeid=nodeid, count=count),))


@pytest.mark.slow
def test_tests_of_a_unittest_class_that_never_ran_are_named(tmp_path: Path) -> None:
    causes, suite_facts = investigated(tmp_path, {"tests/test_case.py": CASE})
    (cause,) = causes
    assert {one.outcome for one in suite_facts.results} == {"passed"}
    assert (cause.kind, cause.title) == ("never-awaited", "3 async tests never ran: nothing awaits them")
    assert names_of(cause) == {"FirstCase::test_sends", "FirstCase::test_inherited", "SecondCase::test_inherited"}
    assert {"tests/test_case.py:7", "tests/test_case.py:11"} <= set(places(cause))
    assert "IsolatedAsyncioTestCase" in str(cause.next_step)


def test_a_coroutine_that_the_app_forgets_to_await_is_another_matter() -> None:
    assert not causes_of(_warned("coroutine 'send' was never awaited", "tests/test_a.py::ACase::test_sends"))


def test_a_plain_async_test_needs_a_plugin() -> None:
    (cause,) = causes_of(_warned("coroutine 'test_sends' was never awaited", "tests/test_a.py::test_sends"))
    assert "pytest-asyncio" in str(cause.next_step)


def test_async_tests_that_an_older_pytest_skips_never_ran_either() -> None:
    reason = "async def function and no async plugin installed (see warnings)"
    facts = suite([result("tests/test_a.py::test_sends", outcome="skipped", reason=reason)])
    (cause,) = causes_of(facts)
    assert cause.tests == ("tests/test_a.py::test_sends",)
    assert "were skipped" in cause.evidence[0].text


def test_a_skip_for_another_reason_is_no_cause() -> None:
    assert not causes_of(suite([result("tests/test_a.py::test_sends", outcome="skipped", reason="needs a network")]))
