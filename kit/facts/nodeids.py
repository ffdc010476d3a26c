"""From node ids to paths and back: node ids are relative to pytest's rootdir, paths to the target's root."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

#: parameters that pytest 9.2 names differently than earlier releases: ``text0`` stands for more than 100 characters
_UNLIKE = re.compile(r"\[(?:.{101,}|(?:.*-)?[^\W\d]\w*\d+(?:-.*)?)\]$", re.DOTALL)


def file_of(nodeid: str) -> str:
    """The file of a test, relative to pytest's rootdir."""
    return nodeid.partition("::")[0]


def path_of(nodeid: str, rootdir: str) -> str:
    """The file of a test, relative to the target's root. ``rootdir`` is pytest's, relative to that root."""
    return str(PurePosixPath(rootdir, file_of(nodeid)))


def nodeid_of(path: str, rootdir: str) -> str:
    """The node id of a file, given its path relative to the target's root."""
    return Path(os.path.relpath(path, rootdir)).as_posix()


def without_unstable_parameters(nodeid: str) -> str:
    """The function of a test whose parameters another release of pytest may name differently; else the node id."""
    return _UNLIKE.sub("", nodeid)
