"""Running again what failed: which tests those are, and what became of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kit.facts.suite import BAD, SuiteFacts
from kit.report.wording import count

#: what there is to run again: outcomes that are bad, and tests that had no chance
_OPEN = BAD | {"not_run"}


def unfinished(suite: SuiteFacts) -> tuple[str, ...]:
    """What failed, was not run, or could not be collected: node ids and files, relative to pytest's rootdir."""
    tests = [result.nodeid for result in suite.results if result.outcome in _OPEN]
    files = [Path(os.path.relpath(error.path, suite.rootdir)).as_posix() for error in suite.collection_errors]
    return tuple(dict.fromkeys([*tests, *files]))


def states(suite: SuiteFacts) -> dict[str, bool]:
    """By node id or file that could not be collected: whether it is in order."""
    known = {result.nodeid: result.outcome not in _OPEN for result in suite.results}
    return known | {error.path: False for error in suite.collection_errors}


def compared(before: Mapping[str, bool], after: Mapping[str, bool]) -> str:
    """What a change has mended and broken, in a sentence.

    What was not run again stays as it was. Tests that are there for the first time, of a file that could not be
    collected, count among what is new.
    """
    bad = [name for name, is_fine in before.items() if not is_fine]
    mended = sum(after.get(name, False) or _is_collected(name, after) for name in bad)
    broken = sum(not is_fine for name, is_fine in after.items() if before.get(name))
    new = [is_fine for name, is_fine in after.items() if name not in before]
    parts = [f"{mended:,} of {count(len(bad), 'failure')} mended", f"{len(bad) - mended:,} left"]
    if broken:
        parts.append(f"{count(broken, 'test')} broken")
    if new:
        parts.append(f"{count(len(new), 'new test')}, {sum(new):,} in order")
    return " · ".join(parts)


def _is_collected(file: str, after: Mapping[str, bool]) -> bool:
    """Whether a file, which could not be collected before, has tests now."""
    return file not in after and any(name.startswith(f"{file}::") for name in after)
