"""The incident report as one HTML page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kit.facts.case import CaseFacts
from kit.facts.wording import counted
from kit.masking import visible
from kit.report import anchors, code, wording
from kit.report.charts import PLAIN_COLOURS
from kit.report.collisions import summary_of
from kit.report.compiled import CompiledTemplates, compiled_folder
from kit.report.copies import copies
from kit.report.dense import Dense
from kit.report.files import asset, content_policy
from kit.report.joined import Joined, group_title
from kit.report.page_data import packed
from kit.report.sections import (
    accounting,
    answer,
    appendix,
    categories,
    causes,
    changes,
    fixes,
    impact,
    importers,
    ladder,
    lessons,
    masthead,
    modified,
    notes,
    problem,
    steps,
    summary,
    timeline,
    trend,
    verification,
)
from kit.report.sections.missing import Missing
from kit.report.teasers import teaser_of


@dataclass(frozen=True)
class Section:
    """A section of the page. ``key`` is its anchor and its template's name.

    Paper and phones show those that ``is_short`` first; the others when a reader opens them.
    """

    key: str
    title: str
    view: Callable[[Joined], Any]
    is_short: bool = False


#: in the order of the page, below the masthead
SECTIONS = (
    Section("summary", "Summary", summary.view, is_short=True),
    Section("accounting", "Accounting", accounting.view),
    Section("problem", "Problem", problem.view),
    Section("fixes", "Solution", fixes.view),
    Section("modified", "Files modified", modified.view),
    Section("importers", "Files preserved", importers.view),
    Section("verification", "Verification", verification.view),
    Section("causes", "Causes found", causes.view, is_short=True),
    Section("categories", "Failure categories", categories.view),
    Section("changes", "Since the last case", changes.view),
    Section("trend", "Case after case", trend.view),
    Section("ladder", "Pass rate, fix after fix", ladder.view, is_short=True),
    Section("impact", "Impact", impact.view),
    Section("steps", "Next steps", steps.view, is_short=True),
    Section("notes", "Technical notes", notes.view),
    Section("lessons", "Lessons learned", lessons.view),
    Section("timeline", "Timeline", timeline.view),
    Section("appendix", "Appendix", appendix.view),
)


@dataclass(frozen=True)
class Contents:
    """The sections that have something to show, with what they show, and those that have not."""

    shown: tuple[tuple[Section, Any], ...]
    missing: tuple[tuple[Section, Missing], ...]

    @property
    def keys(self) -> frozenset[str]:
        """The anchors of the sections that are shown."""
        return frozenset(section.key for section, _ in self.shown)


def contents(joined: Joined) -> Contents:
    """Every section of the report, as far as there is something to show."""
    views = [(section, section.view(joined)) for section in SECTIONS]
    return Contents(
        shown=tuple((section, view) for section, view in views if not isinstance(view, Missing)),
        missing=tuple((section, view) for section, view in views if isinstance(view, Missing)),
    )


def render(facts: CaseFacts, generated: str, found: Contents | None = None) -> str:
    """The page of a case; ``generated`` is the instant that stands in it, once. Pass its contents if you have them."""
    joined = Joined(facts)
    style, script = asset("report.css"), asset("report.js")
    page = (
        environment(compiled_folder(facts.case.target, "dense-html"))
        .get_template("page.html.j2")
        .render(
            case=facts.case,
            head=masthead.view(joined),
            answer=answer.view(joined),
            contents=found or contents(joined),
            generated=generated,
            source_url=facts.case.target.source_url,
            policy=content_policy(script),
            copies=packed(copies(joined)),
            style=Markup(style),  # noqa: S704  # our own file
            script=Markup(script),  # noqa: S704  # our own file
        )
    )
    return visible(page)


@cache
def environment(compiled: Path | None) -> Environment:
    """Where templates of HTML are found; ``compiled`` is the folder for their bytecode."""
    made = Environment(
        bytecode_cache=CompiledTemplates(compiled) if compiled else None,
        loader=PackageLoader("kit.report"),
        extensions=[Dense],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        clock=wording.clock,
        count=counted,
        duration=wording.duration,
        group_title=group_title,
        instant=wording.instant,
        number=wording.number,
        one_line=wording.one_line,
        diff=code.diff,
        python=code.python,
        share=wording.share,
        shown_by=wording.shown_by,
        shows_symptom=wording.shows_symptom,
        spans=code.spans,
        summary_of=summary_of,
        teaser_of=teaser_of,
        anchor_of_test=anchors.anchor_of_test,
        tests_and_files=wording.tests_and_files,
        words=wording.words,
    )
    made.globals.update(anchor=anchors.anchor, plain_colours=PLAIN_COLOURS, source_href=anchors.source_href)
    return made
