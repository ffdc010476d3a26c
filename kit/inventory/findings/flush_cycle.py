"""Two classes that each refer to a row of the other: two such rows cannot be written in any order.

The flush then fails with "Circular dependency detected" unless one side has ``post_update``.
https://docs.sqlalchemy.org/en/20/orm/relationship_persistence.html#rows-that-point-to-themselves-mutually-dependent-rows
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.inventory.findings.shared.places import mapper_at, relationship_place
from kit.inventory.findings.shared.view import View

KIND = "flush-cycle"
_Key = tuple[str, str]


def find(view: View) -> Iterator[Finding]:
    """One finding for each pair of classes. It is a smell: it fails for rows that refer to each other in one flush."""
    edges: dict[tuple[_Key, _Key], str] = {}
    for resolved in view.runtime.resolved:
        for one in resolved.relationships:
            if one.direction == "MANYTOONE" and one.orders_writes and one.target != resolved.mapper:
                edges.setdefault((resolved.mapper, one.target), one.name)
    for (mapper, target), name in sorted(edges.items()):
        back = edges.get((target, mapper))
        if back is not None and mapper < target:
            yield from _finding(mapper, name, target, back, view)


def _finding(mapper: _Key, name: str, target: _Key, back: str, view: View) -> Iterator[Finding]:
    one, other = mapper_at(mapper, view), mapper_at(target, view)
    if one is None or other is None:
        return
    sides = f"{one.fact.name}.{name}", f"{other.fact.name}.{back}"
    yield Finding(
        only_running=True,
        id=f"{KIND}:{mapper[0]}.{sides[0]}",
        kind=KIND,
        severity="smell",
        title=f"Rows that refer to each other through {sides[0]} and {sides[1]} cannot be written",
        locations=(relationship_place(one, name), relationship_place(other, back)),
        evidence=(
            f"{sides[0]} is many-to-one to {other.fact.name}, {sides[1]} to {one.fact.name}, each by its own key",
            "post_update=True on one of them writes its key afterwards",
        ),
        details={"relationships": list(sides)},
    )
