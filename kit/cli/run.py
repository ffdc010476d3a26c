"""``kit run``: the suite only."""

from __future__ import annotations

import sys
from typing import Any

import click

from kit.cli.ending import exit_code
from kit.cli.formats import RUN_FORMATS
from kit.cli.investigate import resume_command, show_head
from kit.cli.main import InterruptedCaseError
from kit.cli.options import case_options, path_argument, request_from


class _WithNodeIds(click.Command):
    """Takes what follows ``--`` for node ids, also when there is no PATH before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            cut = args.index("--")
            ctx.obj, args = tuple(args[cut + 1 :]), args[:cut]
        return super().parse_args(ctx, args)


@click.command(cls=_WithNodeIds, options_metavar="[OPTIONS] [-- NODEIDS]")
@path_argument
@case_options
@click.option("--format", "form", type=click.Choice(list(RUN_FORMATS)), default="text", show_default=True)
@click.pass_obj
def command(nodeids: tuple[str, ...] | None, /, path: str, form: str, **options: Any) -> int:
    """Run the tests of the app at PATH (default: the demo), all of them or NODEIDS, and print every outcome."""
    request = request_from(path, options)
    from kit.case.investigation import Investigation
    from kit.suite import display_for

    resume = options["resume"]
    investigation = Investigation.resume(resume, request) if resume else Investigation.start(request)
    show_head(investigation)
    try:
        with display_for(sys.stderr) as display:
            suite = investigation.run_tests(display, nodeids or ())
    except KeyboardInterrupt:
        raise InterruptedCaseError(resume_command("run", investigation, options)) from None
    investigation.diagnose(with_inventory=False)
    facts = investigation.facts
    if suite.problem:
        click.echo(f"kit: {suite.problem}", err=True)
    click.echo(RUN_FORMATS[form](facts), nl=False)
    return exit_code(facts)
