"""``kit rm``: forget cases."""

from __future__ import annotations

import click

from kit import case as cases
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.cli.stored import stored


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="CASE...")
@reports_options
def command(names: tuple[str, ...], reports_dir: str, store_url: str) -> int:
    """Remove each CASE from the store, and its folder with the report."""
    options = cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url)
    with stored(options, names[0]) as (reports, store):
        for name in names:  # a name that is wrong leaves all cases as they are
            cases.removable(name, reports, store)
        for name in dict.fromkeys(names):
            cases.remove_case(name, reports, store)
            say(f"removed: {name}")
        cases.write_index(store, reports)
    return ExitCode.NOTHING_FOUND
