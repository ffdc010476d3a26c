"""``kit scan``: the findings that need nothing but the source."""

from __future__ import annotations

import click

from kit import inventory, target
from kit.cli.exit_codes import ExitCode, blocking
from kit.cli.formats import FINDING_FORMATS
from kit.cli.options import path_argument, target_options


@click.command()
@path_argument
@target_options
@click.option("--format", "form", type=click.Choice(list(FINDING_FORMATS)), default="text", show_default=True)
def command(path: str, python: str, app: tuple[str, ...], form: str) -> int:
    """Print the collisions that the source of the app at PATH (default: the current folder) shows; no code of it runs.

    Exits with 1 when a finding blocks tests, so that it can guard a commit or a CI job.
    """
    facts = inventory.Inventory.of(target.find_target(path, python=python, app=app), runtime=False).facts
    click.echo(FINDING_FORMATS[form](facts), nl=form != "github" or bool(facts.findings))
    for problem in facts.problems:
        click.echo(f"kit: {problem}", err=True)
    return ExitCode.FOUND if blocking(facts.findings) else ExitCode.NOTHING_FOUND
