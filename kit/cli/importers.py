"""``kit importers``: the places that import a module, or a name from it."""

from __future__ import annotations

import json

import click
import msgspec

from kit import inventory, target
from kit.cli.options import chosen_path, demo_option, target_options
from kit.facts.counting import import_places
from kit.facts.wording import counted
from kit.masking import cleaned, escaped_json


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="[PATH] MODULE[:NAME]")
@demo_option
@target_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(what: tuple[str, ...], demo: bool, python: str, app: tuple[str, ...], form: str) -> int:
    """List every place in the app at PATH (default: the current folder) that imports MODULE, or NAME from it. The path
    of its file in the app stands for a module.
    """
    if len(what) > 2:
        raise click.UsageError(f"One PATH and one MODULE[:NAME] are taken, not {len(what)} arguments.")
    named, name = ("", *what)[-2:]
    path = chosen_path(named, demo)
    found = inventory.Inventory.of(target.find_target(path, python=python, app=app), runtime=False).importers(name)
    if form == "json":
        value = cleaned({"importers": msgspec.to_builtins(found)})
        click.echo(escaped_json(json.dumps(value, indent=2, ensure_ascii=False)))
        return 0
    places = import_places(found)
    for importer in places:
        where = f"{importer.path}:{importer.line}"
        inside = "" if importer.scope == "module" else f", in a {importer.scope.replace('_', ' ')}"
        click.echo(f"{where}: {importer.statement}  [{importer.role}{inside}]")
    click.echo(f"{counted(len(places), 'importer')} of {name}", err=True)
    return 0
