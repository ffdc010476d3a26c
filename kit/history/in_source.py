"""What the source scan finds at a commit: nothing is checked out, and nothing of the target runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Self

from kit import inventory
from kit.causes import find_causes
from kit.facts.case import CaseFacts
from kit.facts.causes import Cause
from kit.facts.inventory import Finding, InventoryFacts
from kit.facts.kinds import CauseKind
from kit.history.commits import Commits
from kit.history.identity import has_finding, matched
from kit.history.known import findings_of
from kit.history.trees import CommitTree
from kit.platform.temporary_folders import temporary_folder

#: the defect behind failures that only look alike is not known: a finding at the same place may be another one
_UNKNOWN: CauseKind = "failure-group"


@dataclass(frozen=True)
class Scan:
    """What the source of one commit shows: all facts, and the causes and the ids of the findings among them."""

    facts: InventoryFacts
    causes: tuple[Cause, ...]
    findings: frozenset[str]


class SourceHistory:
    """To be used as a context manager. Scans are kept: several causes need each commit once."""

    def __init__(self, facts: CaseFacts, commits: Commits) -> None:
        """``facts`` are those of the case; its suite and grouping let more causes be searched for in the source."""
        self._target, self._commits, self._causes = facts.case.target, commits, facts.causes or ()
        self._case = facts
        self._scans: dict[str, Scan] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        """Make the folder for the source files."""
        root = self._closing.enter_context(temporary_folder()) / "source"
        root.mkdir()
        self._tree = CommitTree(self._commits, root, inventory.source_paths)
        self._records = inventory.BlobRecords(self._target)
        self._closing.callback(self._records.save)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def scan(self, commit: str) -> Scan:
        """What the source of a commit shows."""
        if commit not in self._scans:
            self._tree.go_to(commit)
            target = replace(self._target, root=str(self._tree.root))
            source = self._records.read(self._tree.root, self._tree.blobs)
            facts = inventory.Inventory.of(target, runtime=False, source=source).facts
            found = find_causes(facts, None, None)
            self._scans[commit] = Scan(facts, found, frozenset(finding.id for finding in facts.findings))
        return self._scans[commit]

    def question(self, cause: Cause) -> Callable[[str], bool | None] | None:
        """The question whether a commit shows a cause, or ``None`` when the source of the start does not show it: then
        it takes a test.
        """
        start = self.scan(self._commits.start)
        # all causes are matched at once: one alone could be taken for another that has a partner of its own
        beside = [one for one in self._causes if one.id != cause.id]
        if same := matched(start.causes, (*beside, cause)).get(cause.id):
            return lambda commit: same.id in matched(self.scan(commit).causes, start.causes)
        identity = next((one for one in self._standing_for(cause, start) if one in start.findings), None)
        if identity is None:
            return None
        return lambda commit: has_finding(identity, self.scan(commit).findings, start.findings)

    def _standing_for(self, cause: Cause, start: Scan) -> Iterator[str]:
        """The ids of what may be the finding that a cause rests on."""
        yield cause.id
        if not cause.tests:
            yield from findings_of((cause,))
        for one in (cause, *self._with_source(cause, start)):
            yield one.id
            yield from (finding.id for finding in start.facts.findings if _is_at(finding, one))

    def _with_source(self, cause: Cause, start: Scan) -> Iterator[Cause]:
        """What a cause would be called, had the case read the source."""
        suite, grouping = self._case.suite, self._case.grouping
        if self._case.inventory is not None or suite is None or grouping is None:
            return
        for one in find_causes(start.facts, suite, grouping):
            if cause.groups and {*cause.groups} <= {*one.groups}:
                yield one


def _is_at(finding: Finding, cause: Cause) -> bool:
    """Whether a finding that blocks tests names the first place of a cause whose defect is known."""
    if cause.kind == _UNKNOWN or finding.severity == "smell" or not cause.locations:
        return False
    first = cause.locations[0]
    return any((one.path, one.line) == (first.path, first.line) for one in finding.locations)
