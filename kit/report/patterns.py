"""What goes wrong in a cause of each kind, why, and how it is written right: ``patterns.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kit.facts.causes import Cause


@dataclass(frozen=True)
class Pattern:
    """A kind of problem. ``wrong`` and ``right`` are code; ``why`` says what the library does there."""

    kind: str
    problem: str
    why: str
    wrong: str
    right: str
    documentation: str


@cache
def patterns() -> dict[str, Pattern]:
    """Every pattern, by the kind of its causes."""
    text = files("kit.report").joinpath("patterns.toml").read_text(encoding="utf-8")
    return {
        kind: Pattern(kind, **{key: value.strip() for key, value in one.items()})
        for kind, one in tomllib.loads(text).items()
    }


def patterns_of(causes: Iterable[Cause]) -> tuple[Pattern, ...]:
    """The patterns of these causes, each once, in the order of the causes."""
    return tuple(patterns()[kind] for kind in dict.fromkeys(cause.kind for cause in causes) if kind in patterns())
