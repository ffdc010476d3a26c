"""``kit watch``: live counts of a run that another terminal, or a notebook, has started."""

from __future__ import annotations

import sys

import click

from kit import case as cases
from kit import suite
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.facts.errors import UsageError


@click.command()
@click.argument("case", required=False, default="")
@reports_options
def command(case: str, reports_dir: str, store_url: str) -> int:
    """Attach to the run of CASE (default: the newest one) and show its counts until it ends."""
    reports, store = cases.known_store(cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url))
    if store is None:
        raise UsageError(cases.no_case(reports, case, reports_dir))
    heads = store.cases()
    name = case or (heads[0].case.id if heads else "")
    if name not in {head.case.id for head in heads}:
        raise store.unknown(name) if name else UsageError(cases.no_case(reports, "", reports_dir))

    def ended() -> bool:
        stages = {stage.name: stage.outcome for stage in store.stages(name)}
        return stages.get("test_batches") in {"done", "failed", "skipped"}

    with suite.display_for(sys.stderr) as display:
        watched = suite.watch(reports / name / "events.jsonl", display, until=ended)
    store.close()
    if watched.problem and not watched.interrupted:
        say(watched.problem)
    return 0
