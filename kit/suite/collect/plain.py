"""Runs plain pytest in a scratch copy, with the target's own configuration and no option of kit's."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from kit.facts.target import Target
from kit.target import ProbeRun, run_probe


def run_plain(target: Target, root: Path, until: Literal["session", "collected", "end"], limit_s: float) -> ProbeRun:
    """Let it get so far, in ``limit_s`` seconds at most.

    Raises :class:`TargetError` when the target has no interpreter, and ``OSError`` when nothing can be started.
    """
    request = {"arguments": list(target.test_paths) if target.tests_named else [], "until": until}
    return run_probe(target, "suite.plain", request, root=root, timeout_s=limit_s)
