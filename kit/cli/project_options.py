"""The options of a command that stand in the target's own configuration of kit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit import target as targets
from kit.facts.errors import UsageError
from kit.facts.parameters import CASE_PARAMETERS, RUN_PARAMETERS
from kit.facts.spelling import did_you_mean

#: what only a command line decides
_NOT_THERE = frozenset({"target", "case", "reports_dir", "store_url", "run"})

#: options whose value is a path below the root
_PATHS = frozenset({"categories"})

#: the options that can stand in the configuration
OPTION_NAMES = tuple(one.name for one in (*CASE_PARAMETERS, *RUN_PARAMETERS) if one.name not in _NOT_THERE)


def with_project_options(path: str, given: Mapping[str, Any], typed: frozenset[str]) -> dict[str, Any]:
    """``given`` with the values of the target's configuration for options that were not ``typed``.

    Raises :class:`UsageError` for a name in the configuration that is not an option.
    """
    found = targets.find_project_config(path)
    options = {name: value for name, value in found.table.items() if name != "known"}
    for name in options:
        if name not in OPTION_NAMES:
            raise UsageError(f'{found.file} has an unknown option "{name}"{did_you_mean(name, OPTION_NAMES)}')
    values = {name: _given(name, value, found.root) for name, value in options.items() if name not in typed}
    return {**given, **{name: value for name, value in values.items() if name in given}}


def _given(name: str, value: object, root: Path) -> object:
    """A value as the command line would give it."""
    if name in _PATHS and isinstance(value, str):
        return str(root / value)
    if name == "timeouts" and isinstance(value, dict):
        return tuple(f"{pattern}={seconds}" for pattern, seconds in value.items())
    return value
