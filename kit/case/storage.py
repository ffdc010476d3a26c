"""Where the cases of a request are kept: its reports folder, and the store beside the reports or elsewhere."""

from __future__ import annotations

from pathlib import Path

from kit.case.request import Request, reports_folder
from kit.facts.target import Target
from kit.store import Store, default_url


def open_store(request: Request, target: Target | None = None) -> tuple[Path, Store]:
    """The reports folder and the open store.

    Raises :class:`UsageError` when the folder cannot be written or the store cannot be opened.
    """
    reports = reports_folder(request.reports_dir, target)
    return reports, Store(request.store_url or default_url(reports))
