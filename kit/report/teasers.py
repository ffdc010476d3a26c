"""What a folded section holds, in a line beside its title."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from kit.facts.wording import counted
from kit.report.sections.accounting import AccountingView
from kit.report.sections.appendix import Appendix
from kit.report.sections.categories import Categories
from kit.report.sections.changes import ChangesView
from kit.report.sections.impact import Impact
from kit.report.sections.importers import ImportersView
from kit.report.sections.lessons import Lessons
from kit.report.sections.modified import Modified
from kit.report.sections.notes import TechnicalNotes
from kit.report.sections.timeline import Timeline
from kit.report.sections.trend import TrendView
from kit.report.sections.verification import Verification


def teaser_of(view: Any) -> str:
    """The line for what a section shows; empty for a section that is never folded on a desk."""
    told = _TOLD.get(type(view))
    return told(view) if told else ""


def _accounting(view: AccountingView) -> str:
    found = view.accounting
    lost = f", {counted(len(view.uncollectable), 'file')} not collected" if view.uncollectable else ""
    return f"{counted(found.collected, 'collected test')}, {found.bad:,} failing{lost}"


def _modified(view: Modified) -> str:
    return f"{counted(len(view.kept.options), 'fix', 'fixes')} in {counted(len(view.files), 'file')}"


def _importers(view: ImportersView) -> str:
    return f"{counted(view.total, 'importer')} of {counted(len(view.modules), 'module')}"


def _categories(view: Categories) -> str:
    files = f", {counted(view.files, 'file')}" if view.files else ""
    return f"{counted(len(view.categories), 'category', 'categories')}: {counted(view.tests, 'test')}{files}"


def _changes(view: ChangesView) -> str:
    return view.compared.sentence


def _trend(view: TrendView) -> str:
    return f"{counted(len(view.trend.lines), 'case')}, {counted(len(view.rows), 'cause')}"


def _impact(view: Impact) -> str:
    unlocked = (
        f"{counted(view.files_in_all, 'test file')} with tests that the fixes unlock, " if view.files_in_all else ""
    )
    return f"{unlocked}{counted(len(view.metrics), 'measure')}"


def _notes(view: TechnicalNotes) -> str:
    parts = [counted(len(view.alternatives), "alternative")] if view.alternatives else []
    return ", ".join(
        [*parts, *([f"{counted(len(view.safety), 'fix', 'fixes')} checked for production"] if view.safety else [])]
    )


def _lessons(view: Lessons) -> str:
    return f"{counted(len(view.patterns), 'pattern')}, {counted(len(view.guards), 'guard')} to paste"


def _timeline(view: Timeline) -> str:
    return counted(len(view.rows), "stage")


def _verification(view: Verification) -> str:
    return counted(len(view.steps), "command")


def _appendix(view: Appendix) -> str:
    tests = f"{counted(view.tests, 'test')} to search, " if view.tests else ""
    return f"{tests}{counted(len(view.mappers), 'mapped class', 'mapped classes')}, environment, parameters"


_TOLD: Final[dict[type, Callable[[Any], str]]] = {
    AccountingView: _accounting,
    Appendix: _appendix,
    Categories: _categories,
    ChangesView: _changes,
    Impact: _impact,
    ImportersView: _importers,
    Lessons: _lessons,
    Modified: _modified,
    TechnicalNotes: _notes,
    Timeline: _timeline,
    TrendView: _trend,
    Verification: _verification,
}
