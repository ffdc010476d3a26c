"""Line coverage of a run: the request to the probe, and the results that are read at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.facts.suite import Coverage, ModuleCoverage
from kit.facts.target import Target
from kit.suite.record.events import iterate_events
from kit.suite.record.failures import FailureReader
from kit.suite.record.folding import Event
from kit.target import ProbeRun, private_folder, run_probe

#: beside the file of events: the sessions of one attempt add to each other's data
_FOLDER = "coverage"
_ROOTS = "roots"

#: how long putting the data together may take, in seconds
_LIMIT_S = 120.0

NOT_INSTALLED = "coverage.py is not installed in the target's environment: install it there to measure lines."


def settings(events: Path, target: Target, root: Path, attempt: int) -> dict[str, Any]:
    """The request to the probe: the options of the target's own ``--cov`` hold, and coverage.py finds its configuration
    file. The data lie beside ``events``, apart for each ``attempt``; ``root`` is that of the scratch copy.
    """
    folder = _folder(events, attempt)
    private_folder(folder)
    with (folder / _ROOTS).open("a", encoding="utf-8") as roots:
        roots.write(f"{root}\n")
    asked = _asked(target.config.addopts)
    return {"folder": str(folder), "config": asked.get("--cov-config"), **_measured(target.config.addopts)}


def read_coverage(
    target: Target, root: Path, events: Path, reader: FailureReader, attempt: int
) -> tuple[Coverage | None, str]:
    """Put together what the processes of all sessions of an attempt have measured; the problem, if that cannot be."""
    folder = _folder(events, attempt)
    request = {
        "folder": str(folder),
        "config": _asked(target.config.addopts).get("--cov-config"),
        "roots": list(dict.fromkeys(reversed((folder / _ROOTS).read_text(encoding="utf-8").splitlines())))[::-1],
    }
    run = run_probe(target, "suite.lines", request, root=root, timeout_s=_LIMIT_S)
    total = next((record for record in run.records if record["kind"] == "total"), None)
    if total is None:
        return None, reader.text(f"The coverage could not be read: {_problem(run)}.")
    modules = tuple(
        ModuleCoverage(reader.path(record["path"]), *_numbers(record))
        for record in run.records
        if record["kind"] == "module"
    )
    return Coverage(*_numbers(total), modules), _missing(unmeasured(_of_attempt(iterate_events(events), attempt)))


def _folder(events: Path, attempt: int) -> Path:
    return events.resolve().with_name(_FOLDER if attempt == 1 else f"{_FOLDER}-{attempt}")


def _of_attempt(events: Iterable[Event], attempt: int) -> Iterator[Event]:
    now = 1
    for event in events:
        if event["kind"] == "session":
            now = event.get("attempt", 1)
        if now == attempt:
            yield event


def unmeasured(events: Iterable[Event]) -> int:
    """How many tests have ended, or were ended, in a process that was gone before it could write down their lines."""
    missing, since = 0, Counter[int]()  # since their worker has last written
    for event in events:
        if event["kind"] == "session":
            missing += since.total()  # that one was killed
            since.clear()
        elif event["kind"] == "child" and event["state"] != "done":
            missing += since.pop(event["worker"], 0)
        elif event["kind"] == "measured":
            since.pop(event["worker"], None)
        elif event["kind"] == "finished" and event.get("worker") is not None:
            since[event["worker"]] += 1
        elif event["kind"] == "finished" and event["outcome"] != "not_run":
            missing += 1  # it was ended, and nothing was heard of it
    return missing


def _missing(tests: int) -> str:
    if not tests:
        return ""
    who = "1 test" if tests == 1 else f"{tests:,} tests"
    return f"The lines that {who} ran are not all in it: a crash, a time-out or a kill ended the process before."


def _numbers(record: Mapping[str, Any]) -> tuple[int, int, float]:
    return record["statements"], record["covered"], round(record["percent"], 2)


def _problem(run: ProbeRun) -> str:
    if run.timed_out:
        return f"it took more than {_LIMIT_S:g} s"
    said = next((record["what"] for record in run.records if record["kind"] == "problem"), "")
    return said or (run.output.strip().splitlines() or ["coverage.py ended without a word"])[-1]


def _measured(addopts: Sequence[str]) -> dict[str, Any]:
    sources = [option.partition("=")[2] for option in addopts if option.startswith("--cov=")]
    return {"source": [source for source in sources if source] or None, "branch": "--cov-branch" in addopts or None}


def _asked(addopts: Sequence[str]) -> dict[str, str]:
    return dict(option.split("=", 1) for option in addopts if option.startswith("--cov-") and "=" in option)
