"""``kit compare``: what changed from one case to another."""

from __future__ import annotations

import click

from kit import case as cases
from kit import history
from kit.cli.exit_codes import ExitCode
from kit.cli.formats import COMPARE_FORMATS
from kit.cli.options import reports_options
from kit.cli.stored import stored
from kit.facts.history import CaseComparison


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--format", "form", type=click.Choice(list(COMPARE_FORMATS)), default="text", show_default=True)
@reports_options
def command(before: str, after: str, form: str, reports_dir: str, store_url: str) -> int:
    """Compare the case AFTER with the earlier case BEFORE: causes, tests, categories and durations.

    A cause or a test is new, known, fixed, regressed (back after it was fixed), flaky, or unseen (of the earlier case,
    and the later one does not show what became of it). RESOLVED means that causes are fixed, nothing broke and no cause
    is left; PARTLY RESOLVED that some are left, or may be. Exits with 1 when something is new, regressed or broken.
    """
    with stored(cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url), before) as (_, store):
        found = history.compare_recorded(store, before, after)
    click.echo(COMPARE_FORMATS[form](found), nl=False)
    return _code(found)


def _code(found: CaseComparison) -> ExitCode:
    if not found.started:
        return ExitCode.NOT_INVESTIGATED
    return ExitCode.FOUND if found.verdict == "WORSE" else ExitCode.NOTHING_FOUND
