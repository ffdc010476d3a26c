"""What a command printed is kept where a test shows only that it failed."""

from __future__ import annotations

import subprocess
import sys

from kit.probes.suite.command_output import command_output
from tests.suite.conftest import Run

PRINTS = "import sys; print('made 1'); print('no revision abc123', file=sys.stderr); sys.exit(2)"


def failed(**options: object) -> BaseException:
    try:
        subprocess.run([sys.executable, "-c", PRINTS], check=True, **options)  # type: ignore[call-overload]
    except subprocess.CalledProcessError as error:
        return error
    raise AssertionError("the command did not fail")


def test_both_streams_are_kept_as_text_and_as_bytes() -> None:
    for is_text in (True, False):
        told = command_output(failed(capture_output=True, text=is_text), 1_000)

        assert told == "stdout of the command:\nmade 1\n\nstderr of the command:\nno revision abc123\n"


def test_only_the_end_of_each_is_kept() -> None:
    assert (
        command_output(failed(capture_output=True), 4) == "stdout of the command:\ne 1\n\nstderr of the command:\n123\n"
    )


def test_it_is_found_behind_another_error() -> None:
    wrapped = RuntimeError("not ready")
    wrapped.__cause__ = failed(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    assert "no revision abc123" in command_output(wrapped, 1_000)


def test_what_was_not_captured_and_what_poses_as_such_an_error_say_nothing() -> None:
    posing = type(
        "CalledProcessError", (Exception,), {"__module__": "subprocess", "__dict__": property(lambda _: 1 / 0)}
    )

    assert command_output(failed(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), 1_000) == ""
    assert command_output(posing(), 1_000) == ""
    assert command_output(ValueError("x"), 1_000) == ""


def test_the_output_of_a_run_holds_it_with_what_the_test_printed(run: Run) -> None:
    facts = run(
        {
            "test_a.py": f"""
                import subprocess, sys

                def test_migrates():
                    print("migrating")
                    subprocess.run([sys.executable, "-c", {PRINTS!r}], check=True, capture_output=True)
            """
        }
    )

    (failure,) = facts.failures.values()
    assert "migrating" in failure.tail
    assert failure.tail.endswith("stderr of the command:\nno revision abc123\n")
