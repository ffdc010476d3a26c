"""Where file systems are mounted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

#: folders that no overlay is mounted over: they hold other file systems, or everything
TOO_WIDE = frozenset({"/", "/proc", "/sys", "/dev", "/tmp", "/run", "/var", "/usr", "/etc", "/home", "/nonexistent"})  # noqa: S108


def aliases(real: Path) -> Iterator[Path]:
    """Other places where the same folder can be seen, since its file system, or a part of it, is mounted there too."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()]
        over = max((each for each in mounts if real.is_relative_to(each[4])), key=lambda each: len(each[4]))
        inside = Path(over[3]) / real.relative_to(over[4])
        for device, source, place in ((each[2], each[3], each[4]) for each in mounts):
            if device == over[2] and inside.is_relative_to(source):
                alias = Path(place) / inside.relative_to(source)
                if alias != real and alias.is_dir() and alias.samefile(real):
                    yield alias
