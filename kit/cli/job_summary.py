"""The summary of a CI job: Markdown that GitHub shows below the run (``$GITHUB_STEP_SUMMARY``)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kit.facts.outcomes import OUTCOMES
from kit.masking import cleaned, visible
from kit.report import verdict
from kit.report.markdown_text import code, plain

if TYPE_CHECKING:
    from kit.facts.case import CaseFacts
    from kit.facts.causes import Cause
    from kit.facts.suite import SuiteFacts

VARIABLE = "GITHUB_STEP_SUMMARY"

#: at most this many causes are listed
_SHOWN = 25


def add_summary(facts: CaseFacts) -> None:
    """Add the summary to the file that the CI server names, if it does. A file that cannot be written is passed over:
    the outcomes are printed too.
    """
    file = os.environ.get(VARIABLE)
    if not file:
        return
    try:
        with Path(file).open("a", encoding="utf-8", errors="replace") as stream:
            stream.write(visible(summary_markdown(facts)))
    except OSError:
        return


def summary_markdown(facts: CaseFacts) -> str:
    """The verdict, the accounting, and the causes as a table."""
    lines = [
        "## kit",
        "",
        f"**{plain(verdict(facts))}**",
        "",
        *_accounting(facts.suite),
        *_causes(facts.causes or ()),
    ]
    text: str = cleaned("\n".join([*lines, ""]))
    return text


def _accounting(suite: SuiteFacts | None) -> Iterator[str]:
    if suite is None:
        return
    counts = suite.accounting
    rows = [f"{number:,} {name.replace('_', ' ')}" for name in OUTCOMES if (number := getattr(counts, name))]
    yield f"{counts.collected:,} collected = {' + '.join(rows) or '0'}"
    yield ""


def _causes(causes: tuple[Cause, ...]) -> Iterator[str]:
    if not causes:
        return
    yield from ("| cause | place | tests | files |", "|---|---|--:|--:|")
    for one in causes[:_SHOWN]:
        place = code(one.locations[0]) if one.locations else ""
        yield f"| {plain(one.title)} | {place} | {len(one.tests):,} | {len(one.uncollectable):,} |"
    if len(causes) > _SHOWN:
        yield f"| and {len(causes) - _SHOWN} more | | | |"
