"""The open store for a command that works on cases that are there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kit import case as cases
from kit.facts.errors import UsageError

if TYPE_CHECKING:
    from kit.facts.overview import CaseLine
    from kit.store import Store


def lines_of_app(store: Store, app: str) -> list[CaseLine]:
    """The cases of one app, named by its name or by its folder, newest first; all cases where ``app`` is empty."""
    root = str(Path(app).expanduser().resolve())
    return [one for one in store.lines() if not app or app == one.case.target.name or root == one.case.target.root]


def root_of_app(store: Store, app: str, reports: Path) -> str:
    """The folder of the app, named by its name or by its folder. Raises :class:`UsageError` without a case of it."""
    lines = lines_of_app(store, app)
    if not lines:
        raise UsageError(f"There is no case of {app} in {reports}.")
    return lines[0].case.target.root


@contextmanager
def stored(options: cases.CaseOptions, name: str = "") -> Iterator[tuple[Path, Store]]:
    """The reports folder and the store. Raises :class:`UsageError` when there is no store; ``name`` is the wanted
    case, for that sentence.
    """
    reports, store = cases.known_store(options)
    if store is None:
        raise UsageError(cases.no_case(reports, name, options.reports_dir))
    try:
        yield reports, store
    finally:
        store.close()
