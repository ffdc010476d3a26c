"""``kit run --changed`` and ``--since REV``: which tests the changes concern."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kit.cli.progress import say
from kit.facts.errors import UsageError
from kit.facts.target import Target
from kit.suite import Chooser, Selected
from kit.target import ask_git

if TYPE_CHECKING:
    from kit.inventory import Reach

_NOTHING = "nothing is recorded of this app yet: all tests run, and kit records which functions each runs"


def select_tests(target: Target, since: str) -> Selected:
    """The tests to run, which is said. ``since``: a revision of git, or ``""`` for the time when
    each test ran last. Raises :class:`UsageError` when git does not know the revision.
    """
    before = files_at(target.path, since) if since else None
    chooser = Chooser.of(target, lambda: _reach(target))
    if chooser is None:
        say(_NOTHING)
        return Selected()
    selected = chooser.changed() if before is None else chooser.since(before)
    say(selected.said if selected.nodeids else f"{selected.said}; no test is concerned")
    return selected


def files_at(root: Path, revision: str) -> Mapping[str, bytes | None]:
    """The files that differ from a revision as they were there, by their path below the root; ``None``: not there."""
    if ask_git(root, "rev-parse", "--git-dir") is None:
        raise UsageError(
            f"{root} is in no git repository, or git is not installed: "
            "--since takes a revision; --changed goes by what was edited since the last run."
        )
    commit = ask_git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UsageError(f'git does not know the revision "{revision}" of {root}: name a commit, a branch or a tag.')
    compared = ("--name-only", "--no-ext-diff", "--no-renames", "--relative", "-z", commit.strip(), "--", ".")
    listed = ask_git(root, "diff", *compared)
    new = ask_git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    if listed is None or new is None:
        raise UsageError(f'git could not compare {root} with "{revision}".')
    paths = list(filter(None, listed.split("\0")))
    before: dict[str, bytes | None] = dict.fromkeys(filter(None, new.split("\0")))
    for path in paths:
        text = ask_git(root, "show", f"{commit.strip()}:./{path}")
        before[path] = None if text is None else text.encode()
    return before


def _reach(target: Target) -> Reach:
    from kit.inventory import Reach  # importing it takes a while: only where something is recorded

    return Reach(target)
