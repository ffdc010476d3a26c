"""How long version control has known a class."""

from __future__ import annotations

import time
from pathlib import Path

from kit.facts.inventory import MappedClass
from kit.target import ask_git

_DAY_S = 86_400


def age_in_days(root: Path, mapped: MappedClass) -> int | None:
    """Days since the commit that first had the class statement in its file, ``None`` where git does not tell."""
    found = ask_git(root, "log", "--format=%at", f"-Sclass {mapped.name}", "--", mapped.path)
    times = [int(line) for line in (found or "").split() if line.isdigit()]
    return max(0, int(time.time() - min(times)) // _DAY_S) if times else None
