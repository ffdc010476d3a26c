"""Keep one class of a collision: the module of the duplicate imports it from the module of the primary one.

Two options: the plain one, and one in which what only the duplicate has moves to the primary class. The other models
of the duplicate's module stay, and so does every importer.
https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.wording import counted
from kit.fixes.options.shared.duplicates import URL, Pair, carried_over_all, classes_of, pairs_of, re_exported, told
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"mapper-collision"})
KIND, CARRY = "re-export", "re-export-and-carry-over"
_NAMED_AT_MOST = 5


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The two options, for collisions in which every class stands at the top level of a module of its own."""
    classes = classes_of(cause, scene)
    if classes is None:
        return
    primary, duplicates = classes
    where = _named([one.module for one in duplicates], "modules")
    title = f"Let {where} import {primary.name} from {primary.module}"
    try:
        pairs = pairs_of(scene, primary, duplicates)
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if pairs is not None:
        yield from _options(cause, scene, title, pairs)


def _options(cause: Cause, scene: FixScene, title: str, pairs: list[Pair]) -> Iterator[FixOption]:
    why = _why(cause, scene)
    after: dict[str, str | None] = {pair.duplicate.path: re_exported(scene, pair).code for pair in pairs}
    lost = tuple(name for pair in pairs for name in told(pair.only_there))
    conflicts = tuple(line for pair in pairs for line in (*pair.lost_of_table, *pair.conflicts))
    yield option_of(cause, scene, Proposal(KIND, title, why, after, losses=(*lost, *conflicts), documentation=URL))
    carried, left = carried_over_all(pairs)
    if len(left) == len(lost):  # nothing was moved
        return
    yield option_of(
        cause,
        scene,
        Proposal(
            CARRY,
            f"{title}, and move what only the duplicate has to it",
            f"{why}; {_named(list(dict.fromkeys(lost)), 'members')} would be lost without it",
            {**after, pairs[0].primary.path: carried.code},
            losses=(*left, *conflicts),
            documentation=URL,
        ),
    )


def _named(names: list[str], what: str) -> str:
    more = len(names) - _NAMED_AT_MOST
    return ", ".join(names[:_NAMED_AT_MOST]) + (f" and {more} more {what}" if more > 0 else "")


def _why(cause: Cause, scene: FixScene) -> str:
    collision = scene.collision(cause)
    importers = sum(party.importers for party in collision.classes if not party.primary) if collision else 0
    return f"What imports the duplicate stays as it is ({counted(importers, 'place')})"
