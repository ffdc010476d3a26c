"""Names that modules of Python's standard library no longer give: its interpreters were asked (``fetch_python.py``)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from tests.bench.dropped_names.comparing import PYTHONS, Step, hint_of
from tests.bench.dropped_names.release import Release

#: marks a build that lacks parts of Python: what its source still says is not gone
PARTIAL = ".partial"
_Names = dict[str, set[str]]


def with_given(steps: Sequence[Step], releases: Sequence[tuple[str, Path]]) -> list[Step]:
    """The steps; of modules that gave an answer the names are those that were asked for, not those that were read."""
    given = {version: _given(folder) for version, folder in releases}
    asked = {module for names in given.values() for module in names}
    found = {
        (step["last"], step["first"]): {
            **step,
            "names": {module: names for module, names in step.get("names", {}).items() if module not in asked},
        }
        for step in steps
    }
    partly_built = {version for version, folder in releases if (folder / PARTIAL).exists()}
    newest = given[releases[-1][0]]
    read = [(version, Release(folder)) for version, folder in releases]
    for (last, before), (first, after) in pairwise(read):
        step = found.setdefault((last, first), {"last": last, "first": first, "names": {}})
        for module in sorted(given[last].keys() - given[first].keys() - newest.keys()):
            if "." not in module and not after.has_module(module):  # compiled ones too
                step.setdefault("modules", {}).setdefault(module, "")
        partial = first in partly_built
        for module, name in _gone(given[last], given[first], newest):
            if (not partial or _is_unsaid(before, after, module, name)) and f"{module}.{name}" not in before.names:
                step["names"].setdefault(module, {})[name] = _hint(before, after, module, name)
    return [kept for step in found.values() if len(kept := {key: value for key, value in step.items() if value}) > 2]


def _given(folder: Path) -> _Names:
    answer: dict[str, list[str]] = json.loads((folder / "names.json").read_text())
    return {module: set(names) for module, names in answer.items()}


def _gone(old: _Names, new: _Names, newest: _Names) -> Iterator[tuple[str, str]]:
    for module in sorted(old.keys() & new.keys()):
        gone = old[module] - new[module] - newest.get(module, set()) - PYTHONS
        yield from ((module, name) for name in sorted(gone) if not (name.startswith("__") and name.endswith("__")))


def _is_unsaid(old: Release, new: Release, module: str, name: str) -> bool:
    """Whether the source of a module said a name, and does no longer."""
    return (
        module in new.modules
        and module in old.modules
        and name in old.modules[module].words - new.modules[module].words
    )


def _hint(old: Release, new: Release, module: str, name: str) -> str:
    found = hint_of(old, new, module, name) if module in old.modules else ""
    return "" if found.partition(":")[0].rpartition(".")[2].startswith("_") else found
