"""What the sandbox of one scratch copy looks like: its protection, its mounts, and the paths that the target's
processes see.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args

from kit.facts.errors import UsageError
from kit.facts.target import Target
from kit.platform.abilities import IS_LINUX
from kit.platform.linux import GUARD
from kit.platform.new_processes import OWN_GROUP
from kit.target.folders import environment_of
from kit.target.repositories import find_repository
from kit.target.sandbox.mounts import Mount, left_out_mounts, mounts_for, outside_mounts

#: ``bind+pids``: the copy stands in the place of the real tree, and no process outside can be seen; ``bind``: the first
#: of these; ``landlock``: the copy is elsewhere, and the kernel refuses to write into the real tree; ``copy``: the copy
#: is elsewhere
Rung = Literal["bind+pids", "bind", "landlock", "copy"]
RUNGS: tuple[Rung, ...] = get_args(Rung)

#: how long trying may take, in seconds (40 ms are usual)
_TRIAL_LIMIT = 20.0

#: a variable that names the best protection to try, for targets that need to see the real tree
VARIABLE = "KIT_SANDBOX"

#: the folder beside the copy for what overlays take up
CHANGES = "changes"

T = TypeVar("T")


@dataclass(frozen=True)
class Protection:
    """Which protection of the real tree holds, and for each better one the reason why it does not."""

    rung: Rung
    refused: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Both in words."""
        return " ".join([_SENTENCES[self.rung], *(f"Not available: {reason}." for reason in self.refused)])

    @property
    def covers(self) -> bool:
        """Whether the copy stands in the place of the real tree."""
        return self.rung.startswith("bind")


_SENTENCES: dict[Rung, str] = {
    "bind+pids": "Tests run in a sandbox: a copy in the place of the real tree, other processes out of sight.",
    "bind": "Tests run in a sandbox: a copy in the place of the real tree.",
    "landlock": "Tests run in a copy of the tree; the kernel lets them write no file of the real one.",
    "copy": "Tests run in a copy of the tree; nothing keeps a test that knows the real path from writing there.",
}


@dataclass(frozen=True)
class Plan:
    """The sandbox of the copy at ``root`` of the tree at ``real``."""

    root: Path
    real: Path
    mounts: tuple[Mount, ...] = ()
    protected: tuple[Path, ...] = ()
    protection: Protection = field(default_factory=lambda: Protection("copy"))

    @property
    def seen_root(self) -> Path:
        """Where the target's processes see the copy."""
        return self.real if self.protection.covers else self.root

    def seen(self, value: T) -> T:
        """A text (or any JSON value) with the paths in the copy replaced by those that the target's processes see."""
        return cast("T", _moved(value, str(self.root), str(self.seen_root)))

    def kept(self, path: str) -> str:
        """Where kit finds in the copy what the target's processes see at ``path``."""
        return cast("str", _moved(path, str(self.seen_root), str(self.root)))

    def arguments(self) -> list[str]:
        """For the guard's command line."""
        words = ["--rung", self.protection.rung, "--folder", str(self.seen_root)]
        return words + self._mounts() if self.protection.covers else words + self.protected_words()

    def _mounts(self) -> list[str]:
        return [word for each in self.mounts for word in (f"--{each.kind}", str(each.source), str(each.place))]

    def protected_words(self) -> list[str]:
        """The part of the arguments that Landlock needs."""
        return [word for path in self.protected for word in ("--protect", str(path))]

    def with_rest(self, left_out: Iterable[str], outside: Iterable[str]) -> Plan:
        """This plan, which also shows what the copy leaves out (its places are made in the copy), and protects what
        links of the tree lead to.
        """
        if not self.protection.covers:
            return self
        changes, covered = self.root.parent.parent / CHANGES, [each.place for each in self.mounts]
        more = [*left_out_mounts(self.real, self.root, left_out, changes)]
        more += outside_mounts(self.root, outside, covered, changes)
        return replace(self, mounts=(*self.mounts, *more))

    def with_shared(self, folder: Path) -> Plan:
        """This plan, in which what the target's processes write into ``folder`` stays."""
        return replace(self, mounts=(*self.mounts, Mount("bind", folder, folder)))


def plan_for(target: Target, root: Path) -> Plan:
    """The sandbox for the copy at ``root``, in which no protection was tried yet."""
    changes = root.parent.parent / CHANGES
    return Plan(root, target.path.resolve(), mounts_for(target, root, changes), _landlocked(target))


def _landlocked(target: Target) -> tuple[Path, ...]:
    """What Landlock keeps from being written to, where there are no namespaces."""
    real = target.path.resolve()
    repository = find_repository(real)
    executable = target.interpreter.executable if target.interpreter else None
    prefix = environment_of(executable) if executable else None
    folders = [real, *(repository.folders if repository else ()), *([prefix.resolve()] if prefix else ())]
    return tuple(dict.fromkeys(folders))


def _best() -> Rung:
    """The best protection to try. Raises :class:`UsageError` for one that does not exist."""
    named = os.environ.get(VARIABLE) or RUNGS[0]
    if named not in RUNGS:
        raise UsageError(f"{VARIABLE}={named} is not a protection; give one of {', '.join(RUNGS)}.")
    return named


def _moved(value: Any, before: str, now: str) -> Any:
    if isinstance(value, str):
        is_below = value == before or value.startswith(f"{before}/")
        return now + value[len(before) :] if is_below else value
    if isinstance(value, Mapping):
        return {key: _moved(item, before, now) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_moved(item, before, now) for item in value]
    return value


class ProtectionTrial:
    """Tries, in a process beside this one, which protection works for a plan. The copy need not be complete yet."""

    def __init__(self, plan: Plan) -> None:
        self._process: subprocess.Popen[str] | None = None
        if IS_LINUX:
            best = replace(plan, protection=Protection(_best()))
            words = [*best.arguments(), *(best.protected_words() if best.protection.covers else ())]
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), "--try", *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                errors="replace",
                **OWN_GROUP,
            )

    def result(self) -> Protection:
        """The best protection that works."""
        if self._process is None:
            return Protection("copy", ("only Linux has namespaces",))
        try:
            said, _ = self._process.communicate(timeout=_TRIAL_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            said, _ = self._process.communicate()
        *refused, rung = said.splitlines() or [""]
        if rung not in RUNGS:
            return Protection("copy", (f"the trial ended early: {rung}",))
        return Protection(rung, tuple(refused))
