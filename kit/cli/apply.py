"""``kit apply``: the fixes of a case, written into the real tree."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from kit import case as cases
from kit.cli.masked_patch import with_secrets
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.cli.stored import stored
from kit.facts.case import Part
from kit.facts.errors import UsageError
from kit.facts.fixes import FixFacts, FixOption
from kit.fixes import apply_patch, combined, folder_in_repository, make_patch, modified, refuse_unless_writable, touched
from kit.masking import mask
from kit.target import PRIVATE_FILE

_NAMED_AT_MOST = 5
_PARTS: tuple[Part, ...] = ("fixes",)


@click.command()
@click.argument("case")
@click.argument("options", nargs=-1, metavar="[OPTION]...")
@click.option("--force", is_flag=True, help="Also change files that have changes of their own that git does not know.")
@reports_options
def command(case: str, options: tuple[str, ...], force: bool, reports_dir: str, store_url: str) -> int:
    """Apply the fixes of CASE to the real tree: the recommended ones in their order, or each OPTION that is named.

    Prints the diff, keeps it in the folder of the case, and ends with the command that undoes it. The paths of the
    diff begin at the root of the app's git repository, where git apply takes it, else at the app.
    """
    with stored(cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url), case) as (reports, store):
        recorded = store.load(case, _PARTS)
    root = recorded.case.target.path
    if not root.is_dir():
        raise UsageError(f"The target of this case, {root}, is not there (any more): nothing was changed.")
    chosen = _chosen(recorded.fixes, options, case)
    _refuse_modified(root, [path for option in chosen for path in touched(option.patch)], force=force)
    edits, folder = combined(root, [with_secrets(option, root) for option in chosen]), folder_in_repository(root)
    patch, shown = make_patch(edits), make_patch(edits, folder)
    refuse_unless_writable(root, touched(patch))
    masked = mask(shown)
    least = shown if masked == shown else make_patch(edits, folder, context=0)
    without_secrets = mask(least)
    kept = _kept(reports / case, without_secrets)
    apply_patch(patch, root)
    click.echo(masked, nl=False)
    for option in chosen:
        say(f"applied: {option.title}")
    if without_secrets != least:
        say(f"{kept} cannot undo this: a changed line holds a secret, which it does not")
        return 0
    undo = ["patch", "-R", "-p1", "--binary", "-d", str(_top(root, folder)), "-i", str(kept)]
    say(f"undo it with: {shlex.join(undo)}")
    return 0


def _top(root: Path, folder: str) -> Path:
    """The folder at which the paths of the diff begin; ``folder`` leads from there to the root."""
    return root.resolve().parents[folder.count("/") - 1] if folder else root


def _chosen(facts: FixFacts | None, names: Sequence[str], case: str) -> list[FixOption]:
    """The options that are named, by id or kind, or else those that were kept when they were tried."""
    known = {option.id: option for option in facts.options if option.patch} if facts else {}
    if not known or facts is None:
        raise UsageError(f'The case "{case}" has no fix with a patch: investigate with trials first.')
    if not names:
        kept = [known[layer.option] for layer in facts.layers if layer.option in known]
        if not kept:
            raise UsageError(f"No fix is recommended in this case. Name one: {_named(known)}.")
        return kept
    return [_option(known, name) for name in names]


def _option(known: dict[str, FixOption], name: str) -> FixOption:
    found = [option for option in known.values() if name in (option.id, option.kind)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f'"{name}" names several options: {_named({one.id: one for one in found})}.')
    raise UsageError(f'There is no option "{name}" in this case. It has: {_named(known)}.')


def _named(known: dict[str, FixOption]) -> str:
    more = f" and {len(known) - _NAMED_AT_MOST} more" if len(known) > _NAMED_AT_MOST else ""
    return f"{', '.join(list(known)[:_NAMED_AT_MOST])}{more}"


def _refuse_modified(root: Path, files: Sequence[str], *, force: bool) -> None:
    changed = () if force else modified(root, list(dict.fromkeys(files)))
    if changed:
        verb = "has changes" if len(changed) == 1 else "have changes"
        raise UsageError(
            f"{', '.join(changed[:_NAMED_AT_MOST])} {verb} that are not committed: commit them first, or use --force."
        )


def _kept(folder: Path, patch: str) -> Path:
    """Writes the diff into the folder of the case, beside earlier ones."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while (path := folder / f"applied{f'-{number}' if number > 1 else ''}.diff").exists():
        number += 1
    path.write_bytes(patch.encode("utf-8", "surrogateescape"))
    path.chmod(PRIVATE_FILE)
    return path
