"""A module with mapped classes that cannot be imported in the target's own interpreter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.facts.inventory import Finding, ProbeError
from kit.facts.places import Location
from kit.inventory.findings.view import View
from kit.inventory.roles import role_of

KIND = "module-not-importable"
#: what comes of importing the parties of a collision together, which only the probe does
_OF_A_COLLISION = re.compile(r"Table '(?:\w+\.)?(?P<table>\w+)' is already defined|^Multiple classes found for path")


def find(view: View) -> Iterator[Finding]:
    """One finding a module. Test modules are pytest's to report, with what it sets up for them."""
    for error in view.runtime.errors:
        if error.module is not None and not _is_told_elsewhere(error, view):
            path = view.names.modules.paths.get(error.module, "")
            if role_of(path) != "test":
                yield _finding(error, error.module, path)


def _finding(error: ProbeError, module: str, path: str) -> Finding:
    place = error.location or Location(path, 1)
    return Finding(
        id=f"{KIND}:{module}",
        kind=KIND,
        severity="blocks_now",
        title=f"{module} cannot be imported: {error.exception.rpartition('.')[2]}",
        locations=(Location(place.path, place.line, "raised"),),
        evidence=(f"{error.exception}: {error.message}",),
        details={"module": module, "exception": error.exception, "message": error.message},
    )


def _is_told_elsewhere(error: ProbeError, view: View) -> bool:
    """Whether the error is the work of a collision: its finding says so, and whether it blocks."""
    found = _OF_A_COLLISION.search(error.message)
    if found is None:
        return False
    tables = [mapper.fact.table for mapper in view.mappers if mapper.own_table]
    return found["table"] is None or tables.count(found["table"]) > 1
