"""Findings and causes as annotations of a GitHub workflow run."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from kit.cli.formats.workspace import folder_in_workspace
from kit.facts.wording import counted

if TYPE_CHECKING:
    from kit.facts.case import CaseFacts
    from kit.facts.inventory import InventoryFacts


def github(facts: InventoryFacts) -> str:
    """One workflow command a finding, at its first place.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    lines = []
    for finding in facts.findings:
        level = "warning" if finding.severity == "smell" else "error"
        place = ""
        if finding.locations:
            first = finding.locations[0]
            place = f" file={_property(first.path)},line={first.line},title={_property(finding.kind)}"
        others = ", ".join(map(str, finding.locations[1:]))
        text = finding.title + (f" (also {others})" if others else "")
        lines.append(f"::{level}{place}::{_data(text)}")
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def github_case(facts: CaseFacts, known: Collection[str] = ()) -> str:
    """One workflow command a cause, at its first place: an error where it stops tests, else a warning, and a notice
    where its id is among the ``known`` ones, which do not decide the exit code.
    """
    folder = folder_in_workspace(facts.case.target.root)
    lines = []
    for cause in facts.causes or ():
        stops = [counted(len(cause.tests), "test")] if cause.tests else []
        stops += [f"{counted(len(cause.uncollectable), 'file')} not collected"] if cause.uncollectable else []
        place = f" title={_property(cause.kind)}"
        if cause.locations:
            first = cause.locations[0]
            place = f" file={_property(folder + first.path)},line={max(first.line, 1)},title={_property(cause.kind)}"
        text = (f"{cause.title}: {', '.join(stops)}" if stops else cause.title) + cause.concerns
        level = "notice" if cause.id in known else "error" if stops else "warning"
        lines.append(f"::{level}{place}::{'known: ' if cause.id in known else ''}{_data(text)}")
    return "".join(f"{line}\n" for line in lines)
