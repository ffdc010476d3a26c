"""What is recorded of a case, read when it is needed and again when a stage has changed it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kit.case import Investigation, reports_words
from kit.facts.case import CaseFacts
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts
from kit.facts.kinds import StageName
from kit.facts.nodeids import nodeid_of
from kit.facts.suite import SuiteFacts
from kit.inventory import Inventory
from kit.report import Joined, build_incident
from kit.session.result import MissingPart

#: what a stage adds to a case, and the call of a session that runs it
_STAGES: dict[StageName, tuple[str, str]] = {
    "mapper_registry": ("The mapped classes", "case.map_registry()"),
    "import_graph": ("The imports", "case.read_imports()"),
    "test_batches": ("The outcomes of the tests", "case.run_tests()"),
    "failure_categories": ("The causes of the failures", "case.diagnose()"),
    "fix_trials": ("The trials of fixes", "case.try_fixes()"),
    "incident_report": ("The report", "case.write_report()"),
}


class CaseReader:
    """Reads the facts of one case. A stage that another process has run since is seen."""

    def __init__(self, investigation: Investigation) -> None:
        """``investigation`` is the case, opened."""
        self.investigation = investigation
        self._known: tuple[object, Joined] | None = None

    @property
    def key(self) -> str:
        """What names this case among all that are open."""
        return f"{self.investigation.reports}/{self.investigation.case.id}"

    @property
    def joined(self) -> Joined:
        """All facts, and the look-ups among them."""
        record = self.investigation.record
        state = record.store.stages(record.case.id)
        if self._known is None or self._known[0] != state:
            self._known = state, Joined(record.facts())
        return self._known[1]

    @property
    def facts(self) -> CaseFacts:
        """All facts."""
        return self.joined.facts

    @property
    def inventory(self) -> InventoryFacts:
        """The inventory; an empty one where it is missing."""
        return self.facts.inventory or InventoryFacts(files=0)

    @property
    def suite(self) -> SuiteFacts:
        """The suite; an empty one where it is missing."""
        return self.facts.suite or SuiteFacts()

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes; the first one is to be fixed first."""
        return self.joined.causes

    @property
    def root(self) -> Path:
        """The folder of the target."""
        return self.investigation.target.path

    def runnable(self, paths: Iterable[str]) -> list[str]:
        """The node ids of files that could not be collected: a case names these by their paths below the target."""
        return [nodeid_of(path, self.suite.rootdir) for path in paths]

    def source(self) -> Inventory:
        """The source as it is now."""
        return self.investigation.source()

    def part(self, name: str, key: str = "", wanted: Iterable[Any] | None = None) -> Any:
        """A part of ``incident.json``; with ``wanted`` only the items whose ``key`` is among them."""
        whole = build_incident(self.facts)[name]
        if wanted is None or whole is None:
            return whole
        kept = set(wanted)
        return [item for item in whole if item[key] in kept]

    def missing(self, *stages: StageName) -> tuple[MissingPart, ...]:
        """What the case lacks of these stages, and how to get it."""
        known = {stage.name: stage for stage in self.facts.stages}
        found = []
        for name in stages:
            stage = known.get(name)
            if stage is not None and stage.outcome == "done":
                continue
            what, call = _STAGES[name]
            failed = f"could not be completed ({stage.error})" if stage and stage.error else "are not there yet"
            failed = failed.replace("are not", "is not") if name == "incident_report" else failed
            found.append(MissingPart(f"{what} {failed}.", call, self.resume_command()))
        return tuple(found)

    def resume_command(self) -> str:
        """The command that runs what is left of the case."""
        investigation = self.investigation
        words = reports_words(investigation.reports, store_url=investigation.options.store_url)
        return shlex.join(["kit", "investigate", "--resume", investigation.case.id, *words])
