"""Small projects of every kind, judged by plain pytest: the outcome of every test, and the exit code.

``python tests/bench/judged.py [--only WORD] [--folder FOLDER] [--pause SECONDS] [--kit OPTIONS]`` writes each project
of ``judged/*.toml``, runs plain pytest and ``kit run`` twice, and prints where they differ. Each set of plugins has an
environment of its own, which is made once below ``~/.cache/kit-bench/plugins`` (with uv, where it is there). Exits with
1 if something differs. With a pause before each test (0.05), two workers share the tests of the smallest project;
without, one is done before the other has begun, which hides what they miss of each other. With ``--kit "--isolation
file"`` each file has a process of its own: then it is no chance what they miss.

A project has ``files``, and where it wants them ``needs`` (plugins and libraries), ``arguments`` (for pytest alone:
what stands in no configuration), ``variables``, ``folder`` (where pytest is started, and what kit is given), ``stops``
(plain pytest stops early: only the tests that it ran are compared) and ``differs`` (why kit is meant to differ).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.suite.record.test_names import names_of
from tests.bench.comparing import PLUGIN, Outcomes, differences

_LISTS = Path(__file__).with_name("judged")
_ENVIRONMENTS = Path.home() / ".cache" / "kit-bench" / "plugins"
_PYTEST = "pytest==9.2.0"


@dataclass(frozen=True)
class Project:
    """One entry of a list; see the top of this file."""

    name: str
    files: Mapping[str, str]
    needs: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    folder: str = "."
    stops: bool = False
    differs: str = ""

    def write(self, root: Path) -> Path:
        """Write its files below ``root``; the folder that is tested."""
        for name, text in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.lstrip("\n"))
        return root / self.folder


@dataclass(frozen=True)
class Ended:
    """How one run ended: its exit code and outcomes (``None``: there are none), and what it printed."""

    code: int
    outcomes: Outcomes | None
    printed: str


def main() -> int:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--lists", default="", metavar="A,B", help="Only the projects of these lists.")
    parser.add_argument("--folder", type=Path, help="Keep the projects and what was printed here.")
    parser.add_argument("--pause", type=float, default=0, metavar="SECONDS", help="Wait before each test.")
    parser.add_argument("--kit", default="", metavar="OPTIONS", help="More options of kit run: '--isolation file'.")
    options = parser.parse_args()
    pauses = {"PYTEST_PLUGINS": "pauses", "PAUSE": str(options.pause)} if options.pause else {}
    wrong = ran = 0
    with tempfile.TemporaryDirectory() as temporary:
        for project in _projects(options.lists.split(",") if options.lists else [], options.only):
            home = (options.folder or Path(temporary)) / hashlib.sha256(project.name.encode()).hexdigest()[:8]
            shutil.rmtree(home, ignore_errors=True)
            variables = {**pauses, **project.variables}
            found = compare(replace(project, variables=variables), home, options.kit.split())
            ran += 1
            wrong += bool(found) and not project.differs
            sign = ("meant" if project.differs else "DIFFERS") if found else "same"
            print(f"{sign:<8}{project.name}  [{home.name}]", *found, sep="\n        ", flush=True)
    print(f"{ran} projects, {wrong} differ")
    return 1 if wrong else 0


def _projects(lists: list[str], word: str) -> list[Project]:
    found = []
    for path in sorted(_LISTS.glob("*.toml")):
        if not lists or path.stem in lists:
            entries = tomllib.loads(path.read_text()).items()
            found += [Project(name, **entry) for name, entry in entries if word in name]
    return found


def compare(project: Project, home: Path, options: Sequence[str] = ()) -> list[str]:
    """Run one project with plain pytest and with kit and these options; a sentence for each difference."""
    python = environment_of(project.needs)
    plain = [run_plain(project, home / f"plain{number}", python) for number in (1, 2)]
    if (plain[0].code == 0) != (plain[1].code == 0):
        return [f"plain pytest itself ends with {plain[0].code}, then with {plain[1].code}"]
    chance = differences(plain[0].outcomes or {}, plain[1].outcomes or {})
    root = project.write(home / "kit" / "project")
    found = []
    for number in (1, 2):
        mine = run_kit(root, project, home / f"kit{number}.txt", python, options)
        if (mine.code == 0) != (plain[0].code == 0):
            found.append(f"run {number}: plain pytest ends with {plain[0].code}, kit with {mine.code}")
        found += [f"run {number}: {line}" for line in _told(project, plain[0], mine, chance)]
    return found


def _told(project: Project, plain: Ended, mine: Ended, chance: Mapping[str, object]) -> list[str]:
    if not plain.outcomes:  # pytest did not begin to run tests: kit may go on without what stopped it
        return []
    kept = (mine.outcomes or {}).items()
    seen = {nodeid: one for nodeid, one in kept if not project.stops or nodeid in plain.outcomes}
    pairs = differences(plain.outcomes, seen).items()
    lines = [f"{nodeid}: plain {ours}, kit {theirs}" for nodeid, (ours, theirs) in pairs if nodeid not in chance]
    return [*lines[:6], *([f"and {len(lines) - 6} more"] if len(lines) > 6 else [])]


def run_plain(project: Project, home: Path, python: Path) -> Ended:
    """Run plain pytest, as a user would."""
    root = project.write(home / "project")
    file = home / "outcomes.json"
    extra = {"OUTCOMES": str(file), "PYTHONPATH": str(PLUGIN)}
    command = [python, "-m", "pytest", "-p", "outcomes_of_pytest"]
    ended = _run(command, root, project, extra, home)
    pairs = json.loads(file.read_bytes()) if file.exists() else None
    (home / "printed.txt").write_text(ended.printed)
    return Ended(ended.code, None if pairs is None else _counted(pairs), ended.printed)


def run_kit(root: Path, project: Project, printed: Path, python: Path, options: Sequence[str] = ()) -> Ended:
    """Run kit on the project; the second time it knows what the first run has learnt."""
    reports = printed.with_name("reports")
    command = [sys.executable, "-m", "kit", "run", root, "--python", python, "--reports-dir", reports]
    ended = _run([*command, "--format", "json", *options], printed.parent, project, {}, printed.parent)
    printed.write_text(ended.printed)
    try:
        tests = json.loads(ended.printed.partition("\0")[0])["tests"]
    except (ValueError, KeyError):
        return Ended(ended.code, None, ended.printed)
    return Ended(ended.code, _counted([(test["nodeid"], test["outcome"]) for test in tests]), ended.printed)


def _run(command: list[str | Path], root: Path, project: Project, extra: Mapping[str, str], home: Path) -> Ended:
    user, temporary = home / "user", home / "tmp"
    for folder in (user, temporary):  # what one run leaves there, no other one finds
        folder.mkdir(exist_ok=True, parents=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "COV"))}
    environment = {**inherited, "HOME": str(user), "TMPDIR": str(temporary), **project.variables, **extra}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=300, check=False
    )
    printed, errors = (one.decode(errors="replace") for one in (done.stdout, done.stderr))
    return Ended(done.returncode, None, f"{printed}\0{errors}")


def _counted(pairs: list[tuple[str, str]]) -> Outcomes:
    found: dict[str, Counter[str]] = {}
    for nodeid, outcome in pairs:
        found.setdefault(names_of([nodeid])[0], Counter())[outcome or "none"] += 1
    return found


def environment_of(needs: tuple[str, ...]) -> Path:
    """The interpreter of an environment with these packages, which is made where it is not there."""
    packages = [*needs] if any(one.startswith("pytest=") for one in needs) else [_PYTEST, *needs]
    name = hashlib.sha256("\n".join(packages).encode()).hexdigest()[:12]
    folder = _ENVIRONMENTS / name
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", *_without_pip(), folder], check=True)
        uv = shutil.which("uv")
        install = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
        subprocess.run([*install, "-q", *packages], check=True)
        (folder / "ready").touch()
    pauses = (PLUGIN / "pauses.py").read_text()  # on PYTHONPATH it would be in a folder that bytecode can be written to
    for packages_of_python in folder.glob("lib/*/site-packages"):
        (packages_of_python / "pauses.py").write_text(pauses)
    return python


def _without_pip() -> list[str]:
    return ["--without-pip"] if shutil.which("uv") else []


if __name__ == "__main__":
    sys.exit(main())
