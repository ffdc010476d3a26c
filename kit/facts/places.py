"""A place in the target's source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: what kind of code a file is, for a reader who asks "is this production?"
Role = Literal["production", "test", "migration", "script"]

#: where in a file a statement stands; decides whether it runs when the module is imported. What is ``lazy`` is imported
#: when it is first used
Scope = Literal["module", "class", "function", "type_checking", "try", "lazy"]


@dataclass(frozen=True, order=True)
class Location:
    """One line of one file, and what it is to the fact that names it (``"definition"``, ``"duplicate"``, …)."""

    path: str
    line: int
    role: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"
