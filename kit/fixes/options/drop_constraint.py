"""Drop one of two constraints of the same name.

https://docs.sqlalchemy.org/en/20/core/constraints.html#unique-constraint
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.dropping import DropCall
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import clean
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"duplicate-constraint"})
KIND = "drop-constraint"
_URL = "https://docs.sqlalchemy.org/en/20/core/constraints.html#unique-constraint"
_CONSTRAINTS = frozenset({"UniqueConstraint", "CheckConstraint", "ForeignKeyConstraint", "Index"})


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for each of the definitions but the first, and one for the first."""
    places = list(dict.fromkeys(place for place in cause.locations if place.role == "constraint"))
    if len(places) < 2:
        return
    for number, place in enumerate([*places[1:], places[0]]):
        kind, title = f"{KIND}-{number + 1}" if number else KIND, f"Take the constraint out ({place})"
        try:
            after = _without(scene, place)
        except NotEditableError as error:
            yield without_patch(cause, kind, title, error)
            continue
        if after is not None:
            kept = ", ".join(str(other) for other in places if other != place)
            why = f"The constraint of that name stays defined at {kept}"
            yield option_of(cause, scene, Proposal(kind, title, why, {place.path: after}, documentation=_URL))


def _without(scene: FixScene, place: Location) -> str | None:
    def edit(at: NodesAt) -> cst.CSTTransformer:
        return DropCall(at, place.line, _CONSTRAINTS)

    return edited(scene.text(place.path), place.path, edit, lambda before, after: clean(after, before))
