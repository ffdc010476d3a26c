"""Opening a case: a new one, one that a notebook shares with others, or one that is to be resumed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kit
from kit.case.journal import Journal, has_journal
from kit.case.options import CaseOptions
from kit.case.rebuilding import restore
from kit.case.reports import no_case
from kit.case.storage import known_store, open_store
from kit.facts.case import Case
from kit.facts.errors import KitError, UsageError
from kit.facts.target import Target
from kit.platform import interrupts
from kit.target import PRIVATE_FOLDER, find_target, private_folder

if TYPE_CHECKING:  # SQLAlchemy takes longer to import than many commands take
    from kit.store import Store

#: what a case is about: it cannot change when the case is resumed
_FIXED = ("target", "python", "tests", "app")

#: at most this many cases of one target can start in the same second
_MOST_A_SECOND = 1000


@dataclass(frozen=True)
class OpenCase:
    """A case that is recorded, with its store, the folder of the reports, and the options to work on it with."""

    case: Case
    store: Store
    reports: Path
    options: CaseOptions


def _nobody(_opened: OpenCase) -> None:
    return


def start_case(
    options: CaseOptions, *, needs_source: bool = True, begun: Callable[[OpenCase], None] = _nobody
) -> OpenCase:
    """Start a new case. Pass ``needs_source=False`` if results are reported and the source may be missing.

    ``begun`` gets the case before a signal can interrupt it: a case is there as a whole, with somebody who knows it, or
    not at all. Raises :class:`UsageError` when the name is taken, :class:`TargetError` when the target cannot be
    investigated.
    """
    target = find_target_of(options, needs_source=needs_source)
    _check_cluster(options)
    with interrupts.held():
        opened = _new_case(target, options)
        begun(opened)
    return opened


def _new_case(target: Target, options: CaseOptions) -> OpenCase:
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


def resume_case(
    name: str, options: CaseOptions, given: Collection[str] = (), *, begun: Callable[[OpenCase], None] = _nobody
) -> OpenCase:
    """Open a case that exists, with the options that it was started with, and call ``begun`` with it.

    The names in ``given`` have the values of ``options`` instead, from now on. Raises :class:`UsageError` when there is
    no case of that name, and when a value is given that cannot change any more, :class:`TargetError` when no cluster is
    where it is given to be.
    """
    reports, store = _store_with(name, options)
    if store is None:
        raise UsageError(no_case(reports, name, options.reports_dir))
    case = store.load(name, ()).case
    earlier = CaseOptions.of(**{**case.parameters, "case": name, "store_url": options.store_url})
    try:
        _check_given(case, earlier, options, given)
        if "cluster" in given:
            _check_cluster(options)
    except KitError:
        store.close()
        raise
    resumed = earlier.with_values_of(options, set(given) - {*_FIXED, "case", "reports_dir", "store_url"})
    if resumed != earlier:
        case = replace(case, parameters={**case.parameters, **_changed(earlier, resumed)})
        Journal(reports / name, case).add_case(case)
        store.save_case(case)
    begun(opened := OpenCase(case, store, reports, resumed))
    return opened


def _check_cluster(options: CaseOptions) -> None:
    """Raise :class:`TargetError` when nothing answers where the tests are to be distributed."""
    if cluster := options.run.get("cluster"):
        from kit.suite import check_reachable  # Dask is not for everybody

        check_reachable(cluster)


def _store_with(name: str, options: CaseOptions) -> tuple[Path, Store | None]:
    """The reports folder and the store; a case that only its own folder records is put into the store."""
    reports, store = known_store(options)
    if has_journal(reports / name) and (store is None or store.case(name) is None):
        if store is None:
            reports, store = open_store(replace(options, reports_dir=str(reports)))
        restore(reports / name, store)
    return reports, store


def _check_given(case: Case, earlier: CaseOptions, options: CaseOptions, given: Collection[str]) -> None:
    """Raise :class:`UsageError` for an option that would make another case of this one."""
    if "case" in given and options.case != case.id:
        raise UsageError(f"--case {options.case} and --resume {case.id} name two cases: leave out one of them.")
    if "target" in given and not _is_same_target(options, case, earlier):
        raise UsageError(
            f'The case "{case.id}" investigates {case.target.root}. Leave out PATH to resume it, or start another case.'
        )
    for name in _FIXED[1:]:
        if name in given and getattr(options, name) != getattr(earlier, name):
            began = getattr(earlier, name) or "the default"
            shown = began if isinstance(began, str) else " ".join(began)
            raise UsageError(
                f'--{name} cannot change when a case is resumed: "{case.id}" began with {shown}. '
                "Leave it out, or start another case."
            )


def _is_same_target(options: CaseOptions, case: Case, earlier: CaseOptions) -> bool:
    if options.target in (earlier.target, case.target.root):
        return True
    return Path(options.target).expanduser().resolve() == Path(case.target.root).resolve()


def _changed(earlier: CaseOptions, resumed: CaseOptions) -> dict[str, Any]:
    before = earlier.parameters()
    return {name: value for name, value in resumed.parameters().items() if value != before[name]}


def find_target_of(options: CaseOptions, *, needs_source: bool = True) -> Target:
    """The target that the options name; with ``needs_source`` it must have Python source."""
    return find_target(
        options.target, python=options.python, tests=options.tests, app=options.app, needs_source=needs_source
    )


def _started(name: str, target: Target, store: Store, reports: Path, options: CaseOptions) -> OpenCase:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    case = Case(name, started, kit.__version__, target, options.recorded())
    Journal(private_folder(reports / name), case).add_case(case)
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
