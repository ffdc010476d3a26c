"""``kit scan``: the findings that need nothing but the source."""

from __future__ import annotations

from typing import Any

import click

from kit import inventory, target
from kit.cli.exit_codes import ExitCode, blocking
from kit.cli.formats import CI_FORMATS, FINDING_FORMATS
from kit.cli.formats.workspace import findings_in_workspace
from kit.cli.known import accepted_in_source
from kit.cli.options import path_argument, target_options, typed_names
from kit.cli.project_options import with_project_options


@click.command()
@path_argument
@target_options
@click.option("--format", "form", type=click.Choice(list(FINDING_FORMATS)), default="text", show_default=True)
def command(path: str, form: str, **given: Any) -> int:
    """Print the collisions that the source of the app at PATH (default: the current folder) shows; no code of it runs.

    Exits with 1 when a finding blocks tests, so that it can guard a commit or a CI job.
    """
    found = target.find_target(path, **with_project_options(path, given, typed_names()))
    facts = inventory.Inventory.of(found, runtime=False).facts
    told = findings_in_workspace(facts, str(found.root)) if form in CI_FORMATS else facts
    click.echo(FINDING_FORMATS[form](told), nl=form != "github" or bool(facts.findings))
    for problem in facts.problems:
        click.echo(f"kit: {problem}", err=True)
    ids = accepted_in_source(path, found, facts)
    left = [one for one in blocking(facts.findings) if one.id not in ids]
    return ExitCode.FOUND if left else ExitCode.NOTHING_FOUND
