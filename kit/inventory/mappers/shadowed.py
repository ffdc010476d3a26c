"""Modules of the target that Python does not find by their dotted name, since another package has the first part of it.

A folder ``test`` without ``__init__.py`` is such a package: Python's own ``test`` comes first. pytest imports the test
modules in it under other names, so the failed import says nothing about the target.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kit.facts.inventory import ProbeError
from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.names.names import Names
from kit.inventory.source.roles import role_of

_MISSING = re.compile(r"No module named '(?P<module>[\w.]+)'")


def without_shadowed(running: RuntimeFacts, names: Names) -> RuntimeFacts:
    """The runtime facts without test modules that another package hides; of other modules the error says it."""
    told = (_told(error, names) for error in running.errors)
    return replace(running, errors=tuple(error for error in told if error is not None))


def _told(error: ProbeError, names: Names) -> ProbeError | None:
    missing = _MISSING.match(error.message)
    module = error.module or ""
    if missing is None or not f"{module}.".startswith(f"{missing['module']}."):
        return error
    if "." not in module or not names.modules.is_own(missing["module"]):
        return error
    if role_of(names.modules.paths.get(module, "")) == "test":
        return None
    top = module.partition(".")[0]
    return replace(error, message=f'{error.message}: Python finds another package "{top}" before the target\'s folder')
