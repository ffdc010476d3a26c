"""Line coverage of a run: what is asked of the probe, and what its data say at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.facts.suite import Coverage, ModuleCoverage
from kit.facts.target import Target
from kit.suite.record.failures import FailureReader
from kit.target import ProbeRun, run_probe

_FOLDER = "coverage"

#: how long putting the data together may take, in seconds
_LIMIT_S = 120.0

NOT_INSTALLED = "coverage.py is not installed in the target's environment: install it there to measure lines."


def settings(private: Path, target: Target) -> dict[str, Any]:
    """What the probe is told; the options of the target's own ``--cov`` hold, its configuration file is found."""
    folder = private / _FOLDER
    folder.mkdir()
    asked = _asked(target.config.addopts)
    return {"folder": str(folder), "config": asked.get("--cov-config"), **_measured(target.config.addopts)}


def read_coverage(target: Target, root: Path, private: Path, reader: FailureReader) -> tuple[Coverage | None, str]:
    """Put together what the processes of a run have measured; the problem, if that cannot be."""
    request = {"folder": str(private / _FOLDER), "config": _asked(target.config.addopts).get("--cov-config")}
    run = run_probe(target, "suite_coverage.py", request, root=root, timeout_s=_LIMIT_S)
    total = next((record for record in run.records if record["kind"] == "total"), None)
    if total is None:
        return None, reader.text(f"The coverage could not be read: {_problem(run)}.")
    modules = tuple(
        ModuleCoverage(reader.path(record["path"]), *_numbers(record))
        for record in run.records
        if record["kind"] == "module"
    )
    return Coverage(*_numbers(total), modules), ""


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
