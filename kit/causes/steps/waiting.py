"""What waits behind a cause: how many of the tests and files that it stops would meet another one next, as far as the
facts tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kit.causes.building import enumerated
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.wording import counted

_SHOWN = 3


def count_behind(causes: Sequence[Cause], scene: Scene) -> tuple[Cause, ...]:
    """Each cause with ``further``: from what hides behind its tests, and from what its files import."""
    waiting: dict[str, int] = {}
    stopping: dict[str, list[Cause]] = {}
    for cause in causes:
        if cause.hidden_behind:
            waiting[cause.hidden_behind] = max(waiting.get(cause.hidden_behind, 0), cause.waiting or 0)
        if cause.uncollectable and cause.locations:
            stopping.setdefault(cause.locations[0].path, []).append(cause)
    return tuple(_with_further(cause, waiting, stopping, scene) for cause in causes)


def _with_further(
    cause: Cause, hidden: Mapping[str, int], stopping: Mapping[str, Sequence[Cause]], scene: Scene
) -> Cause:
    """``hidden`` counts the tests that wait behind each cause; ``stopping`` are the causes that keep files from being
    collected, by the file that they stand in.
    """
    if cause.id in hidden:  # its evidence, and how it was counted, stands with the cause that is hidden
        return replace(cause, further=hidden[cause.id])
    others = (other for found in stopping.values() for other in found if other.id != cause.id)
    if not cause.uncollectable or next(others, None) is None:
        return cause
    imported = scene.imported_by_tests
    met = {
        file: [
            other
            for path in sorted(stopping.keys() & imported.get(file, frozenset()))
            for other in stopping[path]
            if other.id != cause.id
        ]
        for file in cause.uncollectable
    }
    waiting = {file: others for file, others in met.items() if others}
    if not any(file in imported for file in cause.uncollectable):
        return cause  # what they import is not known
    if not waiting:
        return replace(cause, further=0)
    titles = list(dict.fromkeys(other.title for others in waiting.values() for other in others))
    text = (
        f"{counted(len(waiting), 'file')} of these import what fails for another cause, and would meet that next: "
        f"{enumerated(titles[:_SHOWN])}"
    )
    return replace(cause, further=len(waiting), evidence=(*cause.evidence, Evidence(text)))
