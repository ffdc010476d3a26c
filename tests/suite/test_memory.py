"""A test that takes all memory ends alone and is called by its name; one that only ran when it was full is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import psutil
import pytest

from kit.facts.suite import SuiteFacts
from kit.platform.memory import held_by, machine_memory, share_of
from kit.suite.options import RunOptions
from kit.suite.process import memory
from kit.suite.process.memory import MemoryWatch, size_in_words
from kit.suite.run import limits
from kit.target import descendants
from tests.suite.conftest import Run
from tests.suite.projects import by_name, rows

pytestmark = pytest.mark.slow

MIB = 1 << 20

#: holds so many MiB until its input ends
HOLDER = "import sys; block = bytearray(b'x') * int(sys.argv[1]) * 1048576; print(flush=True); sys.stdin.read()"

EATERS = """
    import os, subprocess, sys, time

    def test_before(): pass
    def test_eats():
        blocks = []
        while True: blocks.append(bytearray(b"x") * 20_000_000); time.sleep(0.01)
    def test_child_eats():
        code = "import time; block = bytearray(b'x') * 300_000_000; time.sleep(60)"
        subprocess.run([sys.executable, "-c", code])
    def test_after(): pass
"""


@pytest.fixture(scope="module", params=["fork", "process"])
def facts(request: pytest.FixtureRequest) -> SuiteFacts:
    run: Callable[..., SuiteFacts] = request.getfixturevalue("run_in_module")
    return run({"test_a.py": EATERS}, isolation=request.param, memory_mb=256, timeout_s=20.0)


def test_only_what_takes_too_much_memory_ends(facts: SuiteFacts) -> None:
    assert rows(facts) == {"collected": 4, "passed": 2, "crashed": 2}
    assert {by_name(facts)[name].reason for name in ("test_eats", "test_child_eats")} == {"memory limit 256 MiB"}


def test_the_place_where_memory_was_taken_is_kept(facts: SuiteFacts) -> None:
    failure = facts.failures[by_name(facts)["test_eats"].failure or ""]

    assert (failure.raised.type, failure.raised.frames[-1].function) == ("Crash", "test_eats")


def test_a_test_is_not_blamed_for_what_others_have_left(run: Run) -> None:
    """Each of them keeps 60 MiB: together they are too much, and none of them is."""
    files = {
        "test_a.py": """
            import time, pytest

            kept = []
            @pytest.mark.parametrize("n", range(10))
            def test_keeps(n):
                kept.append(bytearray(b"x") * 60 * 1024 * 1024)
                time.sleep(0.3)
        """
    }
    events: list[dict[str, object]] = []
    facts = run(files, memory_mb=300, workers=1, on_event=events.append)

    assert rows(facts) == {"collected": 10, "passed": 10}
    assert {event["reason"] for event in events if event.get("state") == "lost"} == {"memory limit 300 MiB"}


@pytest.fixture
def hold() -> Iterator[Callable[[int], int]]:
    """What starts a process that holds so many MiB, and returns its id."""
    started: list[subprocess.Popen[bytes]] = []

    def start(mib: int) -> int:
        command = [sys.executable, "-c", HOLDER, str(mib)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process.pid

    yield start
    for process in started:
        process.communicate()


def test_the_largest_goes_when_all_together_take_too_much(
    hold: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "machine_memory", lambda: 400 * MIB)
    watch = MemoryWatch(None)
    children: dict[int, tuple[int, int | None]] = {0: (hold(60), 5), 1: (hold(120), 6)}

    assert watch.look(children) is None
    children[2] = (hold(30), 7)
    excess = watch.look(children)
    assert excess is not None
    assert (excess.slot, excess.is_of_the_test) == (1, False)
    assert excess.reason == "memory limit 200 MiB for all tests that run at a time, of which it took most"


def test_pages_that_a_test_shares_with_its_children_count_once() -> None:
    code = (
        "import os, sys\nblock = bytearray(b'x') * 60 * 1048576\nfor _ in range(4):\n"
        "  if os.fork() == 0: sys.stdin.read(); os._exit(0)\n"
        "print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        family = [process.pid, *descendants(process.pid)]
        assert len(family) == 5
        assert held_by(family) > 300 * MIB
        assert 60 * MIB < share_of(family) < 120 * MIB
        watch = MemoryWatch(150)
        assert [watch.look({0: (process.pid, 1)}) for _ in range(3)] == [None] * 3
        process.communicate()


def test_a_process_that_is_gone_holds_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()

    assert held_by([process.pid]) == share_of([process.pid]) == 0
    assert descendants(process.pid) == []


def test_the_machine_has_no_more_than_it_has() -> None:
    assert 0 < machine_memory() <= psutil.virtual_memory().total
    assert held_by([os.getpid()]) < machine_memory()


@pytest.mark.parametrize(("size", "words"), [(512 * MIB, "512 MiB"), (2048 * MIB, "2 GiB"), (12083 * MIB, "11.8 GiB")])
def test_sizes_are_said_as_people_say_them(size: int, words: str) -> None:
    assert size_in_words(size) == words


def test_processes_are_listed_only_as_often_as_this_system_does_that_at_little_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[object] = []
    monkeypatch.setattr(limits, "LISTING_S", 1000.0)
    monkeypatch.setattr(MemoryWatch, "look", lambda _, children: looks.append(children))

    class Workers:
        live: dict[int, object] = {}  # noqa: RUF012

    watch = limits.LimitWatch(RunOptions(), None, Workers(), None)  # type: ignore[arg-type]

    assert [watch.excess() for _ in range(5)] == [None] * 5
    assert looks == [{}]
