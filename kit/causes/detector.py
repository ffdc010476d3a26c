"""What a detector is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause
from kit.facts.failures import Group
from kit.facts.kinds import CauseKind


@dataclass(frozen=True)
class Detector:
    """Finds the causes of one ``kind`` in a scene.

    Detectors look in the order of ``rank``, each at the groups that those before it left unexplained. A group belongs
    to the cause that names it.
    """

    rank: int
    kind: CauseKind
    find: Callable[[Scene, Sequence[Group]], Iterable[Cause]]
