"""``kit upgrades``: what kit knows of releases that break code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import click
import msgspec

from kit.causes import ReleaseStep, breakages, known_libraries, steps_of, upgrade_advice
from kit.facts.errors import UsageError
from kit.facts.spelling import did_you_mean
from kit.facts.wording import counted


@click.command()
@click.argument("libraries", nargs=-1, metavar="[LIBRARY]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(libraries: tuple[str, ...], form: str) -> int:
    """Print the table of breakages, all or those of each LIBRARY: release, change and fix, measured on both sides.

    Of each LIBRARY print too what its releases dropped, as their source shows: modules and names that were public. The
    JSON has all that was compared.
    """
    entries, known = breakages(), sorted({one.library for one in breakages()}.union(known_libraries()))
    for name in libraries:
        if name not in known:
            raise UsageError(f'The table has no library "{name}"{did_you_mean(name, known)}')
    shown = [one for one in entries if not libraries or one.library in libraries]
    dropped = {name: steps_of(name) for name in libraries}
    if form == "json":
        told = {"breakages": msgspec.to_builtins(shown), "dropped": msgspec.to_builtins(dropped)}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    for one in shown:
        click.echo(f"{one.library} {one.last_good} -> {one.first_bad}: {one.cause}  [{one.id}, {one.kind}]")
        click.echo(f"    {upgrade_advice(one)}")
        if one.forewarns:
            click.echo(f"    {one.library} {one.last_good} warns of it.")
    for name, steps in dropped.items():
        for line in _public(steps):
            click.echo(f"{name} {line}")
    click.echo(f"{counted(len(shown), 'breakage')} of {counted(len({one.library for one in shown}), 'library')}")
    return 0


def _public(steps: Iterable[ReleaseStep]) -> Iterator[str]:
    """A line for each step that dropped what anybody may import."""
    for step in steps:
        if names := [one for one in step.imported if not any(part.startswith("_") for part in one.split("."))]:
            yield f"{step.last} -> {step.first} dropped {', '.join(names)}"
