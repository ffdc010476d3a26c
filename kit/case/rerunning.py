"""Running tests of a case again and again while the target is being fixed."""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kit import inventory, suite
from kit.case.options import CaseOptions
from kit.case.record import CaseRecord
from kit.facts.errors import UsageError
from kit.facts.failures import Group
from kit.facts.nodeids import nodeid_of
from kit.facts.spelling import texts
from kit.facts.suite import SuiteFacts
from kit.masking import MASK


class Rerunner:
    """A suite that stays warm between runs. The case records nothing of it: its report is about the first run."""

    def __init__(self, record: CaseRecord, options: CaseOptions, events: Path) -> None:
        """``events`` is the file that the events of the runs are appended to."""
        self._record = record
        self._options = options
        self._events = events
        self._warm: suite.WarmSuite | None = None

    def warm(self) -> suite.WarmSuite:
        """The suite as a context manager. Failures are not run once more, alone: an answer is wanted at once."""
        target, history = self._record.case.target, self._record.history()
        earlier = suite.EarlierRuns(history.durations)
        options = self._options.run_options(earlier, shares=history.shared_state is not None)
        return suite.WarmSuite(
            target, replace(options, recheck_s=0.0), events=self._events, importers=inventory.Reach(target)
        )

    def rerun(self, what: Group | str | Iterable[str], display: suite.Display | None = None) -> SuiteFacts:
        """Run a group of failures, one test or several, on the tree as it is now.

        Raises :class:`UsageError` when there is nothing to run.
        """
        nodeids = self._tests_of(what) if isinstance(what, Group) else texts(what)
        if not nodeids:
            raise UsageError("There is no test to run again: give a group of failures, or node ids.")
        if self._warm is None:
            self._warm = self.warm().__enter__()
            atexit.register(self.stop)
        return self._warm.run(nodeids, suite.feed(display) if display else None)

    def concerned(self) -> suite.Selected | None:
        """The tests that edits since each ran concern, by the functions that it has run; ``None`` where that is not
        recorded. ``kit run --changed`` runs the same ones.
        """
        target = self._record.case.target
        if not self._options.run_options().records:
            return None
        chooser = suite.Chooser.of(target, lambda: inventory.Reach(target))
        return chooser.changed() if chooser else None

    def stop(self) -> None:
        """End the process and remove the scratch copy that :meth:`rerun` keeps."""
        if self._warm is not None:
            atexit.unregister(self.stop)
            self._warm.__exit__()
            self._warm = None

    def _tests_of(self, group: Group) -> tuple[str, ...]:
        """The node ids of a group; a file that could not be collected is one too, relative to pytest's rootdir."""
        head = self._record.head_of_suite()
        rootdir = head.rootdir if head else "."
        recorded = self._record.suite() if any(MASK in nodeid for nodeid in group.tests) else None
        tests = recorded.runnable(*group.tests) if recorded else group.tests
        return (*tests, *(nodeid_of(file, rootdir) for file in group.files))
