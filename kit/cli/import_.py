"""``kit import``: a case that ``kit export`` has written, put into the store."""

from __future__ import annotations

from pathlib import Path

import click

from kit import case as cases
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.facts.errors import UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "name", default="", metavar="NAME", help="The name to import it as; its own by default.")
@reports_options
def command(file: Path, name: str, reports_dir: str, store_url: str) -> int:
    """Put the case in FILE, which kit export has written, into the store."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    there = cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url)
    reports, store = cases.open_store(there)
    try:
        case = cases.import_case(content, store, name, there)
        cases.write_index(store, reports)
    finally:
        store.close()
    say(f"{case.id} is in the store of {reports}")
    return ExitCode.NOTHING_FOUND
