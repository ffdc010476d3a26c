"""Collects the suite, and again without the files that end pytest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from kit.facts.nodeids import path_of
from kit.facts.suite import CollectionError, StartMethod
from kit.platform.abilities import CAN_INHERIT
from kit.suite.collect.alone import collection_errors, has_standby
from kit.suite.collect.collected import Collected
from kit.suite.collect.collection import Collection
from kit.suite.collect.isolation import start_method_of
from kit.suite.collect.planning import Planner
from kit.suite.collect.recording import CollectionRecord
from kit.suite.collect.start import Start
from kit.suite.plan.run_spec import RunSpec, command_line
from kit.suite.process.processes import PytestProcess
from kit.suite.process.supervisor import Supervisor
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder

#: how often kit checks limits, in seconds
TICK = 0.1

#: how many test files may end pytest when they are imported, before kit gives up
_MOST_CULPRITS = 20


class Collector:
    """Starts the processes that collect the suite of one run. ``root`` is the scratch copy."""

    def __init__(
        self,
        spec: RunSpec,
        root: str,
        addopts_variable: str,
        recorder: Recorder,
        reader: FailureReader,
        supervisor: Supervisor,
    ) -> None:
        self._spec, self.root, self._addopts_variable = spec, root, addopts_variable
        self._recorder, self._reader, self._supervisor = recorder, reader, supervisor
        self._record = CollectionRecord(spec, root, addopts_variable, recorder, reader)
        self._ignored: list[str] = []
        self._names_workers = False  # whether workers know their name from the start
        self._needs_prepared = False  # whether the suite prepares each worker
        self._run = uuid4().hex  # what xdist calls the uid of a test run

    def start(
        self,
        slot: int,
        *,
        quietly: bool = False,
        prepared: Mapping[str, object] | None = None,
        has_overlay: bool = False,
        controls: bool = False,
        watches: bool = True,
    ) -> Collection:
        """Start a process that collects the suite; the caller listens to it.

        ``quietly``: an earlier process has already reported what this one finds. ``prepared`` is what the suite gave to
        the worker that this process will be. ``has_overlay``: the process gets a copy-on-write overlay of the tree.
        ``controls``: it collects nothing and only prepares workers. ``watches``: it watches the state that tests share.
        """
        line = command_line(self._spec, self._addopts_variable, self._ignored)
        request: dict[str, object] = {
            "arguments": line.arguments,
            "select": self._spec.nodeids or None,
            "known": self._spec.known,
            "root": self.root,
            "workers": self._spec.options.workers,
            "run": self._run,
            "controls": controls,
            "quietly": quietly,
            "watches": watches and self._spec.options.recheck_s > 0,
        }
        if not quietly:
            request["asked"] = line.asked
            request["standby"] = has_standby(self._spec)
        is_named = self._names_workers and slot < self._spec.options.workers
        if is_named:
            request |= {"named": True, "prepared": prepared}
        process = self._supervisor.start(slot, request, has_overlay=has_overlay)
        say = _say_nothing if quietly else self._recorder.say
        gathered = self._spec.gathered
        return Collection(process, self._reader, self._supervisor.board, say, gathered, is_named=is_named)

    def do_without_names(self, why: str) -> bool:
        """From now on give workers their names when they begin to work: none could start that had a name before.

        Returns false, and changes nothing, if the suite prepares its workers itself.
        """
        if self._needs_prepared:
            return False
        if self._names_workers:
            what = "names of workers, as with pytest-xdist: none that has one from the start can begin"
            self._recorder.say("neutralised", what=f"{what} ({why})")
        self._names_workers = False
        return True

    def collect(self) -> Collected | str:
        """Collect and record the suite; return a sentence if there is nothing to run.

        A test file that ends pytest when it is imported (it crashes, exits or hangs) becomes a collection error, and
        kit collects the suite again without it.
        """
        for sentence in command_line(self._spec, self._addopts_variable).disabled:
            self._recorder.say("neutralised", what=sentence)
        expected = self._known_start_method()
        while True:
            start = self._start(expected)
            collection = self._follow(start.first)
            if start.controller:
                collection.take_over_from(start.controller)
            if collection.ready and start.fits:
                self._record.record(collection)
                return self._record.nothing_collected(collection) or self._planned(start)
            for process in start.processes:
                self._supervisor.end(process)
            if start.has_begun and collection.culprit is None and not collection.has_hung:
                # the suite may have changed since the earlier run
                expected = start_method_of(collection) if collection.ready else None
                continue
            if problem := self._given_up(collection):
                return problem

    def errors_alone(self, file: str, server: PytestProcess | None = None) -> list[CollectionError]:
        """The errors when pytest collects one test file, named as in a node id, without the others. A process that is
        gone afterwards collects it, forked by way of ``server`` if that can; nothing is recorded.
        """
        path = path_of(file, self._spec.target.config.rootdir)
        fork = server.collect(path) if server and not server.connection.closed else None
        if fork is not None:
            limit_s = self._spec.options.collection_limit_s
            return collection_errors(fork, self._supervisor, self._reader, limit_s)
        spec = replace(self._spec, nodeids=(file,))
        alone = Collector(spec, self.root, self._addopts_variable, self._recorder, self._reader, self._supervisor)
        collection = alone._follow(alone.start(self._spec.options.most_workers, quietly=True))
        self._supervisor.end(collection.process)
        return collection.errors

    def _given_up(self, collection: Collection) -> str | None:
        """The problem if the suite cannot be collected; ``None`` if it may be without the file that is to blame."""
        culprit = collection.culprit
        is_last = culprit is None or len(self._ignored) >= _MOST_CULPRITS or self._supervisor.is_late
        for error in collection.errors:
            if is_last or error.path == culprit:
                self._recorder.say("collection_error", path=error.path, failure=error.failure)
        if culprit is not None and not is_last:
            self._ignored.append(culprit)
            return None
        if not collection.errors and not collection.has_hung:
            self._record.record_refusal(collects=True)
        return str(collection.problem)

    def _known_start_method(self) -> StartMethod | None:
        """The start method that an earlier run has shown, if the workers are not to be forked; else ``None``. Without
        forks each worker collects in any case, so in a first run too they begin at once.
        """
        options = self._spec.options
        if (
            options.isolation not in ("auto", "process")
            or options.has_overlays
            or options.cluster
            or options.workers == 1
        ):
            return None
        if options.earlier.start_method == "forked":
            return "fresh" if options.isolation == "process" else None
        return options.earlier.start_method or (None if CAN_INHERIT else "fresh")

    def _start(self, start_method: StartMethod | None) -> Start:
        """Start the workers if the start method is known (one worker if only some tests are to run).

        Otherwise start one process that collects the suite, which shows the start method.
        """
        controller = self._controller() if start_method == "prepared" else None
        if controller and controller.has_hung:
            return Start(controller)
        if start_method is None or (start_method == "prepared" and controller is None):
            self._names_workers = False
            return Start(self.start(self._spec.options.most_workers))
        self._names_workers = start_method != "fresh"
        collections = []
        options = self._spec.options
        is_alone = bool(self._spec.nodeids) or (options.begins_alone and options.is_short)
        for slot in range(1 if is_alone else options.workers):
            prepared = controller.process.prepare(slot) if controller else None
            collections.append(self.start(slot, quietly=slot > 0, prepared=prepared))
        return Start(collections[0], tuple(collections[1:]), controller, start_method)

    def _controller(self) -> Collection | None:
        """Start the process in which the suite prepares its workers; ``None`` if the suite prepares none.

        If the process hangs it is returned too: its ``problem`` then ends the run.
        """
        controller = self._follow(self.start(self._spec.options.most_workers, quietly=True, controls=True))
        if controller.prepares or controller.prepares_named or controller.has_hung:
            return controller
        self._supervisor.end(controller.process)
        return None

    def _follow(self, collection: Collection) -> Collection:
        self._supervisor.listen(collection.process.connection, collection.read)
        while not collection.ready and not collection.problem:
            self._supervisor.wait(TICK)
            collection.tick(self._spec.options)
        self._supervisor.stop_listening(collection.process.connection)
        return collection

    def _planned(self, start: Start) -> Collected:
        """Plan the suite. Workers that collect again from now on begin as the suite needs it."""
        collection = start.first
        start_method = start_method_of(collection)
        self._names_workers = start_method in ("named", "prepared")  # other workers get their names before they work
        self._needs_prepared = bool(collection.prepares)
        return Planner(self._spec, self._recorder, self._reader).plan(start, start_method)


def _say_nothing(kind: str, **details: object) -> None:
    """Record nothing: the first process has reported what a later one finds."""
