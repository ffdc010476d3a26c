"""The incident report as one HTML page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kit.facts.case import CaseFacts
from kit.facts.wording import counted
from kit.masking import visible
from kit.report import anchors, code, wording
from kit.report.collisions import summary_of
from kit.report.joined import Joined, group_title
from kit.report.sections import (
    accounting,
    answer,
    appendix,
    categories,
    causes,
    changes,
    findings,
    fixes,
    importers,
    masthead,
    problem,
    summary,
    timeline,
)


@dataclass(frozen=True)
class Section:
    """A section of the page. ``key`` is its anchor and its template's name."""

    key: str
    title: str
    view: Callable[[Joined], Any]


#: in the order of the page
SECTIONS = (
    Section("summary", "Summary", summary.view),
    Section("accounting", "Accounting", accounting.view),
    Section("problem", "Problem", problem.view),
    Section("importers", "Importers", importers.view),
    Section("fixes", "Fixes", fixes.view),
    Section("causes", "Causes", causes.view),
    Section("changes", "Since the last case", changes.view),
    Section("findings", "Findings", findings.view),
    Section("categories", "Failure categories", categories.view),
    Section("timeline", "Timeline", timeline.view),
    Section("appendix", "Appendix", appendix.view),
)


def render(facts: CaseFacts, generated: str) -> str:
    """The page of a case; ``generated`` is the instant that stands in it, once."""
    joined = Joined(facts)
    style, script = asset("report.css"), asset("report.js")
    page = (
        _environment()
        .get_template("page.html.j2")
        .render(
            case=facts.case,
            head=masthead.view(joined),
            answer=answer.view(joined),
            sections=[(section.key, section.title, section.view(joined)) for section in SECTIONS],
            generated=generated,
            policy=_policy(script),
            style=Markup(style),  # noqa: S704  # our own file
            script=Markup(script),  # noqa: S704  # our own file
        )
    )
    return visible(page)


def asset(name: str) -> str:
    """A style sheet or script that is put into the page."""
    return files("kit.report").joinpath("assets", name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """A content security policy: nothing is loaded from anywhere, and no script runs but ours."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
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
        summary_of=summary_of,
        anchor_of_test=anchors.anchor_of_test,
        tests_and_files=wording.tests_and_files,
        words=wording.words,
    )
    environment.globals.update(anchor=anchors.anchor)
    return environment
