"""Reruns what failed: which tests those are, which of them cannot be run, and how the others ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kit.facts.nodeids import file_of, nodeid_of, without_unstable_parameters
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.masking import mask
from kit.wire.short_ids import is_short_id, short_id

#: what there is to run again: outcomes that are bad, and tests that had no chance
_OPEN = BAD | {"not_run"}
_NAMED_AT_MOST = 20
#: test files of other runners, which pytest does not take
_OTHERS = (".robot", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs")
#: since this release pytest puts ``text0`` in place of a parameter of more than 100 characters
_SHORTENING = [9, 2]


def unfinished(suite: SuiteFacts) -> tuple[str, ...]:
    """What failed, was not run, or could not be collected: node ids and files, relative to pytest's rootdir.

    A test whose file cannot be collected alone is named by its short id: then the whole suite is collected.
    """
    tests = [result.nodeid for result in suite.results if result.outcome in _OPEN]
    files = [nodeid_of(error.path, suite.rootdir) for error in suite.collection_errors]
    apart = {result.nodeid for result in suite.results if result.path in suite.not_alone}
    named = [one if one not in apart else short_id(one) for one in suite.runnable(*tests)]
    return tuple(dict.fromkeys([*named, *files]))


def with_other_ids(nodeids: Sequence[str], before: str | None, now: Callable[[], str | None]) -> tuple[str, ...]:
    """The tests, with whole functions in place of those that another pytest may name differently than the one
    ``before``; ``now`` tells its version, where such tests are among them.
    """
    whole = tuple(dict.fromkeys(map(without_unstable_parameters, nodeids)))
    installed = now() if before and whole != tuple(nodeids) else None
    if not before or not installed or _is_shortening(before) == _is_shortening(installed):
        return tuple(nodeids)
    return whole


def _is_shortening(version: str) -> bool:
    numbers = [int(part) for part in re.findall(r"\d+", version)[:2]]
    return numbers >= _SHORTENING


def lost(nodeids: Sequence[str], root: Path, rootdir: str) -> tuple[str, ...]:
    """Tests whose file the target does not have, or that another runner's files hold.

    pytest would refuse the whole run because of one of them.
    """
    files = {nodeid: file_of(nodeid) for nodeid in nodeids if not is_short_id(nodeid)}
    folder = root / rootdir
    return tuple(one for one, file in files.items() if file.endswith(_OTHERS) or not _exists(folder / file))


def not_found(nodeids: Sequence[str], suite: SuiteFacts) -> tuple[str, ...]:
    """Tests that pytest did not find in their files, for instance because another runner named them."""
    collected = {result.nodeid for result in suite.results}
    for nodeid in list(collected):
        file, *inner = nodeid.partition("[")[0].split("::")
        collected |= {"::".join((file, *inner[:depth])) for depth in range(len(inner) + 1)}
    collected |= {test.short_id for test in suite.tests if test.short_id} | set(map(short_id, collected))
    broken = {nodeid_of(error.path, suite.rootdir) for error in suite.collection_errors}
    return tuple(one for one in nodeids if one not in collected and file_of(one) not in broken)


def listed(nodeids: Sequence[str]) -> str:
    """The sentence that names tests that could not be run."""
    shown = [mask(nodeid) for nodeid in nodeids[:_NAMED_AT_MOST]]
    more = f" and {len(nodeids) - len(shown):,} more" if len(nodeids) > len(shown) else ""
    what = "1 test was not run again: pytest finds no such test" if len(nodeids) == 1 else ""
    what = what or f"{len(nodeids):,} tests were not run again: pytest finds no such tests"
    return f"{what}: {', '.join(shown)}{more}."


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def states(suite: SuiteFacts) -> dict[str, bool]:
    """By node id or file that could not be collected: whether it is in order."""
    known = {result.nodeid: result.outcome not in _OPEN for result in suite.results}
    return known | {error.path: False for error in suite.collection_errors}


def compared(before: Mapping[str, bool], after: Mapping[str, bool]) -> str:
    """What a change has fixed and broken, in a sentence.

    What was not run again stays as it was. Tests that are there for the first time, of a file that could not be
    collected, count among what is new.
    """
    bad = [name for name, is_fine in before.items() if not is_fine]
    fixed = sum(after.get(name, False) or _is_collected(name, after) for name in bad)
    broken = sum(not is_fine for name, is_fine in after.items() if before.get(name))
    new = [is_fine for name, is_fine in after.items() if name not in before]
    parts = [f"{fixed:,} of {counted(len(bad), 'failure')} fixed", f"{len(bad) - fixed:,} left"]
    if broken:
        parts.append(f"{counted(broken, 'test')} broken")
    if new:
        parts.append(f"{counted(len(new), 'new test')}, {sum(new):,} in order")
    return " · ".join(parts)


def _is_collected(file: str, after: Mapping[str, bool]) -> bool:
    """Whether a file, which could not be collected before, has tests now."""
    return file not in after and any(name.startswith(f"{file}::") for name in after)
