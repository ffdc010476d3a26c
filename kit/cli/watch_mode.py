"""``kit run --watch``: run, wait for an edit, run again what it concerns, and say what it changed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from kit.case import CaseOptions
from kit.cli.reruns import compared, states, unfinished
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.facts.wording import counted
from kit.inventory import Reach
from kit.suite import WarmSuite, display_for, feed

#: folders in which a version control system keeps its own records: a commit is not an edit
_OF_GIT = frozenset({".git", ".hg", ".svn"})

#: at most this many changed files are named
_FILES = 5


def run_and_watch(target: Target, options: CaseOptions, nodeids: Sequence[str]) -> None:
    """Run ``nodeids`` (all, when there are none), then again after every edit, until Ctrl-C."""
    run_options = replace(options.run_options(), recheck_s=0.0)  # the next edit is answered sooner than a re-run
    with WarmSuite(target, run_options, importers=Reach(target)) as warm:
        suite = _run(warm, nodeids)
        known, open_ = states(suite), set(unfinished(suite))
        _say_state(known)
        for changes in warm.changes():
            paths = sorted(path for path in changes.paths if path.split("/")[0] not in _OF_GIT)
            if not paths:
                continue
            more = f" and {len(paths) - _FILES} more" if len(paths) > _FILES else ""
            click.echo(f"kit: changed: {', '.join(paths[:_FILES])}{more}", err=True)
            gone = {name for name in known if changes.removed and not warm.exists(name)}
            known = {name: fine for name, fine in known.items() if name not in gone}
            selected = warm.concerned(changes)
            wanted = sorted(open_ - gone | set(selected.nodeids))
            if selected.total:
                click.echo(f"kit: {selected.said}", err=True)
            if not wanted:
                click.echo("kit: no test depends on that", err=True)
                if gone:
                    open_ = set()
                    _say_state(known)
                continue
            suite = _run(warm, wanted, selected.known)
            after = states(suite)
            click.echo(compared({name: known[name] for name in known if name in after or not known[name]}, after))
            known = {name: fine for name, fine in known.items() if fine or name in after} | after
            open_ = set(unfinished(suite))
            _say_state(known)


def _run(warm: WarmSuite, nodeids: Sequence[str], known: Sequence[str] = ()) -> SuiteFacts:
    with display_for(sys.stderr) as display:
        suite = warm.run(nodeids, feed(display), known=known)
    if suite.problem:
        click.echo(f"kit: {suite.problem}", err=True)
    return suite


def _say_state(known: dict[str, bool]) -> None:
    for name in sorted(name for name, fine in known.items() if not fine)[:20]:
        click.echo(f"not in order: {name}")
    bad = sum(not fine for fine in known.values())
    told = (
        f"{bad:,} of {counted(len(known), 'test')} failing or not run"
        if bad
        else f"{counted(len(known), 'test')}, none failing"
    )
    click.echo(f"{told}; waiting for an edit (Ctrl-C ends)")
