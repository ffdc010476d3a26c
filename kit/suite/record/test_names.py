"""How tests are named in what kit records: by their node ids, of which secrets are taken out."""

from __future__ import annotations

from collections.abc import Sequence

from kit.masking import mask_all
from kit.wire.short_ids import short_id


def names_of(nodeids: Sequence[str]) -> tuple[str, ...]:
    """The node ids; one that is masked ends with the test's short id, since several may look alike without it."""
    pairs = zip(nodeids, mask_all(nodeids), strict=True)
    return tuple(shown if shown == nodeid else f"{shown} {short_id(nodeid)}" for nodeid, shown in pairs)
