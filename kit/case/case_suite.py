"""The suite of a case: kit runs its tests or takes the results of another run, and saves the facts either way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kit import suite
from kit.case import stages
from kit.case.ingested import ingested_files, save_ingested
from kit.case.options import CaseOptions
from kit.case.record import CaseRecord
from kit.facts.errors import UsageError
from kit.facts.suite import SuiteFacts

if TYPE_CHECKING:  # importing what reads them takes a while
    ResultsFiles = str | Path | suite.ResultsFile | Sequence[str | Path | suite.ResultsFile]


class CaseSuite:
    """The tests of a case. ``folder`` is the folder of the case."""

    def __init__(self, record: CaseRecord, options: CaseOptions, folder: Path) -> None:
        self._record, self._options, self._folder = record, options, folder
        #: the JSON-lines file that the suite's events are appended to
        self.events = folder / "events.jsonl"

    def run(self, display: suite.Display | None, nodeids: Sequence[str], known: Sequence[str] = ()) -> SuiteFacts:
        """Run the tests, or resume a run that was interrupted. An empty ``nodeids`` means all of them; ``known`` are
        tests of the same files that need not run.

        Raises :class:`UsageError` when the case holds the results of another run.
        """
        case = self._record.case
        if self._is_ingested:
            raise UsageError(f'The case "{case.id}" holds results that others made: run the tests as another case.')
        resume = self._record.was_cut_short() and self.events.exists()
        with self._record.running("test_batches"):
            return stages.run_tests(
                case.target,
                self._options,
                self._record.history(),
                events=self.events,
                nodeids=nodeids,
                resume=resume,
                display=display,
                save=self._save,
                known=known,
            )

    def ingest(self, files: ResultsFiles) -> SuiteFacts:
        """Take the results of another run; run nothing.

        Raises :class:`UsageError` for a file that cannot be used, and when tests of the case were run.
        """
        case = self._record.case
        if self.events.exists():
            raise UsageError(f'Tests of the case "{case.id}" were run: take the results into another case.')
        several = (files,) if isinstance(files, str | Path | suite.ResultsFile) else files
        with self._record.running("test_batches"):
            facts = stages.ingest_results(
                case.target, [Path(file) if isinstance(file, str) else file for file in several]
            )
            save_ingested(facts, self._folder)
            self._save(facts)
        return facts

    def catch_up(self) -> None:
        """Save what an interrupted run has recorded: the run may have ended before it could do so itself."""
        stage = self._record.stage("test_batches")
        if stage is None or stage.outcome == "done":
            return
        facts = stages.recorded_suite(self.events, self._record.history())
        if facts.sessions:
            self._save(facts)

    @property
    def _is_ingested(self) -> bool:
        return self._folder.is_dir() and bool(ingested_files(self._folder))

    def _save(self, facts: SuiteFacts) -> None:
        record = self._record
        record.save_suite(facts)
        if facts.tests and record.was_tried("mapper_registry") and (inventory := record.inventory()):
            record.save_inventory(stages.marked_loaded(inventory, facts))
