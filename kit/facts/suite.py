"""What the suite did: what was collected, and the one outcome of each test."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from kit.facts.ending import FailedEnd
from kit.facts.execution import Execution
from kit.facts.failures import Failure, Phase
from kit.facts.outcomes import BAD, OUTCOMES, Outcome
from kit.facts.shared_state import PollutedTest
from kit.facts.starting import PluginTrial, StartRefusal
from kit.facts.touched import Touched

#: what a failing test does when it is run once more: it fails alone too · it passes, and fails only while others run at
#: the same time · it passes alone, and fails after others in one process · it fails alone, and passes after the tests
#: that come before it · it fails only while kit watches shared state · it fails now and then
RecheckVerdict = Literal["fails", "fails_beside_others", "passes_alone", "needs_others", "fails_watched", "flaky"]

#: how the processes that run tests have to begin: as copies of one that has collected the suite; each collects it for
#: itself, or does so and knows from the start which worker it is, or what the suite has prepared for it, too
StartMethod = Literal["forked", "fresh", "named", "prepared"]


@dataclass(frozen=True, slots=True)
class CollectedTest:
    """A test that pytest collected. ``nodeid`` is pytest's own, relative to its rootdir; ``path`` to the target's
    root. ``markers`` are the names of its marks. ``short_id`` (``"@3f9c2a71"``) names it where the node id holds
    a secret and is masked, so that pytest does not know it any more; else ``None``.
    """

    nodeid: str
    path: str
    line: int | None = None
    fixtures: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    short_id: str | None = None


@dataclass(frozen=True, slots=True)
class CollectionError:
    """A file (or folder, or conftest) that pytest could not collect."""

    path: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class TestResult:
    """The one final outcome of one collected test.

    ``reason`` says it in words where no exception can: ``"timed out after 30 s in call"``, ``"exited with 3"``,
    ``"crashed: SIGSEGV"``, the reason of a skip, why it was not run. ``failure`` is the id of a :class:`Failure`.
    ``alone`` says what a failing test did when it was run once more (``None``: it was not; ``"fails"`` may be known of
    the same failure from an earlier run); one that fails only beside others has the outcome that it has without them.
    ``leaked`` names the processes that it left behind.
    """

    __test__ = False  # pytest must not take this for a test class

    nodeid: str
    path: str
    outcome: Outcome
    phase: Phase | None = None
    seconds: float | None = None
    failure: str | None = None
    reason: str | None = None
    line: int | None = None
    alone: RecheckVerdict | None = None
    leaked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestRow:
    """How a test ended in a case; ``alone`` and ``reason`` are those of its :class:`TestResult`."""

    __test__ = False

    case: str
    nodeid: str
    outcome: Outcome
    seconds: float | None = None
    alone: RecheckVerdict | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TestWarning:
    """A warning that the target's code raised, once for each distinct one. ``count`` says how often it was seen."""

    __test__ = False

    category: str
    message: str
    path: str | None = None
    line: int | None = None
    nodeid: str | None = None
    count: int = 1


@dataclass(frozen=True)
class ModuleCoverage:
    """Lines of one source file; ``percent`` as coverage.py gives it."""

    path: str
    statements: int
    covered: int
    percent: float


@dataclass(frozen=True)
class Coverage:
    """Line coverage as the target's own coverage.py measured it."""

    statements: int
    covered: int
    percent: float
    modules: tuple[ModuleCoverage, ...] = ()


@dataclass(frozen=True)
class Accounting:
    """Every collected test in exactly one row. The rows add up to ``collected``: see :meth:`holds`."""

    collected: int
    passed: int = 0
    failed: int = 0
    error: int = 0
    skipped: int = 0
    xfailed: int = 0
    xpassed: int = 0
    timed_out: int = 0
    crashed: int = 0
    not_run: int = 0

    @classmethod
    def of(cls, collected: int, outcomes: dict[Outcome, int]) -> Accounting:
        """Count outcomes; a collected test without one is ``not_run``."""
        missing = collected - sum(outcomes.values())
        counts = {**outcomes, "not_run": outcomes.get("not_run", 0) + max(missing, 0)}
        return cls(collected=collected, **counts)

    @property
    def executed(self) -> int:
        """Tests that were started."""
        return self.collected - self.not_run

    @property
    def bad(self) -> int:
        """Tests with something to explain."""
        return self.failed + self.error + self.timed_out + self.crashed

    @property
    def sentence(self) -> str:
        """The identity in words: ``5,072 collected = 1,413 passed + 3,659 failed``."""
        rows = [f"{number:,} {name.replace('_', ' ')}" for name in OUTCOMES if (number := getattr(self, name))]
        return f"{self.collected:,} collected = {' + '.join(rows)}" if rows else "No test was collected."

    def holds(self) -> bool:
        """Whether the identity holds: the rows add up to what was collected."""
        rows: list[int] = [getattr(self, outcome) for outcome in OUTCOMES]
        return self.collected == sum(rows)


@dataclass(frozen=True)
class RunSession:
    """One session of a run: kit was started, ran tests, and ended or was ended.

    Sessions with the same ``attempt`` (from 1) continue each other; a new attempt runs every test again. ``finished``
    is the number of tests that ended in it. ``seconds`` is how long it took, as far as its record goes. ``ended`` is
    false when it has no recorded end: kit was killed, or still runs.
    """

    started: str
    attempt: int = 1
    finished: int = 0
    seconds: float | None = None
    ended: bool = False
    interrupted: bool = False
    problem: str | None = None
    #: false when only chosen tests were to run
    is_whole: bool = True


@dataclass(frozen=True)
class SuiteFacts:
    """All that the suite of one case did.

    ``failures`` maps ids to distinct failures. ``neutralised`` lists the target's own options that were disabled, and
    why (``"--maxfail=1 (pyproject.toml: addopts): would have ended the run at the first failure"``).
    ``loaded_modules`` maps the target's modules that were imported when collection ended to their paths. ``problem``
    is the sentence that says why nothing could be run, or why the run ended early. ``isolation`` says how batches
    were isolated, and why. ``shares`` is the sentence that says that tests share something outside of the process (a
    file, a database), when failing ones were seen to pass without others beside them. ``views`` says whether
    copy-on-write overlays of the files, one for each worker, keep such tests apart (``None``: not tried). ``beginning``
    is the start method of the processes that run tests (``None``: not known, since one worker did all, or some tests
    were chosen). ``sessions`` are the sessions of the run in their order. ``carried`` counts the tests whose outcome is
    that of an earlier attempt: the last one has not reached them.
    """

    tests: tuple[CollectedTest, ...] = ()
    results: tuple[TestResult, ...] = ()
    collection_errors: tuple[CollectionError, ...] = ()
    failures: dict[str, Failure] = field(default_factory=dict)
    neutralised: tuple[str, ...] = ()
    loaded_modules: dict[str, str] = field(default_factory=dict)
    rootdir: str = "."
    pytest_version: str | None = None
    isolation: str | None = None
    seconds: float | None = None
    problem: str | None = None
    warnings: tuple[TestWarning, ...] = ()
    coverage: Coverage | None = None
    coverage_problem: str | None = None
    shares: str | None = None
    #: made when pytest did not start, and a plugin turned out to be why
    plugin_trial: PluginTrial | None = None
    #: set when plain pytest refuses to start; whatever ran then has run with options left out
    start_refusal: StartRefusal | None = None
    #: set when every test passes and plain pytest's session fails at its end
    failed_end: FailedEnd | None = None
    views: bool | None = None
    beginning: StartMethod | None = None
    #: how the real tree was protected from the tests, in a sentence
    protection: str | None = None
    #: what of the real tree, its repository and its environment changed all the same
    touched: tuple[Touched, ...] = ()
    #: test files that pytest collects with the others and not alone (paths), and the error of each in one line
    not_alone: dict[str, str] = field(default_factory=dict)
    #: the tests whose outcome comes of what earlier tests leave behind in the process
    polluted: tuple[PollutedTest, ...] = ()
    #: what the watch of shared state could not do, in a sentence
    state_watch: str | None = None
    #: which changed states make no difference to which tests, as numbers that stand for the contents of their files
    settled_states: tuple[int, ...] = ()
    sessions: tuple[RunSession, ...] = ()
    carried: int = 0
    #: which functions failing tests executed; ``None`` where that was not recorded
    execution: Execution | None = None

    @property
    def says_something(self) -> bool:
        """Whether there are outcomes, or a reason why there are none: another run can be compared with it."""
        return bool(self.results or self.collection_errors or self.problem)

    @property
    def is_cut_short(self) -> bool:
        """Whether the last attempt ended before every collected test had its turn: it can be resumed."""
        return self.problem is not None and (
            self.carried > 0 or any(result.outcome == "not_run" for result in self.results)
        )

    @property
    def is_whole(self) -> bool:
        """Whether the last attempt was to run all tests, not chosen ones."""
        return not self.sessions or self.sessions[-1].is_whole

    def runnable(self, *nodeids: str) -> tuple[str, ...]:
        """Names by which tests can be run: their node ids, or short ids where these are masked."""
        return tuple(name for nodeid in nodeids for name in self._masked.get(nodeid, [nodeid]))

    @cached_property
    def _masked(self) -> dict[str, list[str]]:
        """The short ids of the tests whose node ids are masked; those of several may look alike then."""
        masked: dict[str, list[str]] = {}
        for test in self.tests:
            if test.short_id:
                masked.setdefault(test.nodeid, []).append(test.short_id)
        return masked

    @property
    def is_fine(self) -> bool:
        """Whether nothing is left to explain: pytest finished, all was collected, no outcome is bad, and nothing says
        that an async test was never awaited.
        """
        start, end = self.problem or self.plugin_trial or self.start_refusal, self.failed_end or self.touched
        if start or end or self.collection_errors or any(result.outcome in BAD for result in self.results):
            return False
        skipped = (result.reason or "" for result in self.results if result.outcome == "skipped")
        return not any("was never awaited" in warning.message for warning in self.warnings) and not any(
            reason.startswith("async def function") for reason in skipped
        )

    @property
    def accounting(self) -> Accounting:
        """The outcomes, counted."""
        counts: dict[Outcome, int] = {}
        for result in self.results:
            counts[result.outcome] = counts.get(result.outcome, 0) + 1
        return Accounting.of(len(self.tests), counts)
