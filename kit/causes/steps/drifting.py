"""What the environment adds to a cause: that its package has moved, and that the suite's own filters of warnings turn a
notice into a failure. It says so first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kit.causes.scene.scene import Scene
from kit.causes.upgrades.drift import moves
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Failure, Group
from kit.facts.upgrades import Move

#: the package of a library's file
_PACKAGE = re.compile(r"(?:^|/)(?:site|dist)-packages/(?P<name>\w+)")
_ERROR = re.compile(r"^\s*error\b")
#: import names whose distributions are called otherwise
_DISTRIBUTIONS = {"PIL": "pillow", "yaml": "pyyaml", "jwt": "pyjwt", "bs4": "beautifulsoup4", "_pytest": "pytest"}


def tell_moves(causes: Iterable[Cause], groups: Sequence[Group], scene: Scene) -> Iterator[Cause]:
    """The causes; those whose errors come out of a package that has moved, or that are warnings, say so first."""
    moved = moves(scene.environment, scene.inventory.pins)
    by_id = {group.id: group for group in groups}
    for cause in causes:
        failures = scene.failures_of(*(by_id[one] for one in cause.groups if one in by_id))
        new = [*_filtered(failures, scene), *_moved(failures, moved)]
        yield replace(cause, evidence=(*new, *cause.evidence)) if new else cause


def _moved(failures: Sequence[Failure], moved: Mapping[str, Move]) -> Iterator[Evidence]:
    """The package in which most of these failures were raised, if it has moved."""
    names = [name for failure in failures if (name := _package(failure)) in moved] if moved else []
    if names:
        one = moved[max(sorted(set(names)), key=names.count)]
        yield Evidence(f"{one.name} has moved: {one.since} has {one.before}, installed is {one.now}")


def _package(failure: Failure) -> str:
    """The distribution of the library whose frame is the deepest of the root error, or whose exception it is."""
    root = failure.chain[-1]
    deepest = root.frames[-1].path if root.frames and root.frames[-1].owner == "library" else ""
    found = _PACKAGE.search(deepest)
    name = found["name"] if found else root.module.partition(".")[0]
    return _DISTRIBUTIONS.get(name, name).lower().replace("_", "-")


def _filtered(failures: Sequence[Failure], scene: Scene) -> Iterator[Evidence]:
    """The filter that makes an error of a warning."""
    filters = [one for one in scene.environment.filters if _ERROR.match(one)]
    if filters and failures and all(failure.chain[-1].type.endswith("Warning") for failure in failures):
        where = f" ({scene.environment.config_path})" if scene.environment.config_path else ""
        yield Evidence(f"This is a warning: the suite's own filter `{filters[-1]}`{where} makes an error of it")
