"""Starts the processes of a warm suite: forked from a preloaded process if there is a good one, else started cold."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kit.facts.target import Target
from kit.platform.abilities import CAN_INHERIT
from kit.platform.worker_links import OtherEnd
from kit.suite.process.imports import Imports, kept_imports
from kit.suite.process.starting import Setting, Started, start_probe
from kit.suite.process.workspace import Workspace
from kit.suite.warm.forked_probes import forked_records
from kit.suite.warm.preloaded import PreloadedProcess
from kit.target import target_environment

#: how many preloaded processes are tried before a run starts cold: an outdated one, a fast one and a careful one
_MOST_TRIALS = 3

_FIRST = "cold: this run shows what to hold"

#: why nothing is preloaded on a system without fork
_NO_FORK = "" if CAN_INHERIT else "this system cannot fork"


class PreforkServer:
    """Keeps a process with the imports of earlier runs preloaded, and forks the processes of the next run from it."""

    def __init__(self, root: Path, limit_s: float) -> None:
        """``root`` is the scratch copy, ``limit_s`` how long the imports may take."""
        self.started = _FIRST
        self._root, self._limit_s = root, limit_s
        self._private = Path(tempfile.mkdtemp(prefix="kit-", dir=root.parent))
        self._seen = self._private / "imports"
        self._imports: Imports | None = None
        self._preloaded: PreloadedProcess | None = None
        self._has_run = False
        self._careful = False
        self._tells_effects = True
        self._given_up = _NO_FORK

    @property
    def is_warm(self) -> bool:
        """Whether :meth:`effects` has an answer."""
        return self._preloaded is not None and self._tells_effects

    def workspace(self, target: Target) -> Workspace:
        """The workspace of the next run."""
        self._seen.unlink(missing_ok=True)
        self.started = self._make_ready(target)
        return Workspace(self._root, self._start, {"imports": str(self._seen)})

    def learn(self, target: Target) -> None:
        """After a run, end what it left behind, and preload what it has imported in addition.

        This does not wait for the imports.
        """
        self._has_run = True
        if self._preloaded is not None:
            self._preloaded.sweep()
        seen, held = Imports.read(self._seen), self._imports
        if seen is None or self._given_up or (held is not None and set(seen.names) <= set(held.names)):
            return
        self._end_preloaded()
        self._imports = seen if held is None else held.and_then(seen)
        with suppress(OSError):  # the next run reports the reason
            self._preloaded = self._begin(target)

    def effects(self, target: Target, request: Mapping[str, Any], limit_s: float) -> list[dict[str, Any]]:
        """What the probe of effects says in a process that has the libraries already; nothing where none can tell all:
        then no other one is tried.
        """
        self._make_ready(target)
        if self._preloaded is None or not self._tells_effects:
            return []
        try:
            records = forked_records(self._preloaded, "effects", request, self._root, limit_s)
        except ChildProcessError:
            self._end_preloaded()
            records = []
        self._tells_effects = bool(records) and records[-1].get("kind") == "routes"
        return records if self._tells_effects else []

    def variables(self, target: Target, request: Mapping[str, Any], limit_s: float) -> list[dict[str, Any]]:
        """What the probe of variables says in a process that has the libraries already; nothing where there is none."""
        self._make_ready(target)
        if self._preloaded is None:
            return []
        try:
            return forked_records(self._preloaded, "variables", request, self._root, limit_s)
        except ChildProcessError:
            self._end_preloaded()
            return []

    def forget(self) -> None:
        """Forget what was learned: it may not be true any more."""
        self._end_preloaded()
        self._imports, self._careful, self._given_up = None, False, _NO_FORK

    def close(self) -> None:
        """End the preloaded process."""
        self._end_preloaded()

    def _make_ready(self, target: Target) -> str:
        """Provide a usable preloaded process, or none; return how the next run starts."""
        if self._imports is None and not self._has_run:
            self._imports = kept_imports(target)
        if self._imports is None:
            return f"cold: {_NO_FORK}" if _NO_FORK else _FIRST
        trouble = self._given_up
        for _ in range(0 if trouble else _MOST_TRIALS):
            try:
                preloaded = self._preloaded = self._preloaded or self._begin(target)
            except OSError as error:
                trouble = str(error)
                break
            trouble = preloaded.trouble(self._limit_s)
            if (
                not trouble
                and not preloaded.is_outdated()
                and preloaded.environment == _environment(target, self._root)
            ):
                return f"warm: the libraries were imported before ({len(self._imports.names):,} modules)"
            self._end_preloaded()
            self._careful = self._careful or bool(trouble)
        self._given_up = trouble or "the libraries change all the time"
        return f"cold: no process can hold the libraries, since {self._given_up}"

    def _start(self, setting: Setting, theirs: OtherEnd) -> Started:
        if self._preloaded is not None:
            try:
                return self._preloaded.fork_probe(theirs.descriptor)
            except ChildProcessError as error:
                self._end_preloaded()
                self.started = f"cold: {error}"
        return start_probe(setting, theirs)

    def _begin(self, target: Target) -> PreloadedProcess:
        assert target.interpreter is not None
        assert self._imports is not None
        environment = _environment(target, self._root)
        setting = Setting(target.interpreter.executable, self._root, environment, self._private)
        return PreloadedProcess(setting, self._imports, careful=self._careful)

    def _end_preloaded(self) -> None:
        if self._preloaded is not None:
            self._preloaded.kill()
            self._preloaded = None


def _environment(target: Target, root: Path) -> Mapping[str, str]:
    """The environment of the processes of a run."""
    environment = target_environment(target, root)
    environment.pop("PYTEST_ADDOPTS", None)
    return environment
