"""Another commit of kit beside this one, to measure both in one run."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: the tree of today's kit
ROOT = Path(__file__).parents[2]


def options_against(description: str | None) -> argparse.Namespace:
    """The options of a bench that compares: ``against``, a commit, and ``rounds``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", default="fef2796", metavar="COMMIT")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """The tree of a commit in ``folder``, which must not exist; it is removed at the end."""
    subprocess.run(["git", "worktree", "add", "-q", "--detach", folder, commit], cwd=ROOT, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=True)
