"""One investigation of one target at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from kit.facts.kinds import StageName
from kit.facts.target import Target

# making their classes takes a while, and who handles a case need not have all of its parts
if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.failures import Grouping
    from kit.facts.fixes import FixFacts
    from kit.facts.history import CaseComparison
    from kit.facts.inventory import InventoryFacts
    from kit.facts.suite import SuiteFacts
    from kit.facts.timeline import RunTimeline
    from kit.facts.trend import Trend

#: the SQLite file of a reports folder
STORE_FILE = "kit.sqlite"

#: the page of all cases, beside it
INDEX_FILE = "index.html"

#: what can be read of a case by itself
Part = Literal["inventory", "suite", "diagnosis", "fixes"]

StageOutcome = Literal["running", "done", "failed", "skipped"]

#: the stages in their order, each with the notebook that shows it
STAGES: dict[StageName, str] = {
    "mapper_registry": "1_mapper_registry",
    "import_graph": "2_import_graph",
    "test_batches": "3_test_batches",
    "failure_categories": "4_failure_categories",
    "fix_trials": "5_fix_trials",
    "incident_report": "6_incident_report",
}


#: every notebook, in the order of a reader: the first one and the last one run nothing and show what is recorded
NOTEBOOKS: tuple[str, ...] = ("0_overview", *STAGES.values(), "7_history")


@dataclass(frozen=True)
class StageAttempt:
    """One time that a stage was begun. ``outcome`` is ``running`` when it never finished."""

    outcome: StageOutcome
    started: str
    seconds: float | None = None
    error: str | None = None


@dataclass(frozen=True)
class Stage:
    """One step of a case, as its last attempt has left it; ``earlier`` are the attempts before.

    ``error`` is one sentence; ``outcome`` is ``running`` when it never finished.
    """

    name: str
    outcome: StageOutcome
    started: str
    seconds: float | None = None
    error: str | None = None
    earlier: tuple[StageAttempt, ...] = ()

    def again(self, started: str) -> Stage:
        """The stage as it begins once more."""
        last = StageAttempt(self.outcome, self.started, self.seconds, self.error)
        return Stage(self.name, "running", started, earlier=(*self.earlier, last))


@dataclass(frozen=True)
class Case:
    """The head of a case: its target, its parameters, and when it began and ended."""

    id: str
    started: str
    kit_version: str
    target: Target
    parameters: dict[str, Any] = field(default_factory=dict)
    finished: str | None = None
    #: how long after the start the first cause was named, in seconds
    first_cause_after: float | None = None
    #: how long after the start each cause was first named, by its id, in seconds; also causes that were given up later
    named_after: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseFacts:
    """Everything that was recorded about a case. A part is ``None`` when its stage did not get that far.

    ``compared`` is the comparison with the case before it, ``timeline`` the record of its run, and ``trend`` the cases
    of its target up to it, where somebody has made them.
    """

    case: Case
    stages: tuple[Stage, ...] = ()
    inventory: InventoryFacts | None = None
    suite: SuiteFacts | None = None
    grouping: Grouping | None = None
    causes: tuple[Cause, ...] | None = None
    fixes: FixFacts | None = None
    compared: CaseComparison | None = None
    timeline: RunTimeline | None = None
    trend: Trend | None = None
