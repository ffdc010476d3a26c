"""``kit params``: the parameters of the notebooks."""

from __future__ import annotations

import json

import click

from kit.facts.case import NOTEBOOKS
from kit.facts.errors import UsageError
from kit.facts.parameters import CASE_PARAMETERS, RUN_PARAMETERS, Parameter
from kit.facts.spelling import did_you_mean


@click.command()
@click.argument("notebook", required=False, default="")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(notebook: str, form: str) -> int:
    """List the parameters of a NOTEBOOK with their meaning; all notebooks have the same ones.

    Papermill sets them with -p NAME VALUE, and those below run with -p run '{"NAME": VALUE}'.
    """
    name = notebook.rpartition("/")[2].removesuffix(".ipynb")
    if name and name not in NOTEBOOKS:
        raise UsageError(f'There is no notebook "{notebook}"{did_you_mean(name, NOTEBOOKS)}')
    if form == "json":
        click.echo(json.dumps({"parameters": [_fact(one) for one in (*CASE_PARAMETERS, *RUN_PARAMETERS)]}, indent=2))
        return 0
    lines = [f"{name or ', '.join(NOTEBOOKS)}:", *_lines(CASE_PARAMETERS), "", "inside run:", *_lines(RUN_PARAMETERS)]
    click.echo("\n".join(lines))
    return 0


def _lines(parameters: tuple[Parameter, ...]) -> list[str]:
    width = max(len(one.name) for one in parameters)
    lines = []
    for one in parameters:
        choices = f" ({', '.join(one.choices)})" if one.choices else ""
        lines.append(f"  {one.name:<{width}}  {one.in_notebook or one.help}{choices}")
    return lines


def _fact(one: Parameter) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": one.kind,
        "default": one.default,
        "choices": list(one.choices),
        "help": one.in_notebook or one.help,
        "of": "case" if one in CASE_PARAMETERS else "run",
    }
