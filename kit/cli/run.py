"""``kit run``: the suite only."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from kit.case.options import CaseOptions
from kit.cli.ending import exit_code
from kit.cli.formats import RUN_FORMATS
from kit.cli.investigate import reports_words, resume_command, show_head
from kit.cli.main import InterruptedCaseError
from kit.cli.options import RUN_NAMES, case_options, case_options_from, path_argument
from kit.facts.errors import UsageError
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target

#: what may be typed beside --failed, of what options hold outside of its ``run``
_OWN_FIELDS = ("python", "app", "timeout_s", "workers", "categories")

#: M_MMAP_THRESHOLD of <malloc.h>, and the value that it has at first, in bytes
_MMAP_THRESHOLD, _LARGE = -3, 128 * 1024


class _WithNodeIds(click.Command):
    """Takes what follows ``--`` for node ids, also when there is no PATH before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            cut = args.index("--")
            ctx.obj, args = tuple(args[cut + 1 :]), args[:cut]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- NODEIDS]"]


@click.command(cls=_WithNodeIds)
@path_argument
@case_options
@click.option("--failed", default="", metavar="CASE", help="Only what failed or was not run in CASE; a new case.")
@click.option("--watch", is_flag=True, help="Run again after every edit what failed and what the edit concerns.")
@click.option("--bisect", default="", metavar="NODEID", help="Find the earlier test that makes this one fail.")
@click.option("--format", "form", type=click.Choice(list(RUN_FORMATS)), default="text", show_default=True)
@click.pass_obj
def command(
    nodeids: tuple[str, ...] | None, /, path: str, form: str, failed: str, watch: bool, bisect: str, **given: Any
) -> int:
    """Run the tests of the app at PATH (default: the current folder), all or NODEIDS, and print every outcome."""
    give_memory_back()
    options = case_options_from(path, given)
    from kit.case.investigation import Investigation
    from kit.cli.again import compared, listed, not_found, states
    from kit.cli.next_command import next_command
    from kit.suite import display_for

    before: dict[str, bool] = {}
    if failed:
        options, nodeids, before = _what_failed(failed, options)
    if watch:
        return _watch(options, nodeids or ())
    if bisect:
        return _bisect(options, bisect)
    resume = given["resume"]
    investigation = Investigation.resume(resume, options) if resume else Investigation.start(options)
    show_head(investigation)
    try:
        with display_for(sys.stderr) as display:
            suite = investigation.run_tests(display, nodeids or ())
    except KeyboardInterrupt:
        raise InterruptedCaseError(resume_command("run", investigation, given)) from None
    investigation.diagnose(suite, with_inventory=False)
    facts = investigation.store.load(investigation.case.id, suite=suite)
    for sentence in (*_conduct(suite), *(one.sentence for one in suite.touched)):
        if sentence:
            click.echo(f"kit: {sentence}", err=True)
    click.echo(RUN_FORMATS[form](facts), nl=False)
    if before:
        if unknown := not_found(nodeids or (), suite):
            click.echo(f"kit: {listed(unknown)}", err=True)
        click.echo(f"kit: {compared(before, states(suite))}", err=True)
    where = reports_words(investigation, given)
    if following := next_command(suite, investigation.case, where, was_part=bool(failed)):
        click.echo(f"kit: next: {following}", err=True)
    return exit_code(facts)


def _conduct(suite: SuiteFacts) -> tuple[str | None, ...]:
    return suite.isolation, suite.protection, suite.problem, suite.shares, suite.coverage_problem


def give_memory_back() -> None:
    """From now on, large blocks of memory go back to the system as soon as they are free, where the C library can.

    glibc keeps such blocks from the second one on, in case they are wanted again; what a large suite says of itself
    when it is collected is wanted once.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def _what_failed(name: str, options: CaseOptions) -> tuple[CaseOptions, tuple[str, ...], dict[str, bool]]:
    """The options of that case, under a new name and with what was typed; what to run, and how each of that was."""
    from kit.case.investigation import Investigation
    from kit.cli.again import listed, lost, states, unfinished

    earlier = Investigation.resume(name, options)
    suite, asked = earlier.facts.suite, earlier.options
    target = options.target if _is_typed("path") or _is_typed("demo") else earlier.target.root
    reports = str(earlier.reports)
    earlier.store.close()
    if suite is None:
        raise UsageError(f'No test of the case "{name}" was run; go on with it: kit run --resume {name}')
    nodeids = unfinished(suite)
    if not nodeids:
        raise UsageError(f'Nothing failed in the case "{name}".')
    root = Path(target if Path(target).is_dir() else earlier.target.root)
    if gone := set(lost(nodeids, root, suite.rootdir)):
        sentence = listed([nodeid for nodeid in nodeids if nodeid in gone])
        nodeids = tuple(nodeid for nodeid in nodeids if nodeid not in gone)
        if not nodeids:
            raise UsageError(sentence)
        click.echo(f"kit: {sentence}", err=True)
    before = dict.fromkeys((name for name, is_fine in states(suite).items() if not is_fine), False)
    again = replace(_as_typed(asked, options), target=target, case=options.case, reports_dir=reports)
    return again, nodeids, before


def _as_typed(asked: CaseOptions, options: CaseOptions) -> CaseOptions:
    """``asked`` with the options that stand on the command line."""
    typed = {name for name in (*_OWN_FIELDS, *RUN_NAMES) if _is_typed(name)}
    kept = {name: value for name, value in asked.run.items() if name not in typed}
    run = kept | {name: value for name, value in options.run.items() if name in typed}
    return replace(asked, run=run, **{name: getattr(options, name) for name in _OWN_FIELDS if name in typed})


def _is_typed(option: str) -> bool:
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def _watch(options: CaseOptions, nodeids: tuple[str, ...]) -> int:
    from kit.cli.watching import run_and_watch

    try:
        run_and_watch(_target_of(options), options, nodeids)
    except KeyboardInterrupt:
        click.echo("kit: ended.", err=True)
    return 0


def _bisect(options: CaseOptions, nodeid: str) -> int:
    from kit.cli.bisecting import run_bisection

    return run_bisection(_target_of(options), options, nodeid)


def _target_of(options: CaseOptions) -> Target:
    from kit.target import find_target

    return find_target(options.target, python=options.python, tests=options.tests, app=options.app)
