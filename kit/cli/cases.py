"""``kit cases``: what has been investigated so far, and what was found."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kit import case
from kit.cli.colours import Colour, painted
from kit.cli.options import reports_options
from kit.cli.stored import lines_of_app
from kit.facts.overview import CaseLine
from kit.facts.wording import counted

#: a longer title of a cause is cut, in characters
_TITLE = 60
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


@click.command()
@click.argument("app", default="", metavar="[APP]")
@reports_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(app: str, reports_dir: str, store_url: str, form: str) -> int:
    """List the cases in the store, newest first: how its tests ended, the first cause, its age, its report.

    APP, a name or a folder, lists those of one app.
    """
    reports, store = case.known_store(case.CaseOptions.of(app, reports_dir=reports_dir, store_url=store_url))
    lines = lines_of_app(store, app) if store else []
    if store:
        store.close()
    text = _table(lines, reports) or (f"There is no case of {app} in {reports}." if app and store else "")
    text = text or case.no_case(reports, "", reports_dir)
    click.echo(json.dumps({"cases": [_row(one, reports) for one in lines]}, indent=2) if form == "json" else text)
    return 0


def _row(line: CaseLine, reports: Path) -> dict[str, Any]:
    causes = line.causes or ()
    return {
        "id": line.case.id,
        "target": line.case.target.name,
        "started": line.case.started,
        "finished": line.case.finished,
        "stages": {stage.name: stage.outcome for stage in line.stages},
        "outcomes": line.ended.outcomes,
        "uncollected": line.ended.uncollected,
        "causes": len(causes),
        "first_cause": causes[0].title if causes else None,
        "report": _report(line, reports),
    }


def _report(line: CaseLine, reports: Path) -> str | None:
    report = reports / line.case.id / "incident.html"
    return str(report) if report.exists() else None


def _table(lines: list[CaseLine], reports: Path) -> str:
    if not lines:
        return ""
    rows = [("case", "target", "age", "tests", "causes", "report")]
    rows += [
        (
            one.case.id,
            one.case.target.name,
            _age(one.case.started),
            _tests(one),
            _causes(one),
            _report(one, reports) or "no report yet",
        )
        for one in lines
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=False)] for row in rows]
    painted_rows = [
        [*cells[:3], painted(cells[3], _colour(line)), cells[4]] for cells, line in zip(padded[1:], lines, strict=True)
    ]
    return "\n".join("  ".join([*cells, row[5]]) for cells, row in zip([padded[0], *painted_rows], rows, strict=True))


def _tests(line: CaseLine) -> str:
    unfinished = [stage.name.replace("_", " ") for stage in line.stages if stage.outcome != "done"]
    return f"{line.in_words}, not done: {', '.join(unfinished)}" if unfinished else line.in_words


def _colour(line: CaseLine) -> Colour:
    if line.bad or line.causes or line.ended.uncollected:
        return "red"
    outcomes = line.ended.outcomes
    return "green" if outcomes.get("passed") and not outcomes.get("not_run") else "yellow"


def _causes(line: CaseLine) -> str:
    if not line.causes:
        return "none"
    title = line.causes[0].title
    title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    return f"{len(line.causes)}: {title}"


def _age(started: str) -> str:
    """How long ago a case began: ``"3 hours ago"``."""
    passed = max(0, int((datetime.now(UTC) - datetime.fromisoformat(started)).total_seconds()))
    for seconds, unit in _UNITS:
        if passed >= seconds:
            return f"{counted(passed // seconds, unit)} ago"
    return "just now"
