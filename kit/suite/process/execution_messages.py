"""The messages of the probe about what tests have run of the app."""

from __future__ import annotations

import msgspec


class Executed(msgspec.Struct, frozen=True, tag_field="kind", tag="executed"):
    """What a test has run of the app."""

    index: int
    new: list[tuple[str, int]]
    units: list[int]
    imports: list[tuple[int, list[str]]]
    edges: list[tuple[str, str]]
    seen: list[str]
    unseen: list[str]


class Lines(msgspec.Struct, frozen=True, tag_field="kind", tag="lines"):
    """The lines that a test has run of the app."""

    index: int
    files: dict[str, list[int]]
