"""``kit ingest``: an incident report of results that exist already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kit import case, report, suite
from kit.cli.exit_codes import code_of_case
from kit.cli.known import accepted
from kit.cli.options import chosen_path, demo_option, options_for, share_option, typed_names
from kit.cli.progress import CaseWork, say, share_at_end, show_head
from kit.cli.project_options import with_project_options
from kit.facts.errors import StoreError
from kit.platform import interrupts


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--target", default="", metavar="PATH", help="The app that the results are of.  [default: the current folder]"
)
@demo_option
@options_for("case", "tests", "categories", "python", "app", "reports_dir", "store_url")
@share_option
def command(files: tuple[Path, ...], target: str, demo: bool, **given: Any) -> int:
    """Write the incident report of results that others made; no test is run.

    Each FILE is JUnit XML, pytest-reportlog, pytest-json-report or CTRF, also compressed; its content decides. Several
    files make one suite: where two name the same test, the later file counts. Ends like investigate: with the report's
    path and its verdict.
    """
    is_shared = given.pop("share")
    path = chosen_path(target, demo, "--target")
    options = case.CaseOptions.of(target=path, **with_project_options(path, given, typed_names()))
    results = [suite.read_file(file) for file in files]  # a file that cannot be used ends the command at once
    work = CaseWork()
    try:
        return _ingest(work.open(options, needs_source=False), results, is_shared=is_shared)
    except (KeyboardInterrupt, StoreError):  # a signal that stops a transaction leaves the store locked
        if work.begun is not None and interrupts.has_come():  # no command resumes it, and the files are still there
            case.withdraw(work.begun)
        raise


def _ingest(investigation: case.Investigation, results: list[suite.ResultsFile], *, is_shared: bool) -> int:
    if is_shared:
        share_at_end(investigation.folder)
    show_head(investigation)
    say("mapper registry")
    investigation.map_registry()
    ingested = investigation.ingest(results)
    for sentence in filter(None, (ingested.isolation, ingested.problem)):
        say(sentence)
    investigation.diagnose()
    written = investigation.write_report()
    facts = investigation.facts
    click.echo(str(written))
    click.echo(report.verdict(facts))
    return code_of_case(facts, accepted(investigation.target.root, facts, is_whole=False))
