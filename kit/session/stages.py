"""The stages of a case as calls of its session: what is recorded is shown, and what is not there yet is made."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd

from kit.facts.case import Stage
from kit.facts.kinds import StageName
from kit.facts.outcomes import BAD
from kit.session import answers, causes, fix_answers, source_answers
from kit.session.causes import Cause
from kit.session.edits import edited_since
from kit.session.reader import CaseReader
from kit.session.reruns import rerun
from kit.session.result import Result, Things
from kit.suite import display_for

#: what a stage is made from: it is out of date when that has run again since
_AFTER: dict[StageName, tuple[StageName, ...]] = {
    "failure_categories": ("test_batches",),
    "fix_trials": ("test_batches", "failure_categories"),
}


class StageCalls:
    """The stages of a case. Each shows what is recorded of it; it runs when that is missing, or with ``anew=True``."""

    def __init__(self, reader: CaseReader) -> None:
        """``reader`` reads the case."""
        self.reader = reader

    def map_registry(self, *, anew: bool = False) -> Result:
        """Read the source and the mapper registries: what is mapped where, and what collides. Runs no test.

        case.map_registry()
        """
        self._ensure("mapper_registry", self.reader.investigation.map_registry, anew)
        return source_answers.collisions(self.reader)

    def read_imports(self, *, anew: bool = False) -> Result:
        """Find the importers of the modules that the findings name.

        case.read_imports()
        """
        self._ensure("import_graph", self.reader.investigation.read_imports, anew)
        return source_answers.importers(self.reader)

    def run_tests(self, *, anew: bool = False) -> Result:
        """Collect the suite and run it in batches, with live counts. Results that others made are shown as they are.

        case.run_tests()
        """
        self._ensure("test_batches", self._run_suite, anew)
        return answers.outcomes(self.reader)

    def diagnose(self, *, anew: bool = False) -> Things[Cause]:
        """Group the failures and name their causes.

        case.diagnose()
        """
        self._ensure("failure_categories", self.reader.investigation.diagnose, anew)
        return causes.causes(self.reader)

    def try_fixes(self, *, anew: bool = False) -> Result:
        """Try the fix options in a scratch copy, and measure what each does to the tests.

        case.try_fixes()
        """
        self._ensure("fix_trials", self.reader.investigation.try_fixes, anew)
        return fix_answers.fixes(self.reader)

    def write_report(self) -> Result:
        """Write the report of what is recorded, as HTML, as Markdown and as JSON.

        case.write_report()
        """
        path = self.reader.investigation.write_report()
        return replace(answers.report(self.reader, path), chart=causes.causes(self.reader).chart)

    def rerun(self, most: int = 20, *, anyway: bool = False) -> Result:
        """Run again what failed, and what passed and is concerned by the edits since: before and after.

        Of each it takes at most ``most`` tests, of all files in turn (0: all). What an edit concerns is known from the
        functions that each test has run, as for ``kit run --changed``. Needs an edit of the app since its tests ran;
        ``anyway=True`` runs without. The case records nothing of it.

        case.rerun()
        case.rerun(most=0)
        """
        bad = [one.nodeid for one in self.reader.suite.results if one.outcome in BAD]
        lost = self.reader.runnable(one.path for one in self.reader.suite.collection_errors)
        missing = self.reader.missing("test_batches")
        if not bad and not lost:
            return Result("No test failed: there is nothing to run again.", pd.DataFrame(), missing=missing)
        changed = edited_since(self.reader.root, self._ended())
        if not changed and not anyway:
            return Result(
                "Nothing of the app has changed since its tests ran: edit it, then run this cell again.",
                pd.DataFrame(),
                notes=("`case.rerun(anyway=True)` runs the tests all the same.",),
            )
        result = rerun(self.reader, [*bad, *lost], most, self._concerned())
        files = f"Edited since the tests ran: {', '.join(changed[:5])}." if changed else "Nothing was edited."
        return replace(result, notes=(files, *result.notes))

    def _concerned(self) -> tuple[str, ...]:
        """The tests that passed in this case and may not any more, by what was edited since each ran last."""
        selected = self.reader.investigation.concerned()
        fine = {one.nodeid for one in self.reader.suite.results if one.outcome not in (*BAD, "not_run")}
        return tuple(name for name in selected.nodeids if name in fine) if selected else ()

    def _ended(self) -> float:
        """When the tests had ended, as the clock of the file system counts.

        A session knows that by the millisecond. Where there is none, the results are of others: their stage is recorded
        to the second, and an edit counts from the next one on.
        """
        session = next(iter(self.reader.suite.sessions[-1:]), None)
        if session is not None and session.seconds is not None:
            return datetime.fromisoformat(session.started).timestamp() + session.seconds
        stage = next((one for one in self.reader.facts.stages if one.name == "test_batches"), None)
        return datetime.fromisoformat(stage.started).timestamp() + (stage.seconds or 0.0) + 1 if stage else 0.0

    def _run_suite(self) -> None:
        with display_for(sys.stderr) as display:
            self.reader.investigation.run_tests(display)

    def _ensure(self, name: StageName, run: Callable[[], Any], anew: bool) -> None:
        if anew or not self._is_current(name):
            run()

    def _is_current(self, name: StageName) -> bool:
        known: dict[str, Stage] = {stage.name: stage for stage in self.reader.facts.stages}
        stage = known.get(name)
        if stage is None or stage.outcome != "done":
            return False
        if name == "test_batches":
            return not self.reader.suite.is_cut_short
        return all(known[one].started <= stage.started for one in _AFTER.get(name, ()) if one in known)
