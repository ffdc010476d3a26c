"""Tests and imports that do not end, in suites that run."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.failures import Frame
from kit.failures import group_failures
from kit.inventory import Inventory
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places, told
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own
from tests.helpers import write_project

HUB = Frame("site-packages/gevent/hub.py", 647, "switch", "library", "return self.greenlet.switch()")


@pytest.mark.slow
def test_the_line_that_a_test_or_an_import_hangs_on_is_named(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PYPROJECT,
        "shop/__init__.py": "",
        "shop/slow.py": "import time\n\ntime.sleep(99)\n",
        "shop/queue.py": "import threading\n\n\ndef drain():\n    threading.Event().wait()\n",
        "shop/worker.py": "from shop.queue import drain\n\n\ndef work():\n    drain()\n",
        "tests/test_a.py": "from shop import slow\n\ndef test_a():\n    pass\n",
        "tests/test_b.py": "from shop.queue import drain\n\ndef test_b():\n    drain()\n",
        "tests/test_c.py": (
            "import threading\nfrom shop.worker import work\n\ndef test_c():\n"
            "    thread = threading.Thread(target=work, daemon=True)\n    thread.start()\n    thread.join()\n"
        ),
        "shop/pool.py": "import threading\n\n\ndef lend():\n    threading.Event().wait()\n",
        "shop/checks.py": (
            "import threading\nfrom shop.pool import lend\n\ndef test_d():\n"
            "    thread = threading.Thread(target=lend, daemon=True)\n    thread.start()\n    thread.join()\n"
        ),
        "tests/test_d.py": "from shop.checks import test_d\n",
    }
    target = find_target(write_project(tmp_path / "shop", files))
    options = RunOptions(workers=1, timeout_s=2, collection_timeout_s=20)
    suite = run_suite(target, events=tmp_path / "events.jsonl", options=options)

    causes = find_causes(Inventory.of(target).facts, suite, group_failures(suite))

    assert {(cause.kind, cause.title, cause.locations[0].path, cause.locations[0].line) for cause in causes} == {
        ("hanging-test", "The import of shop/slow.py does not end", "shop/slow.py", 3),
        ("hanging-test", "tests/test_b.py::test_b does not end", "shop/queue.py", 5),
        ("hanging-test", "tests/test_c.py::test_c does not end", "tests/test_c.py", 7),
        ("hanging-test", "tests/test_d.py::test_d does not end", "shop/checks.py", 7),
    }
    (imported,) = [cause for cause in causes if "test_d" in cause.title]
    assert places(imported) == ["shop/checks.py:7", "shop/pool.py:5"], "a test in a file of the app is a test"
    (waiting,) = [cause for cause in causes if "test_c" in cause.title]
    assert places(waiting) == ["tests/test_c.py:7", "shop/queue.py:5"]
    assert "Another thread was here" in told(waiting)


def _hanging(*stacks: tuple[Frame, ...], limits: tuple[int, ...] = (30,)) -> list[tuple[str, int]]:
    """Title and tests of the causes of one timed-out test for each stack."""
    results, failures = [], []
    for number, frames in enumerate(stacks):
        failure = failure_with("", "TimeoutError", frames=frames)
        reason = f"timed out after {limits[number % len(limits)]} s in call"
        results.append(result(f"tests/test_{number}.py::test_it", failure, outcome="timed_out", reason=reason))
        failures.append(failure)
    return [(cause.title, cause.tests_blocked) for cause in causes_of(suite(results, failures))]


def _test(number: int) -> Frame:
    return in_test(f"tests/test_{number}.py", 7, "test_it", "client.get('/')")


def test_one_hang_in_one_place_is_one_cause_whatever_waits_below_it_and_however_long() -> None:
    drain = own("shop/queue.py", 5, "drain", "event.wait()")
    selector = Frame("lib/selectors.py", 468, "select", "library")
    stacks = ((_test(0), drain, HUB), (_test(1), drain, selector), (_test(2), own("shop/a.py", 2, "f"), drain, HUB))
    assert _hanging(*stacks, limits=(30, 60)) == [("3 tests do not end", 3)]


def test_hangs_in_one_helper_of_the_tests_are_one_cause() -> None:
    helper = in_test("tests/conftest.py", 20, "wait_for_server", "time.sleep(1)")
    assert _hanging((_test(0), helper, HUB), (_test(1), helper, HUB)) == [("2 tests do not end", 2)]


def test_hangs_that_share_only_a_library_are_not_merged() -> None:
    assert len(_hanging((_test(0), HUB), (_test(1), HUB))) == 2


def test_hangs_in_two_functions_of_the_target_are_two_causes() -> None:
    stacks = [(_test(n), own("shop/queue.py", 5 + n, f"drain_{n}"), HUB) for n in range(2)]
    assert len(_hanging(*stacks)) == 2
