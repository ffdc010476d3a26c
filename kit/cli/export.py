"""``kit export``: a case as one file."""

from __future__ import annotations

from pathlib import Path

import click

from kit import case as cases
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.cli.stored import stored
from kit.facts.errors import UsageError
from kit.target import private_file


@click.command()
@click.argument("case")
@click.argument("file", default="", metavar="[FILE]")
@reports_options
def command(case: str, file: str, reports_dir: str, store_url: str) -> int:
    """Write all facts of CASE to FILE (CASE.kit.json.gz by default), which kit import takes on another machine."""
    path = Path(file or f"{case}.kit.json.gz")
    if path.exists():
        raise UsageError(f"{path} is there already; name another FILE.")
    with stored(cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url), case) as (_, store):
        content = cases.exported(store.load(case))
    try:
        private_file(path)
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
    say(f"{path}: {len(content):,} bytes")
    return ExitCode.NOTHING_FOUND
