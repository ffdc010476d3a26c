"""The page of all cases in a reports folder, and what it says of a case."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from kit.facts.errors import KitError

if TYPE_CHECKING:  # a run of the tests alone needs neither until it ends
    from kit.facts.case import CaseFacts
    from kit.store import Store


def write_index(store: Store, reports: Path) -> None:
    """Make ``index.html`` of the reports folder anew from the store. Warns where it cannot be written: a case is whole
    without it.
    """
    from kit.report import write_index as write_page  # templates take a while to import

    try:
        write_page(store.lines(), reports)
    except (OSError, KitError) as error:
        warnings.warn(f"The page of all cases could not be written: {error}", stacklevel=2)


def save_judged(store: Store, facts: CaseFacts) -> None:
    """Record what the report of a case says first."""
    from kit.report import judged

    store.save_judged(facts.case.id, judged(facts))
