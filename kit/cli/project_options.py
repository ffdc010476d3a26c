"""The options of a command that stand in the target's own configuration of kit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit import case, history
from kit import target as targets
from kit.facts.errors import UsageError
from kit.facts.parameters import CASE_PARAMETERS, RUN_PARAMETERS
from kit.facts.spelling import did_you_mean

#: what only a command line decides
_NOT_THERE = frozenset({"target", "case", "reports_dir", "store_url", "run"})

#: options whose value is a path below the root
_PATHS = frozenset({"categories"})

#: the options that can stand in the configuration, by name
_OPTIONS = {one.name: one for one in (*CASE_PARAMETERS, *RUN_PARAMETERS) if one.name not in _NOT_THERE}
OPTION_NAMES = tuple(_OPTIONS)


def with_project_options(path: str, given: Mapping[str, Any], typed: frozenset[str]) -> dict[str, Any]:
    """``given`` with the values of the target's configuration for options that were not ``typed``.

    Raises :class:`UsageError` for a name in the configuration that is not an option, a value that it cannot have, and a
    known issue that is not right.
    """
    found = targets.find_project_config(path)
    if found.table.get("known"):
        history.read_known(found.table, str(found.file))  # what is wrong there is refused before any test runs
    options = {name: value for name, value in found.table.items() if name != "known"}
    for name in options:
        if name not in OPTION_NAMES:
            raise UsageError(f'{found.file} has an unknown option "{name}"{did_you_mean(name, OPTION_NAMES)}')
    try:
        values = {name: _given(name, value, found.root) for name, value in options.items() if name not in typed}
    except UsageError as error:
        raise UsageError(f"{found.file}: {error}") from None
    return {**given, **{name: value for name, value in values.items() if name in given}}


def _given(name: str, value: object, root: Path) -> object:
    """A value as the command line would give it. Raises :class:`UsageError` for one that it would not take."""
    parameter = _OPTIONS[name]
    if parameter.kind == "limits" and isinstance(value, list):  # as they are typed: PATTERN=SECONDS
        return case.converted(replace(parameter, kind="texts"), value)
    given = case.converted(parameter, value)
    if parameter.kind == "limits":
        return tuple(f"{pattern}={seconds}" for pattern, seconds in given.items())
    if given and (name in _PATHS or (name == "python" and _is_path(given))):
        return str(root / Path(given).expanduser())
    return given


def _is_path(python: str) -> bool:
    """Whether an interpreter is named by its place, and not looked for on the search path or by its version."""
    return "/" in python or os.sep in python
