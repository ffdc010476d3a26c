"""Where a reader finds the source of a revision on the web, when its repository came from a known host."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from kit.target.revision import ask_git

#: how a known host addresses a line of a file at a revision
_FILES = {
    "github.com": "https://github.com/{repository}/blob/{revision}/",
    "gitlab.com": "https://gitlab.com/{repository}/-/blob/{revision}/",
    "bitbucket.org": "https://bitbucket.org/{repository}/src/{revision}/",
}
_LINES = {"bitbucket.org": "#lines-{line}"}

#: ``https://user:secret@host:port/owner/name.git``, ``ssh://git@host/owner/name``, ``git@host:owner/name.git``
_URL = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]*@)?(?P<host>[\w.-]+)(?::\d+)?/|(?:[^@/:]+@)?(?P<scp>[\w.-]+):)(?P<path>.+)"
)
_REPOSITORY = re.compile(r"[\w.-]+(?:/[\w.-]+)+")

#: how long git may look for a branch of the host that has the revision, in seconds
_LIMIT = 2.0


def find_source_url(root: Path, revision: str) -> str | None:
    """The address of ``{path}``, line ``{line}`` at the revision, for a host that is known to have that revision."""
    origin = ask_git(root, "config", "--get", "remote.origin.url")
    prefix = ask_git(root, "rev-parse", "--show-prefix")
    if origin is None or prefix is None:
        return None
    found = source_url(origin.strip(), revision, prefix.strip())
    branches = ("for-each-ref", "--contains", revision, "--count=1", "refs/remotes/origin/")
    return found if found and (ask_git(root, *branches, limit=_LIMIT) or "").strip() else None


def source_url(origin: str, revision: str, prefix: str = "") -> str | None:
    """The same for the URL of a clone's origin; credentials in it are left out, and an unknown host has none.

    ``prefix`` is the folder of the app in the repository, with ``/`` at its end.
    """
    parts = _URL.fullmatch(origin)
    host = (parts["host"] or parts["scp"]).lower() if parts else ""
    repository = parts["path"].strip("/").removesuffix(".git") if parts else ""
    if host not in _FILES or not _REPOSITORY.fullmatch(repository):
        return None
    files = _FILES[host].format(repository=repository, revision=revision)
    return f"{files}{quote(prefix)}{{path}}{_LINES.get(host, '#L{line}')}"
