"""How facts are counted: the report, the notebooks and the commands all take their numbers from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kit.facts.causes import Cause
from kit.facts.failures import Grouping
from kit.facts.inventory import Importer

_MOST = 0.95


def import_places(importers: Iterable[Importer]) -> tuple[Importer, ...]:
    """The places that import each module: a statement that takes several names is one place, and has all of them.

    The order is that of the facts.
    """
    statements: dict[tuple[str, str, int, str | None], list[Importer]] = {}
    for one in importers:
        statements.setdefault((one.module, one.path, one.line, one.statement or one.name), []).append(one)
    return tuple(
        replace(several[0], name=_joined(one.name for one in several), via=_joined(one.via for one in several))
        for several in statements.values()
    )


def causes_of_most(causes: Iterable[Cause]) -> int:
    """How few causes stand for 95 % of the failures: of failing tests, and of files that are not collected."""
    sizes = sorted((cause.tests_blocked + len(cause.uncollectable) for cause in causes), reverse=True)
    wanted, reached = _MOST * sum(sizes), 0
    for number, size in enumerate(sizes):
        if reached >= wanted:
            return number
        reached += size
    return len(sizes)


def _joined(names: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


@dataclass(frozen=True)
class CategoryCount:
    """How many tests failed in a category, and how many files could not be collected because of it."""

    tests: int
    files: int


def category_counts(grouping: Grouping) -> dict[str, CategoryCount]:
    """The counts of each category that occurs, by its key. A file counts no tests: nobody knows how many it holds."""
    files = Counter[str]()
    for group in grouping.groups:
        files[group.category] += len(group.files)
    return {category.key: CategoryCount(tests, files[category.key]) for category, tests in grouping.categories}
