"""Finds where cases are kept: the reports folder, and the store in it or elsewhere."""

from __future__ import annotations

from pathlib import Path

from kit.case.options import CaseOptions
from kit.case.reports import named_reports_folder, reports_folder
from kit.facts.target import Target
from kit.store import STORE_FILE, Store, default_url
from kit.target import private_file


def open_store(options: CaseOptions, target: Target | None = None) -> tuple[Path, Store]:
    """The reports folder and the open store.

    Raises :class:`UsageError` when the folder cannot be written or the store cannot be opened.
    """
    reports = reports_folder(options.reports_dir if target else str(_known_folder(options)), target)
    if not options.store_url:
        private_file(reports / STORE_FILE)
    return reports, Store(options.store_url or default_url(reports))


def known_store(options: CaseOptions) -> tuple[Path, Store | None]:
    """The reports folder and the store, for commands that only read: nothing is made, and the store may be missing."""
    reports = _known_folder(options)
    if options.store_url:
        return reports, Store(options.store_url)
    return reports, Store(default_url(reports)) if (reports / STORE_FILE).is_file() else None


def store_file(options: CaseOptions) -> Path | None:
    """The file of the store; ``None`` when it is not a SQLite database."""
    if not options.store_url:
        return _known_folder(options) / STORE_FILE
    if not options.store_url.startswith("sqlite"):
        return None
    name = options.store_url.partition("?")[0].partition(":///")[2]
    return Path(name).resolve() if name and name != ":memory:" else None


def _known_folder(options: CaseOptions) -> Path:
    """The folder that holds cases. Inside a target it is the one beside the target, where
    :func:`~kit.case.reports.reports_folder` puts the reports of that target.
    """
    folder = named_reports_folder(options.reports_dir)
    if options.reports_dir or _holds_cases(folder, options):
        return folder
    here = Path.cwd()
    beside = (one.with_name(f"{one.name}-reports") for one in (here, *here.parents) if one.name)
    return next((one for one in beside if _holds_cases(one, options)), folder)


def _holds_cases(folder: Path, options: CaseOptions) -> bool:
    return folder.is_dir() if options.store_url else (folder / STORE_FILE).is_file()
