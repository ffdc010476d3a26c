"""``kit doctor``: what is wrong with a set-up, and how to repair it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from kit.cli.checks import SetupCheck, State, checks
from kit.cli.colours import Colour, painted
from kit.cli.exit_codes import ExitCode
from kit.cli.options import case_options_from, path_argument, reports_options, target_options

_COLOURS: dict[State, Colour] = {"fine": "green", "warning": "yellow", "problem": "red"}


@click.command()
@path_argument
@target_options
@reports_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(path: str, form: str, **given: Any) -> int:
    """Check what kit needs for the app at PATH (default: the current folder): interpreter, pytest, the protection of
    its tree that holds on this machine, notebooks, store. Runs no test.

    Exits with 1 when something does not work.
    """
    found = list(checks(case_options_from(path, given)))
    if form == "json":
        click.echo(json.dumps({"checks": [asdict(check) for check in found]}, indent=2))
    else:
        click.echo(_text(found))
    return ExitCode.FOUND if any(check.state == "problem" for check in found) else ExitCode.NOTHING_FOUND


def _text(found: list[SetupCheck]) -> str:
    width = max(len(check.what) for check in found)
    lines = []
    for check in found:
        lines.append(f"{painted(f'{check.state:<7}', _COLOURS[check.state])}  {check.what:<{width}}  {check.found}")
        if check.repair and check.state != "fine":
            lines.append(f"{'':<{width + 11}}{check.repair}")
    return "\n".join(lines)
