"""What kit makes of a planting. The run of the suite is kept, so that a later look costs no second run."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.failures import Grouping
from kit.facts.inventory import InventoryFacts
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory, mark_loaded
from kit.suite import RunOptions, read_events, run_suite
from tests.plant.app import Planting
from tests.plant.apps import Source

#: a test of these apps takes a second at most; where one is made to hang, many may hang
_TIMEOUT_S, _WHEN_HANGING_S = 20, 4
#: a run that is cut short on a busy machine says nothing; one with a hang only has to show it
_RUN_S, _RUN_WHEN_HANGING_S = 900, 90
#: the name under which a suite fails that does not start
NOTHING_RAN = "the suite"
_DATA = re.compile(r"0x[0-9a-f]+|\d+|/\S+")


@dataclass(frozen=True)
class Outcome:
    """What kit made of a planting: how each bad test or file failed, its group and its cause, the causes as ranked."""

    ways: Mapping[str, str]
    grouping: Grouping
    cause_of: Mapping[str, str]
    causes: tuple[Cause, ...]
    suite: SuiteFacts
    inventory: InventoryFacts


def investigate(source: Source, plantings: Sequence[Planting], folder: Path) -> Outcome:
    """Plant in a copy, run, group. ``folder`` keeps the run under the ids of the plantings."""
    with planted(source, plantings, folder) as (target, options):
        return look(target, options, kept_in(source, plantings, folder))


def kept_in(source: Source, plantings: Sequence[Planting], folder: Path) -> Path:
    """Where the run of these plantings is kept."""
    kept = folder / "runs" / source.name / _key(plantings)
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@contextmanager
def planted(source: Source, plantings: Sequence[Planting], folder: Path) -> Iterator[tuple[Target, RunOptions]]:
    """A copy of the app with the faults planted, as a target, and how its tests are run."""
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(shutil.copytree(source.healthy(folder), Path(temporary) / source.name))
        for planting in plantings:
            planting.write(tree)
        hangs = any(planting.kind == "hang" for planting in plantings)
        limit, whole = (_WHEN_HANGING_S, _RUN_WHEN_HANGING_S) if hangs else (_TIMEOUT_S, _RUN_S)
        with _on_path(source.import_path(tree)):
            yield (
                source.target(folder, tree),
                RunOptions(workers=2, timeout_s=limit, recheck_s=10, run_timeout_s=whole, records=True),
            )


def look(target: Target, options: RunOptions, kept: Path) -> Outcome:
    """Run the suite unless its run is ``kept``, and explain its failures."""
    if not (kept / "done").exists():
        (kept / "events.jsonl").unlink(missing_ok=True)
        run_suite(target, events=kept / "events.jsonl", options=options)
        (kept / "done").touch()
    if not (kept / "inventory").exists():
        found = Inventory.of(target)
        (kept / "inventory").write_bytes(pickle.dumps((found.facts, found.imported_by_tests())))
    facts, loads = pickle.loads((kept / "inventory").read_bytes())  # our own
    suite = read_events(kept / "events.jsonl")
    grouping = group_failures(suite)
    inventory = mark_loaded(facts, suite.loaded_modules)
    causes = find_causes(inventory, suite, grouping, loads=lambda: loads, source=lambda: Declarations.of(target))
    cause_of = {name: cause.id for cause in causes for name in (*cause.tests, *cause.uncollectable)}
    return Outcome(ways_of(suite), grouping, cause_of, causes, suite, inventory)


def ways_of(suite: SuiteFacts) -> dict[str, str]:
    """Each bad test or file with what it raised, as raised and without numbers: kit's own grouping has no part in it.

    A suite of which nothing could be run stands for all its tests, under :data:`NOTHING_RAN`.
    """
    ways = {
        error.path: _way(error.failure.raised.type, error.failure.raised.message) for error in suite.collection_errors
    }
    for result in suite.results:
        if result.outcome in BAD:
            failure = suite.failures.get(result.failure or "")
            raised = failure.raised if failure else None
            told = _way(raised.type, raised.message) if raised else str(result.reason)
            ways[result.nodeid] = told if result.outcome != "timed_out" else "timed out"
    if suite.problem and not suite.results:
        ways[NOTHING_RAN] = _way("", suite.problem)
    return ways


def _way(exception: str, message: str) -> str:
    return f"{exception}: {_DATA.sub('#', message)[:300]}"


def _key(plantings: Sequence[Planting]) -> str:
    if not plantings:
        return "healthy"
    digest = hashlib.sha256("\n".join(f"{one.id}\n{one.edits}" for one in plantings).encode()).hexdigest()[:8]
    return "+".join(one.kind for one in plantings)[:120] + f"-{digest}"


@contextmanager
def _on_path(value: str) -> Iterator[None]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
