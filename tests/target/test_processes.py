import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from kit.target import guarded, kill_tree

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the guard needs Linux")

#: leaves a daemon behind: two forks and a setsid, so that neither its parent nor its group nor its session is known
DAEMONIZE = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open(sys.argv[1], "w").write(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[1]) or not open(sys.argv[1]).read(): time.sleep(0.01)
"""
SLEEP = "import time; time.sleep(600)"


def python(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]


def start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, start_new_session=True)


def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


def written_pid(path: Path) -> int:
    eventually(lambda: path.exists() and path.read_text())
    return int(path.read_text())


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_process_and_its_descendants_are_gone_when_kill_tree_returns(tmp_path):
    inner = f"import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); {SLEEP}"
    outer = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[2], sys.argv[1]])"
    with start(python(outer, tmp_path / "pid", inner)) as process:
        child = written_pid(tmp_path / "pid")
        kill_tree(process.pid)
        assert is_gone(child)
        assert process.wait() == -signal.SIGKILL


def test_a_descendant_that_left_group_and_session_is_ended_too(tmp_path):
    inner = f"import os, sys; os.setsid(); open(sys.argv[1], 'w').write(str(os.getpid())); {SLEEP}"
    outer = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[2], sys.argv[1]])"
    with start(python(outer, tmp_path / "pid", inner)) as process:
        child = written_pid(tmp_path / "pid")
        assert os.getsid(child) == child
        kill_tree(process.pid)
        assert is_gone(child)


def test_members_of_the_group_are_ended_when_their_leader_is_gone(tmp_path):
    code = (
        "import os, sys, time\nif os.fork() == 0:\n  open(sys.argv[1], 'w').write(str(os.getpid()))\n  time.sleep(600)"
    )
    with start(python(code, tmp_path / "pid")) as process:
        orphan = written_pid(tmp_path / "pid")
        eventually(lambda: is_gone(process.pid))
        kill_tree(process.pid)
        assert is_gone(orphan)


def test_with_grace_a_process_can_say_goodbye(tmp_path):
    code = (
        "import pathlib, signal, sys, time\n"
        "def end(*_): pathlib.Path(sys.argv[1], 'bye').touch(); sys.exit(7)\n"
        "signal.signal(signal.SIGTERM, end); pathlib.Path(sys.argv[1], 'ready').touch(); time.sleep(600)"
    )
    with start(python(code, tmp_path)) as process:
        eventually((tmp_path / "ready").exists)
        kill_tree(process.pid, grace_s=10)
        assert process.wait() == 7
    assert (tmp_path / "bye").exists()


def test_a_process_that_ignores_every_signal_it_can_is_killed_after_its_grace(tmp_path):
    code = (
        "import pathlib, signal, sys, time\n"
        "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)\n"
        "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
    )
    with start(python(code, tmp_path / "ready")) as process:
        eventually((tmp_path / "ready").exists)
        kill_tree(process.pid, grace_s=0.2)
        assert process.wait() == -signal.SIGKILL


def test_a_process_that_keeps_forking_does_not_get_away(tmp_path):
    code = (
        "import os, sys, time\nwhile True:\n  pid = os.fork()\n  if pid == 0: time.sleep(600)\n  "
        "open(sys.argv[1], 'a').write(f'{pid}\\n')\n  time.sleep(0.001)"
    )
    log = tmp_path / "pids"
    with start(python(code, log)) as process:
        eventually(lambda: log.exists() and log.read_text().count("\n") > 20)
        kill_tree(process.pid)
        assert all(is_gone(int(pid)) for pid in log.read_text().split())


@pytest.mark.parametrize("pid", [-1, 0, 1])
def test_what_is_nobodys_process_is_refused(pid):
    with pytest.raises(ValueError, match="not the id of a process"):
        kill_tree(pid)


def test_a_process_that_is_gone_already_is_no_error():
    with start(python("pass")) as process:
        eventually(lambda: is_gone(process.pid))
        kill_tree(process.pid)
        assert process.wait() == 0


@linux_only
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("pass", 0),
        ("raise SystemExit(3)", 3),
        ("import os; os._exit(255)", 255),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV),
        ("import os, signal; os.kill(0, signal.SIGKILL)", -signal.SIGKILL),  # its own process group
    ],
)
def test_a_guarded_command_ends_as_it_would_alone(code, status):
    with start(guarded(python(code))) as process:
        assert process.wait(10) == status


@linux_only
def test_a_guarded_command_has_the_signals_and_pipes_of_any_other():
    code = (
        "import signal, sys\n"
        "signals = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]\n"
        "ignored = [signal.getsignal(number) == signal.SIG_IGN for number in signals]\n"
        "print(ignored, signal.pthread_sigmask(0, []), sys.stdin.read())"
    )
    command = guarded(python(code))
    answer = subprocess.run(command, input=b"hello", capture_output=True, check=True, start_new_session=True)
    assert answer.stdout == b"[False, False, False, False] set() hello\n"


@linux_only
def test_a_daemon_is_gone_when_the_guarded_command_has_ended(tmp_path):
    with start(guarded(python(DAEMONIZE, tmp_path / "pid"))) as process:
        assert process.wait(10) == 0
    assert is_gone(written_pid(tmp_path / "pid"))


@linux_only
def test_a_daemon_is_gone_after_kill_tree_of_a_guarded_command(tmp_path):
    with start(guarded(python(DAEMONIZE + SLEEP, tmp_path / "pid"))) as process:
        daemon = written_pid(tmp_path / "pid")
        kill_tree(process.pid)
        assert is_gone(daemon)


@linux_only
def test_nothing_outlives_a_kit_that_was_killed(tmp_path):
    command = guarded(python(DAEMONIZE + SLEEP, tmp_path / "pid"))
    kit = f"import subprocess; subprocess.run({command!r}, start_new_session=True)"
    with start(python(kit)) as process:
        daemon = written_pid(tmp_path / "pid")
        assert not is_gone(daemon)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    eventually(lambda: is_gone(daemon))


@pytest.mark.slow
@linux_only
def test_nothing_outlives_a_kit_that_was_killed_while_it_ended_a_command(tmp_path):
    """kit stops every process before it kills the first one: a guard that stays stopped would notice nothing."""
    command = guarded(python(DAEMONIZE + SLEEP, tmp_path / "pid"))
    kit = f"import subprocess; subprocess.run({command!r}, start_new_session=True)"
    with start(python(kit)) as process:
        daemon = written_pid(tmp_path / "pid")
        below = psutil.Process(process.pid).children(recursive=True)
        for one in below:
            one.suspend()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    eventually(lambda: is_gone(daemon) and not any(one.is_running() for one in below))


@pytest.mark.slow
@linux_only
def test_memory_is_limited_for_the_command_and_its_children_together():
    code = (
        "import subprocess, sys, time\nblock = bytearray(b'x') * 30_000_000\n"
        "if len(sys.argv) < 4: subprocess.run([*sys.orig_argv, 'x'])\ntime.sleep(600)"
    )
    command = guarded([sys.executable, "-c", code, "a"], memory_bytes=80_000_000)
    answer = subprocess.run(command, capture_output=True, start_new_session=True, timeout=30)
    assert answer.returncode == -signal.SIGKILL
    assert answer.stderr.decode() == "kit: stopped: it used more than 76 MiB of memory\n"


@linux_only
def test_a_command_that_cannot_be_started_is_said_in_a_sentence(tmp_path):
    (tmp_path / "python").write_text("no program")
    answer = subprocess.run(guarded([str(tmp_path / "python")]), capture_output=True, text=True)
    assert answer.returncode == 127
    assert answer.stderr == f"kit: {tmp_path / 'python'} cannot be started: Permission denied\n"


@linux_only
def test_a_guard_that_is_ended_before_it_began_starts_nothing(tmp_path):
    never = []
    for number in range(20):
        place = tmp_path / str(number)
        guard = start(guarded(python("import sys; open(sys.argv[1], 'w')", place)))
        kill_tree(guard.pid)
        # on a busy machine the guard may have begun before it was ended
        if guard.wait() == -signal.SIGKILL and not place.exists():
            never.append(place)
        if len(never) == 5:
            break
    assert never
    time.sleep(0.2)
    assert not [place for place in never if place.exists()]
