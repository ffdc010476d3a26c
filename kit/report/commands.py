"""The commands that the report prints: they run as they stand."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from kit.facts.case import Case

#: parameters that say where the results go, and not what is investigated
_FLAGS = ("python", "tests", "app", "timeout_s", "workers")


def investigate(case: Case) -> str:
    """The command that makes this investigation again."""
    options: list[str] = []
    for name in _FLAGS:
        value = case.parameters.get(name)
        if value in (None, "", []):
            continue
        values: Iterable[object] = value if isinstance(value, list) else (value,)
        for one in values:
            options += ["--" + name.replace("_", "-"), f"{one:g}" if isinstance(one, float) else str(one)]
    return shlex.join(["kit", "investigate", *_path(case), *options])


def scan(case: Case) -> str:
    """The command that finds what the source says."""
    return shlex.join(["kit", "scan", *_path(case)])


def run(case: Case, *nodeids: str) -> str:
    """The command that runs the suite, or only these tests of it."""
    return shlex.join(["kit", "run", *_path(case), *(["--", *nodeids] if nodeids else [])])


def _path(case: Case) -> list[str]:
    target = case.parameters.get("target")
    return [str(target)] if target else []  # none is the demo
