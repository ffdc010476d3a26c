"""Line coverage is that of a plain run, whoever runs the tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from kit.suite.record.coverage import unmeasured
from kit.suite.record.events import iterate_events
from kit.target import scratch_copy
from tests.helpers import write_project
from tests.suite.conftest import Run
from tests.suite.projects import target_of

pytestmark = pytest.mark.slow

SHOP = {
    "pytest.ini": "[pytest]\n",
    "shop/__init__.py": "",
    "shop/prices.py": """
        import sys


        def price(kind):
            if kind == "gold":
                return 3
            if kind == "silver":
                return 2
            raise LookupError(kind)


        def never():
            return sys.maxsize
    """,
    "shop/at_import.py": "KINDS = [kind for kind in ('gold', 'silver')]\nif not KINDS:\n    KINDS = ['tin']\n",
    "conftest.py": """
        import pytest
        from shop import at_import

        @pytest.fixture(scope="session", autouse=True)
        def opened():
            yield at_import.KINDS
            at_import.closed = True
    """,
    "test_gold.py": "from shop.prices import price\n\n\ndef test_gold():\n    assert price('gold') == 3\n",
    "test_silver.py": "from shop.prices import price\n\n\ndef test_silver():\n    assert price('silver') == 3\n",
    "test_threads.py": """
        import threading
        from shop.prices import price

        def test_thread():
            thread = threading.Thread(target=price, args=("gold",))
            thread.start()
            thread.join()
    """,
}
CONFIGURED = {**SHOP, ".coveragerc": "[run]\nbranch = true\nsource = shop\n"}
PARALLEL = {
    **SHOP,
    "pyproject.toml": """
        [tool.coverage.run]
        branch = true
        parallel = true
        relative_files = true
        source = ["shop"]
        dynamic_context = "test_function"
    """,
}

#: coverage.py itself follows children of the tests, and stops in every forked process what it has measured until then
PATCHED = {
    **SHOP,
    ".coveragerc": "[run]\nsource = shop\npatch =\n    fork\n    _exit\n    subprocess\n",
    "shop/children.py": "def in_fork():\n    return 1\n\n\ndef in_subprocess():\n    return 2\n",
    "test_children.py": """
        import os
        import subprocess
        import sys
        from shop import children

        def test_forks():
            pid = os.fork()
            if pid == 0:
                children.in_fork()
                os._exit(0)
            assert os.waitpid(pid, 0)[1] == 0

        def test_starts():
            subprocess.run([sys.executable, "-c", "from shop import children; children.in_subprocess()"], check=True)
    """,
}

#: coverage.py itself measures the processes that multiprocessing starts
WITH_PROCESSES = {
    **SHOP,
    ".coveragerc": "[run]\nsource = shop\nconcurrency = multiprocessing, thread\n",
    "shop/children.py": "def in_fork():\n    return 1\n\n\ndef in_new_process():\n    return 2\n",
    "test_children.py": """
        import multiprocessing
        import pytest
        from shop import children

        @pytest.mark.parametrize("method, work", [("fork", children.in_fork), ("spawn", children.in_new_process)])
        def test_starts(method, work):
            process = multiprocessing.get_context(method).Process(target=work)
            process.start()
            process.join()
            assert process.exitcode == 0
    """,
}


#: by path, and ``""`` for all: statements, covered ones, and their share
Lines = dict[str, tuple[int, int, float]]
KINDS = {
    "plain": SHOP,
    "configured": CONFIGURED,
    "parallel": PARALLEL,
    "patched": PATCHED,
    "multiprocessing": WITH_PROCESSES,
}


@pytest.fixture(scope="module")
def plain_lines(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Lines]:
    """What plain pytest with coverage.py covers of a kind of project, measured once."""
    return cache(lambda kind: plain(write_project(tmp_path_factory.mktemp(kind) / "project", KINDS[kind])))


def plain(root: Path) -> Lines:
    """As coverage.py itself has it."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_FILE": str(root.parent / "plain.coverage")}
    for arguments in (
        ["run", "-m", "pytest", "-p", "no:cacheprovider"],
        ["combine"],  # what was measured in parallel; else there is nothing to combine
        ["json", "-o", str(root.parent / "plain.json")],
    ):
        subprocess.run(
            [sys.executable, "-m", "coverage", *arguments], cwd=root, env=environment, check=False, capture_output=True
        )
    told = json.loads((root.parent / "plain.json").read_text())
    parts = {"": told["totals"], **{path: module["summary"] for path, module in told["files"].items()}}
    return {
        path: (one["num_statements"], one["covered_lines"], round(one["percent_covered"], 2))
        for path, one in parts.items()
    }


def measured(facts: SuiteFacts) -> Lines:
    assert facts.coverage is not None, facts.coverage_problem
    total = {"": (facts.coverage.statements, facts.coverage.covered, facts.coverage.percent)}
    return total | {one.path: (one.statements, one.covered, one.percent) for one in facts.coverage.modules}


@pytest.mark.parametrize("isolation", ["fork", "process", "test"])
@pytest.mark.parametrize("kind", ["plain", "configured", "parallel"])
def test_the_lines_are_those_of_a_plain_run(
    run: Run, plain_lines: Callable[[str], Lines], kind: str, isolation: str
) -> None:
    facts = run(KINDS[kind], isolation=isolation, coverage=True)

    assert measured(facts) == plain_lines(kind)
    assert (facts.accounting.passed, facts.accounting.failed) == (2, 1)


@pytest.mark.parametrize("isolation", ["fork", "process", "test"])
@pytest.mark.parametrize("kind", ["patched", "multiprocessing"])
def test_the_lines_are_those_of_a_plain_run_where_coverage_measures_children_itself(
    run: Run, plain_lines: Callable[[str], Lines], kind: str, isolation: str
) -> None:
    facts = run(KINDS[kind], isolation=isolation, coverage=True)

    lines = measured(facts)
    assert lines == plain_lines(kind)
    assert lines["shop/children.py"] == (4, 4, 100.0)


def test_the_options_of_the_targets_own_coverage_hold(run: Run) -> None:
    facts = run(SHOP, ("--cov=shop", "--cov-branch", "--cov-fail-under=100"), coverage=True)

    assert {path for path in measured(facts) if path} == {"shop/__init__.py", "shop/at_import.py", "shop/prices.py"}


def test_a_target_without_coverage_is_told_so(run: Run) -> None:
    shadow = {"coverage.py": "raise ImportError('not here')\n"}
    facts = run({**SHOP, **shadow}, coverage=True)

    assert facts.coverage is None
    assert "coverage.py is not installed in the target's environment" in str(facts.coverage_problem)
    assert facts.accounting.collected == 3


def test_nothing_is_measured_unasked(run: Run) -> None:
    facts = run(SHOP)

    assert (facts.coverage, facts.coverage_problem) == (None, None)


SLOW = {
    "pytest.ini": "[pytest]\n",
    "shop.py": "".join(f"def price_{n}():\n    return {n}\n" for n in range(12)),
    "test_a.py": """
        import time
        import pytest, shop

        @pytest.mark.parametrize("n", range(12))
        def test_n(n):
            time.sleep(0.1)
            assert getattr(shop, f"price_{n}")() == n
    """,
}


def when_finished(number: int, then: Callable[[], None]) -> Callable[[Mapping[str, Any]], None]:
    """Does something when so many tests are finished."""
    seen = 0

    def on_event(event: Mapping[str, Any]) -> None:
        nonlocal seen
        seen += event["kind"] == "finished"
        if event["kind"] == "finished" and seen == number:
            then()

    return on_event


def test_a_run_that_goes_on_has_the_lines_of_all_its_sessions_and_says_whose_are_missing(
    run: Run, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(SLOW, coverage=True, on_event=when_finished(7, lambda: os.kill(os.getpid(), signal.SIGINT)))
    missing = unmeasured([*iterate_events(tmp_path / "events.jsonl"), {"kind": "session"}])

    facts = run(SLOW, coverage=True, resume=True)

    assert facts.accounting.passed == 12
    assert missing < 7, "what was finished before the last batches was on the disk"
    statements, covered = measured(facts)["shop.py"][:2]
    assert (statements, 24 - missing <= covered) == (24, True), "what was written and not told yet is there as well"
    assert str(missing or None)[0] == str(facts.coverage_problem or None).removeprefix("The lines that ")[0]


def test_a_run_in_another_place_goes_on_with_the_same_files(run: Run, tmp_path: Path) -> None:
    """Another run holds the usual place of the copy when this one goes on."""
    with pytest.raises(KeyboardInterrupt):
        run(SLOW, coverage=True, on_event=when_finished(7, lambda: os.kill(os.getpid(), signal.SIGINT)))

    with scratch_copy(target_of(tmp_path / "project")):
        facts = run(SLOW, coverage=True, resume=True)

    assert sorted(path for path in measured(facts) if path) == ["shop.py", "test_a.py"]
    assert measured(facts)["shop.py"][1] > 12 + 5, "more than the second session has run"


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_what_a_crash_takes_along_is_said(run: Run, isolation: str) -> None:
    crash = {"test_b.py": "import os, shop\n\n\ndef test_dies():\n    shop.price_0()\n    os._exit(3)\n"}
    facts = run({**SLOW, **crash}, coverage=True, isolation=isolation, workers=1)

    assert (facts.accounting.passed, facts.accounting.crashed) == (12, 1)
    assert facts.coverage is not None
    assert str(facts.coverage_problem).startswith("The lines that ")
    assert str(facts.coverage_problem).endswith(
        "not all in it: a crash, a time-out or a kill ended the process before."
    )


def test_a_run_that_begins_anew_measures_anew(run: Run) -> None:
    run(SLOW, coverage=True)
    facts = run(SLOW, coverage=True, nodeids=["test_a.py::test_n[3]"], keep_events=True)

    assert measured(facts)["shop.py"][:2] == (24, 13)
