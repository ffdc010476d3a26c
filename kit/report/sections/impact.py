"""What works with the fixes that did not, and what it costs, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.fixes import FixFacts
from kit.facts.suite import SuiteFacts
from kit.report.joined import Joined
from kit.report.kept import KeptFixes, files_of, kept_fixes
from kit.report.sections.missing import Missing
from kit.report.sections.modified import no_fix
from kit.report.wording import duration, number, share, words

_FILES_SHOWN = 10


@dataclass(frozen=True)
class TestFile:
    """A test file: of its ``tests`` this many are ``unlocked``."""

    __test__ = False

    path: str
    unlocked: int
    tests: int


@dataclass(frozen=True)
class Impact:
    """``files`` are those with the most unlocked tests, of ``files_in_all``; ``metrics`` are names and values."""

    kept: KeptFixes
    files: tuple[TestFile, ...]
    files_in_all: int
    wholly: int
    metrics: tuple[tuple[str, str], ...]


def view(joined: Joined) -> Impact | Missing:
    """What the recommended fixes change."""
    kept, suite, fixes = kept_fixes(joined), joined.facts.suite, joined.facts.fixes
    if kept is None or suite is None or fixes is None:
        return no_fix(joined)
    files = _files(kept, suite)
    return Impact(
        kept=kept,
        files=tuple(files[:_FILES_SHOWN]),
        files_in_all=len(files),
        wholly=sum(one.unlocked == one.tests for one in files),
        metrics=tuple(_metrics(joined, kept, suite, fixes)),
    )


def _files(kept: KeptFixes, suite: SuiteFacts) -> list[TestFile]:
    if kept.comparison is None:
        return []
    unlocked = set(kept.comparison.unlocked)
    tests, passing = Counter[str](), Counter[str]()
    for result in suite.results:
        tests[result.path] += 1
        passing[result.path] += result.nodeid in unlocked
    files = [TestFile(path, count, tests[path]) for path, count in passing.items() if count]
    return sorted(files, key=lambda one: (-one.unlocked, one.path))


def _metrics(joined: Joined, kept: KeptFixes, suite: SuiteFacts, fixes: FixFacts) -> Iterator[tuple[str, str]]:
    production = files_of(option for option in kept.options if not option.on_tests)
    accounting = suite.accounting
    yield "Files modified", number(len(kept.files))
    yield "of them production code", number(len(production))
    yield "Lines that come or go", number(kept.lines_changed)
    yield "Tests unlocked", number(kept.unlocked)
    yield "Tests broken", number(kept.broken)
    yield "Tests that can be collected only with the fixes", number(kept.newly_collected)
    yield "Pass rate before", share(accounting.passed, accounting.collected)
    yield "Pass rate after", share(kept.passed, kept.collected)
    yield "Options tried", f"{number(len(fixes.first_trials))} of {number(len(fixes.options))}"
    for stage in joined.facts.stages:
        if stage.seconds is not None:
            yield f"Time of the stage {words(stage.name)}", duration(stage.seconds)
