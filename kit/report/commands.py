"""The commands that the report prints: they run as they stand."""

from __future__ import annotations

import shlex

from kit.facts.case import Case
from kit.facts.case_commands import completed


def investigate(case: Case) -> str:
    """The command that makes this investigation again."""
    return _typed(case, "investigate", *_path(case))


def scan(case: Case) -> str:
    """The command that finds what the source says."""
    return _typed(case, "scan", *_path(case))


def run(case: Case, *nodeids: str) -> str:
    """The command that runs the suite, or only these tests of it."""
    return _typed(case, "run", *_path(case), *(["--", *nodeids] if nodeids else []))


def run_failed(case: Case) -> str:
    """The command that runs again what failed or was not run in this case."""
    return _typed(case, "run", "--failed", case.id)


def when(case: Case, cause: str) -> str:
    """The command that finds the commit that brought a cause."""
    return _typed(case, "when", case.id, cause)


def apply(case: Case) -> str:
    """The command that writes the recommended fixes of a case into the real tree."""
    return _typed(case, "apply", case.id)


def verify(case: Case, *causes: str) -> str:
    """The command that says whether the fixed causes are gone."""
    return _typed(case, "verify", case.id, *causes)


def _typed(case: Case, *words: str) -> str:
    return shlex.join(completed(["kit", *words], case))


def _path(case: Case) -> list[str]:
    target = case.parameters.get("target")
    return [str(target)] if target else []
