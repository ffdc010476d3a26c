"""Which cause to mend first."""

from __future__ import annotations

from collections.abc import Sequence

from kit.causes.scene import Scene
from kit.facts.causes import Cause


def rank(causes: Sequence[Cause], scene: Scene) -> tuple[Cause, ...]:
    """By what a cause keeps from passing, the largest first; a cause that hides another stands before it.

    Weighed are the tests that it blocks and those that wait for it. A file that cannot be collected weighs as much as
    the average collected file has tests, as what is in it is not known; the weight is used for the order only. Among
    equals, what waits for an import comes after what is there now.
    """
    dormant = {f"#collision-{collision.id}" for collision in scene.inventory.collisions if collision.loaded is False}
    per_file = _tests_per_file(scene)

    def weight(cause: Cause) -> float:
        return cause.tests_blocked + (cause.waiting or 0) + per_file * len(cause.uncollectable)

    def waits(cause: Cause) -> bool:
        return any(item.anchor in dormant for item in cause.evidence)

    def order(cause: Cause) -> tuple[float, bool, bool, str]:
        return -weight(cause), waits(cause), cause.kind == "failure-group", cause.id

    return _fronts_first(sorted(causes, key=order))


def _tests_per_file(scene: Scene) -> float:
    files = {test.path for test in scene.suite.tests}
    return max(len(scene.suite.tests) / len(files), 1.0) if files else 1.0


def _fronts_first(ordered: Sequence[Cause]) -> tuple[Cause, ...]:
    by_id = {cause.id: cause for cause in ordered}
    placed: dict[str, Cause] = {}
    for cause in ordered:
        front = by_id.get(cause.hidden_behind or "")
        if front:
            placed.setdefault(front.id, front)
        placed.setdefault(cause.id, cause)
    return tuple(placed.values())
