"""From a place to a suite that is collected and can be run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import Collector
from kit.suite.plan.order import Order
from kit.suite.process.place import Place
from kit.suite.process.processes import Setting
from kit.suite.process.team import Team
from kit.suite.record import coverage
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.run.running import Running
from kit.target import is_usual_copy, keep_bytecode, target_environment

T = TypeVar("T")


@dataclass(frozen=True)
class Prepared:
    """A suite that was collected, and what runs it while its processes live."""

    order: Order
    collected: Collected
    collector: Collector
    reader: FailureReader
    team: Team

    def running(self, recorder: Recorder) -> Running:
        """What runs it and records that there."""
        return Running(self.order, self.collected, self.collector, recorder, self.reader, self.team)


def prepared(order: Order, recorder: Recorder, place: Place, then: Callable[[Prepared], T]) -> T | str:
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
            request["coverage"] = coverage.settings(recorder.path, order.target, place.root, anew=not recorder.earlier)
        setting = Setting(interpreter.executable, place.root, environment, folder, place.start, request)
        team = Team(setting, order.options.most_workers, order.options.run_timeout_s)
        try:
            collector = Collector(order, str(place.root), addopts, recorder, reader, team)
            collected = collector.collect()
            if isinstance(collected, str):
                return collected
            if is_usual_copy(order.target, place.root):
                keep_bytecode(order.target, place.root, (Path(path).parent for path in collected.modules.values()))
            done = then(Prepared(order, collected, collector, reader, team))
            if order.options.coverage and recorder.facts().coverage_problem is None:
                _record_coverage(order, recorder, reader, place.root)
            return done
        finally:
            team.close()


def _record_coverage(order: Order, recorder: Recorder, reader: FailureReader, root: Path) -> None:
    measured, problem = coverage.read_coverage(order.target, root, recorder.path, reader)
    recorder.say("coverage", coverage=measured, problem=problem or None)
