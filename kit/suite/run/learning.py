"""Records which functions of the app the tests of a run have executed: tests are chosen by it after an edit,
and causes are looked for where failing tests differ from passing ones.
"""

from __future__ import annotations

from dataclasses import replace

from kit.facts.execution import Execution
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.select.gathering import Gathered
from kit.suite.select.keeping import load_record, save_record
from kit.suite.select.record import Record
from kit.suite.select.spectrum import execution_of, lines_of
from kit.suite.select.tree_facts import TreeFacts

#: the first Python that reports by itself what runs: before, marks are compiled into the functions
_REPORTS = (3, 12)


class Learning:
    """One run that is recorded. Make it before the tree is copied: what changes later counts as changed."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._record = load_record(target) or Record()
        self._tree = TreeFacts.read(target.path, self._record.known)

    @property
    def why_not(self) -> str:
        """Why nothing may be recorded, in a sentence; ``""`` if it may."""
        interpreter, readers = self._target.interpreter, self._tree.code_readers
        if interpreter is None or _version(interpreter.version) >= _REPORTS or not readers:
            return ""
        return f"Which functions each test runs is not recorded: {readers[0]} looks at compiled code."

    def learn(self, gathered: Gathered, facts: SuiteFacts) -> Execution | None:
        """Keep what was gathered, and return what failing tests executed. ``facts`` are those of the tests that were
        collected, in their order.
        """
        if not gathered.of_test:
            return None
        ran = [
            (index, result.nodeid, result.outcome not in BAD)
            for index, result in enumerate(facts.results)
            if result.outcome != "not_run"
        ]
        tree = self._tree.compiled(self._target.path, gathered.seen | gathered.unseen)
        record = self._record.learn(tree, gathered, ran)
        save_record(self._target, record)
        execution = execution_of(record, tree, facts.results)
        return replace(execution, lines=lines_of(gathered.lines, facts.results, execution)) if execution else None


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])
