"""The exit code of ``kit run`` against plain pytest's on planted faults: both 0, or neither.

``python -m tests.plant.measure_exits FOLDER [APP…]`` plants the first place of each kind in each app (those of
``measure``, which shares ``FOLDER``), runs plain pytest and ``kit run`` with two workers, and prints a line a planting.
Exits with 1 if the codes of one differ. ``--every N`` takes each N-th kind, ``--seconds N`` is when no further one
is begun.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kit.facts.target import Target
from tests.plant.app import Planting
from tests.plant.apps import Source, known_sources
from tests.plant.choosing import candidates
from tests.plant.kinds import KINDS
from tests.plant.runs import planted

#: the seed of :mod:`tests.plant.measure`
_SEED = 1

#: a test of these apps takes a second at most; one that is planted to hang is ended after this many seconds, by both
_LIMIT_S = 8


def main() -> int:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("apps", nargs="*")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600.0)
    options = parser.parse_intermixed_args()
    began, counts = time.monotonic(), Counter[str]()
    for source in known_sources():
        if options.apps and source.name not in options.apps:
            continue
        for kind in ["", *list(KINDS)[:: options.every]]:
            found = [next(candidates(source.read(options.folder), kind, _SEED), None)] if kind else []
            if None in found:
                continue
            if time.monotonic() - began > options.seconds:
                counts["not begun"] += 1
                continue
            sentence = compare(source, [one for one in found if one], options.folder)
            counts["differ" if sentence.startswith("DIFFERS") else "equal"] += 1
            _say(f"{sentence} {source.name} {kind or 'as it is'}")
    _say(str(dict(counts)))
    return 1 if counts["differ"] else 0


def compare(source: Source, plantings: list[Planting], folder: Path) -> str:
    """Run plain pytest and kit on one planting; a line with both exit codes."""
    with planted(source, plantings, folder) as (target, _), tempfile.TemporaryDirectory() as reports:
        mine = _kit(target, Path(reports))
        theirs = _plain(target)
    word = "equal  " if (mine == 0) == (theirs == 0) else "DIFFERS"
    return f"{word} plain {theirs}, kit {mine}:"


def _plain(target: Target) -> int:
    """Plain pytest's exit code; 124 when a planted fault lets it hang, as ``timeout`` has it."""
    assert target.interpreter is not None
    command = [target.interpreter.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    process = subprocess.Popen(
        command,
        cwd=target.path,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(timeout=20 * _LIMIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        return 124


def _kit(target: Target, reports: Path) -> int:
    assert target.interpreter is not None
    command = [sys.executable, "-m", "kit", "run", target.path, "--python", target.interpreter.executable]
    command += ["--workers", "2", "--timeout-s", str(_LIMIT_S), "--format", "json", "--reports-dir", str(reports)]
    return subprocess.run(
        command, env=_environment(), cwd=reports, stdin=subprocess.DEVNULL, capture_output=True, check=False
    ).returncode


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
