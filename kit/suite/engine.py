"""Running a suite: collect once, let children pull batches, and account for every test whatever happens."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from kit.facts.errors import KitError, TargetError, UsageError
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import Collector
from kit.suite.options import RunOptions
from kit.suite.plan.order import Order
from kit.suite.process.place import Place
from kit.suite.process.processes import Setting
from kit.suite.process.team import Team
from kit.suite.record import coverage
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.run.bisecting import Pollution, bisection, settle
from kit.suite.run.rerunning import unasked
from kit.suite.run.running import Running
from kit.target import is_usual_copy, keep_bytecode, scratch_copy, target_environment

T = TypeVar("T")


def run_suite(
    target: Target,
    *,
    events: Path,
    options: RunOptions | None = None,
    nodeids: Sequence[str] = (),
    resume: bool = False,
    on_event: Callable[[Mapping[str, Any]], None] | None = None,
    place: Place | None = None,
) -> SuiteFacts:
    """Run the target's tests in a scratch copy and return what became of every one of them.

    As things happen, events (:mod:`kit.suite.record.events`) are appended to ``events`` and handed to ``on_event``.
    ``nodeids`` are pytest's (of tests, classes, files or folders), relative to its rootdir; empty: the whole suite.
    Only their files are collected then, so that a test may see fewer modules imported than in a run of the whole suite.
    ``resume`` goes on with what ``events`` holds and runs only what has no outcome there.
    ``place`` is a scratch copy that is kept for more than this run.

    Whatever the target does is told in the facts (``problem`` when nothing could be run). Raises
    :class:`~kit.facts.errors.UsageError` for an unwritable file, and ``KeyboardInterrupt``, with
    every process ended and everything so far recorded.
    """
    order = Order(target, options or RunOptions(), tuple(nodeids))
    recorder = Recorder(events, on_event, resume=resume)
    try:
        recorder.begin(workers=order.options.workers, timeout_s=order.options.timeout_s)
        recorder.end(_run(order, recorder, place))
    except KeyboardInterrupt:
        recorder.end(_interrupted(recorder.facts(), order.options), interrupted=True)
        raise
    finally:
        recorder.close()
    return recorder.facts()


def _interrupted(facts: SuiteFacts, options: RunOptions) -> str:
    left = unasked(facts) if options.recheck_s > 0 and facts.tests and not facts.accounting.not_run else ""
    return f"The run was interrupted; {left}." if left else "The run was interrupted."


def _run(order: Order, recorder: Recorder, place: Place | None) -> str | None:
    """Run in ``place``, or in a scratch copy of its own; the problem that ended the run early, if one did."""
    try:
        if place is not None:
            return _run_in(order, recorder, place)
        with scratch_copy(order.target) as root:
            return _run_in(order, recorder, Place(root))
    except KitError as error:
        return str(error)
    except OSError as error:
        return f"The tests could not be run: {error}."


def bisect_pollution(
    target: Target,
    nodeid: str,
    *,
    options: RunOptions | None = None,
    on_step: Callable[[int, bool], None] | None = None,
) -> Pollution:
    """Find the earlier tests that make a test fail which passes alone, or pass which fails alone.

    The suite is collected once, in a scratch copy; then the test is run again and again in new processes, after fewer
    and fewer of the tests that come before it in a plain run. ``on_step`` is told after how many it was run each time,
    and whether it failed. Raises :class:`~kit.facts.errors.UsageError` when no test has this node id, and
    :class:`~kit.facts.errors.TargetError` when the suite cannot be collected.
    """
    order = Order(target, options or RunOptions(), ())

    def search(run: _Prepared) -> Pollution:
        if nodeid not in run.collected.names:
            near = get_close_matches(nodeid, run.collected.names, n=1)
            raise UsageError(f"No test is called {nodeid}{f'; did you mean {near[0]}?' if near else '.'}")
        test = run.collected.names.index(nodeid)

        def fails_after(before: tuple[int, ...]) -> bool:
            seen = run.running.experiment((*before, test)).get(test)
            failed = seen is None or seen.is_bad
            if on_step:
                on_step(len(before), failed)
            return failed

        found, runs = settle(bisection(range(test)), fails_after)
        return Pollution(nodeid, found.kind, tuple(run.collected.names[index] for index in found.by), runs)

    with tempfile.TemporaryDirectory(prefix="kit-") as folder, scratch_copy(target) as root:
        recorder = Recorder(Path(folder) / "events.jsonl", None, resume=False)
        try:
            found = _prepared(order, recorder, Place(root), search)
        finally:
            recorder.close()
    if isinstance(found, str):
        raise TargetError(found)
    return found


@dataclass(frozen=True)
class _Prepared:
    collected: Collected
    running: Running


def _run_in(order: Order, recorder: Recorder, place: Place) -> str | None:
    return _prepared(order, recorder, place, lambda run: run.running.run())


def _prepared(order: Order, recorder: Recorder, place: Place, then: Callable[[_Prepared], T]) -> T | str:
    """Collect the suite, and do something with it while its processes live; a sentence when that cannot be."""
    interpreter = order.target.interpreter
    if interpreter is None:
        return f"{order.target.root} has no usable Python interpreter; name one with --python."
    environment = target_environment(order.target, place.root)
    addopts = environment.pop("PYTEST_ADDOPTS", "")
    reader = FailureReader(order.target, place.root)
    beside = place.root.parent  # goes with the copy, even when kit is killed
    with tempfile.TemporaryDirectory(prefix="kit-", dir=beside, ignore_cleanup_errors=True) as private:
        folder, request = Path(private), dict(place.request)
        if order.options.coverage:
            request["coverage"] = coverage.settings(folder, order.target)
        setting = Setting(interpreter.executable, place.root, environment, folder, place.start, request)
        team = Team(setting, order.options.workers, order.options.run_timeout_s)
        try:
            collector = Collector(order, str(place.root), addopts, recorder, reader, team)
            collected = collector.collect()
            if isinstance(collected, str):
                return collected
            if is_usual_copy(order.target, place.root):
                keep_bytecode(order.target, place.root, (Path(path).parent for path in collected.modules.values()))
            done = then(_Prepared(collected, Running(order, collected, collector, recorder, reader, team)))
            if order.options.coverage and recorder.facts().coverage_problem is None:
                _record_coverage(order, recorder, reader, place.root, folder)
            return done
        finally:
            team.close()


def _record_coverage(order: Order, recorder: Recorder, reader: FailureReader, root: Path, private: Path) -> None:
    measured, problem = coverage.read_coverage(order.target, root, private, reader)
    recorder.say("coverage", coverage=measured, problem=problem or None)
