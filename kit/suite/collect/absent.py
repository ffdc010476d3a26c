"""Why tests that somebody has named are not among the collected ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from kit.facts.nodeids import path_of
from kit.facts.suite import CollectionError

_MOST = 5

#: a file of these names breaks every test of its folder
_OF_A_FOLDER = ("conftest.py", "__init__.py")


def why_none(nodeids: Sequence[str], errors: Sequence[CollectionError], rootdir: str) -> str:
    """The sentence for a run in which none of the given tests was collected. ``rootdir`` is pytest's, relative to the
    root of the target.
    """
    broken = dict.fromkeys(filter(None, (why_broken(one, errors, rootdir) for one in nodeids)))
    if broken:
        return f"None of the given tests was collected: {'; '.join([*broken][:_MOST])}."
    some = ", ".join(nodeids[:_MOST])
    return f"None of the given tests was collected ({some}); node ids are relative to pytest's rootdir."


def why_broken(nodeid: str, errors: Iterable[CollectionError], rootdir: str) -> str:
    """That the file of this test, or what its folder needs, failed to import, and with what; empty when neither did."""
    path = PurePosixPath(path_of(nodeid, rootdir))
    for error in errors:
        failed = PurePosixPath(error.path)
        folder = failed.parent if failed.name in _OF_A_FOLDER else failed
        if failed == path or folder in path.parents:
            return f"{error.path} could not be imported ({first_line(error)})"
    return ""


def first_line(error: CollectionError) -> str:
    """The root of what went wrong, in one line."""
    root = error.failure.chain[-1]
    return f"{root.type}: {root.message}".partition("\n")[0].rstrip(": .")
