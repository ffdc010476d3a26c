"""The command to type after a run."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

from kit.facts.case import Case
from kit.facts.case_commands import options
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts

_ONE_BY_ONE = ("--workers", "1")


def next_command(suite: SuiteFacts, case: Case, where: Sequence[str], *, was_part: bool = False) -> str | None:
    """What to type next, quoted for a shell; ``None`` after a whole suite in order.

    ``where`` are the options for the reports folder and the store. ``was_part`` says that only failed tests were run
    again: when all of them pass, the whole suite is next.
    """
    path = _path(case)
    is_crowded = suite.shares is not None and int(case.parameters.get("workers") or 0) > 1
    bad = [result for result in suite.results if result.outcome in BAD]
    if suite.problem and not (suite.tests or suite.collection_errors):
        return shlex.join(["kit", "investigate", *path, *options(case), "--dry-run"])
    if suite.is_cut_short:
        return shlex.join(["kit", "run", "--resume", case.id, *where])
    if bad and not suite.collection_errors and {result.alone for result in bad} == {"passes_alone"}:
        return shlex.join(["kit", "run", *path, "--bisect", suite.runnable(bad[0].nodeid)[0], *options(case)])
    if bad or suite.accounting.not_run or suite.collection_errors:
        return shlex.join(["kit", "run", "--failed", case.id, *(_ONE_BY_ONE if is_crowded else ()), *where])
    if was_part or is_crowded:
        return shlex.join(["kit", "run", *path, *_options(case, one_by_one=is_crowded), *where])
    return None


def _path(case: Case) -> list[str]:
    """The argument that names the target; none where the current folder is meant."""
    named = str(case.parameters.get("target") or "")
    return [named] if named else []


def _options(case: Case, *, one_by_one: bool) -> list[str]:
    """How the case was run; with one worker where tests turned out to share something."""
    parameters = {**case.parameters, "workers": 1} if one_by_one else case.parameters
    return options(replace(case, parameters=parameters))
