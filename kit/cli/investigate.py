"""``kit investigate``: the whole, from a folder to an incident report."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from kit.cli.ending import exit_code
from kit.cli.main import InterruptedCaseError
from kit.cli.options import case_options, case_options_from, options_for, path_argument
from kit.facts.target import Target
from kit.masking import mask


@click.command()
@path_argument
@case_options
@options_for("trial_budget_s")
@click.option("--no-trials", is_flag=True, help="Try no fixes: the same as --trial-budget-s 0.")
@click.option("--dry-run", is_flag=True, help="Show what was found out about the target, and why; run nothing.")
def command(path: str, dry_run: bool, no_trials: bool, **given: Any) -> int:
    """Investigate the app at PATH (default: the current folder) and write its incident report.

    Runs the notebooks one after another, shows live counts on the way, and ends with the report's path and its verdict.
    """
    if no_trials:
        given["trial_budget_s"] = 0.0
    options = case_options_from(path, given)
    if dry_run:
        from kit.target import find_target

        show_target(find_target(options.target, python=options.python, tests=options.tests, app=options.app))
        return 0
    click.echo("kit: looking at the target …", err=True)
    from kit.case.all_stages import run_all_stages
    from kit.case.investigation import Investigation
    from kit.suite import display_for

    resume = given["resume"]
    investigation = Investigation.resume(resume, options) if resume else Investigation.start(options)
    show_head(investigation)
    try:
        done = run_all_stages(
            investigation, announce=say, display=lambda: display_for(sys.stderr), store_url=options.store_url
        )
    except KeyboardInterrupt:
        raise InterruptedCaseError(resume_command("investigate", investigation, given)) from None
    click.echo(str(done.report))
    click.echo(done.verdict)
    if done.facts.suite and done.facts.suite.accounting.bad:
        again = ["kit", "run", "--failed", investigation.case.id, *reports_words(investigation, given)]
        say(f"next, once something is mended: {shlex.join(again)}")
    return exit_code(done.facts)


def show_target(target: Target) -> None:
    """Print what was found about the target, a line each, with the reason for each choice."""
    width = max(len(reason.what) for reason in target.reasons)
    for reason in target.reasons:
        click.echo(f"{reason.what:<{width}}  {reason.value}  ({reason.why})")
    for warning in target.warnings:
        click.echo(f"warning: {warning}")


def show_head(investigation: Any) -> None:
    """Say which case of which target this is, and what to be wary of."""
    target: Target = investigation.target
    python = target.interpreter.version if target.interpreter else "no interpreter"
    packages = " · ".join(f"{name} {version}" for name in ("pytest", "sqlalchemy") if (version := target.package(name)))
    say(f"case {investigation.case.id} · {target.name} · Python {python}" + (f" · {packages}" if packages else ""))
    for warning in target.warnings:
        say(f"warning: {warning}")


def say(line: str) -> None:
    """Print a line of progress."""
    click.echo(f"kit: {line}", err=True)


def resume_command(name: str, investigation: Any, given: dict[str, Any]) -> str:
    """The command line that goes on with a case, from the same folder."""
    return shlex.join(["kit", name, "--resume", investigation.case.id, *reports_words(investigation, given)])


def reports_words(investigation: Any, given: dict[str, Any]) -> list[str]:
    """The options that say where a case is kept, for a command that is typed in the same folder."""
    reports: Path = investigation.reports
    # called inside the target, reports went beside it, and without the target only their folder tells
    elsewhere = str(reports) if reports != Path.cwd() / "reports" else ""
    folder = given["reports_dir"] or elsewhere
    store = ["--store-url", mask(given["store_url"])] if given["store_url"] else []  # it may hold a password
    return (["--reports-dir", folder] if folder else []) + store
