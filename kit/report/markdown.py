"""The incident report as Markdown, for a pull request, a chat or a wiki: GitHub's dialect."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from kit.facts.case import CaseFacts
from kit.facts.wording import counted
from kit.masking import visible
from kit.report import wording
from kit.report.compiled import CompiledTemplates, compiled_folder
from kit.report.joined import Joined, group_title
from kit.report.markdown_text import cell_code, cell_place, code, code_list, excerpt, fenced, place, plain, rest, spans
from kit.report.page import Contents, contents
from kit.report.sections import answer, masthead

#: a comment of a pull request on GitHub has at most 65,536 characters
MOST_BYTES: Final = 60_000
#: how many rows a list has at most: the first number with which all of it fits
_ROWS: Final = (60, 30, 15, 8, 4, 2, 1)


def render_markdown(facts: CaseFacts, generated: str, found: Contents | None = None) -> str:
    """The report of a case as Markdown, at most :data:`MOST_BYTES` long: lists get shorter until it fits.

    Pass the contents of the report if you have them.
    """
    joined = Joined(facts)
    found = found or contents(joined)
    views = {section.key: view for section, view in found.shown}
    text = ""
    for rows in _ROWS:
        text = visible(
            _environment(compiled_folder(facts.case.target, "markdown"))
            .get_template("incident.md.j2")
            .render(
                case=facts.case,
                head=masthead.view(joined),
                answer=answer.view(joined),
                views=views,
                missing=found.missing,
                generated=generated,
                rows=rows,
            )
        )
        text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
        if len(text.encode(errors="replace")) <= MOST_BYTES:
            return text
    return _cut(text)


def _cut(text: str) -> str:
    """The beginning that fits, up to the end of a section."""
    end = "\n\nThe rest is in `incident.html`: it is too long for this file.\n"
    room = text.encode(errors="replace")[: MOST_BYTES - len(end)].decode(errors="ignore")
    return room[: room.rfind("\n## ")] + end


@cache
def _environment(compiled: Path | None) -> Environment:
    environment = Environment(
        bytecode_cache=CompiledTemplates(compiled) if compiled else None,
        loader=PackageLoader("kit.report"),
        autoescape=False,  # noqa: S701  # what is written is Markdown, and `finalize` escapes for it
        finalize=plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        cell_code=cell_code,
        cell_place=cell_place,
        clock=wording.clock,
        code=code,
        code_list=code_list,
        count=counted,
        duration=wording.duration,
        excerpt=excerpt,
        fenced=fenced,
        group_title=group_title,
        instant=wording.instant,
        number=wording.number,
        one_line=wording.one_line,
        place=place,
        share=wording.share,
        shown_by=wording.shown_by,
        shows_symptom=wording.shows_symptom,
        spans=spans,
        tests_and_files=wording.tests_and_files,
        words=wording.words,
    )
    environment.globals.update(rest=rest)
    return environment
