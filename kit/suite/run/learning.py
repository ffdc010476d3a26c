"""Records which functions of the app the tests of a run have executed: tests are chosen by it after an edit,
and causes are looked for where failing tests differ from passing ones.
"""

from __future__ import annotations

from dataclasses import replace

from kit.facts.execution import Execution
from kit.facts.garbage import collector_off
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.select.gathering import Gathered
from kit.suite.select.keeping import load_record, save_record
from kit.suite.select.record import Record
from kit.suite.select.spectrum import execution_of, lines_of
from kit.suite.select.tree_facts import Seen, TreeFacts

#: the first Python that reports by itself what runs: before, marks are compiled into the functions
_REPORTS = (3, 12)


class Learning:
    """One run that is recorded. Make it before the tree is copied: what changes later counts as changed."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._record = load_record(target) or Record()
        self._tree = TreeFacts.read(target.path, self._record.known)
        self._ahead: dict[str, Seen] = {}

    @property
    def why_not(self) -> str:
        """Why nothing may be recorded, in a sentence; ``""`` if it may."""
        interpreter, readers = self._target.interpreter, self._tree.code_readers
        if interpreter is None or _version(interpreter.version) >= _REPORTS or not readers:
            return ""
        return f"Which functions each test runs is not recorded: {readers[0]} looks at compiled code."

    def keep_files(self) -> None:
        """Keep what was read of the tree, so that the next run reads no file that stays as it is."""
        if self._tree.seen != self._record.known:
            self._record.known = self._tree.seen
            save_record(self._target, self._record)

    def look_ahead(self, gathered: Gathered) -> bool:
        """Compile one of the files that tests have loaded, while others still run; whether there was one to look at.
        Those of a large suite take longer than the user wants to wait after the last test.
        """
        if not gathered.unread:
            return False
        path = gathered.unread.popleft()
        if path in self._tree.seen and path not in self._ahead:
            self._ahead[path] = self._tree.compiled_file(self._target.path, path)
        return True

    def learn(self, gathered: Gathered, facts: SuiteFacts) -> Execution | None:
        """Keep what was gathered, and return what failing tests executed. ``facts`` are those of the tests that were
        collected, in their order.
        """
        if not gathered.of_test:
            self.keep_files()
            return None
        with collector_off():
            return self._learn(gathered, facts)

    def _learn(self, gathered: Gathered, facts: SuiteFacts) -> Execution | None:
        ran = [
            (index, result.nodeid, result.outcome not in BAD)
            for index, result in enumerate(facts.results)
            if result.outcome != "not_run"
        ]
        tree = self._tree.with_compiled(self._ahead)
        tree = tree.compiled(self._target.path, (gathered.seen | gathered.unseen) - self._ahead.keys())
        record = self._record.learn(tree, gathered, ran)
        save_record(self._target, record)
        execution = execution_of(record, tree, facts.results)
        return replace(execution, lines=lines_of(gathered.lines, facts.results, execution)) if execution else None


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])
