"""``kit show``: what a case has found."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from kit import case as cases
from kit.cli.exit_codes import ExitCode
from kit.cli.job_summary import summary_markdown
from kit.cli.options import reports_options
from kit.cli.stored import stored
from kit.facts.case import CaseFacts
from kit.masking import cleaned, escaped_json
from kit.report import build_incident, duration, tests_and_files, verdict


@click.command()
@click.argument("case")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@reports_options
def command(case: str, form: str, reports_dir: str, store_url: str) -> int:
    """Show the verdict, the accounting and the causes of CASE."""
    with stored(cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url), case) as (reports, store):
        facts = store.load(case)
    if form == "json":
        text = escaped_json(json.dumps(cleaned(build_incident(facts)), indent=1, ensure_ascii=False))
    elif form == "markdown":
        text = summary_markdown(facts)
    else:
        text = "\n".join(_lines(facts))
    click.echo(text)
    report = reports / case / "incident.html"
    if form == "text" and report.exists():
        click.echo(f"report: {report}")
    return ExitCode.NOTHING_FOUND


def _lines(facts: CaseFacts) -> Iterator[str]:
    case, target = facts.case, facts.case.target
    revision = f" at {target.state}" if target.state else ""
    yield f"{case.id}: {target.name}{revision}, {case.started}"
    yield verdict(facts)
    if facts.suite:
        took = f" in {duration(facts.suite.seconds)}" if facts.suite.seconds and facts.suite.results else ""
        yield f"{facts.suite.accounting.sentence}{took}"
    for cause in facts.causes or ():
        stops = tests_and_files(len(cause.tests), len(cause.uncollectable))
        yield f"{stops:>18}  {cause.placed_title}{cause.concerns}  [{cause.id}]"
    for forecast in facts.grouping.forecasts if facts.grouping else ():
        yield f"{'warned':>18}  {forecast.sentence}"
