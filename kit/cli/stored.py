"""The open store for a command that works on cases that are there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kit import case as cases
from kit.facts.errors import UsageError

if TYPE_CHECKING:
    from kit.store import Store


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
