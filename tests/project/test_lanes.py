"""``make test`` runs every folder of tests in exactly one lane, and what fails twice or does not finish is red."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: stands for pytest: notes its arguments, and ends with the code that belongs to the lane and the attempt
FAKE = """#!/usr/bin/env bash
echo "$(printf '%q ' "$@")" >>calls # at once: other lanes write too
lane=$(basename "${4#cache_dir=}")
case " $* " in *" --last-failed "*) attempt=again ;; *) attempt=first ;; esac
echo "$attempt of $lane; bytecode is ${PYTHONDONTWRITEBYTECODE:-kept}"
code=$(cat "$lane-$attempt" 2>/dev/null || echo 0)
exit "$code"
"""


def run(folder: Path, codes: Mapping[str, int]) -> tuple[subprocess.CompletedProcess[str], list[list[str]]]:
    """The script with a pytest that ends with these codes, and the arguments of each call of pytest."""
    for path in (".ci", ".venv/bin"):
        (folder / path).mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "tests", folder / ".ci" / "tests")
    python = folder / ".venv" / "bin" / "python"
    python.write_text(FAKE)
    python.chmod(0o700)
    for name, code in codes.items():
        (folder / name).write_text(str(code))
    done = subprocess.run(
        ["bash", ".ci/tests"],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, [shlex.split(line) for line in (folder / "calls").read_text().splitlines()]


def test_every_folder_belongs_to_exactly_one_lane(tmp_path: Path) -> None:
    done, calls = run(tmp_path, {})

    assert done.returncode == 0
    assert "bytecode is 1" not in done.stdout
    (windows,) = (call for call in calls if "--like" in call)  # it runs some of them again
    assert all((ROOT / word).is_file() for word in windows if word.startswith("tests/"))
    named = [word for call in calls if call != windows for word in call if word.startswith("tests/")]
    ignored = [word.partition("=")[2] for call in calls for word in call if word.startswith("--ignore=")]
    assert sorted(named) == sorted(ignored)
    assert all((ROOT / path).is_dir() for path in named)
    assert [call[-len(ignored) - 1] for call in calls if any("--ignore" in word for word in call)] == ["tests"]


@pytest.mark.parametrize("lane", ["suite", "apps", "e2e", "windows", "others"])
def test_what_failed_runs_once_more_in_its_lane(tmp_path: Path, lane: str) -> None:
    done, calls = run(tmp_path, {f"{lane}-first": 1})

    assert done.returncode == 0
    (again,) = (call for call in calls if "--last-failed" in call)
    assert f"cache_dir=.pytest_cache/{lane}" in again
    assert f"first of {lane}" in done.stdout
    assert f"again of {lane}" in done.stdout


@pytest.mark.parametrize(
    "codes",
    [
        {"suite-first": 1, "suite-again": 1},
        {"others-first": 1, "others-again": 1},
        {"apps-first": 2},
        {"others-first": 3},
        {"suite-first": 1, "apps-first": 130},
    ],
    ids=str,
)
def test_what_fails_twice_or_does_not_finish_is_red(tmp_path: Path, codes: Mapping[str, int]) -> None:
    done, calls = run(tmp_path, codes)

    assert done.returncode == 1
    assert sum("--last-failed" in call for call in calls) == sum(code == 1 for n, code in codes.items() if "first" in n)
