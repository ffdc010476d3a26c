"""A section that has nothing to show: it is left out of the page, and named at its end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Missing:
    """Why a section is left out, in a sentence. ``command`` would measure it, if anything can."""

    why: str
    command: str = ""
