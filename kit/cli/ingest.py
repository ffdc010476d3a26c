"""``kit ingest``: an incident report of results that exist already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kit.case.options import CaseOptions
from kit.cli.ending import exit_code
from kit.cli.investigate import say, show_head
from kit.cli.options import chosen_path, demo_option, options_for


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--target", default="", metavar="PATH", help="The app that the results are of.  [default: the current folder]"
)
@demo_option
@options_for("case", "tests", "categories", "python", "app", "reports_dir", "store_url")
def command(files: tuple[Path, ...], target: str, demo: bool, **given: Any) -> int:
    """Write the incident report of results that others made; no test is run.

    Each FILE is JUnit XML, pytest-reportlog, pytest-json-report or CTRF, also compressed; its content decides. Several
    files make one suite: where two name the same test, the later file counts. Ends like investigate: with the report's
    path and its verdict.
    """
    options = CaseOptions.of(target=chosen_path(target, demo, "--target"), **given)
    from kit.case.investigation import Investigation
    from kit.report import verdict
    from kit.suite.ingest import read_file

    results = [read_file(file) for file in files]  # a file that cannot be used ends the command before a case begins
    investigation = Investigation.start(options, needs_source=False)
    show_head(investigation)
    say("mapper registry")
    investigation.map_registry()
    suite = investigation.ingest(results)
    say(suite.isolation or "")
    if suite.problem:
        say(suite.problem)
    investigation.diagnose()
    report = investigation.write_report()
    facts = investigation.facts
    click.echo(str(report))
    click.echo(verdict(facts))
    return exit_code(facts)
