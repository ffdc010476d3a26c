"""The cases of a store in a line each."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.facts.case import Case, Stage
from kit.facts.outcomes import BAD, FINE, Outcome
from kit.facts.wording import counted, share

_WITHOUT_A_RESULT: tuple[Outcome, ...] = ("skipped", "not_run")


@dataclass(frozen=True)
class OutcomeCounts:
    """How the tests of a case ended: how many had each outcome, how many files could not be collected, and how long the
    run took, in seconds (``None``: not measured).
    """

    outcomes: dict[Outcome, int] = field(default_factory=dict)
    uncollected: int = 0
    seconds: float | None = None
    #: false when only chosen tests were to run
    is_whole: bool = True


@dataclass(frozen=True)
class NamedCause:
    """A cause in short. ``tests`` counts the tests that it stops, ``files`` those that cannot be collected."""

    id: str
    title: str
    tests: int = 0
    files: int = 0


@dataclass(frozen=True)
class Judged:
    """What the report of a case says first: its status and its verdict in a line."""

    status: str
    verdict: str


@dataclass(frozen=True)
class CaseLine:
    """A case as a list shows it. ``causes`` are in the order of their rank, and ``None`` when nobody has looked for
    them. ``judged`` is ``None`` for a case without a report.
    """

    case: Case
    stages: tuple[Stage, ...] = ()
    ended: OutcomeCounts = field(default_factory=OutcomeCounts)
    causes: tuple[NamedCause, ...] | None = None
    judged: Judged | None = None

    @property
    def total(self) -> int:
        """How many tests it has outcomes of, ``not_run`` among them."""
        return sum(self.ended.outcomes.values())

    @property
    def bad(self) -> int:
        """How many of its tests failed or could not finish."""
        return sum(number for outcome, number in self.ended.outcomes.items() if outcome in BAD)

    @property
    def fine(self) -> int:
        """How many of its tests did what they should."""
        return sum(number for outcome, number in self.ended.outcomes.items() if outcome in FINE)

    @property
    def pass_rate(self) -> float | None:
        """The share of its tests that did what they should, from 0 to 1, of all but the skipped ones; ``None`` without
        such tests.
        """
        whole = self.total - self.ended.outcomes.get("skipped", 0)
        return self.fine / whole if whole else None

    @property
    def passing(self) -> str:
        """The pass rate in words: ``"27.9 %"``; a dash without one."""
        return share(self.fine, self.total - self.ended.outcomes.get("skipped", 0))

    @property
    def in_words(self) -> str:
        """How its tests ended: ``"all 5 in order"``, ``"3 of 9 failing, 2 not run"``."""
        bad, lost = self.bad, self.ended.uncollected
        skipped, not_run = (self.ended.outcomes.get(name, 0) for name in _WITHOUT_A_RESULT)
        fine = self.total - bad - skipped - not_run
        told = f"{bad:,} of {self.total:,} failing" if bad else f"{fine:,} of {self.total:,} in order"
        told = f"all {self.total:,} in order" if fine == self.total else told
        parts = [told if self.total else "no outcomes"]
        parts += [f"{skipped:,} skipped"] if skipped else []
        parts += [f"{not_run:,} not run"] if not_run else []
        parts += [f"{counted(lost, 'file')} not collected"] if lost else []
        return ", ".join(parts)
