"""Runs a suite again and again while its target is edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

from kit.facts.nodeids import nodeid_of, path_of
from kit.facts.spelling import texts
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.engine import run_suite
from kit.suite.options import RunOptions
from kit.suite.select.affected import ImportersOf, affected_files
from kit.suite.select.choosing import Chooser
from kit.suite.select.selected import Selected
from kit.suite.warm.prefork_server import PreforkServer
from kit.target import TreeChanges, forget_bytecode, kept_copy, may_configure_pytest, with_current_config
from kit.wire.short_ids import is_short_id

#: how long edits are gathered, and how often kit looks at the tree without a notification, in milliseconds
_GATHER_MS, _LOOK_MS = 400, 5_000


class WarmSuite:
    """Runs a target's tests in one scratch copy that follows the tree. A process keeps the third-party packages
    imported, so that each run imports only the target's own modules again.

    Use it as a context manager: at its end the copy is removed and every process has ended. The first run starts cold
    and shows what to preload. If something prevents a warm start later, the run starts cold, and :attr:`started` says
    so.
    """

    def __init__(
        self,
        target: Target,
        options: RunOptions | None = None,
        *,
        events: Path | None = None,
        importers: ImportersOf | None = None,
    ) -> None:
        """``events`` is the file for the events, emptied by each run; by default it is beside the scratch copy.

        ``importers`` finds the files that import a source file: see :meth:`affected`.
        """
        self._target, self._options = target, options or RunOptions()
        self._events, self._importers = events, importers
        self._tests: set[str] = set()  # the test files of all runs
        self._passed: set[str] = set()  # the tests that have passed in one of them
        self._unsaid = TreeChanges()  # changes that runs have noticed and :meth:`sync` has not returned yet
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        """Copy the tree. Raises :class:`~kit.facts.errors.TargetError` when there is no room."""
        with ExitStack() as closing:
            self._copy = closing.enter_context(kept_copy(self._target, is_edited=True))
            self._server = PreforkServer(self._copy.root, self._options.collection_limit_s)
            closing.callback(self._server.close)
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    @property
    def started(self) -> str:
        """How the last run was started: a sentence that begins with ``warm`` or ``cold``."""
        return self._server.started

    def run(
        self,
        nodeids: Sequence[str] = (),
        on_event: Callable[[Mapping[str, Any]], None] | None = None,
        *,
        known: Sequence[str] = (),
    ) -> SuiteFacts:
        """Run these tests, or the whole suite, on the tree as it is now. ``known`` as in :func:`~kit.suite.run_suite`.

        Only the files of these tests are collected. Tests whose files are gone are left out, unless that leaves none.
        Returns and raises what :func:`~kit.suite.run_suite` does.
        """
        self._unsaid = self._unsaid.then(self._follow())
        nodeids = texts(nodeids)
        present = [nodeid for nodeid in nodeids if self.exists(nodeid)] or nodeids
        workspace = self._server.workspace(self._target)
        events = self._events or self._copy.root.parent / "events.jsonl"
        events.unlink(missing_ok=True)  # each run is about the tree as it is now, and only the last one is kept
        try:
            facts = run_suite(
                self._target,
                events=events,
                options=self._options,
                nodeids=present,
                on_event=on_event,
                workspace=workspace,
                known=known,
            )
        finally:
            self._server.learn(self._target)
        self._passed |= {result.nodeid for result in facts.results if result.outcome == "passed"}
        self._tests |= {test.path for test in facts.tests} | {error.path for error in facts.collection_errors}
        return facts

    def sync(self) -> TreeChanges:
        """Bring the scratch copy up to date with the tree; return what has changed there since the last call."""
        changes, self._unsaid = self._unsaid.then(self._follow()), TreeChanges()
        return changes

    def affected(self, changes: TreeChanges) -> tuple[str, ...]:
        """The test files to run again, as node ids.

        These are new test files, files of earlier runs that have changed, and those that ``importers`` names for a
        changed file (without ``importers``: all). The result may be empty, which :meth:`run` takes for the whole suite.
        """
        files = affected_files(changes, self._tests, self._importers)
        return tuple(nodeid_of(file, self._target.config.rootdir) for file in files)

    def concerned(self, changes: TreeChanges) -> Selected:
        """The tests to run again: those that have run what has changed inside the files.

        Where that was not recorded, these are all tests of the files that :meth:`affected` names.
        """
        chooser = Chooser.of(self._target, lambda: self._importers) if self._options.records else None
        if chooser is None or not chooser.has_recorded(self._passed):
            files = self.affected(changes)
            return Selected(files, why=tuple(sorted(changes.paths)))
        return chooser.changed(self._tests)

    def exists(self, nodeid: str) -> bool:
        """Whether the file of a test existed after the last edit that was seen."""
        bases = (".", self._target.config.rootdir)
        return is_short_id(nodeid) or any((self._copy.root / path_of(nodeid, base)).exists() for base in bases)

    def changes(self) -> Iterator[TreeChanges]:
        """Wait for edits, forever, and yield what each has changed. Files that are not copied do not count."""
        from watchfiles import watch  # only needed to wait for edits

        while True:
            if changes := self.sync():
                yield changes
            folders = self._copy.folders
            with suppress(FileNotFoundError):  # a folder was removed meanwhile
                for _ in watch(
                    *folders,
                    watch_filter=None,
                    recursive=False,
                    debounce=_GATHER_MS,
                    rust_timeout=_LOOK_MS,
                    yield_on_timeout=True,
                ):
                    if changes := self.sync():
                        yield changes
                    if self._copy.folders != folders:
                        break

    def _follow(self) -> TreeChanges:
        changes = self._copy.sync()
        forget_bytecode(self._copy.root, changes.paths)
        if any(map(may_configure_pytest, changes.paths)):
            self._target = with_current_config(self._target)
            self._server.forget()  # the configuration decides which warnings are errors, and what is rewritten
        return changes
