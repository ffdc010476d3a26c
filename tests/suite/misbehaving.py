"""Every way to misbehave that a test is known for, each as the body of a test, with what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

#: the limit of a test, in seconds, and of its memory, in MiB
LIMIT, MEMORY_MB = 1.0, 400

_LATE = f"timed out after {LIMIT:g} s in"
_CUT_OFF = "crashed: it closed file descriptors that it had not opened"


@dataclass(frozen=True)
class Fault:
    """``body`` is that of the test, ``before`` what stands above it in the module. ``raised`` is the type of what is
    kept as its failure.
    """

    body: str
    outcome: str = "passed"
    reason: str | None = None
    raised: str | None = None
    parameters: str = ""
    before: str = ""

    def source(self, name: str) -> str:
        """The test, as it stands in a module."""
        return f"{self.before}\ndef test_{name}({self.parameters}):\n{indent(self.body, '    ')}\n"


def _fixture(name: str, body: str) -> str:
    return f"@pytest.fixture\ndef {name}():\n{indent(body, '    ')}\n"


def _failing(body: str, raised: str) -> Fault:
    return Fault(body, "failed", raised=raised)


def _dying(body: str, reason: str) -> Fault:
    return Fault(body, "crashed", reason, "Crash")


def _silent(body: str, reason: str) -> Fault:
    """It leaves no stack."""
    return Fault(body, "crashed", reason)


def _hanging(body: str, phase: str = "call", parameters: str = "", before: str = "") -> Fault:
    return Fault(body, "timed_out", f"{_LATE} {phase}", "Timeout", parameters, before)


EXITS = {
    "exits_0": _silent("os._exit(0)", "exited with 0"),
    "exits_3": _silent("os._exit(3)", "exited with 3"),
    "exits_in_a_thread": _silent(
        "threading.Thread(target=os._exit, args=(5,)).start(); time.sleep(60)", "exited with 5"
    ),
    "exits_system": _failing("raise SystemExit(3)", "SystemExit"),
    "exits_system_in_setup": Fault(
        "pass", "error", None, "SystemExit", "leaving", _fixture("leaving", "raise SystemExit(3)")
    ),
    "exits_system_in_teardown": Fault(
        "pass", "error", None, "SystemExit", "left", _fixture("left", "yield\nraise SystemExit(3)")
    ),
    "exits_pytest": Fault("pytest.exit('enough')", "failed", "pytest.exit would have ended the run", "Exit"),
    "interrupts": Fault(
        "raise KeyboardInterrupt", "failed", "KeyboardInterrupt would have ended the run", "KeyboardInterrupt"
    ),
    "stops_generator": _failing("raise GeneratorExit", "GeneratorExit"),
    "becomes_another_program": _silent(
        "os.execv('/bin/sleep', ['sleep', '60'])", "crashed: it became another program (sleep)"
    ),
}

CRASHES = {
    "segfaults": _dying("ctypes.string_at(0)", "crashed: SIGSEGV"),
    "segfaults_in_a_thread": _dying(
        "threading.Thread(target=ctypes.string_at, args=(0,)).start(); time.sleep(60)", "crashed: SIGSEGV"
    ),
    "kills_itself": _silent("os.kill(os.getpid(), signal.SIGKILL)", "crashed: SIGKILL"),
    "kills_its_group": _silent("os.killpg(0, signal.SIGTERM)", "crashed: SIGTERM"),
    "aborts": _dying("os.abort()", "crashed: SIGABRT"),
    "is_alarmed": _silent("signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(60)", "crashed: SIGALRM"),
    "ends_the_c_stack": _dying("sys.setrecursionlimit(10**9); deeper()", "crashed: SIGSEGV"),
    "eats_memory": _dying(
        "kept = []\nwhile True: kept.append(bytearray(b'x') * 20_000_000)",
        f"memory limit {MEMORY_MB} MiB",
    ),
    "closes_everything": _silent("os.closerange(3, 256)", _CUT_OFF),
    "closes_all_of_all": _silent("os.closerange(0, 4096)", _CUT_OFF),
}

HANGS = {
    "hangs": _hanging("while True: time.sleep(0.01)"),
    "hangs_in_c": _hanging("ctypes.PyDLL(None).sleep(60)"),
    "hangs_deaf": _hanging("signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); time.sleep(60)"),
    "hangs_in_finally": _hanging("try: assert 0\nfinally: time.sleep(60)"),
    "hangs_in_setup": _hanging("pass", "setup", "never", _fixture("never", "time.sleep(60)")),
    "hangs_in_teardown": _hanging("pass", "teardown", "forever", _fixture("forever", "yield\ntime.sleep(60)")),
    "ignores_sigterm": _hanging("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(0.01)"),
    "refuses_to_be_interrupted": _hanging("while True:\n    try: time.sleep(60)\n    except BaseException: pass"),
    "stops_itself": _hanging("os.kill(os.getpid(), signal.SIGSTOP)"),
    "waits_for_a_lock": _hanging("lock = threading.Lock(); lock.acquire(); lock.acquire()"),
}

ERRORS = {
    "breaks_a_hook": Fault("pass", "error", "pytest failed with an internal error", "LookupError"),
    "raises_what_cannot_be_shown": _failing("raise Unprintable", "Unprintable"),
    "raises_a_base_exception": _failing("raise Odd('odd')", "Odd"),
    "raises_what_cannot_be_pickled": _failing(
        "raise ValueError(lambda: 0, open(os.devnull), threading.Lock())", "ValueError"
    ),
    "says_too_much": _failing("assert 0, 'x' * 5_000_000", "AssertionError"),
    "says_odd_characters": _failing(r"assert 0, '\x00\udcff\u2028\x1b[31m\ud800'", "AssertionError"),
    "chains_without_end": _failing("chain(100)", "ValueError"),
    "recurses_without_end": _failing("def deep(): deep()\ndeep()", "RecursionError"),
    # they are free again for the next test of the process, which may need some as in a plain run
    "uses_all_descriptors": Fault(
        "while True: kept.append(os.dup(1))",
        "failed",
        raised="OSError",
        parameters="kept",
        before=_fixture("kept", "found = []\nyield found\nfor one in found: os.close(one)"),
    ),
    "may_write_no_file": _failing(
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, -1))\nopen(str(tmp), 'wb', 0).write(b'x' * 5000)\n"
        "open(str(tmp), 'ab', 0).write(b'x')",
        "OSError",
    ),
}

GAMES = {
    "closes_output": Fault("os.close(0); os.close(1); os.close(2)"),
    "floods": Fault("[os.write(fd, b'x' * 100_000) for fd in (1, 2) for _ in range(250)]"),
    "floods_through_python": Fault("print('x' * 25_000_000); print('x' * 25_000_000, file=sys.stderr)"),
    "forks_and_forgets": Fault("os.fork()"),
    "forks_a_thread": Fault("threading.Thread(target=time.sleep, args=(60,)).start()"),
    "leaves_a_daemon_thread": Fault("threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"),
    "leaves_a_raising_thread": Fault("threading.Thread(target=lambda: 1 / 0).start()"),
    "hangs_at_exit": Fault("atexit.register(time.sleep, 60)"),
    "handles_an_alarm": Fault(
        "signal.signal(signal.SIGALRM, lambda *_: None); signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)"
        "\ntime.sleep(0.1)\nsignal.setitimer(signal.ITIMER_REAL, 0)"
    ),
    "starts_a_daemon": Fault("if os.fork() == 0:\n    os.setsid()\n    time.sleep(60)"),
    "changes_folder": Fault("os.chdir('/')"),
    "removes_its_folder": Fault("folder = tempfile.mkdtemp(); os.chdir(folder); os.rmdir(folder)"),
    "changes_environment": Fault(
        "[os.environ.pop(name) for name in list(os.environ) if name != 'PYTEST_CURRENT_TEST']"
    ),
    "changes_umask_and_locale": Fault("os.umask(0o777); locale.setlocale(locale.LC_ALL, 'C')"),
    "replaces_output": Fault("sys.stdout = sys.stderr = None"),
    "traces": Fault("sys.settrace(lambda *_: None); sys.setprofile(lambda *_: None)"),
    "plays_with_the_collector": Fault("gc.disable(); gc.freeze(); gc.set_debug(gc.DEBUG_UNCOLLECTABLE)"),
    "leaves_a_closed_loop": Fault("loop = asyncio.new_event_loop(); asyncio.set_event_loop(loop); loop.close()"),
    "patches_os": Fault("import json; os.write = time.monotonic = json.dumps = os._exit = None"),
    "fails_with_all_patched": _failing(
        "import hashlib, json\nos.write = os._exit = json.dumps = hashlib.sha256 = time.monotonic = None\nassert 0",
        "AssertionError",
    ),
    "patches_the_rest": Fault("import json; socket.socket = json.loads = os.read = os.getpid = time.time = None"),
    "turns_warnings_into_errors": Fault("warnings.simplefilter('error')"),
    "changes_modules": Fault("sys.modules.pop('json', None); sys.modules['socket'] = None; sys.path[:] = []"),
    "replaces_signal_handlers": Fault(
        "[signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]"
    ),
    "raises_when_deleted": Fault("Undeletable()"),
}

FAULTS: dict[str, Fault] = {**EXITS, **CRASHES, **HANGS, **ERRORS, **GAMES}

HEAD = """
import asyncio, atexit, ctypes, gc, locale, os, resource, signal, socket, sys, tempfile, threading, time, warnings
import tracemalloc  # pytest imports it for an exception in __del__, which fails when a test has used all descriptors
import pytest

tmp = tempfile.mktemp()
deeper = ctypes.CFUNCTYPE(None)(lambda: deeper())

class Odd(BaseException): pass
class Unprintable(Exception):
    def __str__(self): raise ValueError("no")
    __repr__ = __str__
class Undeletable:
    def __del__(self): raise ValueError("no")

def chain(length):
    try:
        if length: chain(length - 1)
    except ValueError as error: raise ValueError(length) from error
    raise ValueError("the first")
"""

CONFTEST = """
    def pytest_runtest_logreport(report):
        if report.when == "call" and "::test_breaks_a_hook" in report.nodeid:
            raise LookupError("a plugin of the target's has a bug")
"""


def misbehaving_suite() -> dict[str, str]:
    """Each fault between harmless tests, in modules by the kinds of faults."""
    files = {"conftest.py": CONFTEST}
    for kind, faults in (
        ("exits", EXITS),
        ("crashes", CRASHES),
        ("hangs", HANGS),
        ("errors", ERRORS),
        ("games", GAMES),
    ):
        tests = "".join(
            f"def test_before_{name}(): pass\n{fault.source(name)}def test_after_{name}(): pass\n"
            for name, fault in faults.items()
        )
        files[f"test_{kind}.py"] = HEAD + tests
    return files
