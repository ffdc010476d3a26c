"""A mapped class whose module has another class under its name by now: the module, or the statement, ran twice.

Both stay mapped, so that instances of the one are refused where the other is expected, and a name in a relationship
means the newer one. SQLAlchemy warns: "This declarative base already contains a class with the same class name".
https://docs.sqlalchemy.org/en/20/orm/declarative_styles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.records import RuntimeMapper

KIND = "stale-class"


def find(view: View) -> Iterator[Finding]:
    """One finding for each class."""
    running = view.runtime.mappers
    for key in sorted({one.key for one in running if one.stale}):
        yield _finding([one for one in running if one.key == key])


def _finding(same: list[RuntimeMapper]) -> Finding:
    first = same[0]
    stale = sum(one.stale for one in same)
    places = {Location(*one.imported_through[-1], "definition") for one in same if one.imported_through}
    if not places and first.path:
        places = {Location(first.path, first.line or 1, "definition")}
    tables = sorted({one.table for one in same if one.table})
    return Finding(
        only_running=True,
        id=f"{KIND}:{first.module}.{first.qualname}",
        kind=KIND,
        severity="smell",
        title=f"{first.name} was defined {stale + 1} times, and all of its classes stay mapped",
        locations=tuple(sorted(places)),
        evidence=tuple(
            f"{'The earlier one' if one.stale else 'The one in its module'} is mapped to {one.table}"
            + _through(one.imported_through)
            for one in same
        ),
        details={"module": first.module, "tables": tables},
    )


def _through(steps: tuple[tuple[str, int], ...]) -> str:
    return f", through {' → '.join(f'{path}:{line}' for path, line in steps)}" if steps else ""
