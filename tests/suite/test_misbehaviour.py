"""Tests that crash, hang, exit and leave things behind: each is called by its name, and no other test is lost."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import psutil
import pytest

from kit.facts.suite import SuiteFacts
from tests.suite.conftest import Run
from tests.suite.misbehaving import FAULTS, LIMIT, MEMORY_MB, misbehaving_suite
from tests.suite.projects import RUNGS, by_name, rows

pytestmark = pytest.mark.slow

#: fault to the innermost function of the stack that it leaves
STACKS = [("segfaults", "string_at"), ("ends_the_c_stack", "<lambda>"), ("eats_memory", "test_eats_memory")]


@pytest.fixture(scope="module", params=RUNGS)
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SuiteFacts:
    run: Callable[..., SuiteFacts] = request.getfixturevalue("run_in_module")
    patience = ("test_crashes.py*", 20.0), ("test_errors.py*", 20.0), ("test_games.py*", 20.0)  # on a busy machine
    limits = {"timeout_s": LIMIT, "timeouts": patience, "grace_s": 0.2, "memory_mb": MEMORY_MB}
    return run(misbehaving_suite(), isolation=request.param, recheck_s=0.0, **limits)


def test_every_test_is_accounted_for(facts: SuiteFacts) -> None:
    assert facts.accounting.holds()
    assert facts.accounting.not_run == 0
    assert facts.problem is None


def test_no_harmless_test_is_lost(facts: SuiteFacts) -> None:
    harmless = {name: result for name, result in by_name(facts).items() if name.removeprefix("test_") not in FAULTS}

    assert len(harmless) == 2 * len(FAULTS)
    assert {name: result.reason for name, result in harmless.items() if result.outcome != "passed"} == {}


@pytest.mark.parametrize("name", FAULTS)
def test_each_is_called_by_its_name(facts: SuiteFacts, name: str) -> None:
    fault, result = FAULTS[name], by_name(facts)[f"test_{name}"]
    raised = facts.failures[result.failure].raised.type if result.failure else None

    assert (result.outcome, result.reason, raised) == (fault.outcome, fault.reason, fault.raised)


@pytest.mark.parametrize(("name", "function"), STACKS)
def test_the_stack_where_it_ended_is_kept(facts: SuiteFacts, name: str, function: str) -> None:
    failure = facts.failures[by_name(facts)[f"test_{name}"].failure or ""]

    assert failure.raised.frames[-1].function == function
    assert {frame.path for frame in failure.raised.frames if frame.owner == "test"} == {"test_crashes.py"}


def test_a_message_of_any_size_and_kind_is_kept_cut(facts: SuiteFacts) -> None:
    raised = {
        name: facts.failures[by_name(facts)[f"test_{name}"].failure or ""].raised
        for name in ("says_too_much", "says_odd_characters", "raises_what_cannot_be_shown")
    }

    assert len(raised["says_too_much"].message) == 10_000
    assert raised["says_too_much"].message_length > 5_000_000
    assert raised["says_odd_characters"].message.startswith("\x00?\u2028")
    assert raised["raises_what_cannot_be_shown"].message == "<its __str__ raised ValueError>"


def left_behind(mark: str) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if mark in (process.info["cmdline"] or ())]


def test_no_process_that_a_test_started_is_left(run: Run) -> None:
    mark = f"kit-test-{uuid4().hex}"
    code = "import time; time.sleep(60)"
    facts = run(
        {
            "test_a.py": f"""
                import os, subprocess, sys, time, pytest

                COMMAND = [sys.executable, "-c", {code!r}, {mark!r}]

                def test_child(): subprocess.Popen(COMMAND)
                def test_own_session(): subprocess.Popen(COMMAND, start_new_session=True)
                def test_daemon():
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            os.execv(COMMAND[0], COMMAND)
                        os._exit(0)
                def test_child_of_a_crash():
                    subprocess.Popen(COMMAND)
                    os._exit(1)
                def test_child_of_a_hang():
                    subprocess.Popen(COMMAND)
                    time.sleep(60)
            """
        },
        timeout_s=LIMIT,
    )

    assert rows(facts) == {"collected": 5, "passed": 3, "timed_out": 1, "crashed": 1}
    assert left_behind(mark) == []


def test_a_fixture_that_hangs_is_blamed_with_its_phase(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                import os, time, pytest

                @pytest.fixture
                def slow_setup(): time.sleep(60)
                @pytest.fixture
                def slow_teardown():
                    yield
                    time.sleep(60)
                @pytest.fixture(scope="session")
                def crashing_end():
                    yield
                    os._exit(7)

                def test_setup(slow_setup): pass
                def test_teardown(slow_teardown): pass
                def test_session(crashing_end): pass
            """
        },
        timeout_s=LIMIT,
        workers=1,
    )
    results = by_name(facts)

    assert results["test_setup"].reason == "timed out after 1 s in setup"
    assert results["test_teardown"].reason == "timed out after 1 s in teardown"
    assert (results["test_session"].reason, results["test_session"].phase) == ("exited with 7", "teardown")


@pytest.mark.parametrize("isolation", RUNGS)
def test_a_test_that_kills_its_parent_costs_no_other_its_outcome(run: Run, isolation: str) -> None:
    """Its parent is the process that it was forked from, or the guard."""
    mark = f"kit-test-{uuid4().hex}"
    facts = run(
        {
            "test_a.py": f"""
                import os, signal, subprocess, sys, time

                def test_before(): pass
                def test_kills_its_parent():
                    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", {mark!r}])
                    os.kill(os.getppid(), signal.SIGKILL)
                    time.sleep(60)
                def test_after(): pass
            """
        },
        isolation=isolation,
        workers=1,
        timeout_s=LIMIT,
    )
    results = by_name(facts)
    reason = str(results["test_kills_its_parent"].reason)

    assert results["test_before"].outcome == results["test_after"].outcome == "passed"
    assert results["test_kills_its_parent"].outcome in ("crashed", "timed_out")
    assert "with the process that it was forked from" in reason or "timed out" in reason
    assert left_behind(mark) == []


@pytest.mark.parametrize("isolation", RUNGS)
def test_a_session_fixture_that_crashes_at_its_end_costs_no_other_its_outcome(run: Run, isolation: str) -> None:
    facts = run(
        {
            "test_a.py": """
                import os, pytest

                @pytest.fixture(scope="session", autouse=True)
                def crashing_end():
                    yield
                    os._exit(7)

                def test_a(): pass
                def test_b(): pass
                def test_c(): pass
            """
        },
        isolation=isolation,
        workers=1,
    )

    assert facts.accounting.holds()
    assert facts.accounting.not_run == 0
    assert {result.reason for result in facts.results if result.outcome != "passed"} == {"exited with 7"}


def test_a_name_of_any_characters_is_a_name(run: Run) -> None:
    names = ["\x00", "\udcff", "\n", "é", "a::b", "[", " ", "\u2028", "x" * 500]
    facts = run({"test_a.py": f"import pytest\n@pytest.mark.parametrize('name', {names!r})\ndef test_a(name): pass\n"})

    assert rows(facts) == {"collected": len(names), "passed": len(names)}
    assert len({result.nodeid for result in facts.results}) == len(names)
