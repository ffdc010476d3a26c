"""Every error of configuring the mappers, with every module that holds mappers imported.

``configure_mappers()`` raises the first one only; the others are found relationship by relationship.

https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.configure_mappers
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.facts.inventory import Finding, ProbeError
from kit.facts.places import Location
from kit.inventory.findings.module_not_importable import is_of_a_collision
from kit.inventory.findings.shared.places import mapper_at, relationship_place
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_runtime import ConfigurationError
from kit.inventory.mappers.from_source import Mapper

KIND = "mapper-configuration"
_MULTIPLE = re.compile(r'^Multiple classes found for path "(?:.*\.)?(?P<name>\w+)"')


def find(view: View) -> Iterator[Finding]:
    """One finding for each error, except those that the finding of a collision explains."""
    for one in view.runtime.configurations:
        if not _is_of_a_collision(one.error, view):
            yield _finding(one, view)


def _is_of_a_collision(error: ProbeError, view: View) -> bool:
    """Also when a collision has kept modules from being imported, whose classes are then missing here."""
    multiple = _MULTIPLE.match(error.message)
    if multiple and any(collision.name == multiple["name"] for collision in view.collisions):
        return True
    return any(is_of_a_collision(failure, view) for failure in view.runtime.errors)


def _finding(one: ConfigurationError, view: View) -> Finding:
    error = one.error
    mapper = mapper_at(one.mapper, view)
    missing = [item.module for item in view.runtime.errors if item.module]
    what = f"{mapper.fact.name}.{one.relationship}" if mapper and one.relationship else None
    title = f"The mapper of {mapper.fact.name} cannot be configured" if mapper else "The mappers cannot be configured"
    identity = mapper.fact.dotted if mapper else error.exception.rpartition(".")[2]
    return Finding(
        only_running=True,
        id=f"{KIND}:{identity}{f'.{one.relationship}' if what else ''}",
        kind=KIND,
        severity="blocks_now",
        title=f"{what} cannot be configured" if what else title,
        locations=tuple(_locations(one, mapper, view)),
        evidence=(
            f"{error.exception}: {error.message}",
            *((f"{len(one.others)} more relationships meet the same error",) if one.others else ()),
            *((f"Not imported, since they fail: {', '.join(missing)}",) if missing else ()),
        ),
        details={"exception": error.exception, "message": error.message},
    )


def _locations(one: ConfigurationError, mapper: Mapper | None, view: View) -> Iterator[Location]:
    if mapper:
        yield relationship_place(mapper, one.relationship)
    elif one.error.location:
        yield Location(one.error.location.path, one.error.location.line, "mapper")
    for module, qualname, name in one.others:
        other = mapper_at((module, qualname), view)
        if other:
            yield relationship_place(other, name)
