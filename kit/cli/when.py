"""``kit when``: the commit that brought a cause."""

from __future__ import annotations

import json
from typing import Any

import click
import msgspec

from kit import case as cases
from kit import history
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.cli.stored import stored
from kit.facts.case import CaseFacts, Part
from kit.facts.causes import Cause
from kit.facts.errors import KitError, TargetError, UsageError
from kit.facts.history import Introduction
from kit.facts.wording import counted
from kit.masking import cleaned, escaped_json, learn_target

_PARTS: tuple[Part, ...] = ("inventory", "suite", "diagnosis")

_SHOWN = {True: "shows it", False: "does not show it", None: "cannot be tested"}


@click.command()
@click.argument("case")
@click.argument("cause", default="", metavar="[CAUSE]")
@click.option("--authors", is_flag=True, help="Name the author of each commit too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reports_options
def command(case: str, cause: str, authors: bool, form: str, reports_dir: str, store_url: str) -> int:
    """Name the commit that brought CAUSE, a cause or finding of CASE, or each of its causes.

    What the source shows is searched in the source of earlier commits, and nothing runs. Else one test of the cause is
    run in a scratch copy of earlier commits; a commit whose suite does not start is skipped, and never counted as one
    without the cause. A flaky cause is not searched for. Nothing is checked out in the real tree. What is found is kept
    with the case, without authors, and its report is written anew with it. Exits with 0 when a commit is named, and
    with 3 when none can be.
    """
    options = cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url)
    with stored(options, case) as (_, store):
        facts = store.load(case, _PARTS)
        flaky = history.find_flaky(store, facts.case.target.root).tests
    root = facts.case.target.path
    if not root.is_dir():
        raise TargetError(f"The target of this case, {root}, is not there (any more).")
    learn_target(root)
    own = cases.CaseOptions.of(**{**facts.case.parameters, "store_url": store_url})
    chosen = _chosen(facts, cause)
    found = []
    with history.When(facts, own.run_options(), _step, flaky) as when:
        for one in chosen:
            say(f"{one.title}  [{one.id}]")
            found.append(when.of(one))
            if form == "text":
                click.echo(f"{one.title}\n    {_told(found[-1], authors, when.commits.is_shallow)}")
    _record(options, case, found)
    if form == "json":
        click.echo(_json(found, authors))
    return ExitCode.NOTHING_FOUND if any(one.commit for one in found) else ExitCode.NOT_INVESTIGATED


def _record(options: cases.CaseOptions, case: str, found: list[Introduction]) -> None:
    """Keep what was found with the case, for later reports, and write the report of this case anew."""
    with stored(options, case) as (reports, store):
        store.save_introductions(case, found)
        try:
            path = cases.renew_report(store, case, reports)
        except (OSError, KitError) as error:
            say(f"The report could not be written anew: {error}")
        else:
            if path is not None:
                say(f"The report now says so: {path}")


def _step(commit: str, verdict: bool | None) -> None:
    say(f"    {commit[:12]} {_SHOWN[verdict]}")


def _chosen(facts: CaseFacts, name: str) -> tuple[Cause, ...]:
    """The cause or finding of this name, or all causes."""
    causes = {cause.id: cause for cause in facts.causes or ()}
    findings = {one.id: one for one in (facts.inventory.findings if facts.inventory else ())}
    if name in causes:
        return (causes[name],)
    if name in findings:
        one = findings[name]
        return (Cause(one.id, one.kind, one.title, "consistent", one.locations),)
    if name:
        raise UsageError(f'There is no cause "{name}" in this case. It has: {", ".join(causes) or "none"}.')
    if not causes:
        raise UsageError(f'The case "{facts.case.id}" has no cause.')
    return tuple(causes.values())


def _told(found: Introduction, authors: bool, is_shallow: bool) -> str:
    """``since 1a2b3c4d5e6f, 12 November 2026, "Users get a module", 3 files (source of 11 commits)``."""
    looked = f"{'source' if found.how == 'source' else 'a test'} of {counted(found.tested, 'commit')}"
    looked += f", {found.skipped:,} of them could not be tested" if found.skipped else ""
    if found.commit is None:
        return f"not known: {found.why}" + (f" ({looked})" if found.tested else "")
    start = "at least since" if found.is_oldest and is_shallow else "since"
    text = f"{start} {found.commit.in_words(with_author=authors)} ({looked})"
    if found.untested:
        text += f"; or one of {found.others} (back to {found.untested[-1][:12]})"
    if found.is_oldest:
        end = "the oldest commit of this shallow clone" if is_shallow else "the first commit"
        text += f"; no older commit is without it: it is {end}"
    if found.differs:
        text += f"\n    first variable that differs: {found.differs.sentence}"
    return text


def _json(found: list[Introduction], authors: bool) -> str:
    rows: list[dict[str, Any]] = [msgspec.to_builtins(one) for one in found]
    for row in rows:
        if row["commit"] and not authors:
            del row["commit"]["author"]
    return escaped_json(json.dumps(cleaned({"since": rows}), indent=2, ensure_ascii=False))
