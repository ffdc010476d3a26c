"""Failures come in layers: what stops a test early hides what it would meet next.

An index that is created twice makes the fixture fail that creates the tables. The tests behind it never get to use a
mapped class, so a collision in the registry cannot show, though the inventory sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kit.causes.building import enumerated
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.inventory import Collision
from kit.facts.wording import counted


def uncover(causes: Sequence[Cause], scene: Scene) -> tuple[Cause, ...]:
    """Say of each collision that blocks every mapper what hides it, and how many tests would meet it next."""
    stopped = {cause.id: _stopped_in_setup(cause, scene) for cause in causes if cause.kind == "duplicate-index"}
    hiding = max(stopped, key=lambda identity: len(stopped[identity]), default=None)
    if hiding is None or not stopped[hiding]:
        return tuple(causes)
    blocking = {f"#collision-{one.id}" for one in scene.inventory.collisions if _blocks_every_mapper(one)}
    front = next(cause for cause in causes if cause.id == hiding)
    return tuple(_hide(cause, front, stopped[hiding], scene) if _about(cause, blocking) else cause for cause in causes)


def _blocks_every_mapper(collision: Collision) -> bool:
    return collision.loaded is not False and bool(collision.used_by)


def _about(cause: Cause, anchors: set[str]) -> bool:
    return cause.kind == "mapper-collision" and any(item.anchor in anchors for item in cause.evidence)


def _stopped_in_setup(cause: Cause, scene: Scene) -> tuple[str, ...]:
    results = [(nodeid, scene.result(nodeid)) for nodeid in cause.tests]
    return tuple(nodeid for nodeid, result in results if result and result.phase == "setup")


def _hide(cause: Cause, front: Cause, stopped: Sequence[str], scene: Scene) -> Cause:
    counting = (
        f"{counted(len(stopped), 'test')} would meet it next: their set-up failed in {_fixtures(stopped, scene)}, "
        f"which creates the tables ({front.title}), before any mapped class was used; a relationship string that fits "
        "several classes fails the configuration of every mapper. This is an expectation from the inventory, not a "
        "measurement"
    )
    return replace(
        cause,
        hidden_behind=front.id,
        waiting=len(stopped),
        evidence=(*cause.evidence, Evidence(counting, anchor=f"#cause-{front.id}")),
        next_step=f"First mend what hides it: {front.title}. {cause.next_step}",
    )


def _fixtures(stopped: Sequence[str], scene: Scene) -> str:
    results = (scene.result(nodeid) for nodeid in stopped)
    failures = (scene.failures.get(result.failure) for result in results if result and result.failure)
    names = sorted({failure.fixture for failure in failures if failure and failure.fixture})
    if not names:
        return "a fixture"
    quoted = [f'"{name}"' for name in names]
    return f"the {'fixture' if len(names) == 1 else 'fixtures'} {enumerated(quoted)}"
