"""Tests that fail since a command which they start fails: what it said is one cause, whatever they compare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.causes.apps import places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test

SAID = "shop: cannot read the price list"
CLI = f"""
    import sys

    def main():
        print("{SAID}", file=sys.stderr)
        sys.exit(3)
    """
FILES = {"shop/cli.py": CLI}


def done(*words: str, status: int = 3, stdout: str = "", stderr: str = f"{SAID}\n") -> str:
    args = ["/usr/bin/python3", *words]
    return (
        f"assert {status} == 9\n +  where {status} = CompletedProcess(args={args!r}, returncode={status}, "
        f"stdout={stdout!r}, stderr={stderr!r}).returncode"
    )


def causes(folder: Path, *messages: str) -> tuple[Cause, ...]:
    failures = [
        failure_with(text, "AssertionError", frames=(in_test("tests/test_a.py", 7 + at, f"test_{at}"),))
        for at, text in enumerate(messages)
    ]
    results = [result(f"tests/test_a.py::test_{at}", failure) for at, failure in enumerate(failures)]
    return told_of(folder, FILES, suite(results, failures))


def test_what_one_command_said_is_the_cause_of_all_tests_that_start_it(tmp_path: Path) -> None:
    (cause,) = causes(tmp_path, done("-m", "shop.cli", "list"), f"{SAID}\n" + done("-m", "shop.cli", "add", "1"))

    assert (cause.kind, cause.tests_blocked) == ("failed-command", 2)
    assert cause.title == f"shop.cli fails when tests start it: {SAID}"
    assert places(cause)[0] == "shop/cli.py:4"


def test_a_number_in_it_makes_no_other_cause_and_other_words_do(tmp_path: Path) -> None:
    one, two, other = (done("shop/cli.py", stderr=text) for text in ("row 1 is bad", "row 22 is bad", "no row is left"))

    found = causes(tmp_path, one, two, other)

    assert [(cause.kind, cause.tests_blocked) for cause in found] == [("failed-command", 2), ("failed-command", 1)]
    assert places(found[0])[0] == "shop/cli.py:1"


def test_a_command_that_checks_its_status_is_read_too(tmp_path: Path) -> None:
    message = "Command '['shop', 'sum']' returned non-zero exit status 3."
    failure = replace(failure_with(message, "subprocess.CalledProcessError"), tail=f"Captured stderr call:\n{SAID}\n")
    (cause,) = told_of(tmp_path, FILES, suite([result("tests/test_a.py::test_a", failure)], [failure]))

    assert cause.title == f"shop fails when tests start it: {SAID}"


@pytest.mark.parametrize(
    "message",
    [done("-m", "shop.cli", status=0), done("-m", "shop.cli", stderr=""), "assert 3 == 9", f"assert {SAID!r} == ''"],
    ids=["it did not fail", "it said nothing", "no command is shown", "what it said is only compared"],
)
def test_other_failures_are_not_taken_for_one(tmp_path: Path, message: str) -> None:
    assert causes(tmp_path, message)[0].kind != "failed-command"


def test_an_error_with_a_traceback_is_named_by_that(tmp_path: Path) -> None:
    printed = 'Traceback (most recent call last):\n  File "shop/cli.py", line 4, in main\nValueError: no list\n'

    (cause,) = causes(tmp_path, done("-m", "shop.cli", stderr=printed))

    assert (cause.kind, places(cause)[0]) == ("failed-subprocess", "shop/cli.py:4")
