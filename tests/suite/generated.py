"""Suites that are made at random: tests that misbehave beside innocent ones, whose outcomes are known beforehand.

What would harm a machine outside of kit's sandbox has a harmless stand-in: a test removes its temporary folder only
where that is kit's own.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any, Literal

import psutil
from hypothesis import strategies as st

from kit.facts.suite import SuiteFacts
from kit.suite import RunOptions, run_suite
from kit.suite.run.session_end import all_is_well
from kit.suite.run.starts import Starts
from tests.suite.projects import RUNGS, target_of

#: what innocent tests do, and their outcomes
INNOCENT: dict[str, str] = {
    "pass": "passed",
    "print('x' * 1000)": "passed",
    "import subprocess; subprocess.run(['true'], check=True)": "passed",
    "assert 1 == 2": "failed",
    "pytest.skip('not here')": "skipped",
    "pytest.xfail('not yet')": "xfailed",
    "raise KeyError('x')": "failed",
}

_SOCKETS = "[fd for fd in map(int, os.listdir('/proc/self/fd')) if fd > 2 and is_socket(fd)]"

#: what others do; whatever becomes of these tests, the innocent ones must not suffer. What holds up the end of plain
#: pytest does so for less than the time that kit gives to a plain run
MISBEHAVING: dict[str, str] = {
    "exits": "os._exit(0)",
    "exits_in_a_thread": "threading.Thread(target=os._exit, args=(5,)).start(); time.sleep(9)",
    "kills_itself": "os.kill(os.getpid(), signal.SIGKILL)",
    "aborts": "os.abort()",
    "kills_its_parent": "os.kill(os.getppid(), signal.SIGKILL); time.sleep(9)",
    "kills_two_ancestors": "for pid in (parent_of(os.getppid()), os.getppid()):\n"
    "    if pid > 1: os.kill(pid, signal.SIGKILL)\ntime.sleep(9)",
    "closes_descriptors": "os.closerange(3, 4096)",
    "closes_all_descriptors": "os.closerange(0, 4096)",
    "closes_sockets": f"for fd in {_SOCKETS}: os.close(fd)",
    "writes_into_sockets": f"for fd in {_SOCKETS}: os.write(fd, b'no line')",
    "replaces_sockets": f"for fd in {_SOCKETS}: os.dup2(os.open(os.devnull, 2), fd)",
    "replaces_descriptors": "nowhere = os.open(os.devnull, 2)\nfor fd in range(3, 100): os.dup2(nowhere, fd)",
    "wipes_the_board": "open(board(), 'r+b').write(b'\\xff' * 64); os._exit(3)",
    "removes_the_temporary_folder": "folder = tempfile.gettempdir()\n"
    "if 'kit-scratch-' in folder: shutil.rmtree(folder, ignore_errors=True)",
    "leaves_the_folder": "os.chdir('/')",
    "removes_its_folder": "folder = tempfile.mkdtemp(dir='/tmp'); os.chdir(folder); os.rmdir(folder)",
    "forks_and_forgets": "os.fork()",
    "leaves_a_process": "subprocess.Popen(['sleep', MARK])",
    "leaves_a_daemon": "if os.fork() == 0:\n    os.setsid()\n    os.execvp('sleep', ['sleep', MARK])",
    "leaves_threads": "for _ in range(3): threading.Thread(target=time.sleep, args=(20,)).start()",
    "leaves_a_raising_thread": "threading.Thread(target=lambda: 1 / 0).start()",
    "hangs_at_exit": "atexit.register(time.sleep, 20)",
    "hangs": "time.sleep(60)",
    "hangs_deaf": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); time.sleep(60)",
    "stops_itself": "os.kill(os.getpid(), signal.SIGSTOP)",
    "becomes_another_program": "os.execvp('sleep', ['sleep', MARK])",
    "interrupts": "raise KeyboardInterrupt",
    "leaves_pytest": "pytest.exit('enough')",
    "empties_the_environment": "os.environ.clear()",
    "patches": "import json; os.write = os._exit = json.dumps = time.monotonic = None",
    "forgets_modules": "sys.modules.pop('json', None); sys.path[:] = []",
    "loses_its_output": "sys.stdout = sys.stderr = None; os.close(1); os.close(2)",
    "floods": "print('x' * 3_000_000); os.write(2, b'y' * 3_000_000)",
    "ignores_signals": "for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(one, signal.SIG_IGN)",
    "says_odd_characters": "assert 0, '\\x00\\udcff\\u2028\\x1b[31m'",
}

_HEAD = """
import atexit, os, shutil, signal, socket, stat, subprocess, sys, tempfile, threading, time
import pytest
from os import close as close_now, open as open_now, write as write_now  # tests replace those of the module

NOTE, MARK = {note!r}, {mark!r}

def note(name):
    descriptor = open_now(NOTE, os.O_WRONLY | os.O_APPEND)
    write_now(descriptor, name.encode() + b"\\n")
    close_now(descriptor)
def is_socket(fd):
    try: return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError: return False
def parent_of(pid): return int(open(f"/proc/{{pid}}/stat").read().rpartition(")")[2].split()[1])
def board(): return next(line.split()[-1] for line in open("/proc/self/maps") if line.rstrip().endswith("/board"))
"""

_PARAMETERS = ("", "é", "\\udcff", "a::b", "[", "\\x00")


@dataclass(frozen=True)
class MadeTest:
    """``kind`` is a key of :data:`MISBEHAVING`, or of :data:`INNOCENT` (``is_innocent``)."""

    kind: str
    is_innocent: bool
    parameter: str = ""


@dataclass(frozen=True)
class MadeSuite:
    """The tests of each file, how they are run, and what else stands in the tree."""

    files: tuple[tuple[MadeTest, ...], ...]
    isolation: Literal["fork", "process", "file", "test"]
    workers: int
    has_odd_names: bool


def _tests() -> st.SearchStrategy[MadeTest]:
    innocent = st.builds(MadeTest, st.sampled_from([*INNOCENT]), st.just(True), st.sampled_from(_PARAMETERS))
    return st.one_of(innocent, st.builds(MadeTest, st.sampled_from([*MISBEHAVING]), st.just(False)), innocent)


def suites() -> st.SearchStrategy[MadeSuite]:
    """Suites of one to three files with up to six tests each."""
    files = st.lists(st.lists(_tests(), min_size=1, max_size=6).map(tuple), min_size=1, max_size=3).map(tuple)
    isolations = st.sampled_from([*RUNGS])
    return st.builds(MadeSuite, files, isolations, st.integers(1, 3), st.booleans())  # type: ignore[arg-type]


@dataclass(frozen=True)
class Started:
    """How often each test was started, by its name: as it noted itself, and as the events tell."""

    noted: Counter[str]
    told: Counter[str]


def name_of(nodeid: str) -> str:
    """The name of the function; "::" may stand in a parameter."""
    return nodeid.partition("::")[2].partition("[")[0]


def run_made(made: MadeSuite, folder: Path, mark: str) -> tuple[SuiteFacts, Started, Mapping[str, str]]:
    """Write the suite and run it, failures once more too: the facts, how often each test was started, and the outcomes
    that innocent tests have to have, by their names.
    """
    root, note = folder / "project", folder / "note"
    root.mkdir()
    note.touch()
    (root / "pytest.ini").touch()
    expected: dict[str, str] = {}
    for number, tests in enumerate(made.files):
        source = _HEAD.format(note=str(note), mark=mark)
        for at, test in enumerate(tests):
            name = _name(number, at, test)
            body = INNOCENT if test.is_innocent else MISBEHAVING
            marking = f"@pytest.mark.parametrize('odd', ['{test.parameter}'])\n" if test.parameter else ""
            lines = f"note('{name}')\n{test.kind if test.is_innocent else body[test.kind]}"
            source += f"\n{marking}def {name}({'odd' if test.parameter else ''}):\n{indent(lines, '    ')}\n"
            if test.is_innocent:
                expected[name] = INNOCENT[test.kind]
        (root / f"test_{number}.py").write_text(source)
    if made.has_odd_names:
        _add_odd_names(root)
    patience = (("*hangs*", 1.0), ("*stops*", 1.0))
    options = RunOptions(
        workers=made.workers, isolation=made.isolation, timeout_s=60.0, timeouts=patience, grace_s=0.2, recheck_s=5.0
    )
    told: list[Mapping[str, Any]] = []
    facts = run_suite(target_of(root), events=folder / "events.jsonl", options=options, on_event=told.append)
    starts = Started(Counter(note.read_text().split()), Counter())
    for nodeid, times in Starts.of_events(told).items():
        starts.told[name_of(nodeid)] += times
    return facts, starts, expected


def _name(number: int, at: int, test: MadeTest) -> str:
    return f"test_{number}_{at}_{'innocent' if test.is_innocent else test.kind}"


def _add_odd_names(root: Path) -> None:
    """A test file and data whose names are not UTF-8, a link that leads in a circle, and one that leads nowhere."""
    Path(os.fsdecode(os.fsencode(root) + b"/test_\xff.py")).write_text("def test_odd():\n    pass\n")
    Path(os.fsdecode(os.fsencode(root) + b"/data_\xfe")).mkdir()
    (root / "circle").symlink_to("circle")
    (root / "nowhere").symlink_to("/nothing/of/this/name")


def _most_untold(made: MadeSuite) -> int:
    """How many starts nobody may tell of: a worker that is killed with the process above it, or whose board is wiped,
    leaves no word of the test that had just begun and of the one before it.
    """
    kinds = {test.kind for tests in made.files for test in tests}
    return 2 * made.workers if kinds & {"kills_two_ancestors", "wipes_the_board"} else 0


def _copies(made: MadeSuite) -> Counter[str]:
    """How many copies of plain pytest may start each test, too: a test that forks and forgets the child doubles the
    processes that run what comes after it.
    """
    copies, forks = Counter[str](), 0
    for number, tests in enumerate(made.files):
        for at, test in enumerate(tests):
            copies[_name(number, at, test)] = 2**forks - 1
            forks += test.kind == "forks_and_forgets"
    return copies


def complaints(
    made: MadeSuite, facts: SuiteFacts, starts: Started, expected: Mapping[str, str], mark: str
) -> list[str]:
    """What is wrong with a run, a sentence each."""
    told = {result.nodeid.rpartition("::")[2].partition("[")[0]: result for result in facts.results}
    for result in facts.results:
        told[name_of(result.nodeid)] = result
    wrong = [
        f"{name}: {told[name].outcome if name in told else 'absent'} ({told[name].reason if name in told else ''}), "
        f"not {outcome}"
        for name, outcome in expected.items()
        if name not in told or told[name].outcome != outcome
    ]
    is_run_plainly = all_is_well(facts)  # plain pytest may then be asked, once, how its session ends
    noted = starts.noted - _copies(made) if is_run_plainly else starts.noted
    wrong += [f"{name} was started {times} times" for name, times in noted.items() if times > 3]
    untold = noted - starts.told - (Counter(noted.keys()) if is_run_plainly else Counter[str]())
    if untold.total() > _most_untold(made):
        wrong.append(f"the events do not tell of these starts: {dict(untold)}")
    wrong += [
        f"{result.nodeid} was not run: {result.reason}" for result in facts.results if result.outcome == "not_run"
    ]
    writes = any(test.kind == "writes_into_sockets" for tests in made.files for test in tests)
    if facts.problem and not (writes and "could not be read" in facts.problem):  # what it wrote could not be read
        wrong.append(f"problem: {facts.problem}")
    wrong += [f"{error.path} was not collected" for error in facts.collection_errors]
    wrong += ["the accounting does not hold"] if not facts.accounting.holds() else []
    if made.has_odd_names and not any(name.endswith("test_odd") for name in told):
        wrong.append("the file whose name is not UTF-8 was not run")
    left = [one.pid for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or ())]
    return [*wrong, *(f"process {pid} is left" for pid in left)]
