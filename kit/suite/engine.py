"""Running a suite: collect once, let children pull batches, and account for every test whatever happens."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.facts.errors import KitError
from kit.facts.suite import SuiteFacts
from kit.facts.target import Interpreter, Target
from kit.suite.collecting import Collector
from kit.suite.failures import FailureReader
from kit.suite.options import RunOptions
from kit.suite.order import Order
from kit.suite.place import Place
from kit.suite.processes import Setting
from kit.suite.recorder import Recorder
from kit.suite.running import Running
from kit.suite.team import Team
from kit.target import scratch_copy, target_environment


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

    Events are appended to the file ``events`` as they happen (see :mod:`kit.suite.events`) and handed to ``on_event``.
    ``nodeids`` are pytest's (of tests, classes, files or folders), relative to its rootdir; empty: the whole suite.
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
        recorder.end("The run was interrupted.", interrupted=True)
        raise
    finally:
        recorder.close()
    return recorder.facts()


def _run(order: Order, recorder: Recorder, place: Place | None) -> str | None:
    """Run in ``place``, or in a scratch copy of its own; the problem that ended the run early, if one did."""
    interpreter = order.target.interpreter
    if interpreter is None:
        return f"{order.target.root} has no usable Python interpreter; name one with --python."
    try:
        if place is not None:
            return _run_in(order, recorder, interpreter, place)
        with scratch_copy(order.target) as root:
            return _run_in(order, recorder, interpreter, Place(root))
    except KitError as error:
        return str(error)
    except OSError as error:
        return f"The tests could not be run with {interpreter.executable}: {error}."


def _run_in(order: Order, recorder: Recorder, interpreter: Interpreter, place: Place) -> str | None:
    environment = target_environment(order.target, place.root)
    addopts = environment.pop("PYTEST_ADDOPTS", "")
    reader = FailureReader(order.target, place.root)
    beside = place.root.parent  # goes with the copy, even when kit is killed
    with tempfile.TemporaryDirectory(prefix="kit-", dir=beside, ignore_cleanup_errors=True) as private:
        setting = Setting(interpreter.executable, place.root, environment, Path(private), place.start, place.request)
        team = Team(setting, order.options.workers, order.options.run_timeout_s)
        try:
            collector = Collector(order, str(place.root), addopts, recorder, reader, team)
            collected = collector.collect()
            if isinstance(collected, str):
                return collected
            return Running(order, collected, collector, recorder, reader, team).run()
        finally:
            team.close()
