"""How plain pytest's session ends is settled where something may make it fail, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.facts.target import PytestConfig, Target
from kit.suite.run.session_end import has_threshold, has_unwritable_report
from tests.helpers import run_kit, write_project

PASSES = "def test_a():\n    pass\n"

#: what pytest-cov leaves behind, without measuring anything
LIKE_COVERAGE = """
    class Measured:
        cov_total = 62.5

        def pytest_runtestloop(self, session):
            session.testsfailed += 1  # as pytest-cov does it

    def pytest_addoption(parser):
        parser.addoption("--cov", nargs="?")
        parser.addoption("--cov-fail-under", type=float)

    def pytest_configure(config):
        if config.option.cov_fail_under:
            config.pluginmanager.register(Measured(), "_cov")
"""

LEAKS = """
    LEFT = []

    def pytest_runtest_teardown(item):
        if item.name == {name!r}:
            LEFT.append(item.nodeid)

    def pytest_sessionfinish(session):
        assert not LEFT, "left open"
"""


CHECKS_AT_EXIT = """
    import atexit
    import os

    LEFT = []

    def leave():
        if LEFT:
            os._exit(9)

    @atexit.register
    def check():
        leave()
"""


def target(tmp_path: Path, addopts: tuple[str, ...], files: dict[str, str]) -> Target:
    root = write_project(tmp_path / "app", files)
    return Target(str(root), "app", None, (), (), PytestConfig(path="pytest.ini", addopts=addopts))


@pytest.mark.parametrize(
    ("addopts", "files", "expected"),
    [
        ((), {".coveragerc": "[report]\nfail_under = 90\n"}, False),
        (("--cov=app",), {}, False),
        (("--cov=app",), {".coveragerc": "[report]\nfail_under = 90\n"}, True),
        (("--cov=app", "--cov-config=own.ini"), {"own.ini": "[report]\nfail_under = 90\n"}, True),
        (("--cov=app", "--cov-fail-under=90"), {}, True),
        (("--cov=app", "--cov-fail-under=90", "--no-cov"), {}, False),
    ],
)
def test_a_threshold_counts_where_coverage_is_asked_for(
    tmp_path: Path, addopts: tuple[str, ...], files: dict[str, str], expected: bool
) -> None:
    app = target(tmp_path, addopts, files)

    assert has_threshold(app, app.path) is expected


def run(tmp_path: Path, files: dict[str, str], *words: str) -> tuple[int, dict[str, object] | None, str]:
    """The exit code, what is recorded of the end of the session, and the output."""
    app = write_project(tmp_path / "app", files)
    done = run_kit("run", str(app), "--reports-dir", str(tmp_path), "--case", "c", *words, cwd=tmp_path)
    events = [json.loads(line) for line in (tmp_path / "c" / "events.jsonl").read_text().splitlines()]
    end = next((event["end"] for event in events if event["kind"] == "failed_end"), None)
    return done.returncode, end, done.stdout


@pytest.mark.slow
def test_coverage_that_is_too_low_is_said_with_both_numbers(tmp_path: Path) -> None:
    options = "[pytest]\naddopts = --cov=app --cov-fail-under=90\n"

    code, end, output = run(tmp_path, {"conftest.py": LIKE_COVERAGE, "pytest.ini": options, "test_a.py": PASSES})

    assert code == 1
    assert end
    assert (end["kind"], end["total"], end["required"]) == ("coverage", 62.5, 90.0)
    assert "62.50 % of the lines are covered, 90 % are required" in output


@pytest.mark.slow
@pytest.mark.parametrize(("name", "code"), [("test_a", 1), ("test_other", 0)])
def test_a_hook_that_knows_what_the_tests_did_decides_as_in_a_plain_run(tmp_path: Path, name: str, code: int) -> None:
    files = {"conftest.py": LEAKS.format(name=name), "test_a.py": PASSES, "test_b.py": PASSES.replace("_a", "_b")}

    found, end, _ = run(tmp_path, files)

    assert found == code
    assert (end["sentence"], end["path"]) == ("AssertionError: left open", "conftest.py") if code else end is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"test_a.py": "import atexit, os\n\ndef test_a():\n    atexit.register(os._exit, 3)\n"}, (3, "_exit", None)),
        (
            {"test_a.py": "import app\n\ndef test_a():\n    app.LEFT.append(1)\n", "app.py": CHECKS_AT_EXIT},
            (9, "check", "app.py"),
        ),
        ({"test_a.py": "import app\n\ndef test_a():\n    pass\n", "app.py": CHECKS_AT_EXIT}, None),
        (
            {"test_a.py": PASSES, "pytest.ini": "[pytest]\naddopts = --junitxml=test_a.py/results.xml\n"},
            (1, "FileExistsError", "_pytest/junitxml.py"),
        ),
    ],
    ids=["test", "app", "nothing", "report"],
)
def test_what_happens_after_the_session_decides_as_in_a_plain_run(
    tmp_path: Path, files: dict[str, str], expected: tuple[int, str, str | None] | None
) -> None:
    code, end, _ = run(tmp_path, {**files, "test_b.py": PASSES})

    assert code == bool(expected)
    if expected is None:
        assert end is None
        return
    assert end
    assert (end["exit_code"], end["named"]) == expected[:2]
    assert str(end["path"]).endswith(str(expected[2]))


@pytest.mark.slow
def test_a_session_that_a_hook_has_made_fail_fails_as_in_a_plain_run(tmp_path: Path) -> None:
    refuses = "def pytest_runtest_teardown(item):\n    if item.name == 'test_a': item.session.shouldfail = 'enough'\n"

    code, end, _ = run(tmp_path, {"conftest.py": refuses, "test_a.py": PASSES, "test_b.py": PASSES})

    assert code == 1
    assert end
    assert end["exit_code"] == 1


@pytest.mark.slow
def test_a_process_that_ends_within_the_session_is_not_said_to_end_after_the_tests(tmp_path: Path) -> None:
    ends = "import os\n\ndef pytest_sessionfinish():\n    os._exit(3)\n"

    code, end, _ = run(tmp_path, {"conftest.py": ends, "test_a.py": PASSES})

    assert code == 1
    assert end
    sentence = "something ends the process before pytest's session is over: exited with 3"
    assert (end["exit_code"], end["sentence"]) == (3, sentence)


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--junitxml=reports/junit.xml", False),
        ("--html=test_a.py/report.html", True),
        ("--verbosity=test_a.py/x", False),
    ],
)
def test_a_report_counts_where_it_cannot_be_written(tmp_path: Path, option: str, expected: bool) -> None:
    app = target(tmp_path, (option,), {"test_a.py": PASSES})

    assert has_unwritable_report(app, app.path) is expected


@pytest.mark.slow
def test_chosen_tests_say_nothing_about_the_end_of_a_whole_session(tmp_path: Path) -> None:
    files = {"conftest.py": LEAKS.format(name="test_a"), "test_a.py": PASSES}

    code, end, _ = run(tmp_path, files, "--", "test_a.py::test_a")

    assert (code, end) == (0, None)


#: the last file needs what the first leaves behind, and gets another worker: that of the first holds the second, too
NEEDS_ORDER = {
    "meeting.py": """
        import sys, time, uuid

        ready, name = [], uuid.uuid4().hex
        kind = "plain" if any("suite.plain" in word for word in sys.orig_argv) else "worker"

        def meet():
            with open({log!r}, "a") as log:
                log.write(f"{{kind}} {{name}}\\n")
            deadline = time.monotonic() + 30
            while len(set(open({log!r}).read().splitlines())) < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
    """,
    "test_a.py": "import meeting\n\ndef test_a():\n    meeting.meet()\n    meeting.ready.append(1)\n",
    "test_b.py": "def test_b():\n    pass\n",
    "test_c.py": "import meeting\n\ndef test_c():\n    meeting.meet()\n    assert meeting.ready\n",
}


@pytest.mark.slow
def test_a_session_whose_own_test_failed_is_no_reason_to_ask_plain_pytest(tmp_path: Path) -> None:
    log = tmp_path / "log"
    files = {**NEEDS_ORDER, "meeting.py": NEEDS_ORDER["meeting.py"].format(log=str(log))}

    code, end, output = run(tmp_path, files, "--isolation", "process", "--workers", "2")

    assert (code, end) == (0, None), output
    kinds = [line.split()[0] for line in log.read_text().splitlines()]
    assert len(kinds) >= 3, "the last test failed beside the first, and then ran once more"
    assert "plain" not in kinds
