"""Lessons: the problem patterns of this case, and the guards against their return, ready to paste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kit.report.joined import Joined
from kit.report.patterns import Pattern, patterns_of
from kit.report.sections.missing import Missing

_MOST_PATTERNS = 6

_HOOK: Final = """\
- repo: local
  hooks:
    - id: kit-scan
      name: kit scan
      entry: kit scan .
      language: system
      types: [python]
      pass_filenames: false
"""
_STEP: Final = """\
- name: Scan for what would block the tests
  run: kit scan . --format github
"""
_TEST: Final = """\
from pathlib import Path

from kit.testing import assert_no_blocking_findings


def test_nothing_in_the_source_blocks_the_tests():
    assert_no_blocking_findings(Path(__file__).parents[1])
"""


@dataclass(frozen=True)
class Guard:
    """A guard to paste into ``file``; ``language`` is that of ``code``."""

    title: str
    file: str
    code: str
    language: str


GUARDS = (
    Guard("Before each commit", ".pre-commit-config.yaml", _HOOK, "yaml"),
    Guard("In each CI run", "a step of the workflow", _STEP, "yaml"),
    Guard("With the tests", "tests/test_registry.py", _TEST, "python"),
)


@dataclass(frozen=True)
class Lessons:
    """``patterns`` are those of the causes, in their order. ``guards`` are there where a scan finds something."""

    patterns: tuple[Pattern, ...]
    guards: tuple[Guard, ...]


def view(joined: Joined) -> Lessons | Missing:
    """The lessons of this case."""
    found = patterns_of(joined.causes)[:_MOST_PATTERNS]
    blocking = joined.facts.inventory and any(one.severity != "smell" for one in joined.facts.inventory.findings)
    if not found and not blocking:
        return Missing("No cause of this case has a known pattern.")
    return Lessons(found, GUARDS if blocking else ())
