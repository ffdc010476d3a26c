"""Which cause to fix first."""

from __future__ import annotations

from collections.abc import Sequence

from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause
from kit.facts.kinds import CauseKind
from kit.failures import find_root

#: blocks every test of plain pytest, whatever runs with options left out; so does a plugin that a trial has left out
_REFUSED: CauseKind = "start-refused"
_PLUGIN: CauseKind = "plugin-broken"
#: may come of a failure in another test
_BY_ORDER: CauseKind = "order-dependence"


def rank(causes: Sequence[Cause], scene: Scene) -> tuple[Cause, ...]:
    """Order the causes by the number of tests that each keeps from passing, the largest first. A cause that hides
    another comes before it, and one that keeps pytest itself from starting comes first of all.

    A cause weighs as many tests as it blocks and as wait for it. The tests of a file that cannot be collected are not
    known, so it weighs as many as the average collected file has; this is used for the order only. Among equals, a
    cause that is there now comes before one that waits for an import, an error of the target's own code before one
    that is known by its place in tests only, and last comes what fails after other tests for no known reason.
    """
    dormant = {f"#collision-{collision.id}" for collision in scene.inventory.collisions if collision.loaded is False}
    per_file = _tests_per_file(scene)

    def weight(cause: Cause) -> float:
        return cause.tests_blocked + (cause.waiting or 0) + per_file * len(cause.uncollectable)

    def waits(cause: Cause) -> bool:
        return not cause.tests_blocked and any(item.anchor in dormant for item in cause.evidence)

    def keeps_from_starting(cause: Cause) -> bool:
        return cause.kind == _REFUSED or (cause.kind == _PLUGIN and scene.suite.plugin_trial is not None)

    def order(cause: Cause) -> tuple[bool, float, bool, int, str]:
        return not keeps_from_starting(cause), -weight(cause), waits(cause), _vague(cause, scene), cause.id

    return _fronts_first(sorted(causes, key=order), causes)


def _vague(cause: Cause, scene: Scene) -> int:
    """How little is known of it: 0 for a cause of a detector, 1 for a place in the target, 2 for one in tests, 3 for an
    outcome that other tests change, in a way that is not known.
    """
    if cause.kind == _BY_ORDER and cause.state == "unknown":
        return 3
    if cause.kind != "failure-group":
        return 0
    results = [result for nodeid in cause.tests[:1] if (result := scene.result(nodeid))]
    failures = [scene.failures[one.failure] for one in results if one.failure in scene.failures]
    return 1 if any(find_root(failure).own for failure in failures) else 2


def _tests_per_file(scene: Scene) -> float:
    files = {test.path for test in scene.suite.tests}
    return max(len(scene.suite.tests) / len(files), 1.0) if files else 1.0


def _fronts_first(ordered: Sequence[Cause], causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Whatever hides another stands right before it, and those that it hides keep the order in which they show."""
    by_id = {cause.id: cause for cause in ordered}
    hidden: dict[str, list[Cause]] = {}
    for cause in causes:
        if cause.hidden_behind in by_id:
            hidden.setdefault(cause.hidden_behind or "", []).append(cause)
    placed: dict[str, Cause] = {}
    for cause in ordered:
        front = by_id.get(cause.hidden_behind or "", cause)
        for one in (front, *hidden.get(front.id, ())):
            placed.setdefault(one.id, one)
    return tuple(placed.values())
