"""Two mapped classes of one name in one registry: a relationship that names it fails the configuration of all mappers.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kit.facts.inventory import CollidingClass, Collision, Finding, MappedClass, Severity
from kit.facts.places import Location
from kit.inventory.findings.shared.view import View
from kit.inventory.registry.collisions import is_blocking
from kit.inventory.source.roles import TOGETHER, may_meet, role_of

KIND = "duplicate-class"
_NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}


def find(view: View) -> Iterator[Finding]:
    """One finding for each collision, its primary class first."""
    for collision in view.collisions:
        yield _finding(collision, view)


def _finding(collision: Collision, view: View) -> Finding:
    number = _NUMBERS.get(len(collision.classes), str(len(collision.classes)))
    return Finding(
        id=f"{KIND}:{collision.id}",
        kind=KIND,
        severity=severity(collision, view.suite_paths),
        title=f'{number} mapped classes named "{collision.name}" share one registry',
        locations=tuple(
            Location(
                party.mapped.path,
                party.mapped.line,
                "duplicate" if collision.standing(party) == "duplicate" else "definition",
            )
            for party in collision.classes
        ),
        evidence=tuple(_evidence(collision, view)),
        details={
            "registry": collision.registry,
            "tables": list(collision.tables),
            "used_by": [str(place) for place in collision.used_by],
        },
    )


def _location(collision: Collision, party: CollidingClass) -> Location:
    role = "duplicate" if collision.standing(party) == "duplicate" else "definition"
    return Location(party.mapped.path, party.mapped.line, role)


def severity(collision: Collision, suite_paths: frozenset[str] | None) -> Severity:
    """It blocks when the suite loads two of the classes and, of them, what breaks: a relationship that looks the name
    up, or a table that is defined again. Without a suite (``None``), the app is assumed to be loaded as a whole.
    A class that only examples have as well meets none.
    """
    if not is_blocking(collision):
        return "smell"
    parties = [party for party in collision.classes if _is_loaded(party.mapped.path, suite_paths)]
    used_by = [place for place in collision.used_by if _is_loaded(place.path, suite_paths)]
    met = replace(collision, classes=tuple(parties), used_by=tuple(used_by))
    if len(parties) > 1 and is_blocking(met):
        return "blocks_now"
    return (
        "blocks_when_both_imported"
        if may_meet((party.mapped.path for party in collision.classes), suite_paths)
        else "smell"
    )


def _is_loaded(path: str, suite_paths: frozenset[str] | None) -> bool:
    return role_of(path) in TOGETHER if suite_paths is None else path in suite_paths


def _evidence(collision: Collision, view: View) -> Iterator[str]:
    yield from _standings(collision) if collision.has_copies else _of_their_own(collision)
    for party in collision.classes:
        if len(party.mapped.imported_through) > 1:
            steps = " → ".join(map(str, party.mapped.imported_through))
            yield f"{party.mapped.dotted} was defined through {steps}"
    if collision.used_by:
        more = f" and {len(collision.used_by) - 1} more" if len(collision.used_by) > 1 else ""
        yield f'"{collision.name}" is looked up by name at {collision.used_by[0]}{more}'
    parties = [party.mapped for party in collision.classes]
    for index in _shared_indexes(parties, view):
        yield f'Both define the index "{index}": creating the tables would fail as well'
    error = view.runtime.configuration
    if error is not None and f'"{collision.name}"' in error.message and error.message.startswith("Multiple classes"):
        yield f"With all modules imported, SQLAlchemy says: {error.message}"


def _standings(collision: Collision) -> Iterator[str]:
    """Which of the classes is the one to keep, and why."""
    for party in collision.classes:
        yield f"{party.mapped.dotted} is the {collision.standing(party)}: {party.why}"
    if any(party.score for party in collision.classes):
        yield f"Points for being the primary one: {' against '.join(_score(party) for party in collision.classes)}"


def _of_their_own(collision: Collision) -> Iterator[str]:
    """That no class is known to be a copy of another one, and what relationships have to say then."""
    for party in collision.classes:
        table = (
            f'is mapped to the table "{party.mapped.table_name}"' if party.mapped.table else "has a computed table name"
        )
        yield f"{party.mapped.dotted} {table}"
    paths = " or ".join(f'"{party.mapped.dotted}"' for party in collision.classes)
    known = collision.tables_are_known
    if not known:
        yield "The source does not show whether they are mapped to one table, so none is called a duplicate"
    when = "Each has a table of its own, so both may stay" if known else "If each has a table of its own, both may stay"
    yield f"{when}: relationships have to name the one they mean, as {paths}"


def _score(party: CollidingClass) -> str:
    total = sum(part.points for part in party.score)
    parts = ", ".join(f"{part.what} {part.points:g}" for part in party.score if part.points)
    return f"{total:g} ({parts or 'nothing speaks for it'})"


def _shared_indexes(parties: list[MappedClass], view: View) -> list[str]:
    """Indexes that the classes' common table has twice when both are there."""
    tables = [party.table for party in parties]
    common = {table for table in tables if table and tables.count(table) > 1}
    return [index.name for index in view.runtime.indexes if set(index.tables) <= common]
