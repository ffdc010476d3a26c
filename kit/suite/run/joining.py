"""When further workers join one that has begun alone: a short suite is over before they are of use.

A worker that runs every test has run them in plain order: no test has missed what others change, and none runs twice.
"""

from __future__ import annotations

import time

from kit.suite.collect.collected import Collected
from kit.suite.options import RunOptions
from kit.suite.run.run_phase import RunPhase

#: others join if the tests that are left seem to take longer than this, and once tests have run for some time, in
#: seconds: the first test may be a slow one
_WORTH_S, _LEAST_S = 3.0, 0.5


class Joining:
    """Watches how fast the tests of a phase go on."""

    def __init__(self) -> None:
        self._began: float | None = None

    def look(self, phase: RunPhase, *, has_worker: bool) -> None:
        """Let the workers of the phase that are to come later join, if it is worth that; to be called now and then."""
        if not phase.later or not has_worker:
            return
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        if is_worth(now - self._began, len(phase.ledger.order), phase.ledger.unfinished):
            phase.workers, phase.later = min(phase.most_workers, phase.workers + phase.later), 0


def first_phase(options: RunOptions, suite: Collected) -> RunPhase:
    """All tests of a suite. Where it begins with one worker, the others come later."""
    later = options.workers - 1 if _begins_alone(options, suite) else 0
    return RunPhase(
        suite.ledger,
        workers=options.workers - later,
        later=later,
        most_workers=options.workers if suite.names_workers else options.most_workers,
        one_batch_each=options.isolation in ("file", "test"),
        has_overlays=suite.has_overlays,
    )


def _begins_alone(options: RunOptions, suite: Collected) -> bool:
    """Whether further workers join later. Those that collect the suite already run tests as soon as they can."""
    is_usual = options.isolation in ("auto", "fork", "process") and not suite.names_workers and not suite.others
    return options.begins_alone and is_usual and (options.is_new or (options.is_short and not suite.forks))


def is_worth(seconds: float, tests: int, left: int) -> bool:
    """Whether those ``left`` of the tests take long, if they are as fast as the others were, that took ``seconds``."""
    done = tests - left
    return seconds >= _LEAST_S and seconds * left > _WORTH_S * done
