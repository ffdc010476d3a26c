"""One case being worked on: its stages, each recorded in the store when it ends."""

from __future__ import annotations

import atexit
import os
import re
import shlex
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import kit
from kit.case.options import CaseOptions
from kit.case.storage import known_store, open_store
from kit.facts.case import Case, CaseFacts, Stage
from kit.facts.errors import KitError, UsageError
from kit.facts.failures import Group, Grouping
from kit.facts.spelling import texts
from kit.facts.suite import PluginTrial, SuiteFacts
from kit.facts.target import Target
from kit.masking import learn_target, mask
from kit.store import Store
from kit.suite import Display, feed, read_events, run_suite
from kit.suite.record.events import iterate_events
from kit.target import find_target

# A stage imports its rooms when it begins, so that a run of the tests says its first line early and takes the memory
# of its own rooms only.
if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.inventory import Importer, InventoryFacts
    from kit.inventory import Declarations, Inventory
    from kit.store.history import History
    from kit.suite import RunOptions
    from kit.suite.ingest import ResultsFile
    from kit.suite.warm import WarmSuite

#: so many cases of one target that begin in one second have names of their own
_MOST_A_SECOND = 1000


class Investigation:
    """A case that is being worked on.

    Each stage is a method. It computes its facts anew, records them, and returns them; what it needs of earlier stages
    it takes from the record, and computes only what was never tried. So stages run in any order and in any process.
    """

    def __init__(self, case: Case, store: Store, reports: Path, options: CaseOptions) -> None:
        """Work on ``case``, recorded in ``store``, with its files below ``reports``."""
        self.case = case
        self.store = store
        self.reports = reports
        self.options = options
        self._rerunning: WarmSuite | None = None
        learn_target(case.target.path)

    @classmethod
    def start(cls, options: CaseOptions, *, needs_source: bool = True) -> Investigation:
        """Begin a new case. Pass ``needs_source=False`` if results are reported and the source may be missing.

        Raises :class:`UsageError` when the name is taken, :class:`TargetError` when the target cannot be investigated.
        """
        target = _find(options, needs_source=needs_source)
        reports, store = open_store(options, target)
        name = options.case or _new_name(target, reports, store)
        if options.case and (store.case(name) or (reports / name).exists()):
            store.close()
            raise UsageError(f'The case "{name}" exists already in {reports}. Choose another --case, or --resume it.')
        return cls._begin(name, target, store, reports, options)

    @classmethod
    def open(cls, options: CaseOptions) -> Investigation:
        """Go on with a case when it exists, else begin it: what a notebook does.

        A notebook without a case name works on the case that is named after its target.
        """
        if options.case and options.reports_dir:  # then the record can be looked up before the target is
            reports, store = open_store(options, None)
            case = store.case(options.case)
            if case:
                return cls(case, store, reports, options)
            store.close()
        target = _find(options)
        reports, store = open_store(options, target)
        name = options.case or _slug(target.name)
        case = store.case(name)
        return cls(case, store, reports, options) if case else cls._begin(name, target, store, reports, options)

    @classmethod
    def resume(cls, name: str, options: CaseOptions) -> Investigation:
        """Go on with a case that exists, with the parameters that it was begun with.

        Raises :class:`UsageError` when there is none of that name.
        """
        reports, store = known_store(options)
        if store is None:
            raise UsageError(f'There is no case "{name}" in {reports}, nor any other; give --reports-dir its folder.')
        case = store.load(name).case
        asked = CaseOptions.of(**{**case.parameters, "case": name, "store_url": options.store_url})
        return cls(case, store, reports, asked)

    @classmethod
    def _begin(cls, name: str, target: Target, store: Store, reports: Path, options: CaseOptions) -> Investigation:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        case = Case(name, started, kit.__version__, target, options.parameters())
        (reports / name).mkdir(exist_ok=True)
        store.save_case(case)
        return cls(case, store, reports, options)

    @property
    def target(self) -> Target:
        """What is investigated."""
        return self.case.target

    @property
    def folder(self) -> Path:
        """The case's own folder."""
        return self.reports / self.case.id

    @property
    def events(self) -> Path:
        """The JSON-lines file that the suite's events are appended to."""
        return self.folder / "events.jsonl"

    @property
    def facts(self) -> CaseFacts:
        """Everything recorded so far."""
        return self.store.load(self.case.id)

    def map_registry(self) -> InventoryFacts:
        """Stage 1: what is mapped where, what collides, from source and from a run-time probe."""
        from kit.causes import find_causes
        from kit.inventory import Inventory, mark_loaded

        with self._stage("mapper_registry"):
            facts = Inventory.of(self.target).facts
            suite = self.facts.suite
            if suite:
                facts = mark_loaded(facts, suite.loaded_modules)
            self.store.save_inventory(self.case.id, facts)
            self.note_causes(find_causes(facts, None, None))
        return facts

    def read_imports(self) -> tuple[Importer, ...]:
        """Stage 2: who imports the modules that the findings name."""
        with self._stage("import_graph"):
            return self.inventory().importers

    def run_tests(self, display: Display | None = None, nodeids: Iterable[str] = ()) -> SuiteFacts:
        """Stage 3: collect the suite and run it in batches, or go on with a run of this case that was interrupted.

        ``display`` shows the live counts, ``nodeids`` are the tests to run when it is not all of them.
        """
        nodeids = texts(nodeids)
        resume = self._was_cut_short() and self.events.exists()
        if not resume:
            self.events.unlink(missing_ok=True)
        with self._stage("test_batches"):
            known = self.store.history(self.target.root)
            try:
                facts = run_suite(
                    self.target,
                    events=self.events,
                    options=self._options(known),
                    nodeids=nodeids,
                    resume=resume,
                    on_event=feed(display, iterate_events(self.events) if resume else ()) if display else None,
                )
            except BaseException:
                if self.events.exists():
                    self._save_suite(_remembering(read_events(self.events), known))
                raise
            if nodeids or facts.shares or not self.options.workers:  # else side by side on purpose, and it was not seen
                facts = _remembering(facts, known)
            if facts.problem and not facts.tests:
                facts = replace(facts, plugin_trial=self._try_plugins())
            self._save_suite(facts)
        return facts

    def warm(self) -> WarmSuite:
        """The suite, to be run again and again while the target is mended; to be used as a context manager.

        Nothing of it is recorded in the case: the report keeps telling of the state that was investigated. Failures
        are not run once more, alone: an answer is wanted at once.
        """
        from kit.inventory import Reach
        from kit.suite.warm import WarmSuite

        known = self.store.history(self.target.root)
        options = self.options.run_options(known.durations, shares=known.shared_state is not None)
        return WarmSuite(
            self.target,
            replace(options, recheck_s=0.0),
            events=self.folder / "rerun.jsonl",
            importers=Reach(self.target),
        )

    def rerun(self, what: Group | Iterable[str], display: Display | None = None) -> SuiteFacts:
        """Run a group of failures, or tests by their node ids, once more on the tree as it is now.

        The first call starts cold; later ones answer in a second or two after an edit, until :meth:`stop_rerunning`
        or the end of this process. Raises :class:`UsageError` when there is nothing to run.
        """
        if self._rerunning is None:
            self._rerunning = self.warm().__enter__()
            atexit.register(self.stop_rerunning)
        nodeids = self._tests_of(what) if isinstance(what, Group) else texts(what)
        if not nodeids:
            raise UsageError("There is no test to run again: give a group of failures, or node ids.")
        return self._rerunning.run(nodeids, feed(display) if display else None)

    def stop_rerunning(self) -> None:
        """End the process and remove the scratch copy that :meth:`rerun` keeps."""
        if self._rerunning is not None:
            atexit.unregister(self.stop_rerunning)
            self._rerunning.__exit__()
            self._rerunning = None

    def ingest(self, files: str | Path | ResultsFile | Sequence[str | Path | ResultsFile]) -> SuiteFacts:
        """Stage 3 of results that others made: take them from ``files`` and run nothing.

        Raises :class:`UsageError` for a file that cannot be used.
        """
        from kit.suite.ingest import ResultsFile, read_results

        with self._stage("test_batches"):
            several = (files,) if isinstance(files, str | Path | ResultsFile) else files
            facts = read_results([Path(file) if isinstance(file, str) else file for file in several], self.target)
            self._save_suite(facts)
        return facts

    def diagnose(
        self, suite: SuiteFacts | None = None, *, with_inventory: bool = True
    ) -> tuple[Grouping, tuple[Cause, ...]]:
        """Stage 4: group the failures, put them in categories, name the causes.

        Who has just recorded the ``suite`` gives it: it is not read again.
        """
        with self._stage("failure_categories"):
            inventory = self._inventory_or_none() if with_inventory else None
            suite = suite or self._suite_or_none()
            grouping, causes = self._explained(inventory, suite, with_source=with_inventory)
            self.store.save_diagnosis(self.case.id, grouping, causes)
            self.note_causes(causes, final=True)
        return grouping, causes

    def _explained(
        self, inventory: InventoryFacts | None, suite: SuiteFacts | None, *, with_source: bool
    ) -> tuple[Grouping, tuple[Cause, ...]]:
        """The groups of failures and their causes; ``with_source`` also by what the source declares."""
        if not with_source and suite and suite.is_fine:  # what explains takes a while to import
            return Grouping((), (), {}), ()
        from kit.causes import find_causes
        from kit.causes.scene.scene import no_source
        from kit.failures import group_failures

        grouping = group_failures(suite or SuiteFacts(), categories=self.options.own_categories())
        loads = self._imported_by_tests if with_source else dict
        source = self.declarations if with_source else no_source
        found = find_causes(inventory, suite, grouping, loads=loads, source=source)
        return grouping, tuple(self._with_commands(cause) for cause in found)

    def write_report(self) -> Path:
        """Stage 5: the case as one HTML file, with its JSON twin beside it; returns the HTML's path."""
        with self._stage("incident_report"):
            path = self._write()
        # once more, now that the report's own stage and the end of the case are facts too
        self.case = replace(self._head(), finished=datetime.now(UTC).isoformat(timespec="seconds"))
        self.store.save_case(self.case)
        return self._write() if path.exists() else path

    def inventory(self) -> InventoryFacts:
        """The recorded inventory; computed when no stage has tried to."""
        recorded = self.facts.inventory
        return recorded if recorded else self.map_registry()

    def importers_of(self, spec: str) -> tuple[Importer, ...]:
        """The importers of ``"module"`` or ``"module:name"``, from the source as it is now."""
        return self.source().importers(spec)

    def source(self) -> Inventory:
        """The source as it is now, for questions: importers, cycles, chains, what breaks without a module."""
        from kit.inventory import Inventory

        return Inventory.of(self.target, runtime=False)

    def declarations(self) -> Declarations:
        """What the source as it is now declares, read as it is asked."""
        from kit.inventory import Declarations

        return Declarations.of(self.target)

    def note_causes(self, causes: Iterable[Cause], *, final: bool = False) -> None:
        """Record when each of these causes was first named; with ``final``, only those that hold are kept."""
        head = self._head()
        elapsed = round((datetime.now(UTC) - datetime.fromisoformat(head.started)).total_seconds(), 1)
        named = {cause.id: head.named_after.get(cause.id, elapsed) for cause in causes}
        known = named if final else {**head.named_after, **named}
        if known != head.named_after:
            first = head.first_cause_after if head.first_cause_after is not None else min(known.values(), default=None)
            self.case = replace(head, named_after=known, first_cause_after=first)
            self.store.save_case(self.case)

    def mark_failed(self, stage: str, error: str) -> None:
        """Record that a stage did not come to its end; what it had said of itself stays."""
        known = {known.name: known for known in self.store.stages(self.case.id)}.get(stage)
        if known and known.outcome == "failed":
            return
        started = known.started if known else datetime.now(UTC).isoformat(timespec="seconds")
        self.store.save_stage(self.case.id, Stage(stage, "failed", started, None, mask(error)))

    def _write(self) -> Path:
        from kit.report import write_report

        return write_report(self.facts, self.folder)

    def _head(self) -> Case:
        return self.store.case(self.case.id) or self.case

    def _outcome_of(self, stage: str) -> str | None:
        return next((s.outcome for s in self.store.stages(self.case.id) if s.name == stage), None)

    def _was_cut_short(self) -> bool:
        outcome = self._outcome_of("test_batches")
        suite = self.facts.suite if outcome == "done" else None
        return suite.is_cut_short if suite else outcome not in {None, "done"}

    def _imported_by_tests(self) -> Mapping[str, frozenset[str]]:
        return self.source().imported_by_tests()

    def _inventory_or_none(self) -> InventoryFacts | None:
        return self.facts.inventory if self._outcome_of("mapper_registry") else self.map_registry()

    def _suite_or_none(self) -> SuiteFacts | None:
        return self.facts.suite if self._outcome_of("test_batches") else self.run_tests()

    def _with_commands(self, cause: Cause) -> Cause:
        """The cause with commands that can be typed as they stand: no fact of a cause knows the target's path."""
        asked = str(self.case.parameters.get("target") or "")
        path = f" {shlex.quote(asked)}" if asked else ""
        return replace(cause, next_step=re.sub(r"\b(kit \w+) PATH\b", lambda m: m[1] + path, cause.next_step))

    def _tests_of(self, group: Group) -> tuple[str, ...]:
        """The node ids of a group; of files that could not be collected, their own."""
        suite = self.facts.suite
        rootdir = suite.rootdir if suite else "."
        return (*group.tests, *(Path(os.path.relpath(file, rootdir)).as_posix() for file in group.files))

    def _try_plugins(self) -> PluginTrial | None:
        """Which plugin keeps pytest from starting, if one does; asked only when nothing could be run."""
        from kit.suite.collect.plugins import try_plugins

        try:
            return try_plugins(self.target)
        except (KitError, OSError):  # why nothing could be run is told already
            return None

    def _options(self, known: History) -> RunOptions:
        """How the tests are run, by what is known of them and of this machine."""
        interpreter, shares = self.target.interpreter, known.shared_state is not None
        overlays = False
        if shares and known.overlays is not False and interpreter and self.options.may_have_overlays:
            from kit.suite.process.overlays import overlays_work

            overlays = overlays_work(interpreter.executable)
        return self.options.run_options(
            known.durations, known.explained, shares=shares, overlays=overlays, start_method=known.start_method
        )

    def _save_suite(self, suite: SuiteFacts) -> None:
        self.store.save_suite(self.case.id, suite)
        if not self._outcome_of("mapper_registry"):
            return
        inventory = self.facts.inventory
        if inventory and suite.tests:
            from kit.inventory import mark_loaded

            self.store.save_inventory(self.case.id, mark_loaded(inventory, suite.loaded_modules))

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
        self.store.save_stage(self.case.id, Stage(name, "running", started))
        try:
            yield
        except BaseException as error:
            sentence = mask(f"{type(error).__name__}: {error}".strip(": "))
            self.store.save_stage(self.case.id, Stage(name, "failed", started, _since(clock), sentence))
            raise
        self.store.save_stage(self.case.id, Stage(name, "done", started, _since(clock)))


def _remembering(facts: SuiteFacts, known: History) -> SuiteFacts:
    """What a run has not seen of tests that share something, it has not refuted."""
    overlays = known.overlays if facts.views is None else facts.views
    start_method = facts.beginning or known.start_method
    return replace(facts, shares=facts.shares or known.shared_state, views=overlays, beginning=start_method)


def _find(options: CaseOptions, *, needs_source: bool = True) -> Target:
    return find_target(
        options.target, python=options.python, tests=options.tests, app=options.app, needs_source=needs_source
    )


def _new_name(target: Target, reports: Path, store: Store) -> str:
    """The target and the moment; a number tells those of one second apart. Its folder is made: it is nobody else's."""
    moment = f"{_slug(target.name)}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for name in (moment, *(f"{moment}-{number}" for number in range(2, _MOST_A_SECOND))):
        with suppress(FileExistsError):
            (reports / name).mkdir()
            if not store.case(name):
                return name
    raise UsageError(f"{reports} has too many cases of this second; give --case NAME.")


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "case"


def _since(clock: float) -> float:
    return round(time.monotonic() - clock, 2)
