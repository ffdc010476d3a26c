"""What differs between operating systems is in one room, and in that of the probes; nothing else names a system."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platform.naming_platforms import named_below, named_in

KIT = Path(__file__).parents[2] / "kit"

#: the rooms of the differences: kit's, and that of the probes, which run in the target's interpreter without kit
HERE = ("platform/", "probes/system/")

#: the app of the demo: no part of kit
DEMO = "demo/trading/"

_OF_UNKNOWN_TYPES = re.compile(r"^\w+\? has no attribute|is not valid as a type")


@pytest.mark.slow
def test_only_the_room_of_the_differences_names_a_system() -> None:
    assert {path: names for path, names in named_below(KIT).items() if not path.startswith((*HERE, DEMO))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_no_other_module_uses_what_another_system_lacks(system: str, tmp_path: Path) -> None:
    """By the type checker's stubs of the standard library, which know what each system has."""
    command = [sys.executable, "-m", "mypy", "--platform", system, "--cache-dir", str(tmp_path)]
    # other packages say nothing of a system: without them it takes half the time, and types taken from them are unknown
    alone = ["--follow-imports=skip", "--allow-subclassing-any", "--allow-untyped-decorators", "--no-warn-return-any"]
    done = subprocess.run(
        [*command, *alone, "--no-warn-unused-ignores"], cwd=KIT.parent, capture_output=True, text=True, check=False
    )

    errors = re.findall(r"^kit/(\S+?):\d+: error: (.*)", done.stdout, re.MULTILINE)
    files = {file for file, text in errors if not _OF_UNKNOWN_TYPES.search(text)}
    assert files, done.stdout + done.stderr
    assert {file for file in files if not file.startswith((*HERE, DEMO))} == set()


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
        ("from signal import SIGKILL as END", {"signal.SIGKILL"}),
        ("hasattr(os, 'fork') or getattr(select, 'epoll', None)", {"os.fork", "select.epoll"}),
        ("ctypes.CDLL(None)\nimport ctypes.util", {"ctypes.util"}),
        ("mount('none,upperdir=/proc/self/fd/3')", {"/proc"}),
        ("Popen(words, start_new_session=True)", {"start_new_session"}),
        ("time.tzset()", {"time.tzset"}),
        ("import msvcrt", {"msvcrt"}),
        ("from . import pwd", set()),
        ("entry.name, self.platform, '/process'", set()),
        ("def f():\n    '''Reads /proc where os.fork is.'''", set()),
    ],
)
def test_names_of_systems_are_seen(source: str, names: set[str]) -> None:
    assert named_in(source) == names


@pytest.mark.slow
def test_text_is_read_and_written_in_an_encoding_that_does_not_depend_on_the_system() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--preview", "--select", "PLW1514", str(KIT)]
    done = subprocess.run(command, cwd=KIT.parent, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
