"""Prepares a run: starts processes in a workspace and has the suite collected."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kit.probes.system.stack_signal import STACK_SIGNAL
from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import Collector
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.starting import Setting
from kit.suite.process.supervisor import Supervisor
from kit.suite.process.workspace import Workspace
from kit.suite.record import coverage
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.run.running import Running
from kit.target import is_usual_copy, keep_bytecode, plain_bytecode, protection_of, share, target_environment

T = TypeVar("T")

#: after which part of its time a test writes its stack, where no signal can ask for it in the end
_STACK_AT = 0.9


@dataclass(frozen=True)
class Prepared:
    """A collected suite and what runs it, for as long as its processes live."""

    spec: RunSpec
    collected: Collected
    collector: Collector
    reader: FailureReader
    supervisor: Supervisor

    def running(self, recorder: Recorder) -> Running:
        """A run of this suite that is recorded by ``recorder``."""
        return Running(self.spec, self.collected, self.collector, recorder, self.reader, self.supervisor)


def prepared(spec: RunSpec, recorder: Recorder, workspace: Workspace, then: Callable[[Prepared], T]) -> T | str:
    """Collect the suite and call ``then`` with it; end its processes afterwards.

    Returns what ``then`` returns, or the sentence that says why the suite could not be collected.
    """
    interpreter = spec.target.interpreter
    if interpreter is None:
        return f"{spec.target.root} has no usable Python interpreter; name one with --python."
    environment = target_environment(spec.target, workspace.root)
    addopts = environment.pop("PYTEST_ADDOPTS", "")
    reader = FailureReader(spec.target, workspace.root)
    beside = workspace.root.parent  # it is removed with the copy, even if kit is killed
    with tempfile.TemporaryDirectory(prefix="kit-", dir=beside, ignore_cleanup_errors=True) as private:
        folder, request = Path(private), dict(workspace.request)
        if protection_of(workspace.root).covers:
            request["plain"] = plain_bytecode(workspace.root)
        if not STACK_SIGNAL:
            request["stack_after_s"] = _STACK_AT * spec.options.usual_limit_s
        if spec.options.coverage:
            request["coverage"] = coverage.settings(recorder.path, spec.target, workspace.root, recorder.attempt)
            share(recorder.path.resolve().parent, workspace.root)  # the data of coverage are written there
        setting = Setting(interpreter.executable, workspace.root, environment, folder, workspace.start, request)
        if spec.options.records:
            request["records"] = True
        supervisor = Supervisor(setting, spec.options.most_workers, spec.options.run_timeout_s)
        try:
            collector = Collector(spec, str(workspace.root), addopts, recorder, reader, supervisor)
            collected = collector.collect()
            if isinstance(collected, str):
                return collected
            if process := collected.process if collected.forks else collected.controller:
                supervisor.surroundings.keep(process)
            if is_usual_copy(spec.target, workspace.root):
                keep_bytecode(spec.target, workspace.root, (Path(path).parent for path in collected.modules.values()))
            done = then(Prepared(spec, collected, collector, reader, supervisor))
            if spec.options.coverage and recorder.facts().coverage_problem is None:
                _record_coverage(spec, recorder, reader, workspace.root)
            return done
        finally:
            supervisor.close()
            supervisor.surroundings.forget()
            supervisor.surroundings.restore()  # a warm suite runs again in this copy


def _record_coverage(spec: RunSpec, recorder: Recorder, reader: FailureReader, root: Path) -> None:
    measured, problem = coverage.read_coverage(spec.target, root, recorder.path, reader, recorder.attempt)
    recorder.say("coverage", coverage=measured, problem=problem or None)
