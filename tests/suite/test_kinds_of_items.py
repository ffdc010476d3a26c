"""Tests that are no plain functions: each has its outcome, its failure and its own output, on each rung."""

from __future__ import annotations

import re

import pytest

from kit.facts.failures import Failure
from kit.facts.suite import SuiteFacts
from tests.suite.conftest import Run
from tests.suite.projects import by_name

pytestmark = pytest.mark.slow

CONFTEST = """
    import pytest

    def pytest_collect_file(parent, file_path):
        if file_path.suffix == ".yaml":
            return Table.from_parent(parent, path=file_path)

    class Wrong(Exception):
        pass

    class Table(pytest.File):
        def collect(self):
            for line in self.path.read_text().splitlines():
                name, _, value = line.partition(": ")
                yield Row.from_parent(self, name=name, value=value)

    class Row(pytest.Item):
        def __init__(self, *, value, **more):
            super().__init__(**more)
            self.value = value

        def runtest(self):
            print("row", self.name)
            if self.value == "skipped":
                pytest.skip("not this row")
            if self.value == "explained":
                raise Wrong(self.name)
            assert self.value == "fine"

        def repr_failure(self, excinfo):
            return f"row {self.name} is wrong" if excinfo.errisinstance(Wrong) else super().repr_failure(excinfo)

        def reportinfo(self):
            return self.path, None, f"row {self.name}"

    @pytest.fixture
    def anyio_backend():
        return "asyncio"
"""

FILES = {
    "conftest.py": CONFTEST,
    "rows.yaml": "first: fine\nsecond: wrong\nthird: skipped\nfourth: explained\n",
    "notes.txt": ">>> 1 + 1\n2\n>>> 1 / 0\n0\n",
    "test_async.py": """
        import asyncio
        import pytest

        pytestmark = pytest.mark.anyio

        async def test_awaits(): await asyncio.sleep(0)
        async def test_fails_later():
            print("before the loop turns")
            await asyncio.sleep(0)
            raise LookupError("gone")
        async def test_fails_in_a_group():
            async def fail(n): raise ValueError(n)
            async with asyncio.TaskGroup() as group:
                for n in range(2): group.create_task(fail(n))

        @pytest.fixture
        async def opened():
            yield 1
            raise OSError("cannot be closed")
        async def test_cannot_be_torn_down(opened): assert opened == 1
    """,
    "test_unit.py": """
        import unittest

        class TestShop(unittest.IsolatedAsyncioTestCase):
            async def test_waits(self): self.assertEqual(1, 1)
            async def test_differs(self): self.assertEqual(1, 2)
            def test_in_parts(self):
                for n in range(3):
                    with self.subTest(n=n): self.assertNotEqual(n, 1, "a part")

        class TestNeverBegins(unittest.TestCase):
            @classmethod
            def setUpClass(cls): raise OSError("no shop")
            def test_one(self): pass
            def test_two(self): pass

        class TestCannotBeLeft(unittest.TestCase):
            def tearDown(self): raise KeyError("till")
            def test_three(self): pass

        @unittest.skip("closed")
        class TestSkipped(unittest.TestCase):
            def test_four(self): pass
    """,
}


@pytest.fixture(scope="module", params=["fork", "process"])
def facts(run_in_module: Run, request: pytest.FixtureRequest) -> SuiteFacts:
    options = ("-p", "anyio.pytest_plugin", "--doctest-glob=*.txt")
    return run_in_module(FILES, options, isolation=request.param, recheck_s=0.0)


def failure_of(facts: SuiteFacts, name: str) -> Failure:
    return facts.failures[by_name(facts)[name].failure or ""]


def test_each_has_the_outcome_that_pytest_gives_it(facts: SuiteFacts) -> None:
    assert {name: result.outcome for name, result in by_name(facts).items()} == {
        "first": "passed",
        "second": "failed",
        "third": "skipped",
        "fourth": "failed",
        "notes.txt": "failed",
        "test_awaits": "passed",
        "test_fails_later": "failed",
        "test_fails_in_a_group": "failed",
        "test_cannot_be_torn_down": "error",
        "test_waits": "passed",
        "test_differs": "failed",
        "test_in_parts": "failed",
        "test_one": "error",
        "test_two": "error",
        "test_three": "failed",
        "test_four": "skipped",
    }
    assert facts.accounting.holds()


def test_what_an_item_of_the_suites_own_says_is_kept(facts: SuiteFacts) -> None:
    assert "row fourth is wrong" in failure_of(facts, "fourth").raised.message
    assert "row fourth" in failure_of(facts, "fourth").tail
    assert "'wrong' == 'fine'" in failure_of(facts, "second").raised.message
    assert by_name(facts)["third"].reason == "not this row"


def test_what_a_doctest_got_instead_is_kept(facts: SuiteFacts) -> None:
    told, raised = failure_of(facts, "notes.txt").chain
    assert "ZeroDivisionError" in told.message
    assert (raised.type, raised.message, raised.relation) == ("ZeroDivisionError", "division by zero", "cause")


def test_failures_of_coroutines_are_those_of_their_own_code(facts: SuiteFacts) -> None:
    later, group = failure_of(facts, "test_fails_later"), failure_of(facts, "test_fails_in_a_group")

    assert (later.raised.type, later.raised.frames[-1].function) == ("LookupError", "test_fails_later")
    assert "before the loop turns" in later.tail
    assert [(one.type, one.message, one.relation) for one in group.chain[1:]] == [
        ("ValueError", "0", "member"),
        ("ValueError", "1", "member"),
    ]
    assert (failure_of(facts, "test_cannot_be_torn_down").phase, by_name(facts)["test_cannot_be_torn_down"].phase) == (
        "teardown",
        "teardown",
    )


def test_a_class_that_cannot_be_set_up_is_one_failure_of_its_tests(facts: SuiteFacts) -> None:
    assert failure_of(facts, "test_one") is failure_of(facts, "test_two")
    assert (failure_of(facts, "test_one").raised.type, failure_of(facts, "test_one").phase) == ("OSError", "setup")
    assert "a part" in failure_of(facts, "test_in_parts").raised.message


NOISY = """
    import logging, os, sys
    import pytest

    @pytest.fixture(autouse=True)
    def noise(request):
        print(f"<setup {request.node.name}>")

    @pytest.mark.parametrize("n", range(80))
    def test_{name}(n, request):
        me = request.node.name
        print(f"<printed {{me}}>")
        print(f"<error {{me}}>", file=sys.stderr)
        os.write(1, f"<written {{me}}>".encode())
        os.write(2, f"<complained {{me}}>".encode())
        logging.warning("<logged %s>", me)
        assert me is None
"""


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_each_of_160_failures_on_two_workers_has_all_of_its_own_output_and_nothing_else(
    run: Run, isolation: str
) -> None:
    files = {f"test_{name}.py": NOISY.replace("{{", "{").replace("}}", "}").replace("{name}", name) for name in "ab"}
    facts = run(files, isolation=isolation, workers=2, recheck_s=0.0)

    assert facts.accounting.failed == 160
    for name, result in by_name(facts).items():
        told = re.findall(r"<(\w+) ([^>]+)>", facts.failures[result.failure or ""].tail)
        assert sorted(told) == sorted(
            (how, name) for how in ("setup", "printed", "error", "written", "complained", "logged")
        )
