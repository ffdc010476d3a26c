"""Where a run takes place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kit.platform.worker_links import OtherEnd
from kit.suite.process.starting import Setting, Started, start_probe


@dataclass(frozen=True)
class Workspace:
    """The root of a scratch copy, what starts processes of the target in it, and what is said to each of them besides
    what it has to collect (see the probe).
    """

    root: Path
    start: Callable[[Setting, OtherEnd], Started] = start_probe
    request: Mapping[str, object] = field(default_factory=dict)
