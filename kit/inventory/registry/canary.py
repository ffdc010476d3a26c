"""The canary: runs test modules alone, each in a clean process, to confirm what was predicted from source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

import kit.target  # its names are taken when they are used: nothing runs in most scans
from kit.facts.target import Target
from kit.masking import mask

#: how long one module may take to be collected and configured, in seconds
EACH_S = 60


@dataclass(frozen=True)
class Alone:
    """What became of a test module that pytest collected alone in a clean process, before its mappers were configured.
    ``said`` is what SQLAlchemy raised, or why pytest did not collect it.
    """

    path: str
    outcome: Literal["configures", "fails", "not collected"]
    said: str = ""


def configure_alone(target: Target, paths: Sequence[str], *, timeout_s: float = 600.0) -> tuple[Alone, ...]:
    """Collect each test module alone and configure its mappers, in a scratch copy and for at most ``timeout_s`` seconds
    in all; modules that were not reached by then are left out. Raises :class:`TargetError` for a target without an
    interpreter.
    """
    with kit.target.scratch_copy(target) as root:
        roots = [str(root / path) for path in dict.fromkeys([*target.import_roots, "."])]
        request = {"tests": list(paths), "paths": roots, "each_s": EACH_S}
        run = kit.target.run_probe(target, "mappers.alone", request, root=root, timeout_s=timeout_s)
    said = msgspec.convert(run.records, list[Alone])
    return tuple(Alone(one.path, one.outcome, mask(one.said)) for one in said)
