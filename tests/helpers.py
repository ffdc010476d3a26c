"""What several rooms' tests need: a small project on disk, written from a dictionary, and a run of kit."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path


def write_project(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write ``files`` (path to content, dedented) below ``root`` and return it."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = textwrap.dedent(content).lstrip("\n").encode()
        path.write_bytes(content)
    return root


def fingerprint(root: Path) -> dict[str, str]:
    """Every path below ``root`` with a hash of what it holds: equal before and after means nothing was written."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(root.rglob("*"))
    }


def run_kit(*arguments: str, cwd: Path, timeout_s: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command ``kit`` as a user would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def wait_for(condition: Callable[[], bool], timeout_s: float = 60) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def finished(events: Path) -> int:
    """How many tests have finished by a file of events, which may not be there yet."""
    return events.read_text().count('"kind":"finished"') if events.exists() else 0
