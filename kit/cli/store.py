"""``kit store``: care for the database that holds all cases."""

from __future__ import annotations

import click

from kit import case
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.cli.stored import stored
from kit.facts.wording import counted


@click.group()
def command() -> None:
    """Care for the store, the database that holds all cases."""


@command.command()
@reports_options
def rebuild(reports_dir: str, store_url: str) -> int:
    """Make the store anew from the folders of the cases.

    Adds each case of the reports folder that the store lacks, with the outcomes of its tests. A damaged SQLite file is
    kept under another name. What only the store knew, kit investigate --resume CASE finds again.
    """
    options = case.CaseOptions.of(reports_dir=reports_dir, store_url=store_url)
    reports, damaged, restored = case.rebuild_store(options)
    if damaged:
        say(f"the damaged store is kept as {damaged}")
    for one in restored:
        click.echo(f"{one.case.id}: {counted(one.tests, 'test')} with an outcome")
    say(f"{counted(len(restored), 'case')} of {reports} put into the store")
    return 0


@command.command()
@click.option("--keep", type=click.IntRange(min=1), required=True, metavar="N", help="How many cases of each app stay.")
@click.option("--dry-run", is_flag=True, help="Name the cases, and remove none.")
@reports_options
def prune(keep: int, dry_run: bool, reports_dir: str, store_url: str) -> int:
    """Remove all but the newest N cases of each app, with their folders."""
    with stored(case.CaseOptions.of(reports_dir=reports_dir, store_url=store_url)) as (reports, store):
        names = case.to_prune(store, keep)
        for name in names:
            click.echo(name)
            if not dry_run:
                case.remove_case(name, reports, store)
        if names and not dry_run:
            case.write_index(store, reports)
    say(f"{counted(len(names), 'case')} {'would be removed' if dry_run else 'removed'}")
    return 0
