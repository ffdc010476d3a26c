"""``kit upgrades``: what kit knows of releases that break code."""

from __future__ import annotations

import json

import click
import msgspec

from kit.causes import breakages, upgrade_advice
from kit.facts.errors import UsageError
from kit.facts.spelling import did_you_mean
from kit.facts.wording import counted


@click.command()
@click.argument("libraries", nargs=-1, metavar="[LIBRARY]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(libraries: tuple[str, ...], form: str) -> int:
    """Print the table of breakages, all or those of each LIBRARY: release, change and fix, measured on both sides."""
    entries, known = breakages(), sorted({one.library for one in breakages()})
    for name in libraries:
        if name not in known:
            raise UsageError(f'The table has no library "{name}"{did_you_mean(name, known)}')
    shown = [one for one in entries if not libraries or one.library in libraries]
    if form == "json":
        click.echo(json.dumps({"breakages": msgspec.to_builtins(shown)}, indent=2, ensure_ascii=False))
        return 0
    for one in shown:
        click.echo(f"{one.library} {one.last_good} -> {one.first_bad}: {one.cause}  [{one.id}, {one.kind}]")
        click.echo(f"    {upgrade_advice(one)}")
        if one.forewarns:
            click.echo(f"    {one.library} {one.last_good} warns of it.")
    click.echo(f"{counted(len(shown), 'breakage')} of {counted(len({one.library for one in shown}), 'library')}")
    return 0
