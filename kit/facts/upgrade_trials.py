"""What the tests do with a library in a newer release: a run for each library that could be moved."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.fixes import Comparison
from kit.facts.upgrades import Move


@dataclass(frozen=True)
class BreaksBy:
    """What an upgrade made fail for one reason: a cause that only the run with it has, and how many tests broke or
    files are no longer collected by it. ``breakage`` is the id of the entry of the table that tells it, if one does.
    """

    title: str
    tests: int
    files: int
    breakage: str = ""


@dataclass(frozen=True)
class UpgradeTrial:
    """What the tests did with one distribution moved from ``before`` to ``after``, and all else as it is installed.

    ``after`` is empty where the release could not be installed, and ``before`` again where there is none that is newer.
    ``moved`` are those that had to move with it. ``flaky`` are tests that broke once and not again; they count as kept.
    ``problem`` says why there is no comparison: the release could not be installed, or the suite did not start.
    """

    name: str
    before: str
    after: str
    moved: tuple[Move, ...] = ()
    comparison: Comparison | None = None
    reasons: tuple[BreaksBy, ...] = ()
    flaky: tuple[str, ...] = ()
    problem: str = ""

    @property
    def breaks(self) -> bool:
        """Whether the upgrade is to be held back: with it a test fails, is gone or is not started that worked before.

        Where the release could not be installed nothing is known, and it is not said to break anything.
        """
        found = self.comparison
        if found is None:
            return bool(self.after and self.problem)
        return bool(found.broken or found.gone or self.reasons)
