"""Collecting the suite, once, and planning its batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from kit.facts.suite import StartMethod
from kit.masking import mask_all
from kit.suite.collect.collected import Collected
from kit.suite.collect.collection import Collection
from kit.suite.collect.isolation import choose_isolation, start_method_of
from kit.suite.collect.start import Start
from kit.suite.plan.batches import Item, one_each, plan
from kit.suite.plan.ledger import Ledger
from kit.suite.plan.run_spec import RunSpec, command_line
from kit.suite.process.supervisor import Supervisor
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder

#: how often limits are looked at, in seconds
TICK = 0.1

#: test files that may end pytest when they are imported, before kit gives up
_MOST_CULPRITS = 20


class Collector:
    """Starts processes that collect the suite of one run. ``root`` is the scratch copy's."""

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
        self._ignored: list[str] = []
        self._names_workers = False  # whether they know from the start which one they are
        self._needs_prepared = False  # whether the suite has something of its own for each
        self._run = uuid4().hex  # what xdist calls the uid of a test run

    def start(
        self,
        slot: int,
        *,
        quietly: bool = False,
        prepared: Mapping[str, object] | None = None,
        has_overlay: bool = False,
        controls: bool = False,
    ) -> Collection:
        """Start a process that collects the suite; the caller listens to it.

        ``quietly``: an earlier process has already reported what this one finds. ``prepared`` is what the suite gave to
        the worker that this process will be. ``has_overlay``: the process gets a copy-on-write overlay of the tree.
        ``controls``: it collects nothing and only prepares workers.
        """
        line = command_line(self._spec, self._addopts_variable, self._ignored)
        request: dict[str, object] = {
            "arguments": line.arguments,
            "select": self._spec.nodeids or None,
            "root": self.root,
            "workers": self._spec.options.workers,
            "run": self._run,
            "controls": controls,
            "quietly": quietly,
        }
        is_named = self._names_workers and slot < self._spec.options.workers
        if is_named:
            request |= {"named": True, "prepared": prepared}
        process = self._supervisor.start(slot, request, has_overlay=has_overlay)
        say = _say_nothing if quietly else self._recorder.say
        return Collection(process, self._reader, self._supervisor.board, say, is_named=is_named)

    def do_without_names(self, why: str) -> bool:
        """From now on workers get their names when they begin to work, since none that had one before could begin; not
        where the suite prepares its workers itself.
        """
        if self._needs_prepared:
            return False
        if self._names_workers:
            what = "names of workers, as with pytest-xdist: none that has one from the start can begin"
            self._recorder.say("neutralised", what=f"{what} ({why})")
        self._names_workers = False
        return True

    def collect(self) -> Collected | str:
        """Collect and record the suite; a sentence when there is nothing to run.

        A test file that ends pytest when it is imported (it crashes, exits or hangs) becomes a collection error, and
        the suite is collected again without it.
        """
        for sentence in command_line(self._spec, self._addopts_variable).disabled:
            self._recorder.say("neutralised", what=sentence)
        expected = self._known_start_method()
        while True:
            start = self._start(expected)
            collection = self._follow(start.first)
            if start.controller:
                collection.heed(start.controller)
            if collection.ready and start.fits:
                self._record(collection)
                return self._nothing_collected(collection) or self._planned(start)
            for process in start.processes:
                self._supervisor.end(process)
            if start.has_begun and collection.culprit is None and not collection.has_hung:
                expected = None  # perhaps the suite is no longer what it was
                continue
            is_last = collection.culprit is None or len(self._ignored) >= _MOST_CULPRITS or self._supervisor.is_late
            for error in collection.errors:
                if is_last or error.path == collection.culprit:
                    self._recorder.say("collection_error", path=error.path, failure=error.failure)
            if is_last or collection.culprit is None:
                return str(collection.problem)
            self._ignored.append(collection.culprit)

    def _known_start_method(self) -> StartMethod | None:
        """The start method that an earlier run has shown, if the workers are not to be forked; else ``None``."""
        options = self._spec.options
        if (
            options.isolation not in ("auto", "process")
            or options.has_overlays
            or options.cluster
            or options.workers == 1
        ):
            return None
        if options.start_method == "forked":
            return "fresh" if options.isolation == "process" else None
        return options.start_method

    def _start(self, start_method: StartMethod | None) -> Start:
        """Start all workers when it is known how they have to begin, one where a few tests are wanted; else a process
        that collects so that one can see.
        """
        controller = self._controller() if start_method == "prepared" else None
        if controller and controller.has_hung:
            return Start(controller)
        if start_method is None or (start_method == "prepared" and controller is None):
            self._names_workers = False
            return Start(self.start(self._spec.options.most_workers))
        self._names_workers = start_method != "fresh"
        collections = []
        for slot in range(1 if self._spec.nodeids else self._spec.options.workers):
            prepared = controller.process.prepare(slot) if controller else None
            collections.append(self.start(slot, quietly=slot > 0, prepared=prepared))
        return Start(collections[0], tuple(collections[1:]), controller, start_method)

    def _controller(self) -> Collection | None:
        """A process in which the suite prepares its workers, or that hangs; ``None`` when no worker is prepared."""
        controller = self._follow(self.start(self._spec.options.most_workers, quietly=True, controls=True))
        if controller.prepares or controller.prepares_named or controller.has_hung:
            return controller
        self._supervisor.end(controller.process)
        return None

    def _follow(self, collection: Collection) -> Collection:
        self._supervisor.listen(collection.process.connection, collection.read)
        while not collection.ready and not collection.problem:
            self._supervisor.wait(TICK)
            collection.tick(self._spec.options.collection_limit_s)
        self._supervisor.stop_listening(collection.process.connection)
        return collection

    def _record(self, collection: Collection) -> None:
        for error in collection.errors:
            self._recorder.say("collection_error", path=error.path, failure=error.failure)
        for sentence in self._surprises(collection):
            self._recorder.say("neutralised", what=sentence)

    def _surprises(self, collection: Collection) -> list[str]:
        """What turned out only when pytest was there."""
        expected, ini = self._spec.target.config.path, collection.config.get("ini")
        found = self._reader.path(ini) if ini else None
        sentences = [f"{option}: belongs to a plugin that is not installed" for option in collection.unknown_options]
        if found != expected and not (expected or "").startswith("/"):
            sentences.append(f"addopts of {found}: pytest reads this file, kit had looked into {expected or 'none'}")
        return sentences

    def _nothing_collected(self, collection: Collection) -> str | None:
        if collection.items:
            return None
        if self._spec.nodeids:
            some = ", ".join(self._spec.nodeids[:5])
            return f"None of the given tests was collected ({some}); node ids are relative to pytest's rootdir."
        if collection.errors:
            return f"No test could be collected: {_files(len(collection.errors))} failed, see the collection errors."
        return f"No test was collected in {self._spec.target.root}; name the folders of the tests with --tests."

    def _planned(self, start: Start) -> Collected:
        """Record what was collected, and cut it into batches."""
        collection, options = start.first, self._spec.options
        items = collection.items
        names = mask_all([item[0] for item in items])
        waiting = self._not_done_before(names)
        places = [self._reader.path(item[1]) for item in items]
        for name, place, item in zip(names, places, items, strict=True):
            self._recorder.say("collected", nodeid=name, path=place, line=item[2], fixtures=item[3], markers=item[4])
        forks, isolation = choose_isolation(
            options.isolation, collection, overlays=options.has_overlays, has_begun=start.has_begun
        )
        start_method = start_method_of(collection)
        self._names_workers = start_method in ("named", "prepared")  # else those who ask get theirs before they work
        self._needs_prepared = bool(collection.prepares)
        self._recorder.say(
            "ready",
            tests=len(items),
            isolation=isolation,
            beginning=None if options.workers == 1 or self._spec.nodeids else start_method,
            rootdir=self._reader.path(collection.config["rootdir"]) or ".",
            pytest=collection.pytest,
            loaded_modules={name: self._reader.path(path) for name, path in collection.modules.items()},
            expected_s=self._expected_s([names[index] for index in waiting]),
        )
        controller = start.controller or (collection if start_method == "prepared" and not forks else None)
        return Collected(
            nodeids=tuple(item[0] for item in items),
            names=names,
            ledger=Ledger(self._batches(_kinds(items, places), names, waiting), places),
            process=collection.process,
            forks=forks,
            modules=collection.modules,
            is_worker=start.has_begun or (start_method in ("forked", "fresh") and not options.has_overlays),
            controller=controller.process if controller else None,
            others=start.others,
            names_workers=bool(collection.asks_for_names),
        )

    def _batches(self, kinds: list[Item], names: tuple[str, ...], indexes: list[int]) -> tuple[tuple[int, ...], ...]:
        options = self._spec.options
        if options.isolation in ("file", "test"):
            return one_each(kinds, indexes, options.isolation)
        known = {index: options.durations[names[index]] for index in indexes if names[index] in options.durations}
        return plan(kinds, indexes, options.workers, known)

    def _expected_s(self, names: list[str]) -> float | None:
        """How long these tests take if they take as long as before; ``None`` when most of them are new."""
        options = self._spec.options
        known = [options.durations[name] for name in names if name in options.durations]
        if len(known) <= len(names) / 2:
            return None
        return round(sum(known) * len(names) / len(known) / options.workers, 1)

    def _not_done_before(self, names: tuple[str, ...]) -> list[int]:
        """The tests to run that have no outcome from an earlier session."""
        done = self._recorder.done_before.copy()
        chosen = frozenset(self._spec.choose(names)) if self._spec.choose else None
        left = []
        for index, name in enumerate(names):
            if done[name] > 0:
                done[name] -= 1
            elif chosen is None or name in chosen:
                left.append(index)
        return left


def _say_nothing(kind: str, **details: object) -> None:
    """What a process that collects again finds was said before."""


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"


def _kinds(items: list[list[Any]], places: list[str]) -> list[Item]:
    return [
        Item(place, parent, function, shares)
        for place, (*_, parent, function, shares) in zip(places, items, strict=True)
    ]
