"""What a probe reads from the mapper registries of the running target, in a scratch copy."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

import kit.target  # its names are taken when they are used: nothing runs in most scans
from kit.facts.inventory import ProbeError
from kit.facts.places import Location
from kit.facts.target import Target
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.records import Resolved, RuntimeFile, RuntimeIndex, RuntimeMapper, RuntimeTable
from kit.masking import mask, mask_beginning

#: what stands for the exception of a module whose import was not over in time
TOO_LATE = "Timeout"

#: how many modules that kill or hang the interpreter are left out before kit gives up
MOST_LEFT_OUT = 4

#: what is kept of a message, in characters
_LONGEST_MESSAGE = 10_000

R = TypeVar("R", bound=msgspec.Struct)


class _Failure(msgspec.Struct, frozen=True):
    exception: str
    message: str
    module: str | None = None
    mapper: tuple[str, str] | None = None
    relationship: str | None = None
    others: tuple[tuple[str, str, str], ...] = ()
    path: str | None = None
    line: int | None = None


class _Warning(msgspec.Struct, frozen=True):
    category: str
    message: str
    path: str | None = None
    line: int | None = None


class _NotConfigured(msgspec.Struct, frozen=True):
    seconds: float


class _Missing(msgspec.Struct, frozen=True):
    name: str


class _Importing(msgspec.Struct, frozen=True):
    module: str


class _Version(msgspec.Struct, frozen=True):
    version: str


class _Done(msgspec.Struct, frozen=True):
    pass


#: the records of the probe by their kind
_TYPES: dict[str, type[msgspec.Struct]] = {
    "no_sqlalchemy": _Failure,
    "sqlalchemy": _Version,
    "importing": _Importing,
    "failed": _Failure,
    "warning": _Warning,
    "missing": _Missing,
    "mapper": RuntimeMapper,
    "unreadable": _Failure,
    "index": RuntimeIndex,
    "table": RuntimeTable,
    "file": RuntimeFile,
    "configuration": _Failure,
    "resolved": Resolved,
    "not_configured": _NotConfigured,
    "done": _Done,
}


@dataclass(frozen=True)
class ConfigurationError:
    """An error of configuring ``mapper`` (module and qualified name), or one relationship of it; ``others`` are the
    relationships that meet the same error.
    """

    error: ProbeError
    mapper: tuple[str, str] | None = None
    relationship: str | None = None
    others: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class RuntimeFacts:
    """Everything that the probe said. ``configurations`` are all the errors of configuring mappers, the one that
    ``configure_mappers()`` would raise first; ``warnings`` are SQLAlchemy's own, each as an error of no module.
    ``losses`` says which records could not be read; ``bare`` are the errors of modules that can only be imported after
    the tests' conftest files.
    """

    mappers: tuple[RuntimeMapper, ...] = ()
    tables: tuple[RuntimeTable, ...] = ()
    indexes: tuple[RuntimeIndex, ...] = ()
    files: tuple[RuntimeFile, ...] = ()
    resolved: tuple[Resolved, ...] = ()
    errors: tuple[ProbeError, ...] = ()
    configurations: tuple[ConfigurationError, ...] = ()
    warnings: tuple[ProbeError, ...] = ()
    bare: tuple[ProbeError, ...] = ()
    problems: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether the probe finished."""
        return not self.problems

    @property
    def configuration(self) -> ProbeError | None:
        """What ``configure_mappers()`` raises."""
        return self.configurations[0].error if self.configurations else None


def probe_runtime(
    target: Target, mappers: Sequence[Mapper], *, timeout_s: float, tests: Sequence[str] = ()
) -> RuntimeFacts:
    """Import every module of ``mappers`` and read the registries. A module that ends or hangs the interpreter is left
    out, and the rest is read again; ``timeout_s`` is for all of it.

    Where a module cannot be imported, the registries are read once more after pytest has imported the conftest files
    of the folders ``tests``: they may set what the module needs.
    """
    if target.interpreter is None:
        return RuntimeFacts(problems=("The mapper registry was not read: the target has no Python interpreter.",))
    deadline = time.monotonic() + timeout_s
    with kit.target.scratch_copy(target) as root:
        reading = _Reading(target, mappers, root, deadline)
        found = reading.read(())
        if found.errors and tests and target.package("pytest") and time.monotonic() < deadline:
            return _after_conftests(found, reading.read(tests))
    return found


def _after_conftests(bare: RuntimeFacts, after: RuntimeFacts) -> RuntimeFacts:
    """What was read after the conftest files, if that was more than without them."""
    failing = {error.module for error in after.errors}
    helped = tuple(error for error in bare.errors if error.module not in failing)
    return replace(after, bare=helped) if helped and after.is_complete else bare


class _Reading:
    """Runs of the probe in one scratch copy."""

    def __init__(self, target: Target, mappers: Sequence[Mapper], root: Path, deadline: float) -> None:
        self._target = target
        self._mappers = mappers
        self._root = root
        self._deadline = deadline

    def read(self, tests: Sequence[str]) -> RuntimeFacts:
        modules = sorted({mapper.fact.module for mapper in self._mappers})
        paths = [str(self._root / path) for path in dict.fromkeys([*self._target.import_roots, "."])]
        request = {"paths": paths, "known": [mapper.key for mapper in self._mappers], "tests": list(tests)}
        ended: list[ProbeError] = []
        while True:
            limit = max((self._deadline - time.monotonic()) / 2, 1.0)  # leaves time for another attempt
            whole = {**request, "modules": modules, "configure_s": limit / 3}
            run = kit.target.run_probe(self._target, "mappers.main", whole, root=self._root, timeout_s=limit)
            culprit = _last_imported(run)
            if culprit not in modules or len(ended) == MOST_LEFT_OUT or time.monotonic() > self._deadline:
                return facts_of(run, ended)
            modules.remove(culprit)
            ended.append(_ended(culprit, self._mappers, run, limit))


def _last_imported(run: kit.target.ProbeRun) -> str | None:
    """The module during whose import the probe ended; ``None`` where it ended elsewhere."""
    kinds = [record.get("kind") for record in run.records]
    said = [kind for kind in kinds if kind not in ("warning", "missing")]  # those are said while it is imported
    is_last = bool(said) and said[-1] == "importing"
    return _Records(run).of("importing", _Importing)[-1].module if is_last else None


def _ended(module: str, mappers: Sequence[Mapper], run: kit.target.ProbeRun, limit: float) -> ProbeError:
    """Why a module is not there, when no exception says it."""
    path = next(mapper.fact.path for mapper in mappers if mapper.fact.module == module)
    if run.timed_out:
        return ProbeError(module, TOO_LATE, f"importing it was not over after {limit:.0f} s", Location(path, 1))
    return ProbeError(module, "Exit", f"importing it ended the interpreter ({run.returncode})", Location(path, 1))


def facts_of(run: kit.target.ProbeRun, ended: Sequence[ProbeError] = ()) -> RuntimeFacts:
    """What a run of the probe recorded; ``ended`` are the modules that ended the runs before it."""
    records = _Records(run)
    if records.of("no_sqlalchemy", _Failure):
        return RuntimeFacts(problems=("The mapper registry was not read: the target's Python has no SQLAlchemy.",))
    warnings = [
        ProbeError(None, item.category, mask_beginning(item.message, _LONGEST_MESSAGE), _place(item))
        for item in records.of("warning", _Warning)
    ]
    return RuntimeFacts(
        mappers=records.of("mapper", RuntimeMapper),
        tables=records.of("table", RuntimeTable),
        indexes=records.of("index", RuntimeIndex),
        files=records.of("file", RuntimeFile),
        resolved=records.of("resolved", Resolved),
        errors=(*ended, *(_error(failure, failure.module) for failure in records.of("failed", _Failure))),
        configurations=_configurations(records.of("configuration", _Failure)),
        warnings=tuple(dict.fromkeys(warnings)),
        problems=tuple(_problems(run, records)),
        losses=records.losses,
    )


def _configurations(failures: Sequence[_Failure]) -> tuple[ConfigurationError, ...]:
    """The first is of all mappers together, the others are of one relationship each and mostly tell it as well."""
    found = [ConfigurationError(_error(one, None), one.mapper, one.relationship, one.others) for one in failures]
    again = [one for one in found if one.relationship and found and one.error.message == found[0].error.message]
    rest = [one for one in found[1:] if one not in again]
    return tuple([*again, *rest] if again else found)


def _problems(run: kit.target.ProbeRun, records: _Records) -> Iterator[str]:
    if not any(record.get("kind") == "done" for record in run.records):
        why = "timed out" if run.timed_out else f"ended early ({run.returncode})"
        last_line = run.output.strip().rpartition("\n")[2]
        yield f"The mapper registry was only read in part: the probe {why}{': ' + last_line if last_line else ''}."
    for stuck in records.of("not_configured", _NotConfigured):
        yield f"configure_mappers() was not over after {stuck.seconds:.0f} s."
    names = [missing.name for missing in records.of("missing", _Missing)]
    if names:
        yield f"This SQLAlchemy has no {', '.join(names)}; what kit reads there is missing."
    for failure in records.of("unreadable", _Failure):
        yield f"The mapper of {'.'.join(failure.mapper or ())} cannot be read: {mask(failure.message)}"


class _Records:
    """The records of a run of the probe, by their types. The target's code may write to the pipe too; whatever is not
    one of the probe's records, or has another shape, is counted.
    """

    def __init__(self, run: kit.target.ProbeRun) -> None:
        self._found: dict[str, list[msgspec.Struct]] = {}
        self._lost, self._first = run.ignored, "not a JSON object" if run.ignored else ""
        for record in run.records:
            self._take(record)

    def _take(self, record: dict[str, Any]) -> None:
        kind = str(record.get("kind"))
        try:
            if kind not in _TYPES:
                raise msgspec.ValidationError(f"{kind!r} is not a kind of record")
            self._found.setdefault(kind, []).append(msgspec.convert(record, _TYPES[kind]))
        except msgspec.ValidationError as error:
            self._lost += 1
            self._first = self._first or (f"{kind}: {error}" if kind in _TYPES else str(error))

    def of(self, kind: str, of: type[R]) -> tuple[R, ...]:
        """The records of a kind."""
        return tuple(record for record in self._found.get(kind, ()) if isinstance(record, of))

    @property
    def losses(self) -> tuple[str, ...]:
        """The sentence that says what could not be read, if anything."""
        if not self._lost:
            return ()
        what = "1 record" if self._lost == 1 else f"{self._lost:,} records"
        return (f"{what} of the mapper registry could not be read ({mask(self._first)}): classes may be missing.",)


def _error(failure: _Failure, module: str | None) -> ProbeError:
    message = mask_beginning(failure.message, _LONGEST_MESSAGE)
    return ProbeError(module, failure.exception.removeprefix("builtins."), message, _place(failure))


def _place(said: _Failure | _Warning) -> Location | None:
    return Location(said.path, said.line or 1) if said.path else None
