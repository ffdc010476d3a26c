"""What kit sends to a site of a cluster, one JSON object a line."""

from __future__ import annotations

import msgspec


class Suite(msgspec.Struct, frozen=True, tag_field="kind", tag="suite"):
    """What kit has collected: tests are indexes into it."""

    nodeids: tuple[str, ...]
    names: tuple[str, ...]


class SiteBatch(msgspec.Struct, frozen=True, tag_field="kind", tag="batch"):
    """The indexes of tests that the site has to run as soon as a worker is free."""

    batch: tuple[int, ...]


class NoMore(msgspec.Struct, frozen=True, tag_field="kind", tag="end"):
    """There will be no more batches."""


Command = Suite | SiteBatch | NoMore

DECODER: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
