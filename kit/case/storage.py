"""Finds where cases are kept: the reports folder, and the store in it or elsewhere. Every command asks here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kit.case.options import CaseOptions
from kit.case.reports import named_reports_folder, planned_folder, reports_folder
from kit.facts.case import STORE_FILE
from kit.facts.errors import KitError, UsageError
from kit.facts.target import Target
from kit.target import private_file

if TYPE_CHECKING:  # SQLAlchemy takes longer to import than many commands take
    from kit.store import Store


def open_store(options: CaseOptions, target: Target | None = None) -> tuple[Path, Store]:
    """The reports folder and the open store.

    Raises :class:`UsageError` when the folder cannot be written or the store cannot be opened.
    """
    named = options.reports_dir if target else str(known_folder(options))
    if not options.store_url:
        reports = reports_folder(named, target)
        private_file(reports / STORE_FILE)
        return reports, opened("", reports)
    planned_folder(named, target.path if target else None)
    store = opened(options.store_url)  # first: without it no folder is made
    try:
        return reports_folder(named, target), store
    except UsageError:
        store.close()
        raise


def opened(url: str, reports: Path = Path()) -> Store:
    """The store at an URL; without one, that in the reports folder."""
    from kit.store import Store, default_url

    return Store(url or default_url(reports))


def known_store(options: CaseOptions) -> tuple[Path, Store | None]:
    """The reports folder and the store, for commands that only read: nothing is made, and the store may be missing."""
    reports = known_folder(options)
    if options.store_url:
        return reports, opened(options.store_url)
    return reports, opened("", reports) if (reports / STORE_FILE).is_file() else None


def store_file(options: CaseOptions) -> Path | None:
    """The file of the store; ``None`` when it is not a SQLite database."""
    if not options.store_url:
        return known_folder(options) / STORE_FILE
    if not options.store_url.startswith("sqlite"):
        return None
    name = options.store_url.partition("?")[0].partition(":///")[2]
    return Path(name).resolve() if name and name != ":memory:" else None


def newest_case(options: CaseOptions, root: Path) -> tuple[str, CaseOptions] | None:
    """The newest case of the app at ``root``, and the options that name the folder where it lies; ``None`` where no
    folder has one.
    """
    for folder in _folders(options, root):
        there = options if options.reports_dir or options.store_url else replace(options, reports_dir=str(folder))
        if name := next((one for one, its in _cases_in(folder, options) if its == root), ""):
            return name, there
    return None


def known_folder(options: CaseOptions) -> Path:
    """The first folder that holds cases. One named ``reports`` that lies above the current folder counts when it has
    a case of an app around here: it may be another project's.
    """
    here = Path.cwd()
    app = _app_of(options)
    default, *others = _folders(options, app)
    if options.reports_dir or _holds_cases(default, options):
        return default
    for folder in others:
        if not _holds_cases(folder, options):
            continue
        if folder.name != "reports" or any(
            its == app or here.is_relative_to(its) for _, its in _cases_in(folder, options)
        ):
            return folder
    return default


def _app_of(options: CaseOptions) -> Path:
    named = Path(options.target).expanduser()
    return named.resolve() if named.is_dir() else Path.cwd()


def _folders(options: CaseOptions, app: Path) -> list[Path]:
    """Where cases may lie, in the order in which every command and ``kit.open`` look: in the folder that is named, or
    else in ``./reports``, beside the app, and beside the current folder and those above it. A run inside an app puts
    them into ``NAME-reports``, see :func:`~kit.case.reports.planned_folder`; one that was called above it, into
    ``reports``.
    """
    default = named_reports_folder(options.reports_dir)
    if options.reports_dir:
        return [default]
    here = Path.cwd()
    beside = [folder for folder in (app, here, *here.parents) if folder.name]
    if options.store_url:  # a folder alone does not tell whose cases it has
        return list(dict.fromkeys([default, *(folder.with_name(f"{folder.name}-reports") for folder in beside)]))
    others = [folder.with_name(name) for folder in beside for name in (f"{folder.name}-reports", "reports")]
    return list(dict.fromkeys([default, *others]))


def _cases_in(folder: Path, options: CaseOptions) -> list[tuple[str, Path]]:
    """The cases of a folder, the newest first: their names, and the roots of their apps."""
    if not options.store_url and not (folder / STORE_FILE).is_file():
        return []
    try:
        store = opened(options.store_url, folder)
    except KitError:
        if options.reports_dir or options.store_url:
            raise
        return []  # a damaged store that nobody has named
    try:
        return [(head.case.id, Path(head.case.target.root)) for head in store.cases()]
    finally:
        store.close()


def _holds_cases(folder: Path, options: CaseOptions) -> bool:
    return folder.is_dir() if options.store_url else (folder / STORE_FILE).is_file()
