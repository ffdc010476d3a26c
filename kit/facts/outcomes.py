"""The outcomes that a test can have."""

from __future__ import annotations

from typing import Literal, get_args

Outcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed", "timed_out", "crashed", "not_run"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

#: outcomes that have something to explain
BAD: frozenset[Outcome] = frozenset({"failed", "error", "timed_out", "crashed"})

#: outcomes of a test that ran and did what it should; one that is skipped shows nothing
FINE: frozenset[Outcome] = frozenset({"passed", "xfailed", "xpassed"})
