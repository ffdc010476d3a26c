"""What waits behind a cause: how many of the tests and files that it stops would meet another one next, as far as the
facts tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kit.causes.building import counted, enumerated
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence

_SHOWN = 3


def count_behind(causes: Sequence[Cause], scene: Scene) -> tuple[Cause, ...]:
    """Each cause with ``further``: from what hides behind its tests, and from what its files import."""
    return tuple(_with_further(cause, causes, scene) for cause in causes)


def _with_further(cause: Cause, causes: Sequence[Cause], scene: Scene) -> Cause:
    hidden = [other for other in causes if other.hidden_behind == cause.id]
    if hidden:  # its evidence, and how it was counted, stands with the cause that is hidden
        return replace(cause, further=max(other.waiting or 0 for other in hidden))
    stopping = [other for other in causes if other.id != cause.id and other.uncollectable and other.locations]
    if not cause.uncollectable or not stopping:
        return cause
    imported = scene.imported_by_tests
    met = {
        file: [other for other in stopping if other.locations[0].path in imported.get(file, ())]
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
