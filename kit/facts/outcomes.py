"""The outcomes that a test can have."""

from __future__ import annotations

from typing import Literal, get_args

Outcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed", "timed_out", "crashed", "not_run"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

#: outcomes that have something to explain
BAD: frozenset[Outcome] = frozenset({"failed", "error", "timed_out", "crashed"})
