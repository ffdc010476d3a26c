"""The three runners on one suite, and whether they come to the same outcomes."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.suite.record.test_names import names_of
from tests.bench.fetching import Suite
from tests.bench.measuring import Cost, measure

RUNNERS = ("plain", "xdist", "kit")

#: how kit is started: as a user has it, and without its watch of the state that tests share
KITS = {"kit": ("-m", "kit"), "unwatched": (str(Path(__file__).with_name("unwatched.py")),)}

#: where the plugin is that counts outcomes, in a folder of its own: a suite must not import a bench for a library
PLUGIN = Path(__file__).with_name("pytest_plugin")

#: a file system in memory, where there is one: what the disk does is no property of a runner
_IN_MEMORY = Path("/dev/shm")

Outcomes = Mapping[str, Counter[str]]


def cost_of(runner: str, suite: Suite, folder: Path, *, memory: bool = False) -> Cost:
    """Run the suite once, as a user would type it."""
    return _run(runner, suite, folder, _command(runner, suite, folder), memory=memory)


def outcomes_of(runner: str, suite: Suite, folder: Path, *, memory: bool = True) -> tuple[Outcomes, Cost]:
    """What each test came to, a count of outcomes by node id, and what that took, its memory included by default.

    kit masks passwords also in node ids, so the others' are masked too.
    """
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        output = Path(file.name)
        if runner in KITS:
            cost = _run(runner, suite, folder, _command(runner, suite, folder), memory=memory, output=output)
            pairs = [(test["nodeid"], test["outcome"]) for test in json.loads(output.read_bytes())["tests"]]
        else:
            extra = {"OUTCOMES": str(output), "PYTHONPATH": str(PLUGIN)}
            command = [*_command(runner, suite, folder), "-p", "outcomes_of_pytest"]
            cost = _run(runner, suite, folder, command, memory=memory, variables=extra)
            pairs = json.loads(output.read_bytes() or b"[]")
    found: dict[str, Counter[str]] = {}
    for nodeid, outcome in pairs:
        found.setdefault(names_of([nodeid])[0], Counter())[outcome] += 1
    return found, cost


def differences(one: Outcomes, other: Outcomes) -> dict[str, tuple[str, str]]:
    """The tests that came to different outcomes, with both."""
    ids = sorted(one.keys() | other.keys())
    pairs = ((nodeid, one.get(nodeid, Counter()), other.get(nodeid, Counter())) for nodeid in ids)
    return {nodeid: (_named(mine), _named(theirs)) for nodeid, mine, theirs in pairs if mine != theirs}


def _named(outcomes: Counter[str]) -> str:
    return " and ".join(sorted(outcomes.elements())) or "absent"


def _command(runner: str, suite: Suite, folder: Path) -> list[str | Path]:
    if runner in KITS:
        named = [word for path in suite.tests for word in ("--tests", path)]
        return [sys.executable, *KITS[runner], "run", suite.root(folder), *named, "--format", "json"]
    parallel = ["-n", "2"] if runner == "xdist" else []
    usual = "-q", "-o", "cache_dir=$TMPDIR/cache", "--continue-on-collection-errors"  # as kit goes on
    return [suite.python(folder), "-m", "pytest", *usual, *parallel, *suite.tests]


def _run(
    runner: str,
    suite: Suite,
    folder: Path,
    command: list[str | Path],
    *,
    memory: bool,
    output: Path | None = None,
    variables: Mapping[str, str] = {},
) -> Cost:
    for path in suite.remove:
        (suite.root(folder) / path).unlink(missing_ok=True)
    here = suite.root(folder)
    if runner in KITS:  # as a user has it: one folder of reports, from which kit knows how long tests took
        here = reports_of(suite, folder, runner)
        here.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None) as temporary:
        usual = suite.variables()
        path = os.pathsep.join((str(suite.python(folder).parent), usual.get("PATH", "")))  # as where it is activated
        environment = {**usual, "PATH": path, "TMPDIR": temporary, **variables}
        return measure(command, folder=here, environment=environment, output=output, memory=memory)


def reports_of(suite: Suite, folder: Path, runner: str = "kit") -> Path:
    """The folder that kit is run from; remove it for a first run."""
    return folder / f"{suite.name}.{suite.reports if runner == 'kit' else runner}"
