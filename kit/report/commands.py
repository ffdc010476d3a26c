"""The commands that the report prints: they run as they stand."""

from __future__ import annotations

import shlex

from kit.facts.case import Case

#: parameters that say where the results go, and not what is investigated
_FLAGS = ("python", "tests", "app", "timeout_s", "workers", "categories")


def investigate(case: Case) -> str:
    """The command that makes this investigation again."""
    return shlex.join(["kit", "investigate", *_path(case), *options(case)])


def options(case: Case) -> list[str]:
    """The options of a command that say how the case was investigated."""
    asked = {name: case.parameters.get(name) for name in _FLAGS} | dict(case.parameters.get("run") or {})
    timeouts: dict[str, float] = asked.pop("timeouts", None) or {}
    words: list[str] = []
    for name, value in asked.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif isinstance(value, list):
            words += [word for one in value for word in (flag, _written(one))]
        elif value not in (None, "", 0) or name == "recheck_s":
            words += [flag, _written(value)]
    return words + [word for pattern, seconds in timeouts.items() for word in ("--timeout", f"{pattern}={seconds:g}")]


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def scan(case: Case) -> str:
    """The command that finds what the source says."""
    return shlex.join(["kit", "scan", *_path(case)])


def run(case: Case, *nodeids: str) -> str:
    """The command that runs the suite, or only these tests of it."""
    return shlex.join(["kit", "run", *_path(case), *(["--", *nodeids] if nodeids else [])])


def run_failed(case: Case) -> str:
    """The command that runs again what failed or was not run in this case."""
    return shlex.join(["kit", "run", "--failed", case.id])


def when(case: Case, cause: str) -> str:
    """The command that finds the commit that brought a cause."""
    return shlex.join(["kit", "when", case.id, cause])


def _path(case: Case) -> list[str]:
    target = case.parameters.get("target")
    return [str(target)] if target else []
