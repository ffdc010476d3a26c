"""Copy-on-write overlays of the tree, one for each worker: tests that share files can then run at the same time."""

from __future__ import annotations

import contextlib
import subprocess

import kit.probes
from kit.platform.abilities import IS_LINUX
from kit.platform.temporary_folders import temporary_folder

#: how long the question may take, in seconds
_LIMIT = 10.0


def overlays_work(executable: str) -> bool:
    """Whether a process of this interpreter can mount a copy-on-write overlay on this machine."""
    if not IS_LINUX:
        return False
    with temporary_folder() as folder:  # where scratch copies are
        root = folder / "root"
        root.mkdir()
        command = [executable, "-I", "-S", *kit.probes.command("system.overlay"), str(folder / "view")]
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            return subprocess.run(command, cwd=root, capture_output=True, timeout=_LIMIT, check=False).returncode == 0
        return False
