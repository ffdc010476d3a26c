"""The messages of the probe about what tests have run of the app, and about the last of a worker."""

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


class Staying(msgspec.Struct, frozen=True, tag_field="kind", tag="staying"):
    """The worker has run its last test and waits, as kit wants it to. It ``keeps`` a fixture that outlives files."""

    keeps: bool
