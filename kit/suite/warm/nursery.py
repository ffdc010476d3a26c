"""Where the processes of a warm suite come from: forked from a zygote when there is a good one, else started anew."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kit.facts.target import Target
from kit.suite.process.place import Place
from kit.suite.process.processes import Setting, Started, start_probe
from kit.suite.warm.zygote import Imports, Zygote
from kit.target import target_environment

#: zygotes that are tried in a row before a run starts cold: one that is outdated, one in a hurry, one with care
_MOST_TRIALS = 3

_FIRST = "cold: this run shows what to hold"


class Nursery:
    """Learns from each run what to hold for the next one, and keeps a zygote that does."""

    def __init__(self, root: Path, limit_s: float) -> None:
        """``root`` is that of the scratch copy, ``limit_s`` how long the imports may take."""
        self.started = _FIRST
        self._root, self._limit_s = root, limit_s
        self._private = Path(tempfile.mkdtemp(prefix="kit-", dir=root.parent))
        self._seen = self._private / "imports"
        self._imports: Imports | None = None
        self._zygote: Zygote | None = None
        self._careful = False
        self._given_up = ""

    def place(self, target: Target) -> Place:
        """Where the next run takes place."""
        self._seen.unlink(missing_ok=True)
        self.started = self._make_ready(target)
        return Place(self._root, self._start, {"imports": str(self._seen)})

    def learn(self, target: Target) -> None:
        """After a run: end what it left behind; when it has imported more than is held, hold that too from now on.

        The imports go on while others do something else.
        """
        if self._zygote is not None:
            self._zygote.sweep()
        seen, held = Imports.read(self._seen), self._imports
        if seen is None or self._given_up or (held is not None and set(seen.names) <= set(held.names)):
            return
        self._end_zygote()
        self._imports = seen if held is None else held.and_then(seen)
        with suppress(OSError):  # the next run will say what is the matter
            self._zygote = self._begin(target)

    def forget(self) -> None:
        """Begin anew: what was learned may not hold any more."""
        self._end_zygote()
        self._imports, self._careful, self._given_up = None, False, ""

    def close(self) -> None:
        """End the zygote."""
        self._end_zygote()

    def _make_ready(self, target: Target) -> str:
        """See to it that there is a good zygote, or none; how the next run starts."""
        if self._imports is None:
            return _FIRST
        trouble = self._given_up
        for _ in range(0 if trouble else _MOST_TRIALS):
            try:
                zygote = self._zygote = self._zygote or self._begin(target)
            except OSError as error:
                trouble = str(error)
                break
            trouble = zygote.trouble(self._limit_s)
            if not trouble and not zygote.is_outdated() and zygote.environment == _environment(target, self._root):
                return f"warm: the libraries were imported before ({len(self._imports.names):,} modules)"
            self._end_zygote()
            self._careful = self._careful or bool(trouble)
        self._given_up = trouble or "the libraries change all the time"
        return f"cold: no process can hold the libraries, since {self._given_up}"

    def _start(self, setting: Setting, theirs: int) -> Started:
        if self._zygote is not None:
            try:
                return self._zygote.host(theirs)
            except ChildProcessError as error:
                self._end_zygote()
                self.started = f"cold: {error}"
        return start_probe(setting, theirs)

    def _begin(self, target: Target) -> Zygote:
        assert target.interpreter is not None
        assert self._imports is not None
        environment = _environment(target, self._root)
        setting = Setting(target.interpreter.executable, self._root, environment, self._private)
        return Zygote(setting, self._imports, careful=self._careful)

    def _end_zygote(self) -> None:
        if self._zygote is not None:
            self._zygote.kill()
            self._zygote = None


def _environment(target: Target, root: Path) -> Mapping[str, str]:
    """As the processes of a run have it."""
    environment = target_environment(target, root)
    environment.pop("PYTEST_ADDOPTS", None)
    return environment
