"""The web address of a line: for known hosts alone, at a revision that the host has, and without credentials."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kit.target.origin import find_source_url, source_url


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://github.com/o/r.git", "https://github.com/o/r/blob/1a2b/back%20end/{path}#L{line}"),
        ("https://user:secret@github.com/o/r", "https://github.com/o/r/blob/1a2b/back%20end/{path}#L{line}"),
        ("git@github.com:o/r.git", "https://github.com/o/r/blob/1a2b/back%20end/{path}#L{line}"),
        ("ssh://git@GitHub.com:22/o/r.git", "https://github.com/o/r/blob/1a2b/back%20end/{path}#L{line}"),
        ("git@gitlab.com:o/group/r.git", "https://gitlab.com/o/group/r/-/blob/1a2b/back%20end/{path}#L{line}"),
        ("https://x@bitbucket.org/o/r", "https://bitbucket.org/o/r/src/1a2b/back%20end/{path}#lines-{line}"),
        ("https://git.example.com/o/r.git", None),
        ("https://github.com.example.com/o/r.git", None),
        ("https://example.com/github.com/o/r.git", None),
        ("/srv/github.com/o/r.git", None),
        ("https://github.com/r", None),
        ("https://github.com/o/r?token=secret", None),
        ("", None),
    ],
)
def test_a_known_host_has_an_address(origin: str, expected: str | None) -> None:
    assert source_url(origin, "1a2b", "back end/") == expected


def test_only_a_revision_that_a_branch_of_the_host_has(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        user = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        done = subprocess.run(["git", *user, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").touch()
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "a")
    git("remote", "add", "origin", "https://me:secret@github.com/o/r.git")
    revision = git("rev-parse", "HEAD")

    assert find_source_url(tmp_path / "app", revision) is None
    git("update-ref", "refs/remotes/origin/main", revision)

    assert (
        find_source_url(tmp_path / "app", revision) == f"https://github.com/o/r/blob/{revision}/app/{{path}}#L{{line}}"
    )
