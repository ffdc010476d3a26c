"""The inventory's pictures as parts of the page, each with its text alternative inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from markupsafe import Markup

from kit.drawing import modules_picture, parties_of, tables_picture
from kit.facts.inventory import CollidingClass, Collision, Finding, MappedClass
from kit.facts.modules import Neighbourhood

#: a report has no more of each kind: a page of pictures explains nothing
MOST_PICTURES = 12


def of_collisions(collisions: Iterable[Collision], classes: Sequence[MappedClass]) -> dict[str, Markup]:
    """By the id of a collision: its classes among the tables around them."""
    return {
        one.id: _markup(tables_picture(_title(one), [party.mapped for party in _primary_first(one)], classes))
        for one in islice(collisions, MOST_PICTURES)
    }


def of_findings(findings: Iterable[Finding], classes: Sequence[MappedClass]) -> dict[str, Markup]:
    """By the id of a finding: the classes that it is about among the tables around them, where it is about classes."""
    return dict(islice(_drawn(findings, classes), MOST_PICTURES))


def of_neighbourhood(neighbourhood: Neighbourhood) -> Markup:
    """A module among those that import it and those that it imports."""
    return _markup(modules_picture(neighbourhood))


def _drawn(findings: Iterable[Finding], classes: Sequence[MappedClass]) -> Iterator[tuple[str, Markup]]:
    for finding in findings:
        if parties := parties_of(finding, classes):
            yield finding.id, _markup(tables_picture(f"{finding.title} ({finding.id})", parties, classes))


def _primary_first(collision: Collision) -> list[CollidingClass]:
    return sorted(collision.classes, key=lambda party: not party.primary)


def _title(collision: Collision) -> str:
    return f"The classes named {collision.name} in {collision.registry}"


def _markup(picture: str) -> Markup:
    return Markup(picture)  # noqa: S704  # the pictures escape every text that they show
