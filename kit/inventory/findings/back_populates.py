"""A ``back_populates`` whose other side is not there, is not a relationship, or belongs to another class.

https://docs.sqlalchemy.org/en/20/orm/relationship_api.html#sqlalchemy.orm.relationship.params.back_populates
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings.shared.severities import runs, when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.links import RelationshipLink

KIND = "back-populates"


def find(view: View) -> Iterator[Finding]:
    """One finding for each relationship. The collision of several classes of one name reports what points at them."""
    for link in view.links:
        if link.call.back_populates and len(link.targets) == 1 and not runs(view, link.mapper, link.targets[0]):
            target = link.targets[0]
            family = _family(target, view)
            if family is not None:
                yield from _of_link(link, target, family, view)


def _of_link(link: RelationshipLink, target: Mapper, family: Sequence[Mapper], view: View) -> Iterator[Finding]:
    name = link.call.back_populates or ""
    other_side = f"{target.fact.name}.{name}"
    if any(name in one.fact.columns for one in family):
        yield _finding(link, target, f"but {other_side} is a column", view)
    elif not any(name == item.part.name for one in family for item in one.relationships):
        if not _may_have(target, name, view):
            yield _finding(link, target, f"but there is no {other_side}", view)
    else:
        back = [item for one in family for item in view.links_of(one) if item.call.name == name]
        pointed = [other for item in back for other in item.targets]
        if len(pointed) == 1 and not _related(pointed[0], link.mapper, view):
            fact = pointed[0].fact
            why = f"but {other_side} points at {fact.name} ({fact.module})"
            yield _finding(link, target, why, view, back[0].location)


def _finding(link: RelationshipLink, target: Mapper, why: str, view: View, *others: Location) -> Finding:
    return Finding(
        id=f"{KIND}:{link.mapper.fact.module}.{link.name}",
        kind=KIND,
        severity=when_imported(view, link.mapper.fact.path, target.fact.path),
        title=f'{link.name} has back_populates="{link.call.back_populates}", {why}',
        locations=(link.location, *(others or (target.fact.location,))),
        evidence=(f"{link.name} points at {target.fact.dotted}",),
        details={"back_populates": link.call.back_populates, "target": target.fact.name},
    )


def _family(mapper: Mapper, view: View) -> tuple[Mapper, ...] | None:
    """A mapper and those above it; ``None`` when something may be above it that source does not show."""
    above = view.bases_of(mapper)
    if above is None:
        return None
    keys = [(module, record.qualname) for module, record in above]
    return tuple(view.by_key[key] for key in keys if key in view.by_key)


def _may_have(mapper: Mapper, name: str, view: View) -> bool:
    """Whether a class may get the attribute in a way that source only hints at: from a ``backref``, from code behind
    its body, or from a call that does not look like ``relationship()``.
    """
    if mapper.key in view.backref_targets or name in view.patched:
        return True
    return any({name, f"{name}()"} & set(record.others) for _, record in view.bases_of(mapper) or ())


def _related(one: Mapper, other: Mapper, view: View) -> bool:
    """Whether one class is the other or inherits from it, either way; also when that is unknown."""
    lineages = [(one, view.bases_of(other)), (other, view.bases_of(one))]
    return any(
        above is None or mapper.key in {(module, record.qualname) for module, record in above}
        for mapper, above in lineages
    )
