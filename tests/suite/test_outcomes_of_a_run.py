"""What becomes of each test: the same as under plain pytest, with what explains it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.facts.failures import Failure, Frame
from kit.facts.suite import SuiteFacts
from kit.suite import RunOptions, run_suite
from tests.helpers import fingerprint, write_project
from tests.suite.conftest import Run
from tests.suite.projects import by_name, outcomes, rows, target_of

pytestmark = pytest.mark.slow

#: a plugin that writes down what plain pytest makes of each test
RECORDER = """
    import json, os

    found = {}
    weight = {"passed": 1, "skipped": 1, "xfailed": 1, "xpassed": 1, "error": 2, "failed": 3}

    def pytest_configure(config):
        global hook, configuration
        hook, configuration = config.hook, config

    def pytest_runtest_logreport(report):
        category = hook.pytest_report_teststatus(report=report, config=configuration)[0]
        if weight.get(category, 0) > weight.get(found.get(report.nodeid), 0):
            found[report.nodeid] = category

    def pytest_sessionfinish():
        with open(os.environ["FOUND"], "w") as file:
            json.dump(found, file)
"""

EVERY_OUTCOME = {
    "app/__init__.py": "",
    "app/orders.py": """
        class OrderError(Exception):
            pass


        def place(quantity):
            if quantity < 1:
                raise OrderError(f"quantity {quantity} is too small")
            return quantity
    """,
    "conftest.py": """
        import pytest

        @pytest.fixture(scope="session")
        def engine():
            yield "engine"

        @pytest.fixture(scope="module")
        def shared():
            raise ConnectionError("no database")

        @pytest.fixture
        def broken():
            raise ValueError("cannot be set up")

        @pytest.fixture
        def stuck():
            yield
            raise RuntimeError("cannot be torn down")
    """,
    "test_kinds.py": """
        import logging, unittest, warnings
        import pytest
        from app.orders import place

        def test_passes(engine): assert engine == "engine"
        def test_fails():
            print("placing an order")
            logging.warning("low stock")
            place(0)
        def test_compares(): assert {"a": 1, "b": [1, 2]} == {"a": 1, "b": [1, 3]}
        def test_setup_error(broken): pass
        def test_shared_error_1(shared): pass
        def test_shared_error_2(shared): pass
        def test_teardown_error(stuck): pass
        def test_fails_and_cannot_be_torn_down(stuck): assert False
        def test_unknown_fixture(nowhere): pass
        def test_skips(): pytest.skip("not today")
        @pytest.mark.skip(reason="needs a broker")
        def test_marked_skip(): pass
        @pytest.mark.xfail(reason="bug 12")
        def test_xfails(): assert False
        @pytest.mark.xfail
        def test_xpasses(): pass
        @pytest.mark.xfail(strict=True, reason="bug 13")
        def test_passes_unexpectedly(): pass
        @pytest.mark.xfail(run=False, reason="hangs")
        def test_is_not_even_run(): pass
        def test_warns(): warnings.warn("old", DeprecationWarning)
        def test_fails_by_hand(): pytest.fail("by hand")
        def test_does_not_raise():
            with pytest.raises(ValueError): pass
        def test_skips_in_teardown(request): request.addfinalizer(lambda: pytest.skip("late"))
        @pytest.mark.parametrize("number", range(5))
        def test_parameters(number): assert number != 3
        @pytest.mark.parametrize("text", ["a::b", "[x]", "ü", "a b"])
        def test_odd_ids(text): assert text

        class TestInClass:
            @pytest.fixture(scope="class")
            def counter(self): return []
            def test_first(self, counter): counter.append(1)
            def test_second(self, counter): assert counter == [1]

        class TestUnittest(unittest.TestCase):
            @classmethod
            def setUpClass(cls): cls.value = 1
            def test_equal(self): self.assertEqual(self.value, 2)
            def test_skipped(self): self.skipTest("no")
            @unittest.expectedFailure
            def test_expected(self): self.fail()
            def test_with_subtests(self):
                for number in range(3):
                    with self.subTest(number=number): self.assertNotEqual(number, 1)
            def test_subtests_pass(self):
                with self.subTest(): pass
    """,
    "documented.py": """
        def double(x):
            '''
            >>> double(2)
            4
            >>> double(3)
            7
            '''
            return 2 * x
    """,
    "test_more.py": "def test_later(engine): pass",
}
ADDOPTS = ("--doctest-modules", "-W", "error::DeprecationWarning")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"pytest.ini": f"[pytest]\naddopts = {' '.join(ADDOPTS)}\n", **EVERY_OUTCOME}
    return write_project(tmp_path_factory.mktemp("every_outcome") / "project", files)


@pytest.fixture(scope="module")
def forked(project: Path) -> SuiteFacts:
    return run_suite(
        target_of(project, ADDOPTS), events=project.parent / "fork.jsonl", options=RunOptions(isolation="fork")
    )


@pytest.fixture(scope="module")
def in_fresh_processes(project: Path) -> SuiteFacts:
    return run_suite(
        target_of(project, ADDOPTS), events=project.parent / "process.jsonl", options=RunOptions(isolation="process")
    )


@pytest.fixture(scope="module")
def plain_outcomes(project: Path) -> dict[str, str]:
    """What plain ``python -m pytest`` makes of the same project."""
    write_project(project.parent / "plugin", {"recorder.py": RECORDER})
    found = project.parent / "found.json"
    plugin = str(project.parent / "plugin")
    environment = {**os.environ, "FOUND": str(found), "PYTHONPATH": plugin, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "recorder", "-p", "no:cacheprovider"]
    subprocess.run(command, cwd=project, env=environment, stdout=subprocess.DEVNULL, check=False)
    outcomes: dict[str, str] = json.loads(found.read_text())
    return outcomes


@pytest.mark.parametrize("facts", ["forked", "in_fresh_processes"])
def test_outcomes_equal_those_of_plain_pytest(
    facts: str, plain_outcomes: dict[str, str], request: pytest.FixtureRequest
) -> None:
    suite: SuiteFacts = request.getfixturevalue(facts)

    assert outcomes(suite) == plain_outcomes
    assert len(plain_outcomes) > 35
    assert suite.accounting.holds()
    assert suite.problem is None


def test_how_the_tests_were_isolated_is_said(forked: SuiteFacts, in_fresh_processes: SuiteFacts) -> None:
    assert forked.isolation == "fork: each worker is a copy of the process that collected the suite"
    assert in_fresh_processes.isolation == "process: each worker collects the suite for itself, as requested"


def test_both_kinds_of_isolation_record_the_same_failures(forked: SuiteFacts, in_fresh_processes: SuiteFacts) -> None:
    assert {failure.id for failure in forked.failures.values()} == set(in_fresh_processes.failures)


def failure_of(facts: SuiteFacts, name: str) -> Failure:
    return facts.failures[by_name(facts)[name].failure or ""]


def test_the_chain_frames_and_output_of_a_failure_are_recorded(forked: SuiteFacts) -> None:
    failure = failure_of(forked, "test_fails")

    assert (failure.phase, failure.raised.type, failure.raised.module) == ("call", "OrderError", "app.orders")
    assert failure.raised.message == "quantity 0 is too small"
    assert [(frame.path, frame.function, frame.owner) for frame in failure.raised.frames] == [
        ("test_kinds.py", "test_fails", "test"),
        ("app/orders.py", "place", "own"),
    ]
    raising = 'raise OrderError(f"quantity {quantity} is too small")'
    assert failure.raised.frames[-1] == Frame("app/orders.py", 7, "place", "own", raising)
    assert "placing an order" in failure.tail
    assert "low stock" in failure.tail


def test_pytests_explanation_of_an_assertion_is_its_message(forked: SuiteFacts) -> None:
    message = failure_of(forked, "test_compares").raised.message

    assert message.startswith("assert {'a': 1, 'b': [1, 2]} == {'a': 1, 'b': [1, 3]}")
    assert "Differing items" in message


def test_the_fixture_that_failed_is_named(forked: SuiteFacts) -> None:
    setup, teardown = failure_of(forked, "test_setup_error"), failure_of(forked, "test_teardown_error")

    assert (setup.phase, setup.fixture, setup.raised.message) == ("setup", "broken", "cannot be set up")
    assert (teardown.phase, teardown.fixture, teardown.raised.message) == ("teardown", "stuck", "cannot be torn down")
    assert by_name(forked)["test_fails_and_cannot_be_torn_down"].phase == "call"


def test_a_fixture_that_nobody_defines_is_named_at_the_test_that_wants_it(forked: SuiteFacts) -> None:
    raised = failure_of(forked, "test_unknown_fixture").raised

    assert raised.message == "fixture 'nowhere' not found"
    assert [(frame.path, frame.function) for frame in raised.frames] == [("test_kinds.py", "test_unknown_fixture")]


def test_failures_without_a_telling_exception_say_what_pytest_says(forked: SuiteFacts) -> None:
    assert failure_of(forked, "test_passes_unexpectedly").raised.message == "[XPASS(strict)] bug 13"
    assert failure_of(forked, "test_with_subtests").raised.message == "1 == 1"
    assert "Expected:\n    7\nGot:\n    6" in failure_of(forked, "documented.double").raised.message


def test_an_error_of_a_shared_fixture_is_one_failure_of_many_tests(forked: SuiteFacts) -> None:
    results = by_name(forked)

    assert results["test_shared_error_1"].failure == results["test_shared_error_2"].failure
    assert failure_of(forked, "test_shared_error_2").fixture == "shared"


def test_reasons_are_kept(forked: SuiteFacts) -> None:
    results = by_name(forked)

    assert results["test_skips"].reason == "not today"
    assert results["test_marked_skip"].reason == "needs a broker"
    assert results["test_xfails"].reason == "bug 12"
    assert results["test_passes"].reason is None


def test_what_was_collected_is_recorded_with_place_and_fixtures(forked: SuiteFacts) -> None:
    test = next(test for test in forked.tests if test.nodeid == "test_kinds.py::test_setup_error")

    assert (test.path, test.line, test.fixtures) == ("test_kinds.py", 11, ("broken",))
    assert forked.loaded_modules["app.orders"] == "app/orders.py"
    assert forked.rootdir == "."
    assert forked.pytest_version == pytest.__version__


def test_the_target_is_left_as_it_was(project: Path, forked: SuiteFacts) -> None:
    assert set(fingerprint(project)) == {*EVERY_OUTCOME, "pytest.ini", "app"}


def test_exceptions_that_are_hard_to_read_are_read(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                class Silent(Exception):
                    def __str__(self): raise KeyError("no text")

                class Loud(Exception):
                    def __str__(self): return "x" * 3_000_000

                def test_silent(): raise Silent
                def test_loud(): raise Loud
                def test_deep():
                    def endless(n): return endless(n + 1)
                    endless(0)
                def test_group(): raise ExceptionGroup("two", [ValueError("a"), TypeError("b")])
                def test_cause():
                    try: {}["key"]
                    except KeyError as error: raise RuntimeError("lost") from error
                def test_context():
                    try: {}["key"]
                    except KeyError: raise RuntimeError("lost")
                def test_suppressed():
                    try: {}["key"]
                    except KeyError: raise RuntimeError("lost") from None
                def test_circle():
                    error = ValueError("a")
                    error.__cause__ = TypeError("b")
                    error.__cause__.__cause__ = error
                    raise error
                def test_surrogate(): raise ValueError("\\udc80")
                def test_secret(): raise ValueError("postgresql://kit:hunter2@db/app is down")
            """
        }
    )
    chains = {
        name: [(info.type, info.relation) for info in facts.failures[result.failure or ""].chain]
        for name, result in by_name(facts).items()
    }
    raised = {name: facts.failures[result.failure or ""].raised for name, result in by_name(facts).items()}

    assert raised["test_silent"].message == "<its __str__ raised KeyError>"
    assert (len(raised["test_loud"].message), raised["test_loud"].message_length) == (10_000, 3_000_000)
    assert raised["test_deep"].type == "RecursionError"
    assert len(raised["test_deep"].frames) <= 100
    assert chains["test_group"] == [("ExceptionGroup", None), ("ValueError", "member"), ("TypeError", "member")]
    assert chains["test_cause"] == [("RuntimeError", None), ("KeyError", "cause")]
    assert chains["test_context"] == [("RuntimeError", None), ("KeyError", "context")]
    assert chains["test_suppressed"] == [("RuntimeError", None)]
    assert chains["test_circle"] == [("ValueError", None), ("TypeError", "cause")]
    assert raised["test_surrogate"].type == "ValueError"
    assert "hunter2" not in raised["test_secret"].message


def test_no_secret_reaches_the_disk(run: Run, tmp_path: Path) -> None:
    run(
        {
            "test_a.py": """
                import pytest

                URL = "postgresql://kit:hunter2@db/app"

                @pytest.mark.parametrize("url", [URL])
                def test_parameter(url): pass
                def test_message(): raise ValueError(URL)
                def test_output():
                    print(URL)
                    assert False
                def test_reason(): pytest.skip(URL)
            """
        }
    )

    assert "hunter2" not in (tmp_path / "events.jsonl").read_text()


def test_tests_that_fail_alike_share_one_failure(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                import pytest

                @pytest.mark.parametrize("n", range(200))
                def test_same(n): raise ValueError("mapper failed")
            """
        }
    )

    assert rows(facts) == {"collected": 200, "failed": 200}
    assert len(facts.failures) == 1


def test_output_of_one_test_never_shows_up_at_another(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                import pytest

                @pytest.mark.parametrize("n", range(60))
                def test_prints(n):
                    print(f"<{n}>")
                    assert n is None
            """
        }
    )

    tails = {by_name(facts)[f"test_prints[{n}]"].failure: f"<{n}>" for n in range(60)}
    assert len(tails) == 60
    for failure, own in tails.items():
        printed = facts.failures[failure or ""].tail
        assert own in printed
        assert printed.count("<") == 1


def test_only_the_chosen_tests_are_run(run: Run) -> None:
    files = {
        "test_a.py": "def test_one(): pass\ndef test_two(): pass\nclass TestC:\n    def test_three(self): pass\n",
        "sub/test_b.py": "import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test_n(n): pass\n",
    }

    assert set(outcomes(run(files, nodeids=["test_a.py::test_two", "test_a.py::TestC"]))) == {
        "test_a.py::test_two",
        "test_a.py::TestC::test_three",
    }
    assert set(outcomes(run(files, nodeids=["sub"]))) == {"sub/test_b.py::test_n[1]", "sub/test_b.py::test_n[2]"}
    assert set(outcomes(run(files, nodeids=["sub/test_b.py::test_n[2]"]))) == {"sub/test_b.py::test_n[2]"}


def test_session_fixtures_are_set_up_once_a_worker_and_torn_down(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "log"
    files = {
        "conftest.py": f"""
            import os, pytest

            @pytest.fixture(scope="session", autouse=True)
            def service():
                with open({str(log)!r}, "a") as file: file.write("up\\n")
                yield
                with open({str(log)!r}, "a") as file: file.write("down\\n")
        """,
        **{f"test_{n}.py": "def test_a(): pass\ndef test_b(): pass\n" for n in range(20)},
    }

    assert rows(run(files, workers=2)) == {"collected": 40, "passed": 40}
    lines = log.read_text().split()
    assert lines.count("up") == lines.count("down")
    assert lines.count("up") <= 2


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_that_the_longest_comes_first_does_not_turn_a_file_round(run: Run, isolation: str) -> None:
    changing = "seen = []\n\n" + "".join(f"def test_{n}(): assert seen == []\n\n" for n in range(4))
    files = {
        "test_a.py": changing + "def test_last(): seen.append(1)\n",
        "test_b.py": "import time\n\ndef test_other(): time.sleep(1.5)\n",
    }
    known = {"test_a.py::test_last": 5.0, "test_b.py::test_other": 9.0}
    durations = {f"test_a.py::test_{n}": 0.1 for n in range(4)} | known
    facts = run(files, isolation=isolation, durations=durations, workers=2, recheck_s=0.0)

    assert rows(facts) == {"collected": 6, "passed": 6}
