"""Record what the reproductions do on both sides: ``python -m tests.causes.upgrades.record [ID or LIBRARY ...]``.

Each runs in environments with the last good and the first bad release, made with uv (``UV`` names it where it is not on
the path; ``KIT_UPGRADES`` names a folder to keep them in). What is recorded already stays, unless the reproduction or
the releases have changed. It needs the network; the tests read what it wrote.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from kit.causes import breakages
from kit.facts.failures import Failure
from kit.facts.suite import SuiteFacts
from kit.facts.upgrades import Breakage
from kit.suite import read_events
from tests.causes.upgrades.reproductions import Environments, Reproduction, outcomes, reproductions, write_tree

FOLDER = Path(__file__).with_name("recorded")
#: what a record has: its stamp, four outcomes, what was installed, and what kit recorded of the failing run
_COMPLETE = 7
_SITE = re.compile(r"^.*/(?=site-packages/)")
_LIBRARY = re.compile(r"^.*/lib/(?=python3)")


def stamp(one: Reproduction, entry: Breakage) -> str:
    """What the record was made from."""
    made_of = (one.broken, one.healthy, one.options, entry.library, entry.last_good, entry.first_bad)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]


def recorded(library: str) -> dict[str, Any]:
    """The records of the reproductions in a library's file."""
    path = FOLDER / f"{library}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@dataclass(frozen=True)
class _Run:
    """Reproductions that can stand in one tree: they need the same environment and the same settings of pytest."""

    pins: tuple[str, ...]
    date: str
    ini: str
    alone: str


def _runs(wanted: Sequence[tuple[Reproduction, Breakage]]) -> dict[_Run, dict[tuple[str, str, str], str]]:
    """By run: id, side and state of each module in it, and the module's text."""
    found: dict[_Run, dict[tuple[str, str, str], str]] = {}
    for one, entry in wanted:
        for side, version in (("good", entry.last_good), ("bad", entry.first_bad)):
            for state in ("broken", "healthy"):
                healthy = state == "healthy"
                pins = (f"{entry.library}=={version}", *one.pins(healthy=healthy, side=side))
                alone = f"{one.id} {side} {state}" if one.options.get("alone") else ""
                ini = one.healthy_ini if healthy else one.ini
                run = _Run(pins, str(one.options.get("date", "")), ini, alone)
                found.setdefault(run, {})[one.id, side, state] = one.healthy if healthy else one.broken
    return found


def _name_of(identity: str, state: str) -> str:
    return identity if state == "broken" else f"{identity}-twin"


def _record_run(run: _Run, modules: Mapping[tuple[str, str, str], str], folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Id, key and value of what is recorded of each module of a run."""
    python = Environments(folder).python(_name(run.pins), *run.pins, date=run.date)
    files = {_name_of(identity, state): text for (identity, _, state), text in modules.items()}
    root = write_tree(folder / "tree", files, run.ini)
    seen = outcomes(python, root)
    for identity, side, state in modules:
        module = f"test_{_name_of(identity, state).replace('-', '_')}"
        yield identity, f"{side}-{state}", seen.get(module, "no test ran")
    if any(key[1:] == ("bad", "broken") for key in modules):
        installed, whole = _installed(python), _observed(python, root, folder)
        for identity, side, state in modules:
            if (side, state) == ("bad", "broken"):
                yield identity, "installed", installed
                yield identity, "suite", json.loads(msgspec.json.encode(_of_module(whole, identity)))


def _of_module(facts: SuiteFacts, identity: str) -> SuiteFacts:
    """What concerns one test module."""
    path = f"tests/test_{identity.replace('-', '_')}.py"
    results = tuple(one for one in facts.results if one.path == path)
    return replace(
        facts,
        tests=tuple(one for one in facts.tests if one.path == path),
        results=results,
        collection_errors=tuple(one for one in facts.collection_errors if one.path == path),
        failures={one.failure: facts.failures[one.failure] for one in results if one.failure},
        warnings=tuple(one for one in facts.warnings if one.path == path or (one.nodeid or "").startswith(path)),
    )


def _name(pins: Sequence[str]) -> str:
    return re.sub(r"[^\w.=-]+", "_", "-".join(pins))


def _installed(python: str) -> dict[str, str]:
    code = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in json.loads(done.stdout).items()}


def _observed(python: str, root: Path, folder: Path) -> SuiteFacts:
    """What kit records of a run, without the paths of this machine."""
    (root / "report.xml").unlink(missing_ok=True)
    reports = Path(tempfile.mkdtemp(dir=folder))
    command = [sys.executable, "-m", "kit", "run", str(root), "--python", python, "--reports-dir", str(reports)]
    subprocess.run([*command, "--workers", "1", "--recheck-s", "0"], check=False, capture_output=True, timeout=600)
    (events,) = reports.glob("*/events.jsonl")
    facts = read_events(events)
    return SuiteFacts(
        tests=facts.tests,
        results=tuple(replace(one, seconds=None) for one in facts.results),
        collection_errors=tuple(replace(one, failure=_portable(one.failure)) for one in facts.collection_errors),
        failures={one: _portable(failure) for one, failure in facts.failures.items()},
        problem=facts.problem,
        warnings=tuple(replace(one, path=_path(one.path or "")) for one in facts.warnings),
        plugin_trial=facts.plugin_trial,
        start_refusal=facts.start_refusal,
    )


def _portable(failure: Failure) -> Failure:
    chain = tuple(
        replace(info, frames=tuple(replace(frame, path=_path(frame.path)) for frame in info.frames))
        for info in failure.chain
    )
    return replace(failure, chain=chain)


def _path(path: str) -> str:
    return _LIBRARY.sub("lib/", _SITE.sub("", path))


def _wanted(names: Sequence[str]) -> Iterator[tuple[Reproduction, Breakage]]:
    for entry in breakages():
        one = reproductions()[entry.id]
        known = recorded(one.library).get(entry.id, {})
        if (not names or {one.library, entry.id} & {*names}) and known.get("stamp") != stamp(one, entry):
            yield one, entry


def main() -> None:
    """Record what is not recorded yet."""
    folder = Path(os.environ.get("KIT_UPGRADES") or tempfile.mkdtemp())
    FOLDER.mkdir(exist_ok=True)
    wanted = list(_wanted(sys.argv[1:]))
    found: dict[str, dict[str, Any]] = {one.id: {"stamp": stamp(one, entry)} for one, entry in wanted}
    libraries = {one.id: one.library for one, _ in wanted}
    for run, modules in _runs(wanted).items():
        try:
            for identity, key, value in _record_run(run, modules, folder):
                found[identity][key] = value
        except (subprocess.CalledProcessError, ValueError) as error:
            sys.stdout.write(f"{run.pins}: {error} {getattr(error, 'stderr', '')}\n")
        for identity in {name for name, _, _ in modules}:
            if len(found[identity]) == _COMPLETE:
                _save(libraries[identity], identity, found[identity])


def _save(library: str, identity: str, record: dict[str, Any]) -> None:
    records = {**recorded(library), identity: dict(sorted(record.items()))}
    text = json.dumps(dict(sorted(records.items())), indent=1, ensure_ascii=False)
    (FOLDER / f"{library}.json").write_text(text + "\n", encoding="utf-8")
    told = {key: value[:150] for key, value in record.items() if key.startswith(("good", "bad"))}
    sys.stdout.write(f"{identity}: {told}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
