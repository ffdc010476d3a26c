"""Make ``kit/causes/upgrades/dropped``: ``python tests/bench/dropped_names/make.py [LIBRARY ...]``.

``fetch.py`` has to have fetched the releases. Without a name all libraries that it fetched are read; two at a time.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from packaging.version import Version

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.bench.dropped_names.comparing import Step, compare, hint_of
from tests.bench.dropped_names.fetch import CACHE
from tests.bench.dropped_names.given import with_given
from tests.bench.dropped_names.reading import ModuleRead
from tests.bench.dropped_names.release import Release

OUTPUT = Path(__file__).parents[3] / "kit" / "causes" / "upgrades" / "dropped"


def main(libraries: list[str]) -> None:
    """Write one file a library, and none for a library whose releases dropped nothing."""
    wanted = libraries or sorted(path.name for path in CACHE.iterdir() if not path.name.startswith("."))
    OUTPUT.mkdir(exist_ok=True)
    with ProcessPoolExecutor(2) as pool:
        for name, text in zip(wanted, pool.map(written, wanted), strict=True):
            path = OUTPUT / f"{name}.json"
            if text:
                path.write_text(text, encoding="utf-8")
            else:
                path.unlink(missing_ok=True)
            print(name, len(text), flush=True)


def written(library: str) -> str:
    """The file of a library: its steps, one a line."""
    folders = {Version(one.name): one for one in (CACHE / library).iterdir() if (one / ".ready").exists()}
    releases = [(str(version), folders[version]) for version in sorted(folders)]
    steps = steps_between(releases)
    if library == "python":
        steps = with_given(steps, releases)
    return "[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in steps) + "\n]\n" if steps else ""


def steps_between(releases: list[tuple[str, Path]]) -> list[Step]:
    """What each of these releases lacks of the one before it, and what the newest has not got back."""
    known: dict[str, ModuleRead] = {}
    steps: list[Step] = []
    before: tuple[str, Release] | None = None
    newest = Release(releases[-1][1], known) if releases else None
    fading = Fading()
    for version, folder in releases:
        now = Release(folder, known)
        if before is not None and newest is not None:
            found = [(before[0], compare(before[1], now)), *fading.gone(before, now)]
            steps += [{"last": last, "first": version, **kept} for last, one in found if (kept := _kept(one, newest))]
        before = (version, now)
    return steps


class Fading:
    """Names that a module no longer binds and still gives when it is asked, with a warning mostly."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[str, str]] = {}

    def gone(self, before: tuple[str, Release], now: Release) -> Iterator[tuple[str, Step]]:
        """By the last release that bound them: those of these names that the release ``now`` does not give either."""
        version, old = before
        for module in sorted(old.modules.keys() & now.modules.keys()):
            for name in sorted(old.certain(module) - now.certain(module)):
                if not now.surely_lacks(module, name):
                    self._last[module, name] = version, hint_of(old, now, module, name)
        lost: dict[str, dict[str, dict[str, str]]] = {}
        for (module, name), (last, hint) in list(self._last.items()):
            if module not in now.modules or name in now.certain(module):
                del self._last[module, name]
            elif now.surely_lacks(module, name):
                lost.setdefault(last, {}).setdefault(module, {})[name] = hint
                del self._last[module, name]
        yield from ((last, {"names": names}) for last, names in lost.items())


def _kept(step: Step, newest: Release) -> Step:
    names = {
        module: kept
        for module, gone in step.get("names", {}).items()
        if (kept := {name: hint for name, hint in gone.items() if not _is_back(newest, module, name)})
    }
    modules = {name: hint for name, hint in step.get("modules", {}).items() if not newest.has_module(name)}
    members = {module: _grouped(classes) for module, classes in step.get("members", {}).items()}
    read_only: dict[str, dict[str, Any]] = defaultdict(dict)
    for place, closed in step.get("read_only", {}).items():
        module, _, name = place.partition(":")
        read_only[module][name] = closed
    found = {**step, "modules": modules, "names": names, "members": members, "read_only": dict(read_only)}
    return {key: value for key, value in found.items() if value}


def _is_back(newest: Release, module: str, name: str) -> bool:
    return name in (newest.possible(module) or ())


def _grouped(classes: dict[str, list[str]]) -> list[list[list[str]]]:
    """The classes that lack the same, together."""
    by_gone: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, gone in sorted(classes.items()):
        by_gone[tuple(gone)].append(name)
    return [[names, list(gone)] for gone, names in by_gone.items()]


if __name__ == "__main__":
    main(sys.argv[1:])
