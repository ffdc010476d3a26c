"""Which Python runs the target, and what it has installed."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from platform import python_version
from typing import Any

from kit import target
from kit.facts.errors import TargetError, UsageError
from kit.facts.target import Distribution, Interpreter
from kit.platform.environments import INTERPRETER, interpreter_in, launched_by
from kit.platform.temporary_folders import temporary_folder
from kit.target.environment import interpreter_environment
from kit.target.folders import entries_of, is_environment
from kit.target.managed import managed_environments
from kit.target.notes import Notes
from kit.target.probe import Place, ProbeRun, run_script

OLDEST = (3, 8)

#: how long an interpreter may take to say what it is, in seconds
ANSWER_LIMIT = 20.0

_USUAL_NAMES = (".venv", "venv", "env")


class UnusableError(Exception):
    """An interpreter that cannot run the target; the text says why, as the rest of a sentence that begins with it."""


@dataclass(frozen=True)
class _Found:
    interpreter: Interpreter
    why: str
    unmovable: tuple[str, ...]


def find_interpreter(root: Path, named: str, *, is_demo: bool, notes: Notes) -> Interpreter:
    """The interpreter for the target in ``root``: the one that was ``named``, else the best that is found.

    The best is the first usable one with pytest, else the first usable one, else kit's own. Raises
    :class:`UsageError` when ``named`` is missing, is not a Python interpreter, or is too old.
    """
    if named:
        found = _named(root, named)
    elif is_demo:
        found = _own(root, "the demo needs what kit needs")
    else:
        found = _best(root, notes) or _required(root, notes) or _own(root, "it is kit's own; no other was found")
    _tell(found, notes, is_demo=is_demo)
    return found.interpreter


def interpreter_at(root: Path, executable: str) -> Interpreter:
    """The interpreter with this path, for the target in ``root``. Raises :class:`TargetError` when it cannot run it."""
    try:
        return _examine(root, executable, "").interpreter
    except UnusableError as error:
        raise TargetError(f"{executable} {error}.") from error


def importable_names(root: Path, executable: str, names: Collection[str]) -> frozenset[str]:
    """Those of the top-level names that an interpreter can import; none when it does not answer."""
    return frozenset(_asked_for(root, executable, names).get("importable", ()))


def names_outside(root: Path, executable: str, names: Collection[str]) -> frozenset[str]:
    """Those of the top-level names of which an interpreter finds a part that is not in the tree at ``root``; all of
    them when it does not answer.
    """
    return frozenset(_asked_for(root, executable, names).get("outside", names))


def _asked_for(root: Path, executable: str, names: Collection[str]) -> dict[str, Any]:
    with temporary_folder() as neutral:
        place = Place(executable, neutral, interpreter_environment(executable))
        request = {"root": str(root), "names": sorted(names)}
        run = run_script(place, "environment", request, timeout_s=ANSWER_LIMIT)
    return run.records[0] if len(run.records) == 1 else {}


def _named(root: Path, named: str) -> _Found:
    try:
        return _examine(root, _executable(named), "--python names it")
    except UnusableError as error:
        raise UsageError(f"{named} {error}; give --python a Python 3.8 or newer with the app's packages.") from error


def _own(root: Path, why: str) -> _Found:
    try:
        return _examine(root, sys.executable, why, is_kits_own=True)
    except UnusableError as error:
        raise TargetError(f"{sys.executable}, which runs kit, {error}; name another Python with --python.") from error


def _executable(named: str) -> str:
    """An interpreter's path from a path, the folder of an environment, or a command, ``py -3.12`` included."""
    path = Path(named).expanduser()
    if path.is_dir():
        return _python_in(path)
    if path.is_file():
        return str(path.absolute())
    command = launched_by(named) or (shutil.which(named) if os.sep not in named else None)
    if command is None:
        raise UnusableError("does not exist")
    return command


def _best(root: Path, notes: Notes) -> _Found | None:
    first: _Found | None = None
    seen: set[str] = set()
    for environment, why in _candidates(root):
        if str(environment) in seen:
            continue
        seen.add(str(environment))
        try:
            found = _examine(root, _python_in(environment), why)
        except UnusableError as error:
            notes.warn(f"{environment} {error}; it was passed over.")
            continue
        if "pytest" in found.interpreter.packages:
            return found
        first = first or found
    return first


def _required(root: Path, notes: Notes) -> _Found | None:
    """An interpreter of this machine that has the Python that the project requires, where kit's own is another."""
    required = target.required_python(root)
    if required is None or required.allows(python_version()):
        return None
    for executable in target.installed_pythons():
        with suppress(UnusableError):
            found = _examine(root, executable, f"the target requires {required}")
            if required.allows(found.interpreter.version):
                return found
    notes.warn(
        f"The target requires {required}, kit runs Python {python_version()}, and no other was found; "
        "name one with --python."
    )
    return None


def _candidates(root: Path) -> Iterator[tuple[Path, str]]:
    """Environments that may be the target's, the likeliest first, each with the reason."""
    # a link that leads in a circle is a name that Path.is_dir answers, and DirEntry.is_dir raises
    others = [entry.name for entry in entries_of(str(root)) if Path(entry.path).is_dir()]
    for folder, names, where in ((root, [*_USUAL_NAMES, *others], "in"), (root.parent, _USUAL_NAMES, "beside")):
        for name in names:
            if is_environment(str(folder / name)):
                yield folder / name, f"it lies {where} the target"
    yield from managed_environments(root)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        active = os.environ.get(variable)
        if active and Path(active).resolve() != Path(sys.prefix).resolve():
            yield Path(active), f"{variable} says that it is active"


def _python_in(environment: Path) -> str:
    found = interpreter_in(environment.absolute())
    if found is None:
        raise UnusableError(f"has no {INTERPRETER} that works")
    return str(found)


def _examine(root: Path, executable: str, why: str, *, is_kits_own: bool = False) -> _Found:
    """Ask an interpreter what it is. Raises :class:`UnusableError`."""
    with temporary_folder() as neutral:
        place = Place(executable, neutral, interpreter_environment(executable))
        run = run_script(place, "environment", {"root": str(root)}, timeout_s=ANSWER_LIMIT)
    if len(run.records) != 1:
        raise UnusableError(_complaint(run))
    record = run.records[0]
    version = str(record["version"])
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < OLDEST:
        raise UnusableError(f"is Python {version}, which is too old")
    interpreter = Interpreter(
        executable,
        version,
        packages=record["packages"],
        is_kits_own=is_kits_own,
        paths_in_tree=tuple(record["paths_in_tree"]),
        has_bytecode=record["has_bytecode"],
        distributions=tuple(
            Distribution(name, number, tuple(requirers)) for name, number, requirers in record["distributions"]
        ),
    )
    return _Found(interpreter, why, tuple(record["unmovable"]))


def _complaint(run: ProbeRun) -> str:
    if run.timed_out:
        return f"did not say within {ANSWER_LIMIT:g} s what it is"
    said = run.output.strip().splitlines()
    return "is not a Python that works" + (f" ({said[-1][:200]})" if said else "")


def _tell(found: _Found, notes: Notes, *, is_demo: bool) -> None:
    interpreter = found.interpreter
    notes.because("interpreter", f"{interpreter.executable} ({interpreter.version})", found.why)
    packages = ", ".join(f"{name} {version}" for name, version in interpreter.packages.items())
    notes.because("packages", packages or "none of those that matter here", "the interpreter has them")
    if interpreter.is_kits_own and not is_demo:
        notes.warn("The target has no environment of its own, so kit's own runs it; name another with --python.")
    if "pytest" not in interpreter.packages:
        notes.warn(f"{interpreter.executable} has no pytest, so no test can run; install it, or give another --python.")
    if found.unmovable:
        names = ", ".join(found.unmovable)
        notes.warn(f"The editable install of {names} renames folders, so no copy is imported; install it without -e.")
