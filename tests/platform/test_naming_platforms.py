"""What differs between operating systems is in one room; whatever else names a system is listed here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platform.naming_platforms import named_below, named_in

KIT = Path(__file__).parents[2] / "kit"

#: the room of the differences
HERE = "platform/"

#: programs and modules that only ever run on the system that they name, and the target of the demo
OF_ONE_SYSTEM = ("target/guard.py", "target/sandbox/", "demo/trading/")

#: what else names a system, and what; this list may only become shorter
EXCEPTIONS = {
    "cli/checks.py": ["sys.platform"],  # shown to the user
    "probes/mappers/alone.py": ["os.fork", "signal.alarm"],
    "probes/mappers/main.py": ["os.WNOHANG", "os.fork", "signal.SIGKILL"],
    "probes/state/restoring.py": ["os.fork", "signal.SIGKILL"],
    "probes/suite/channel.py": ["/proc", "os.pread", "socket.SCM_RIGHTS"],
    "probes/suite/fork_safety.py": ["/proc", "fcntl", "sys.platform"],
    "probes/suite/main.py": ["os.fork", "os.setpgid"],
    "probes/suite/overlay.py": ["/proc", "os.getegid", "os.geteuid"],
    "probes/suite/preloading.py": ["os.fork", "os.setsid"],
    "probes/suite/threads.py": ["/proc"],
}


def test_only_the_room_of_the_differences_names_a_system() -> None:
    found = {path: names for path, names in named_below(KIT).items() if not path.startswith((HERE, *OF_ONE_SYSTEM))}

    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import fcntl", {"fcntl"}),
        ("from resource import getrusage", {"resource"}),
        ("os.fork()", {"os.fork"}),
        ("os.kill(1, signal.SIGKILL)", {"signal.SIGKILL"}),
        ("Popen(words, preexec_fn=None, pass_fds=())", {"preexec_fn", "pass_fds"}),
        ("open(f'/proc/{pid}/status')", {"/proc"}),
        ("Path('/dev/shm/x')", {"/dev/shm"}),
        ("b'/proc/self'", {"/proc"}),
        ("if sys.platform == 'linux' or os.name == 'nt': pass", {"sys.platform", "os.name"}),
        ("from . import pwd", set()),
        ("entry.name, self.platform, '/process'", set()),
        ("def f():\n    '''Reads /proc where os.fork is.'''", set()),
    ],
)
def test_names_of_systems_are_seen(source: str, names: set[str]) -> None:
    assert named_in(source) == names
