"""How pytest's session ends although every test passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: why it fails: less is covered than asked for · a hook raises · a hook or a plugin sets the exit code
EndKind = Literal["coverage", "raised", "exit-code"]


@dataclass(frozen=True)
class FailedEnd:
    """Every test passes, and plain pytest exits with ``exit_code``, not with 0, all the same.

    ``named`` is the exception or the hook, ``path`` and ``line`` are the place in the target's own code or in a
    plugin. ``total`` and ``required`` are percentages, of a coverage that is too low.
    """

    exit_code: int
    kind: EndKind
    sentence: str
    named: str = ""
    path: str | None = None
    line: int | None = None
    total: float | None = None
    required: float | None = None
