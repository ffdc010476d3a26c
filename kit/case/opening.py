"""Opening a case: a new one, one that a notebook shares with others, or one that is to be resumed."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import kit
from kit.case.options import CaseOptions
from kit.case.storage import known_store, open_store
from kit.facts.case import Case
from kit.facts.errors import UsageError
from kit.facts.target import Target
from kit.store import Store
from kit.target import PRIVATE_FOLDER, find_target, private_folder

#: at most this many cases of one target can start in the same second
_MOST_A_SECOND = 1000


@dataclass(frozen=True)
class OpenCase:
    """A case that is recorded, with its store, the folder of the reports, and the options to work on it with."""

    case: Case
    store: Store
    reports: Path
    options: CaseOptions


def start_case(options: CaseOptions, *, needs_source: bool = True) -> OpenCase:
    """Start a new case. Pass ``needs_source=False`` if results are reported and the source may be missing.

    Raises :class:`UsageError` when the name is taken, :class:`TargetError` when the target cannot be investigated.
    """
    target = find_target_of(options, needs_source=needs_source)
    reports, store = open_store(options, target)
    name = options.case or _new_name(target, reports, store)
    if options.case and (store.case(name) or (reports / name).exists()):
        store.close()
        raise UsageError(f'The case "{name}" exists already in {reports}. Choose another --case, or --resume it.')
    return _started(name, target, store, reports, options)


def open_case(options: CaseOptions) -> OpenCase:
    """Open a case if it exists, else start it. Without a name it is the case that is named after the target."""
    if options.case and options.reports_dir:  # then the case can be looked up without looking at the target
        reports, store = open_store(options)
        if case := store.case(options.case):
            return OpenCase(case, store, reports, options)
        store.close()
    target = find_target_of(options)
    reports, store = open_store(options, target)
    name = options.case or _slug(target.name)
    case = store.case(name)
    return OpenCase(case, store, reports, options) if case else _started(name, target, store, reports, options)


def resume_case(name: str, options: CaseOptions) -> OpenCase:
    """Open a case that exists, with the options that it was started with.

    Raises :class:`UsageError` when there is none of that name.
    """
    reports, store = known_store(options)
    if store is None:
        raise UsageError(f'There is no case "{name}" in {reports}, nor any other; give --reports-dir its folder.')
    case = store.load(name, ()).case
    earlier = CaseOptions.of(**{**case.parameters, "case": name, "store_url": options.store_url})
    return OpenCase(case, store, reports, earlier)


def find_target_of(options: CaseOptions, *, needs_source: bool = True) -> Target:
    """The target that the options name; with ``needs_source`` it must have Python source."""
    return find_target(
        options.target, python=options.python, tests=options.tests, app=options.app, needs_source=needs_source
    )


def _started(name: str, target: Target, store: Store, reports: Path, options: CaseOptions) -> OpenCase:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    case = Case(name, started, kit.__version__, target, options.parameters())
    private_folder(reports / name)
    store.save_case(case)
    return OpenCase(case, store, reports, options)


def _new_name(target: Target, reports: Path, store: Store) -> str:
    """A name from the target and the moment, with a number where another case has it; makes the folder of the case."""
    moment = f"{_slug(target.name)}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for name in (moment, *(f"{moment}-{number}" for number in range(2, _MOST_A_SECOND))):
        with suppress(FileExistsError):
            (reports / name).mkdir(mode=PRIVATE_FOLDER)
            if not store.case(name):
                return name
    raise UsageError(f"{reports} has too many cases that started in this second; give --case NAME.")


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "case"
