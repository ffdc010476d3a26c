"""``kit baseline``: accept what a case has found as known issues."""

from __future__ import annotations

import os
import stat
import tempfile
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from kit import case as cases
from kit import history
from kit import target as targets
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.cli.stored import stored
from kit.facts.case import Part
from kit.facts.errors import UsageError
from kit.facts.wording import counted
from kit.target import ProjectConfig

_PARTS: tuple[Part, ...] = ("inventory", "suite", "diagnosis")

#: for how many days an issue is accepted by default
_DAYS = 30


@click.command()
@click.argument("case")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--reason", required=True, metavar="TEXT", help="Why these are accepted.")
@click.option("--owner", default="", metavar="NAME", help="The person or team that takes care of them.")
@click.option(
    "--expires",
    default="",
    metavar="DAY",
    help=f"The last day that they are accepted; {_DAYS} days from now by default.",
)
@click.option("--print", "printed", is_flag=True, help="Print the tables, and write nothing.")
@reports_options
def command(
    case: str,
    ids: tuple[str, ...],
    reason: str,
    owner: str,
    expires: str,
    printed: bool,
    reports_dir: str,
    store_url: str,
) -> int:
    """Accept the causes and blocking findings of CASE, all or those with an ID, as known issues.

    They are added to kit.toml in the app's folder, or to its pyproject.toml where that has a table [tool.kit]. A known
    issue does not decide the exit code of a command until its last day is over.
    """
    last = _day(expires)
    if not reason.strip():
        raise UsageError("--reason is empty: say why these issues are accepted.")
    with stored(cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url), case) as (_, store):
        facts = store.load(case, _PARTS)
    config = targets.find_project_config(facts.case.target.root)
    entries = history.to_accept(facts, history.read_known(config.table, str(config.file)), datetime.now(UTC).date())
    if unknown := [one for one in ids if one not in {id_ for id_, _, _ in entries}]:
        named = ", ".join(id_ for id_, _, _ in entries) or "none"
        raise UsageError(f'This case has nothing to accept that is called "{unknown[0]}". It has: {named}.')
    chosen = [entry for entry in entries if not ids or entry[0] in ids]
    text = history.as_toml(chosen, config.table_name, reason=reason, owner=owner, expires=last)
    if not chosen:
        say(f"nothing is written: {facts.case.id} has no cause or blocking finding that is not accepted already")
        return ExitCode.NOTHING_FOUND
    if printed:
        click.echo(text.lstrip("\n"), nl=False)
    else:
        _add(text, config)
    say(f"{counted(len(chosen), 'issue')} accepted until {last}" + ("" if printed else f" in {config.file}"))
    return ExitCode.NOTHING_FOUND


def _day(text: str) -> date:
    today = datetime.now(UTC).date()
    if not text:
        return today + timedelta(days=_DAYS)
    try:
        last = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f'--expires is "{text}"; write a day such as {today}.') from None
    if last < today:
        raise UsageError(f"--expires is {text}, a day that is over: an issue is accepted until {today} or later.")
    return last


def _add(text: str, config: ProjectConfig) -> None:
    """Add tables at the end of the file, and check that it is valid before it is written. Its line ends stay."""
    file = config.file.resolve()
    try:
        before = file.read_bytes().decode() if file.is_file() else ""
        after = f"{before.rstrip()}\n{text}".lstrip("\n")
        tomllib.loads(after)
        if "\r\n" in before:
            after = after.replace("\r\n", "\n").replace("\n", "\r\n")
        _replace(file, after.encode())
    except tomllib.TOMLDecodeError:
        raise UsageError(
            f"{config.file} lists its known issues in another way than as [[{config.table_name}known]]: "
            "use --print and add them by hand."
        ) from None
    except OSError as error:
        raise UsageError(
            f"{config.file} cannot be written ({error.strerror}): use --print and add them by hand."
        ) from None


def _replace(file: Path, content: bytes) -> None:
    """Write a file as a whole: a reader meets the old content or the new one."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
