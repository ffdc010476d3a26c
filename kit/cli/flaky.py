"""``kit flaky``: tests whose outcome differs though nothing has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from kit import case as cases
from kit import history
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.stored import root_of_app, stored
from kit.facts.dossier import FlakyTests
from kit.facts.wording import counted
from kit.masking import cleaned, escaped_json


@click.command()
@click.argument("app", default="", metavar="[PATH]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reports_options
def command(app: str, form: str, reports_dir: str, store_url: str) -> int:
    """List the flaky tests of the app at PATH (default: the current folder): they pass and fail at one revision.

    Compared are cases without uncommitted changes in one environment, the newest 100; a failing test that passed when
    kit ran it again counts too. Says how often each failed, since when, and the state that decides, if it is known.
    Exits with 1 when there is one.
    """
    options = cases.CaseOptions.of(app, reports_dir=reports_dir, store_url=store_url)
    with stored(options) as (reports, store):
        found = history.find_flaky(store, root_of_app(store, app or str(Path.cwd()), reports))
    if form == "json":
        text = escaped_json(json.dumps(cleaned(msgspec.to_builtins(found)), indent=2, ensure_ascii=False))
    else:
        text = "\n".join(_lines(found))
    click.echo(text)
    return ExitCode.FOUND if found.tests else ExitCode.NOTHING_FOUND


def _lines(found: FlakyTests) -> Iterator[str]:
    for one in found.tests:
        yield one.nodeid
        yield f"    {one.sentence}"
        if one.polluted:
            yield f"    {one.polluted.sentence}"
    looked = f"{counted(found.cases, 'case')} of {found.app}"
    yield f"{counted(len(found.tests), 'flaky test') if found.tests else 'No flaky test'} in {looked}"
    if not found.revisions:
        yield "No revision was run twice without changes and in one environment, so outcomes could not be compared."
