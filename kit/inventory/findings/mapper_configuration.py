"""The first error of ``configure_mappers()`` with every module that holds mappers imported.

https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.configure_mappers
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.facts.inventory import Finding, ProbeError
from kit.facts.places import Location
from kit.inventory.findings.module_not_importable import is_of_a_collision
from kit.inventory.findings.view import View

KIND = "mapper-configuration"
_MULTIPLE = re.compile(r'^Multiple classes found for path "(?:.*\.)?(?P<name>\w+)"')


def find(view: View) -> Iterator[Finding]:
    """At most one finding: an error that a collision explains is told with the collision."""
    error = view.runtime.configuration
    if error is not None and not _is_of_a_collision(error, view):
        yield _finding(error, view)


def _is_of_a_collision(error: ProbeError, view: View) -> bool:
    """Also when a collision has kept modules from being imported, whose classes are then missing here."""
    multiple = _MULTIPLE.match(error.message)
    if multiple and any(collision.name == multiple["name"] for collision in view.collisions):
        return True
    return any(is_of_a_collision(failure, view) for failure in view.runtime.errors)


def _finding(error: ProbeError, view: View) -> Finding:
    mapper = next((item for item in view.mappers if item.key == view.runtime.configuration_mapper), None)
    name = error.exception.rpartition(".")[2]
    where = mapper.fact.location if mapper else error.location
    missing = [item.module for item in view.runtime.errors if item.module]
    return Finding(
        id=f"{KIND}:{mapper.fact.module}.{mapper.fact.qualname}" if mapper else f"{KIND}:{name}",
        kind=KIND,
        severity="blocks_now",
        title=f"The mapper of {mapper.fact.name} cannot be configured"
        if mapper
        else "The mappers cannot be configured",
        locations=(Location(where.path, where.line, "mapper"),) if where else (),
        evidence=(
            f"{error.exception}: {error.message}",
            *((f"Not imported, since they fail: {', '.join(missing)}",) if missing else ()),
        ),
        details={"exception": error.exception, "message": error.message},
    )
