"""``kit cases``: what has been investigated so far, and what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kit import case
from kit.cli.colours import Colour, painted
from kit.cli.options import reports_options
from kit.facts.outcomes import BAD
from kit.facts.wording import counted
from kit.store import CaseHead, Ended, Store

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
    reports, store = case.known_store(case.CaseOptions.of(reports_dir=reports_dir, store_url=store_url))
    rows = _rows(store, reports, app) if store else []
    if store:
        store.close()
    text = _table(rows) or (f"There is no case of {app} in {reports}." if app and store else "")
    text = text or case.no_case(reports, "", reports_dir)
    click.echo(json.dumps({"cases": rows}, indent=2) if form == "json" else text)
    return 0


def _rows(store: Store, reports: Path, app: str) -> list[dict[str, Any]]:
    root = str(Path(app).expanduser().resolve())
    heads = [head for head in store.cases() if not app or app == head.case.target.name or root == head.case.target.root]
    outcomes, causes = store.outcomes(), store.causes_of([head.case.id for head in heads])
    return [
        _row(
            head, outcomes.get(head.case.id, Ended()), [cause.title for cause in causes.get(head.case.id, ())], reports
        )
        for head in heads
    ]


def _row(head: CaseHead, ended: Ended, causes: list[str], reports: Path) -> dict[str, Any]:
    report = reports / head.case.id / "incident.html"
    return {
        "id": head.case.id,
        "target": head.case.target.name,
        "started": head.case.started,
        "finished": head.case.finished,
        "stages": {stage.name: stage.outcome for stage in head.stages},
        "outcomes": ended.outcomes,
        "uncollected": ended.uncollected,
        "causes": len(causes),
        "first_cause": causes[0] if causes else None,
        "report": str(report) if report.exists() else None,
    }


def _table(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return ""
    lines = [("case", "target", "age", "tests", "causes", "report")]
    lines += [
        (row["id"], row["target"], _age(row["started"]), _tests(row), _causes(row), row["report"] or "no report yet")
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=False)] for line in lines]
    painted_rows = [
        [*cells[:3], painted(cells[3], _colour(row)), cells[4]] for cells, row in zip(padded[1:], rows, strict=True)
    ]
    return "\n".join(
        "  ".join([*cells, line[5]]) for cells, line in zip([padded[0], *painted_rows], lines, strict=True)
    )


def _tests(row: Mapping[str, Any]) -> str:
    unfinished = [name.replace("_", " ") for name, outcome in row["stages"].items() if outcome != "done"]
    told = _ended(row)
    return f"{told}, not done: {', '.join(unfinished)}" if unfinished else told


def _ended(row: Mapping[str, Any]) -> str:
    """How the tests ended: ``"all 5 in order"``, ``"3 of 9 failing, 2 not run"``. What did not run is not in order."""
    total, bad, lost = sum(row["outcomes"].values()), _bad(row), row["uncollected"]
    skipped, not_run = (row["outcomes"].get(name, 0) for name in ("skipped", "not_run"))
    fine = total - bad - skipped - not_run
    told = f"{bad:,} of {total:,} failing" if bad else f"{fine:,} of {total:,} in order"
    told = f"all {total:,} in order" if fine == total else told
    parts = [told if total else "no outcomes"]
    parts += [f"{skipped:,} skipped"] if skipped else []
    parts += [f"{not_run:,} not run"] if not_run else []
    parts += [f"{counted(lost, 'file')} not collected"] if lost else []
    return ", ".join(parts)


def _bad(row: Mapping[str, Any]) -> int:
    return sum(count for outcome, count in row["outcomes"].items() if outcome in BAD)


def _colour(row: Mapping[str, Any]) -> Colour:
    if _bad(row) or row["causes"] or row["uncollected"]:
        return "red"
    outcomes = row["outcomes"]
    return "green" if outcomes.get("passed") and not outcomes.get("not_run") else "yellow"


def _causes(row: Mapping[str, Any]) -> str:
    if not row["causes"]:
        return "none"
    title = row["first_cause"]
    title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    return f"{row['causes']}: {title}"


def _age(started: str) -> str:
    """How long ago a case began: ``"3 hours ago"``."""
    passed = max(0, int((datetime.now(UTC) - datetime.fromisoformat(started)).total_seconds()))
    for seconds, unit in _UNITS:
        if passed >= seconds:
            return f"{counted(passed // seconds, unit)} ago"
    return "just now"
