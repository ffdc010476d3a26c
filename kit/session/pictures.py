"""Pictures for the notebooks: they take their colours from the notebook, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import islice

from kit.drawing import modules_picture, parties_of, tables_picture
from kit.facts.inventory import InventoryFacts, MappedClass
from kit.facts.modules import Neighbourhood


def tables(facts: InventoryFacts, most: int = 3) -> str:
    """The classes of the first findings that are about some, ``most`` of them, among the tables around them, as SVG.
    Classes that share a name are left out: ``case.mapper("Name").tables()`` draws these.
    """
    others = (finding for finding in facts.findings if finding.kind != "duplicate-class")
    drawn = ((finding, parties) for finding in others if (parties := parties_of(finding, facts.mapped_classes)))
    return "".join(
        f"<h4>{escape(finding.title)}</h4>{tables_picture(finding.title, parties, facts.mapped_classes)}"
        for finding, parties in islice(drawn, most)
    )


def tables_of(title: str, parties: Sequence[MappedClass], classes: Sequence[MappedClass]) -> str:
    """Classes among the tables around them, as SVG."""
    return str(tables_picture(title, list(parties), classes))


def modules(neighbourhood: Neighbourhood) -> str:
    """A module among those that import it and those that it imports, as SVG."""
    return str(modules_picture(neighbourhood))
