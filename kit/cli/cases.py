"""``kit cases``: what has been investigated so far."""

from __future__ import annotations

import json
from typing import Any

import click

from kit import case
from kit.cli.options import reports_options


@click.command()
@reports_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(reports_dir: str, store_url: str, form: str) -> int:
    """List the cases in the store, newest first."""
    reports, store = case.known_store(case.CaseOptions.of(reports_dir=reports_dir, store_url=store_url))
    rows: list[dict[str, Any]] = []
    for head in store.cases() if store else ():
        report = reports / head.case.id / "incident.html"
        rows.append(
            {
                "id": head.case.id,
                "target": head.case.target.name,
                "started": head.case.started,
                "finished": head.case.finished,
                "stages": {stage.name: stage.outcome for stage in head.stages},
                "report": str(report) if report.exists() else None,
            }
        )
    if store:
        store.close()
    text = _table(rows) or f"No case in {reports} yet."
    click.echo(json.dumps({"cases": rows}, indent=2) if form == "json" else text)
    return 0


def _table(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return ""
    lines = [("case", "target", "started", "stages", "report")]
    for row in rows:
        done = sum(outcome == "done" for outcome in row["stages"].values())
        failed = [name for name, outcome in row["stages"].items() if outcome != "done"]
        stages = f"{done} done" + (f", not done: {', '.join(failed)}" if failed else "")
        lines.append((row["id"], row["target"], row["started"], stages, row["report"] or "no report yet"))
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=False)] for line in lines]
    return "\n".join("  ".join([*cells, line[4]]) for cells, line in zip(padded, lines, strict=True))
