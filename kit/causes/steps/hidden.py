"""Failures come in layers: what stops a test early hides what it would meet next.

An index that is created twice makes the fixture fail that creates the tables. The tests behind it never come to the
next index that is created twice, nor get to use a mapped class, so that a collision in the registry cannot show,
though the inventory sees both. What would show next is predicted: tables are created after those that they refer to,
and else in the order in which they are defined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kit.causes.building import enumerated
from kit.causes.scene.creation_order import levels, table_at
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.inventory import Collision
from kit.facts.wording import counted

#: they stop the fixture that creates the tables, a foreign key before the first of them
_CREATING = ("foreign-key", "duplicate-index")
#: they keep every mapper from being configured
_CONFIGURING = frozenset({"broken-relationship", "mapper-configuration"})
_SHOWN = 3


def uncover(causes: Sequence[Cause], scene: Scene) -> tuple[Cause, ...]:
    """Say of each cause that the creation of the tables hides what hides it, and how many tests would meet it next. The
    hidden ones stand right behind the cause in front, in the order that is predicted.
    """
    stopped = {cause.id: _stopped_in_setup(cause, scene) for cause in causes if cause.kind in _CREATING}
    front = max(causes, key=lambda cause: len(stopped.get(cause.id, ())), default=None)
    if front is None or not stopped.get(front.id):
        return tuple(causes)
    behind = [*_tables(causes, front, scene), *_mappers(causes, scene)]
    hidden: list[Cause] = []
    for cause in behind:
        hidden.append(_hide(cause, front, hidden, stopped[front.id], scene))
    names = {cause.id for cause in hidden}
    others = [cause for cause in causes if cause.id not in names]
    place = next(number for number, cause in enumerate(others) if cause.id == front.id)
    return (*others[: place + 1], *hidden, *others[place + 1 :])


def _tables(causes: Iterable[Cause], front: Cause, scene: Scene) -> list[Cause]:
    """What would stop the creation of the tables next, and no test shows yet."""
    waiting = [cause for cause in causes if cause.kind == "duplicate-index" and not cause.groups]
    order = {path: number for number, path in enumerate(scene.suite.loaded_modules.values())}

    loaded = [one for one in waiting if one.locations and (not order or any(at.path in order for at in one.locations))]
    level_of = levels(scene) if len(loaded) > 1 else {}

    def created(cause: Cause) -> tuple[int, int, int]:
        """Where it fails: of one table at the first definition, of several tables at the one that is created last."""
        first: dict[str | None, tuple[int, int, int]] = {}
        for place in cause.locations:
            table = table_at(scene, place)
            at = level_of.get(table or "", 0), order.get(place.path, len(order)), place.line
            first[table] = min(first.get(table, at), at)
        return max(first.values())

    return sorted((cause for cause in loaded if cause.id != front.id), key=created)


def _mappers(causes: Iterable[Cause], scene: Scene) -> list[Cause]:
    """What keeps every mapper from being configured, as soon as a mapped class is used."""
    blocking = {f"#collision-{one.id}" for one in scene.inventory.collisions if _blocks_every_mapper(one)}
    return [
        cause
        for cause in causes
        if (cause.kind in _CONFIGURING and not cause.groups)
        or (cause.kind == "mapper-collision" and any(item.anchor in blocking for item in cause.evidence))
    ]


def _blocks_every_mapper(collision: Collision) -> bool:
    return collision.loaded is not False and bool(collision.used_by)


def _stopped_in_setup(cause: Cause, scene: Scene) -> tuple[str, ...]:
    results = [(nodeid, scene.result(nodeid)) for nodeid in cause.tests]
    return tuple(nodeid for nodeid, result in results if result and result.phase == "setup")


def _hide(cause: Cause, front: Cause, before: Sequence[Cause], stopped: Sequence[str], scene: Scene) -> Cause:
    if before:
        more = f" and {len(before) - _SHOWN} more" if len(before) > _SHOWN else ""
        when = f"after {enumerated([one.title for one in before[:_SHOWN]])}{more}"
    else:
        when = "next"
    if cause.kind in _CREATING:
        why = "the tables that it stands on are created after that"
    else:
        why = "before any mapped class was used; one that cannot be configured keeps all mappers from it"
    counting = (
        f"{counted(len(stopped), 'test')} would meet it {when}: their set-up failed in {_fixtures(stopped, scene)}, "
        f"which creates the tables ({front.title}), {why}. This is predicted from the inventory, not measured"
    )
    return replace(
        cause,
        hidden_behind=front.id,
        waiting=len(stopped),
        evidence=(*cause.evidence, Evidence(counting, anchor=f"#cause-{front.id}")),
        next_step=cause.next_step.after(f"First fix what hides it: {front.title}."),
    )


def _fixtures(stopped: Sequence[str], scene: Scene) -> str:
    results = (scene.result(nodeid) for nodeid in stopped)
    failures = (scene.failures.get(result.failure) for result in results if result and result.failure)
    names = sorted({failure.fixture for failure in failures if failure and failure.fixture})
    if not names:
        return "a fixture"
    quoted = [f'"{name}"' for name in names]
    return f"the {'fixture' if len(names) == 1 else 'fixtures'} {enumerated(quoted)}"
