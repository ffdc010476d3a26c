"""Asks plain pytest how its session ends, where every test passes and yet something may make it fail.

A session can fail without a failing test: hooks set the exit code or raise, and pytest-cov asks for a coverage. kit
leaves options for coverage out, and its workers do not end a session as plain pytest does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kit.facts.ending import FailedEnd
from kit.facts.errors import KitError
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.collect.plain import run_plain
from kit.suite.plan.arguments import report_paths
from kit.suite.process.outcomes import exit_reason
from kit.suite.record.failures import FailureReader

#: files in which coverage.py looks for its settings
_SETTINGS = (".coveragerc", "setup.cfg", "tox.ini", "pyproject.toml")

#: how much longer than kit's own run a plain one may take, and the least time that it has, in seconds
_TIMES_LONGER, _LEAST_S = 8.0, 60.0


def all_is_well(facts: SuiteFacts) -> bool:
    """Whether every test of a session has run, and none went wrong."""
    counts = facts.accounting
    unfinished = counts.bad + counts.not_run + len(facts.collection_errors)
    return counts.collected > 0 and not unfinished and facts.start_refusal is None


def decides_itself(target: Target, root: Path) -> bool:
    """Whether pytest may end with a failure though all tests pass, by what the target asks of it."""
    return has_threshold(target, root) or has_unwritable_report(target, root)


def has_threshold(target: Target, root: Path) -> bool:
    """Whether pytest-cov may find that less is covered than the target asks for."""
    options = target.config.addopts
    if not any(option.startswith("--cov") for option in options) or "--no-cov" in options:
        return False
    if any(option.startswith("--cov-fail-under") for option in options):
        return True
    named = (option.partition("=")[2] for option in options if option.startswith("--cov-config="))
    return any(_mentions(root / name, "fail_under") for name in (*named, *_SETTINGS))


def has_unwritable_report(target: Target, root: Path) -> bool:
    """Whether pytest may fail to write a report that the target asks for, and kit leaves out."""
    return not all(_can_be_written(root / path) for path in report_paths(target.config.addopts))


def plain_limit_s(took_s: float) -> float:
    """How long a plain run may take, given how long kit's own took."""
    return max(_LEAST_S, _TIMES_LONGER * took_s)


def plain_end(target: Target, root: Path, reader: FailureReader, limit_s: float) -> FailedEnd | str | None:
    """How a plain run in the scratch copy at ``root`` ends; ``None`` when it succeeds or a test of it fails, a sentence
    when it does not end in time.
    """
    try:
        run = run_plain(target, root, "end", limit_s)
    except (KitError, OSError) as error:
        return f"How plain pytest's session ends could not be seen: {error}"
    if run.timed_out:
        return f"How plain pytest's session ends is not known: its run took longer than {limit_s:.0f} s."
    seen: Mapping[str, Any] = run.records[0] if run.records else {"started": True, "failed": 0, "exit": 0, "exits": ()}
    if not seen["started"] or seen["failed"]:
        return None
    if seen["exit"]:
        return _failed_end(seen, reader)
    if not run.returncode:
        return None
    return _failed_exit(run.returncode, seen["exits"], reader) if run.records else _cut_short(run.returncode)


def _failed_end(seen: Mapping[str, Any], reader: FailureReader) -> FailedEnd:
    exit_code, raised, set_by, coverage = seen["exit"], seen["raised"], seen["set_by"], seen["coverage"]
    if raised:
        said = reader.text(raised["message"].partition("\n")[0])
        sentence = f"{raised['type']}: {said}".removesuffix(": ")
        path = reader.path(raised["path"]) if raised["path"] else None
        return FailedEnd(exit_code, "raised", sentence, raised["type"], path, raised["line"])
    if set_by and set_by["value"] == exit_code:
        sentence = f"{set_by['name']} sets the exit code to {exit_code}"
        return FailedEnd(exit_code, "exit-code", sentence, set_by["name"], reader.path(set_by["path"]), set_by["line"])
    if coverage and coverage["total"] < coverage["required"]:
        total, required = coverage["total"], coverage["required"]
        sentence = f"{total:.2f} % of the lines are covered, {required:g} % are required"
        return FailedEnd(exit_code, "coverage", sentence, "--cov-fail-under", total=total, required=required)
    return FailedEnd(exit_code, "exit-code", f"pytest exits with {exit_code}, and no test fails")


def _cut_short(returncode: int) -> FailedEnd:
    """Of a process that ended before pytest's session did, by a test or by a hook."""
    sentence = f"something ends the process before pytest's session is over: {exit_reason(returncode)}"
    return FailedEnd(_exit_code(returncode), "exit-code", sentence)


def _exit_code(returncode: int) -> int:
    """As a shell tells it."""
    return returncode if returncode > 0 else 128 - returncode


def _failed_exit(returncode: int, places: Sequence[str], reader: FailureReader) -> FailedEnd:
    """Of a process that ended with a failure although no test had failed and no hook had said so."""
    where, _, named = (places[0] if places else "").partition(" ")
    path, _, line = where.rpartition(":")
    sentence = f"{named or 'something'} ends the process after the tests: {exit_reason(returncode)}"
    exit_code = _exit_code(returncode)
    if not path:
        return FailedEnd(exit_code, "exit-code", sentence, named)
    return FailedEnd(exit_code, "exit-code", sentence, named, reader.path(path), int(line))


def _can_be_written(path: Path) -> bool:
    """Whether a file can be made there, with the folders that it needs, or written again."""
    try:
        nearest = next(one for one in (path, *path.parents) if one.exists())
    except OSError:  # a folder on the way is not ours
        return False
    return (nearest == path or nearest.is_dir()) and os.access(nearest, os.W_OK)


def _mentions(file: Path, word: str) -> bool:
    with suppress(OSError, UnicodeDecodeError):
        return word in file.read_text(encoding="utf-8")
    return False
