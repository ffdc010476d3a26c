"""What kit says of public suites whose dependencies have all moved: ``python tests/bench/moved.py [--suites A,B]``.

Each suite of ``moved.toml`` is fetched and run with kit in two environments: with releases of its own time, and with
today's. A test is newly broken where it passed on the old side and fails, or is no longer collected, on the new one;
a test that has only got another parameter in its id is not. It counts as explained where its cause is an entry of the
table of breakages. Whether the explanation is right is for a reader to judge: the causes are printed with the tests
of each. The old versions stand in ``requirements.lock`` beside the suite, as the lock file of an application would.
It needs the network and uv (``UV`` names it).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench import fetching

_LIST = Path(__file__).with_name("moved.toml")
_FINE = {"passed", "skipped", "xfailed"}
_EXPLAINING = {"upgraded-library", "changed-result"}


@dataclass(frozen=True)
class Moved:
    """One entry of ``moved.toml``, which says what the fields mean."""

    name: str
    version: str
    date: str
    guess: str
    git: str = ""
    tag: str = ""
    extras: Sequence[str] = ()
    needs: Sequence[str] = ()
    tests: Sequence[str] = ()
    options: str = ""
    held_out: bool = False


@dataclass(frozen=True)
class Seen:
    """What the two runs of a suite came to: the outcomes ``before``, and by newly broken test the id of its cause."""

    suite: Moved
    before: Mapping[str, int]
    broken: Mapping[str, str]
    causes: Sequence[Mapping[str, Any]]

    @property
    def explained(self) -> int:
        """How many of the newly broken tests have an entry of the table for a cause."""
        return sum(one.partition(":")[0] in _EXPLAINING for one in self.broken.values())


def main() -> None:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suites", default="", metavar="A,B", help="Only these.")
    parser.add_argument("--fetch", action="store_true", help="Get them and their environments; run nothing.")
    parser.add_argument("--before", action="store_true", help="Run their old side, no more.")
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "kit-bench" / "moved")
    options = parser.parse_args()
    known = {name: Moved(name, **entry) for name, entry in tomllib.loads(_LIST.read_text()).items()}
    for name in options.suites.split(",") if options.suites else known:
        try:
            if options.fetch:
                _prepare(known[name], options.folder)
            elif options.before:
                _before(known[name], options.folder)
            else:
                _show(_run(known[name], options.folder))
        except (subprocess.CalledProcessError, OSError, ValueError) as error:
            _say(f"{name}: {error} {getattr(error, 'stderr', '') or ''}"[:1500])


def _prepare(suite: Moved, folder: Path) -> tuple[Path, Path, Path]:
    """The suite's source, and its environments with releases of its time and of today."""
    root = _source(suite, folder)
    old, new = folder / f"{suite.name}.old", folder / f"{suite.name}.new"
    if not (old / "ready").exists():
        _install(old, root, suite, ["--exclude-newer", suite.date, *suite.needs, _requirement(suite, root), "pytest"])
    frozen = _uv("pip", "freeze", "-p", str(old / "bin" / "python")).splitlines()
    pins = [line for line in frozen if "==" in line and not _is_itself(line, suite)]
    (root / "requirements.lock").write_text("\n".join(pins) + "\n")
    if not (new / "ready").exists():
        _install(new, root, suite, [pin.partition("==")[0] for pin in pins])
    return root, old, new


def _run(suite: Moved, folder: Path) -> Seen:
    before = _before(suite, folder)
    root, _, new = _prepare(suite, folder)
    after = _case(suite, root, new, folder, "investigate", "--trial-budget-s", "0")
    return _seen(suite, before, after)


def _before(suite: Moved, folder: Path) -> dict[str, Any]:
    """The old side, which nothing changes: what an earlier call has recorded of it is taken."""
    root, old, _ = _prepare(suite, folder)
    recorded = folder / f"{old.name}.reports" / "incident.json"
    if recorded.exists():
        told: dict[str, Any] = json.loads(recorded.read_text())
        return told
    return _case(suite, root, old, folder, "run")


def _source(suite: Moved, folder: Path) -> Path:
    root = folder / suite.name
    if root.exists():
        return root
    if not suite.git:
        return fetching.unpacked(fetching.Suite(suite.name, suite.version, ""), folder)
    clone = ["git", "clone", "-q", "--depth", "1", "--branch", suite.tag, suite.git, str(root)]
    subprocess.run(clone, check=True, capture_output=True, text=True)
    return root


def _requirement(suite: Moved, root: Path) -> str:
    return f"{root}[{','.join(suite.extras)}]" if suite.extras else str(root)


def _is_itself(line: str, suite: Moved) -> bool:
    return line.partition("==")[0].lower().replace("_", "-") == suite.name.lower()


def _install(environment: Path, root: Path, suite: Moved, wanted: Sequence[str]) -> None:
    """An environment with these releases; the suite's own caps count on the old side alone."""
    _uv("venv", "-q", "--clear", "--python", "3.11", str(environment))
    python = str(environment / "bin" / "python")
    _uv("pip", "install", "-q", "-p", python, *wanted)
    _uv("pip", "install", "-q", "-p", python, "--no-deps", "-e", str(root))
    (environment / "ready").touch()


def _uv(*arguments: str) -> str:
    command = [os.environ.get("UV") or shutil.which("uv") or "uv", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=900).stdout


def _case(suite: Moved, root: Path, environment: Path, folder: Path, *command: str) -> dict[str, Any]:
    """The facts of a case in this environment, as ``incident.json`` has them.

    ``kit run`` does not read the source: it tells outcomes, but no lines and no results that only lines explain.
    """
    reports = folder / f"{environment.name}.reports"
    shutil.rmtree(reports, ignore_errors=True)
    named = [word for path in suite.tests for word in ("--tests", path)]
    python = ["--python", str(environment / "bin" / "python"), "--case", "moved"]
    variables = {**os.environ, "PYTEST_ADDOPTS": suite.options}
    kept = ["--reports-dir", str(reports)]
    verb, *further = command
    _kit([verb, str(root), *named, *python, *kept, *further], variables, folder)
    told: dict[str, Any] = json.loads(_kit(["show", "moved", "--format", "json", *kept], variables, folder))
    (reports / "incident.json").write_text(json.dumps(told, indent=1))
    return told


def _kit(arguments: Sequence[str], variables: dict[str, str], folder: Path) -> str:
    command = [sys.executable, "-m", "kit", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables, cwd=folder)
    if done.returncode > 1:
        raise ValueError(f"kit {arguments[0]} ended with {done.returncode}: {done.stderr[-800:]}")
    return done.stdout


def _seen(suite: Moved, before: dict[str, Any], after: dict[str, Any]) -> Seen:
    was, now = ({test["nodeid"]: test for test in one["tests"] or []} for one in (before, after))
    lost = {one["path"]: one["cause"] for one in after["accounting"]["uncollectable"]}
    start = after["causes"][0]["id"] if after["causes"] and not now else None
    functions = Counter(map(_function, now))
    renamed = {name for name, number in Counter(map(_function, was)).items() if functions[name] >= number}
    broken: dict[str, str] = {}
    for nodeid, test in was.items():
        new = now.get(nodeid)
        if new is None and _function(nodeid) in renamed:
            continue
        if test["outcome"] == "passed" and (new is None or new["outcome"] not in _FINE):
            path = nodeid.partition("::")[0]
            broken[nodeid] = (new["cause"] if new else lost.get(path, start)) or ""
    return Seen(suite, Counter(test["outcome"] for test in was.values()), broken, after["causes"] or [])


def _function(nodeid: str) -> str:
    return nodeid.partition("[")[0]


def _show(seen: Seen) -> None:
    _say(f"== {seen.suite.name} {seen.suite.version}: before {dict(seen.before)}")
    _say(f"   newly broken {len(seen.broken)}, explained {seen.explained}; guess: {seen.suite.guess}")
    titles = {one["id"]: one["title"] for one in seen.causes}
    for cause, number in Counter(seen.broken.values()).most_common():
        sign = "+" if cause.partition(":")[0] in _EXPLAINING else "-"
        _say(f"   {sign} {number:4} {cause}: {titles.get(cause, 'not collected, and no cause says why')[:220]}")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
