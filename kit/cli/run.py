"""``kit run``: the suite only."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from kit import case, cli, history, suite
from kit.cli import reruns
from kit.cli.exit_codes import code_of_case
from kit.cli.formats import RUN_FORMATS
from kit.cli.job_summary import show_in_job
from kit.cli.next_command import next_command
from kit.cli.options import RUN_NAMES, case_options, case_options_from, path_argument, share_option, typed_names
from kit.cli.policy import Policy, fail_on_option, passed_over
from kit.cli.progress import reports_words, resumable, say, share_at_end, show_head
from kit.facts.case import CaseFacts
from kit.facts.errors import UsageError
from kit.facts.kinds import CauseKind
from kit.facts.suite import SuiteFacts
from kit.platform.memory import give_memory_back

#: options outside of the table ``run`` that may be given beside --failed
_OWN_FIELDS = ("python", "app", "timeout_s", "workers", "categories")

#: the kind of the cause for async tests that nothing awaits: pytest counts them as passed
_NEVER_RAN: CauseKind = "never-awaited"


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
@share_option
@click.option("--failed", default="", metavar="CASE", help="Only what failed or was not run in CASE; a new case.")
@click.option("--changed", is_flag=True, help="Only what failed, and what concerns the edits since it ran.")
@click.option("--since", default="", metavar="REV", help="Only what concerns the changes since a revision of git.")
@click.option("--watch", is_flag=True, help="Run again after every edit what failed and what the edit concerns.")
@click.option("--bisect", default="", metavar="NODEID", help="Find the earlier test that makes this one fail.")
@click.option("--format", "form", type=click.Choice(list(RUN_FORMATS)), default="text", show_default=True)
@fail_on_option
@click.pass_obj
def command(
    nodeids: tuple[str, ...] | None,
    /,
    path: str,
    form: str,
    failed: str,
    changed: bool,
    since: str,
    watch: bool,
    bisect: str,
    fail_on: Policy,
    **given: Any,
) -> int:
    """Run the tests of the app at PATH (default: the current folder), all or NODEIDS, and print every outcome."""
    give_memory_back()
    is_shared = given.pop("share")
    options = case_options_from(path, given)
    before: SuiteFacts | None = None
    if failed:
        options, nodeids, before = _what_failed(failed, options)
    if watch:
        return _watch(options, nodeids or ())
    if bisect:
        return cli.run_bisection(case.find_target_of(options), options, bisect, form)
    selected = _selected(options, nodeids or (), since if since or not changed else None)
    if selected.is_nothing:
        return 0
    nodeids = selected.nodeids
    with resumable("run", given) as work:
        investigation = work.open(options, given["resume"])
        if is_shared:
            share_at_end(investigation.folder)
        show_head(investigation)
        with suite.display_for(sys.stderr) as display:
            ran = investigation.run_tests(display, nodeids, known=selected.known)
        investigation.diagnose(ran, with_inventory=False)
        facts = investigation.store.load(investigation.case.id, suite=ran)
        case.write_index(investigation.store, investigation.reports)
    for sentence in _conduct(ran):
        say(sentence)
    ids = passed_over(fail_on, investigation, deciding := _as_pytest_ends(facts), is_whole=not nodeids)
    _print(facts, form, ids)
    _say_compared(before, nodeids, ran)
    _say_next(next_command(ran, investigation.case, reports_words(investigation.reports, given), was_part=bool(failed)))
    return code_of_case(deciding, ids)


def _print(facts: CaseFacts, form: str, ids: frozenset[str]) -> None:
    if form == "github":
        show_in_job(facts, ids)
    else:
        click.echo(RUN_FORMATS[form](facts), nl=False)


def _say_next(command: str | None) -> None:
    if command:
        say(f"next: {command}")


def _say_compared(before: SuiteFacts | None, nodeids: tuple[str, ...], ran: SuiteFacts) -> None:
    """Say what became of the tests that failed ``before``, in the run that is repeated."""
    if before is None:
        return
    ids = history.other_ids(before, ran)
    were = {ids.get(name, name): is_fine for name, is_fine in reruns.states(before).items()}
    if unknown := reruns.not_found(nodeids, ran):
        say(reruns.listed(unknown))
    say(reruns.compared(were, reruns.states(ran)))


def _selected(options: case.CaseOptions, nodeids: tuple[str, ...], since: str | None) -> suite.Selected:
    """The tests to run: ``nodeids``, or where ``since`` is ``None`` or a revision those that changes concern.

    Raises :class:`UsageError` where both are given.
    """
    if since == "":
        return suite.Selected(nodeids)
    if nodeids:
        raise UsageError("Name tests, or choose them by --changed or --since: not both.")
    return cli.select_tests(case.find_target_of(options), since or "")


def _as_pytest_ends(facts: CaseFacts) -> CaseFacts:
    """The facts that decide the exit code: pytest does not count tests that passed without having run as failures."""
    return replace(facts, causes=tuple(cause for cause in facts.causes or () if cause.kind != _NEVER_RAN))


def _conduct(ran: SuiteFacts) -> Iterator[str]:
    """Sentences about how the tests were run, and what they did to the real tree."""
    refused = ran.start_refusal.told if ran.start_refusal else None
    problem = ran.problem if ran.tests or not refused else None  # it is the same
    apart = (f"{path} cannot be collected alone ({error})." for path, error in ran.not_alone.items())
    said = ran.isolation, ran.protection, refused, problem, ran.shares, ran.state_watch, ran.coverage_problem
    return filter(None, (*said, *apart, *(one.sentence for one in ran.touched)))


def _what_failed(name: str, options: case.CaseOptions) -> tuple[case.CaseOptions, tuple[str, ...], SuiteFacts]:
    """The options for running again what failed in the case ``name``, the tests and files to run, and its suite."""
    earlier = case.Investigation.resume(name, options)
    ran = earlier.record.suite()
    target = options.target if "target" in typed_names() else earlier.target.root
    reports = str(earlier.reports)
    earlier.store.close()
    if ran is None:
        there = case.reports_words(earlier.reports, options.reports_dir, options.store_url)
        raise UsageError(
            f'No test of the case "{name}" was run; resume it: {shlex.join(["kit", "run", "--resume", name, *there])}'
        )
    nodeids = reruns.unfinished(ran)
    if not nodeids:
        raise UsageError(f'Nothing failed in the case "{name}".')
    root = Path(target if Path(target).is_dir() else earlier.target.root)
    if gone := set(reruns.lost(nodeids, root, ran.rootdir)):
        sentence = reruns.listed([nodeid for nodeid in nodeids if nodeid in gone])
        nodeids = tuple(nodeid for nodeid in nodeids if nodeid not in gone)
        if not nodeids:
            raise UsageError(sentence)
        say(sentence)
    typed = typed_names() & {*_OWN_FIELDS, *RUN_NAMES}
    again = replace(
        earlier.options.with_values_of(options, typed), target=target, case=options.case, reports_dir=reports
    )
    return again, reruns.with_other_ids(nodeids, ran.pytest_version, partial(_pytest_of, again)), ran


def _pytest_of(options: case.CaseOptions) -> str | None:
    """The version of pytest that the target has."""
    interpreter = case.find_target_of(options).interpreter
    return interpreter.packages.get("pytest") if interpreter else None


def _watch(options: case.CaseOptions, nodeids: tuple[str, ...]) -> int:
    try:
        cli.run_and_watch(case.find_target_of(options), options, nodeids)
    except KeyboardInterrupt:
        say("ended.")
    return 0
