"""``kit trial``: what a change that a person wrote does to the tests."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from kit import case as cases
from kit import suite
from kit.cli.exit_codes import ExitCode
from kit.cli.formats.trial import as_json, as_text
from kit.cli.options import case_options_from, options_for, path_argument
from kit.cli.progress import say
from kit.cli.stored import stored
from kit.facts.case import Part
from kit.facts.errors import UsageError
from kit.facts.fixes import FixOption, Trial
from kit.fixes import (
    RunOutcomes,
    TrialCopy,
    below,
    folder_in_repository,
    measure_before,
    own_option,
    patch_to,
    touched,
    try_own,
)
from kit.masking import learn_target

_PARTS: tuple[Part, ...] = ("suite", "diagnosis")


@click.command()
@path_argument
@click.option(
    "--patch",
    default="",
    metavar="FILE",
    help="A unified diff, as git diff prints it: its paths begin at PATH or at the repository.",
)
@click.option("--rev", default="", metavar="BRANCH", help="The change from the last commit to this revision.")
@click.option(
    "--against", default="", metavar="CASE", help="Compare the tree as it is now with what CASE has recorded."
)
@options_for("python", "app", "tests", "timeout_s", "workers", "categories", "reports_dir", "store_url")
@options_for("trial_budget_s")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(path: str, patch: str, rev: str, against: str, form: str, **given: Any) -> int:
    """Run every test of the app at PATH before and after a change, in a scratch copy, and print what became of each.

    The change is a patch, a revision, or what was edited since a case. The app itself is never touched.
    """
    options = case_options_from(path, given)
    target = cases.find_target_of(options)
    learn_target(target.path)
    option = _change(target.path, patch, rev, against)
    recorded = _recorded(options, against) if against else None
    with TrialCopy(target, options.run_options(), options.own_categories()) as copy:
        if option is not None:  # a patch that does not fit is known before any test has run
            copy.apply(option.patch)
            copy.apply(option.patch, reverse=True)
        before = recorded or _shown(lambda on_event: measure_before(copy, limit_s=None, on_event=on_event), "before")
        limit = options.trial_budget_s
        trial = _shown(lambda on_event: try_own(copy, before, option, limit_s=limit, on_event=on_event), "after")
    click.echo(json.dumps(as_json(trial), indent=2) if form == "json" else as_text(trial))
    return _code(trial)


def _change(root: Path, patch: str, rev: str, against: str) -> FixOption | None:
    """The change to apply; ``None`` where the tree has it already."""
    if sum(map(bool, (patch, rev, against))) != 1:
        raise UsageError("Name one change: --patch FILE, --rev BRANCH or --against CASE.")
    if patch:
        return own_option(_relative(_read(Path(patch)), root), patch)
    return own_option(patch_to(root, rev), rev) if rev else None


def _relative(patch: str, root: Path) -> str:
    """The patch with paths that begin at the target: those of ``git diff`` begin at the root of the repository."""
    return patch if any((root / path).exists() for path in touched(patch)) else below(patch, folder_in_repository(root))


def _read(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"The patch {file} cannot be read: {error.strerror}.") from None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        advice = "make it with `git diff --output=FILE`, since `>` in PowerShell writes that"
        raise UsageError(f"The patch {file} is written in UTF-16, which git cannot read: {advice}.")
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _recorded(options: cases.CaseOptions, name: str) -> RunOutcomes:
    """The state that a case has recorded."""
    with stored(options, name) as (_, store):
        facts = store.load(name, _PARTS)
    if facts.suite is None or not facts.suite.says_something:
        raise UsageError(f'No test of the case "{name}" was run, so there is nothing to compare with.')
    causes = facts.causes or ()
    return RunOutcomes.of(facts.suite, {test: cause.id for cause in reversed(causes) for test in cause.tests})


def _shown(measure: Any, when: str) -> Any:
    say(f"every test {when} the change")
    with suite.display_for(sys.stderr) as display:
        return measure(suite.feed(display))


def _code(trial: Trial) -> ExitCode:
    if trial.comparison is None:
        return ExitCode.NOT_INVESTIGATED
    found = trial.comparison
    newly_bad: Sequence[int] = [n for outcome, n in found.newly_collected.items() if outcome not in _GOOD]
    left = bool(found.broken or found.unmasked or found.still_failing or found.gone or any(newly_bad))
    return ExitCode.FOUND if left else ExitCode.NOTHING_FOUND


_GOOD = frozenset({"passed", "skipped", "xfailed", "xpassed"})
