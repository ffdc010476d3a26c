"""The summary of a CI job: Markdown that GitHub shows below the run (``$GITHUB_STEP_SUMMARY``)."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.cli.formats.github import github_case
from kit.masking import cleaned, visible
from kit.report import verdict
from kit.report.markdown_text import code, code_list, plain

if TYPE_CHECKING:
    from kit.facts.case import CaseFacts
    from kit.facts.causes import Cause

VARIABLE = "GITHUB_STEP_SUMMARY"

#: at most this many causes are listed
_SHOWN = 25


def show_in_job(facts: CaseFacts, known: Collection[str] = (), report: Path | None = None) -> None:
    """Print an annotation for each cause, and add the summary to the file that the CI server names, if it does: the
    ``report`` as Markdown, or a short text. ``known`` are the ids of causes that do not decide the exit code.

    A summary that cannot be written is passed over: the outcomes are printed too.
    """
    click.echo(github_case(facts, known), nl=False)
    file = os.environ.get(VARIABLE)
    if not file:
        return
    try:
        text = report.read_text(encoding="utf-8") if report and report.is_file() else summary_markdown(facts, known)
        with Path(file).open("a", encoding="utf-8", errors="replace") as stream:
            stream.write(visible(text))
    except OSError:
        return


def summary_markdown(facts: CaseFacts, known: Collection[str] = ()) -> str:
    """The verdict, the accounting, and the causes as a table."""
    lines = [
        "## kit",
        "",
        f"**{plain(verdict(facts))}**",
        "",
        *([facts.suite.accounting.sentence, ""] if facts.suite else []),
        *_causes(facts.causes or (), known),
    ]
    text: str = cleaned("\n".join([*lines, ""]))
    return text


def _causes(causes: tuple[Cause, ...], known: Collection[str]) -> Iterator[str]:
    if not causes:
        return
    yield from ("| cause | place | concerns | tests | files |", "|---|---|---|--:|--:|")
    for one in causes[:_SHOWN]:
        place = code(one.locations[0]) if one.locations else ""
        title = plain(one.title) + (" (known)" if one.id in known else "")
        cells = (title, place, code_list(one.owners), f"{len(one.tests):,}", f"{len(one.uncollectable):,}")
        yield f"| {' | '.join(cells)} |"
    if len(causes) > _SHOWN:
        yield f"| and {len(causes) - _SHOWN} more | | | | |"
