"""``kit export``: a case as one file."""

from __future__ import annotations

from pathlib import Path

import click

from kit import case as cases
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.cli.stored import stored
from kit.facts.case import Case
from kit.facts.errors import UsageError
from kit.target import private_file


@click.command()
@click.argument("case")
@click.argument("file", default="", metavar="[FILE]")
@reports_options
def command(case: str, file: str, reports_dir: str, store_url: str) -> int:
    """Write all facts of CASE to FILE, which kit import takes on another machine.

    By default it is CASE.kit.json.gz in the reports folder. The timeline of the run is not part of it: that is read
    from the events in the folder of the case.
    """
    with stored(cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url), case) as (reports, store):
        facts = store.load(case)
    path = Path(file) if file else _in_reports(reports, facts.case)
    if path.exists():
        raise UsageError(f"{path} is there already; name another FILE.")
    content = cases.exported(facts)
    try:
        private_file(path)
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
    say(f"{path}: {len(content):,} bytes")
    return ExitCode.NOTHING_FOUND


def _in_reports(reports: Path, case: Case) -> Path:
    """The file in the reports folder: not the current one, which may be the app's."""
    folder = reports if reports.is_dir() else cases.reports_folder("", case.target)
    return folder / f"{case.id}.kit.json.gz"
