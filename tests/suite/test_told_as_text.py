"""Classes that give pytest the text of an exception, as testtools does: kit records what was raised."""

from __future__ import annotations

import pytest

from kit.facts.failures import Failure
from kit.facts.suite import SuiteFacts
from tests.suite.conftest import Run
from tests.suite.projects import by_name

FILES = {
    "till.py": """
        def pay(amount):
            try:
                return {}[amount]
            except KeyError as error:
                raise ValueError("no change") from error
    """,
    "test_till.py": """
        import sys
        import unittest

        import till

        class Text(Exception):
            pass

        class TestTill(unittest.TestCase):
            "Exceptions go to handlers, and to the runner as text, as in testtools."

            def __init__(self, *names):
                super().__init__(*names)
                self.handlers = []

            def addOnException(self, handler):
                self.handlers.append(handler)

            def run(self, result):
                result.startTest(self)
                errors = []
                for step in (getattr(self, self._testMethodName), self.clean_up):
                    try:
                        step()
                    except Exception as error:
                        errors.append(error)
                        for handler in self.handlers:
                            handler(sys.exc_info())
                if any(isinstance(error, unittest.SkipTest) for error in errors):
                    result.addSkip(self, "closed")
                elif errors:
                    result.addError(self, (Text, Text("Traceback: of old"), None))
                result.stopTest(self)

            def clean_up(self):
                if "left" in self._testMethodName:
                    raise OSError("cannot be left")

            def test_pays(self):
                pass

            def test_breaks(self):
                till.pay(1)

            def test_breaks_and_cannot_be_left(self):
                till.pay(2)

            def test_cannot_be_left(self):
                pass

            def test_skips(self):
                raise unittest.SkipTest("closed")

            def test_says_so_itself(self):
                import pytest
                pytest.fail("by hand", pytrace=False)
    """,
}


@pytest.fixture(scope="module", params=["fork", "process"])
def facts(run_in_module: Run, request: pytest.FixtureRequest) -> SuiteFacts:
    return run_in_module(FILES, (), isolation=request.param, recheck_s=0.0)


def failure_of(facts: SuiteFacts, name: str) -> Failure:
    return facts.failures[by_name(facts)[name].failure or ""]


@pytest.mark.parametrize("test", ["test_breaks", "test_breaks_and_cannot_be_left"])
def test_the_exception_that_came_first_is_recorded_with_its_frames_and_its_cause(facts: SuiteFacts, test: str) -> None:
    failure = failure_of(facts, test)

    assert [link.type for link in failure.chain] == ["ValueError", "KeyError"]
    assert [(frame.path, frame.function) for frame in failure.raised.frames][-1] == ("till.py", "pay")


def test_the_exception_of_a_clean_up_is_recorded_where_nothing_came_before_it(facts: SuiteFacts) -> None:
    assert failure_of(facts, "test_cannot_be_left").raised.message == "cannot be left"


def test_outcomes_are_those_of_pytest(facts: SuiteFacts) -> None:
    assert {name: result.outcome for name, result in by_name(facts).items()} == {
        "test_pays": "passed",
        "test_breaks": "failed",
        "test_breaks_and_cannot_be_left": "failed",
        "test_cannot_be_left": "failed",
        "test_skips": "skipped",
        "test_says_so_itself": "failed",
    }
