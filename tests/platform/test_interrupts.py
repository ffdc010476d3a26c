"""A signal ends a command once: also when the exception was lost, while a case begins, and while kit cleans up."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from kit.platform.interrupts import EXIT_CODE

pytestmark = pytest.mark.posix("it is about signals")

_HEAD = """
import os, signal, sys, threading, time
from kit.platform import interrupts

def send(number=signal.SIGTERM):
    os.kill(os.getpid(), number)

def wait():
    time.sleep(60)

"""


def run(program: str, *, ignored: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _HEAD + program],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
        preexec_fn=(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) if ignored else None,
    )


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_before_anything_has_begun_a_signal_is_one_sentence(number: str) -> None:
    done = run(f"interrupts.end_at_once()\nsend(signal.{number})\nwait()")

    assert (done.returncode, done.stderr) == (EXIT_CODE, "kit: Interrupted.\n")


def test_what_is_ignored_stays_ignored_as_under_nohup() -> None:
    assert run("interrupts.raise_once()\nsend(signal.SIGHUP)\nprint('went on')", ignored=True).stdout == "went on\n"


def test_a_second_signal_does_not_disturb_what_the_first_one_lets_end() -> None:
    program = """
interrupts.raise_once()
try:
    try:
        send()
        wait()
    finally:
        send()
        try:
            {}["key"]
        except KeyError:
            send(signal.SIGHUP)
        print("put away")
except KeyboardInterrupt:
    print("interrupted")
"""
    assert run(program).stdout == "put away\ninterrupted\n"


def test_an_exception_that_a_callback_of_c_has_lost_is_raised_again() -> None:
    program = """
class Lost:
    def __del__(self):
        send()
        time.sleep(0.1)

interrupts.raise_once()
try:
    Lost()
    wait()
except KeyboardInterrupt:
    print("interrupted")
"""
    done = run(program)

    assert (done.stdout, done.stderr) == ("interrupted\n", "")


def test_an_exception_that_somebody_has_caught_is_raised_again() -> None:
    program = """
interrupts.raise_once()
try:
    try:
        send()
        wait()
    except BaseException:
        pass
    wait()
except KeyboardInterrupt:
    print("interrupted")
"""
    assert run(program).stdout == "interrupted\n"


def test_a_signal_waits_for_the_end_of_what_is_short_and_a_second_one_does_not() -> None:
    program = """
interrupts.raise_once()
try:
    with interrupts.held():
        send()
        print("whole")
    print("never")
except KeyboardInterrupt:
    print("interrupted")
"""
    twice = program.replace("send()", "send()\n        send()")

    assert run(program).stdout == "whole\ninterrupted\n"
    assert run(twice).stdout == "interrupted\n"


def test_when_a_command_is_over_its_exit_code_holds() -> None:
    done = run("interrupts.raise_once()\ninterrupts.ignore()\nsend(signal.SIGINT)\nsend()\nsys.exit(3)")

    assert (done.returncode, done.stderr) == (3, "")


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_exit_code_holds_though_the_signal_comes_while_python_ends(number: str) -> None:
    program = f"""
class Late:
    def __del__(self, kill=os.kill, pid=os.getpid(), number=signal.{number}, write=os.write):
        write(1, b"late")
        kill(pid, number)
signal.late = Late()

interrupts.raise_once()
interrupts.ignore()
sys.exit(3)
"""
    done = run(program)

    assert (done.returncode, done.stdout, done.stderr) == (3, "late", "")


def test_signals_that_one_command_ignored_at_its_end_interrupt_the_next_one_of_the_process() -> None:
    program = """
interrupts.raise_once()
interrupts.ignore()
interrupts.raise_once()
try:
    send()
    wait()
except KeyboardInterrupt:
    print("interrupted")
"""
    assert run(program).stdout == "interrupted\n"


def test_until_signals_are_handled_nothing_slow_is_imported() -> None:
    program = "print(sorted({'typing', 'ast', 'threading', 'inspect', 'dataclasses'} & sys.modules.keys()))"
    imported = f"import sys\nimport kit.__main__\n{program}"
    done = subprocess.run([sys.executable, "-c", imported], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_the_exit_code_holds_though_the_signal_came_in_text_of_exec() -> None:
    program = """
interrupts.raise_once()
try:
    exec("send(signal.SIGINT)\\nwait()")
except KeyboardInterrupt:
    sys.exit(3)
"""
    assert run(program).returncode == 3


def test_what_threads_meet_while_a_command_is_interrupted_is_not_shown() -> None:
    program = """
def fail():
    raise ValueError("the file is closed")

def failing():
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

interrupts.raise_once()
failing()
print("before", file=sys.stderr)
try:
    send()
    wait()
except KeyboardInterrupt:
    failing()
"""
    done = run(program)

    assert "ValueError: the file is closed\nbefore\n" in done.stderr
    assert done.stderr.endswith("before\n")
