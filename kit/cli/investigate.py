"""``kit investigate``: from a folder to an incident report."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import click

from kit import case, suite
from kit import target as targets
from kit.cli.exit_codes import code_of_case
from kit.cli.job_summary import show_in_job
from kit.cli.options import case_options, case_options_from, options_for, path_argument, share_option
from kit.cli.policy import Policy, fail_on_option, passed_over
from kit.cli.progress import reports_words, resumable, say, share_at_end, show_head
from kit.facts.target import Target
from kit.facts.wording import counted

#: at most this many changed files of the real tree are named
_TOUCHED = 5


@click.command()
@path_argument
@case_options
@share_option
@options_for("trial_budget_s")
@click.option("--no-trials", is_flag=True, help="Try no fixes: the same as --trial-budget-s 0.")
@click.option("--dry-run", is_flag=True, help="Show what was found out about the target, and why; run nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github"]),
    default="text",
    show_default=True,
    help="github: an annotation for each cause, and the summary of the job.",
)
@fail_on_option
def command(path: str, dry_run: bool, no_trials: bool, form: str, fail_on: Policy, **given: Any) -> int:
    """Investigate the app at PATH (default: the current folder) and write its incident report.

    Runs the notebooks one after another, shows live counts on the way, and ends with the report's path and its verdict.
    """
    if no_trials:
        given["trial_budget_s"] = 0.0
    is_shared = given.pop("share")
    options = case_options_from(path, given)
    if dry_run:
        target = case.find_target_of(options)
        show_target(target)
        click.echo(f"protection: {targets.find_protection(target).sentence}")
        return 0
    say("looking at the target …")
    with resumable("investigate", given) as work, case.imported_kernels():
        investigation = work.open(options, given["resume"])
        if is_shared:
            share_at_end(investigation.folder)
        show_head(investigation)
        done = case.run_all_stages(
            investigation, announce=say, display=lambda: suite.display_for(sys.stderr), store_url=options.store_url
        )
    touched = done.facts.suite.touched if done.facts.suite else ()
    for one in touched[:_TOUCHED]:  # they decide the exit code: it is never 4 without a word
        say(one.sentence)
    if len(touched) > _TOUCHED:
        say(f"and {counted(len(touched) - _TOUCHED, 'more file')} of the real tree changed: the report lists them")
    click.echo(str(done.report))
    click.echo(done.verdict)
    ids = passed_over(fail_on, investigation, done.facts)
    if form == "github":
        show_in_job(done.facts, ids, done.report.with_suffix(".md"))
    if done.facts.suite and done.facts.suite.accounting.bad:
        again = ["kit", "run", "--failed", investigation.case.id, *reports_words(investigation.reports, given)]
        say(f"next, once something is fixed: {shlex.join(again)}")
    return code_of_case(done.facts, ids)


def show_target(target: Target) -> None:
    """Print what was found about the target, a line each, with the reason for each choice."""
    width = max(len(reason.what) for reason in target.reasons)
    for reason in target.reasons:
        click.echo(f"{reason.what:<{width}}  {reason.value}  ({reason.why})")
    for warning in target.warnings:
        click.echo(f"warning: {warning}")
