"""``kit run --bisect``: which earlier test makes a test fail."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict

import click

from kit.case import CaseOptions
from kit.cli.exit_codes import ExitCode
from kit.facts.errors import UsageError
from kit.facts.target import Target
from kit.masking import cleaned, escaped_json
from kit.suite import Pollution, bisect_pollution

_SENTENCES = {
    "polluted": "{test} passes alone and fails after",
    "depends": "{test} fails alone and passes after",
    "fails_always": "{test} fails alone as well as after all tests before it: no other test is to blame.",
    "passes_always": "{test} passes alone as well as after all tests before it, with nothing beside it. "
    "Where it fails only now and then, or beside others, look at what they share.",
}


def run_bisection(target: Target, options: CaseOptions, nodeid: str, form: str = "text") -> int:
    """Bisect, show each step, and print the tests that matter with a command of pytest's; 1 when there are any.

    Raises :class:`UsageError` for a format that is neither text nor JSON.
    """
    if form not in ("text", "json"):
        raise UsageError(f"--bisect prints text or json, not {form}: leave out --format {form}.")

    def on_step(tests: int, failed: bool) -> None:
        click.echo(f"kit: after {tests:,} other tests: {'fails' if failed else 'passes'}", err=True)

    found = bisect_pollution(target, nodeid, options=options.run_options(), on_step=on_step)
    if form == "json":
        click.echo(escaped_json(json.dumps(cleaned(asdict(found)), indent=2, ensure_ascii=False)))
    else:
        click.echo(_told(found))
    if found.by and form == "text":
        click.echo(shlex.join(["python", "-m", "pytest", *found.by, found.nodeid]))
    is_found = found.kind in ("polluted", "depends", "fails_always")
    return ExitCode.FOUND if is_found else ExitCode.NOTHING_FOUND


def _told(found: Pollution) -> str:
    sentence = _SENTENCES[found.kind].format(test=found.nodeid)
    if found.not_alone:
        why = f"Its file cannot be collected alone ({found.not_alone})"
        sentence = f"{sentence} {why}: each of these runs has imported the whole suite."
    return "\n".join([sentence, *(f"    {nodeid}" for nodeid in found.by)])
