"""Fixes: what could be done about a cause, and what each option did to the tests in a scratch copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from kit.facts.outcomes import Outcome

#: FULL: every test that the cause blocks passes and none broke · PARTIAL: some pass · NO: none passes, or some broke
#: without any passing · DID_NOT_START: the suite could not begin, so nothing is known
Verdict = Literal["FULL", "PARTIAL", "NO", "DID_NOT_START"]

#: which tests a trial ran: every one · one failing test for each file and group · a random sample · those affected
Measured = Literal["full", "canaries", "sampled", "affected"]

#: the problem of a trial that had no time
SPENT: Final = "The budget for trials was spent before its tests had run."


@dataclass(frozen=True)
class FixOption:
    """A change that would remove a cause.

    ``patch`` is a unified diff relative to the target's root that ``git apply`` and ``patch -p1`` take. ``obstacle``
    says why none could be made (then it is empty), or why the one that is there cannot be tried. ``why`` says why the
    option applies here, ``losses`` what would be lost, one by one. ``on_tests`` is true for the few options that edit
    tests. ``asterisks`` is how often the patch itself holds what stands for a masked secret (``***``).
    """

    id: str
    cause: str
    kind: str
    title: str
    why: str
    patch: str = ""
    losses: tuple[str, ...] = ()
    obstacle: str | None = None
    on_tests: bool = False
    documentation: str = ""
    files: tuple[str, ...] = ()
    lines_added: int = 0
    lines_removed: int = 0
    asterisks: int = 0

    @property
    def can_be_tried(self) -> bool:
        """Whether there is a patch that a trial can measure."""
        return bool(self.patch) and self.obstacle is None

    @property
    def lines_changed(self) -> int:
        """How much the patch changes."""
        return self.lines_added + self.lines_removed


@dataclass(frozen=True)
class Check:
    """An experiment before tests run; ``holds`` is ``None`` where it does not apply. ``detail`` says what differs."""

    name: Literal["compiles", "imports", "mappers", "schema", "routes", "collects"]
    holds: bool | None
    detail: str = ""


@dataclass(frozen=True)
class Comparison:
    """What became of each test. Each is in exactly one cell; the cells add up to all tests of
    both runs that were compared (:meth:`holds`).

    ``unlocked``, ``broken`` and ``gone`` are node ids, since people ask for their names. ``unmasked`` counts tests by
    the id of the cause that they show now (``""``: no named cause), ``newly_collected`` by outcome.
    """

    before: int
    after: int
    unlocked: tuple[str, ...] = ()
    kept: int = 0
    unmasked: dict[str, int] = field(default_factory=dict)
    still_failing: int = 0
    broken: tuple[str, ...] = ()
    newly_collected: dict[Outcome, int] = field(default_factory=dict)
    gone: tuple[str, ...] = ()

    @property
    def in_both(self) -> int:
        """Tests that both runs have."""
        return len(self.unlocked) + self.kept + sum(self.unmasked.values()) + self.still_failing + len(self.broken)

    def holds(self) -> bool:
        """Whether the identity holds: every test of either run is in exactly one cell."""
        newly = sum(self.newly_collected.values())
        return self.in_both + len(self.gone) == self.before and self.in_both + newly == self.after


@dataclass(frozen=True)
class Trial:
    """Options applied together in a scratch copy, and what the tests did there.

    ``options`` are ids in the order in which they were applied, the last one is the one on trial. ``problem`` says why
    the suite did not start, or which check stopped the trial. ``interval`` is the Wilson interval of the share of
    blocked tests that the fix unlocks, where a sample was run. ``flaky`` are tests that failed once and not again: they
    do not count as broken. ``files_unmasked`` counts files that cannot be collected before and after, by the id of the
    cause that they show now. ``passed`` counts the tests that pass, as far as measured. ``causes_left`` counts the
    tests of each cause that is left, where every test was run.
    """

    options: tuple[str, ...]
    verdict: Verdict
    measured: Measured
    comparison: Comparison | None
    checks: tuple[Check, ...] = ()
    tests_run: int = 0
    tests_of: int = 0
    interval: tuple[float, float] | None = None
    problem: str | None = None
    seconds: float = 0.0
    passed: int | None = None
    flaky: tuple[str, ...] = ()
    causes_left: dict[str, int] = field(default_factory=dict)
    files_unmasked: dict[str, int] = field(default_factory=dict)

    @property
    def helps(self) -> bool:
        """Whether nothing broke and tests moved on, or files that still cannot be collected show what hid behind."""
        found = self.comparison
        if found is None or found.broken or found.gone:
            return False
        moved = len(found.unlocked) + sum(found.unmasked.values()) + sum(found.newly_collected.values())
        return moved + sum(self.files_unmasked.values()) > 0

    def standing(self, option: FixOption) -> tuple[bool, int, int, int, int]:
        """By what the options of a cause are ranked, the best one least: left the tests alone, unlocked most, unmasked
        most, lost nothing, changed least. ``option`` is the one on trial.
        """
        found = self.comparison
        assert found is not None
        freed = len(found.unlocked) + found.newly_collected.get("passed", 0)
        unmasked = sum(found.unmasked.values()) + sum(self.files_unmasked.values())
        return option.on_tests, -freed, -unmasked, len(option.losses), option.lines_changed

    @property
    def out_of_budget(self) -> bool:
        """Whether the trial was cut short because no time was left."""
        return self.problem == SPENT


@dataclass(frozen=True)
class Layer:
    """One step of peeling: an option that stays applied while the next cause is looked for.

    Counts are of the whole copy after this step, against the state before any fix. ``measured`` says how: by canaries,
    a count stands for all tests of the files and groups that the canaries were taken from. A layer below others is
    ``full`` where every test was run with it, before what that run showed led to the next one.
    """

    option: str
    cause: str
    title: str
    measured: Measured
    unlocked: int
    unmasked: dict[str, int]
    broken: int
    still_failing: int
    newly_collected: int
    collected: int
    passed: int


@dataclass(frozen=True)
class FixFacts:
    """All that is known about fixes of one case. ``recommended`` is the id of an option for each cause that has one."""

    options: tuple[FixOption, ...] = ()
    trials: tuple[Trial, ...] = ()
    layers: tuple[Layer, ...] = ()
    recommended: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def first_trials(self) -> dict[str, Trial]:
        """What each option showed when it was tried from the state before it, by the option's id."""
        first: dict[str, Trial] = {}
        for trial in self.trials:
            if trial.measured == "canaries":
                first.setdefault(trial.options[-1], trial)
        return first

    @property
    def final(self) -> Trial | None:
        """The trial that ran every test with all fixes that were kept; ``None`` if there was none, or it was ended. One
        that led to further fixes is not it.
        """
        kept = tuple(layer.option for layer in self.layers)
        full = (trial for trial in self.trials if trial.measured == "full" and trial.comparison)
        return next((trial for trial in full if trial.options == kept), None)

    @property
    def in_the_end(self) -> tuple[int, int]:
        """How many tests pass with all fixes that were kept, of how many: as the final trial showed, or else as the
        canaries of the last layer did. There has to be a layer.
        """
        if self.final and self.final.comparison and self.final.passed is not None:
            return self.final.passed, self.final.comparison.after
        return self.layers[-1].passed, self.layers[-1].collected
