"""Name a missing package in the file of requirements that should have it; it is shown, and not installed.

https://packaging.python.org/en/latest/guides/writing-pyproject-toml/#dependencies-and-requirements
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kit.causes import DISTRIBUTIONS
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.requirements import with_line, with_requirement
from kit.fixes.source.tree import NotEditableError

CAUSES = frozenset({"missing-package"})
KIND = "require-package"
_URL = "https://packaging.python.org/en/latest/guides/writing-pyproject-toml/#dependencies-and-requirements"
_FOR_TESTS = re.compile(r"test|dev|ci", re.IGNORECASE)


@dataclass(frozen=True)
class _Needed:
    """A distribution, and whether the tests alone import what it brings."""

    name: str
    by_tests: bool


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The option, where the target has a file of requirements and none of them names the package yet."""
    package = cause.id.partition(":")[2]
    if "." in package:  # the package is installed, and lacks a module
        return
    name = DISTRIBUTIONS.get(package, package.replace("_", "-"))
    if not package or not scene.inventory.requirement_files or _is_named(scene, name, package):
        return
    needed = _Needed(name, all(scene.is_test(place.path) for place in cause.locations))
    path = _file(scene, needed)
    title = f"Require {name} in {path}"
    try:
        after = _required(scene, path, needed)
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if after is None:
        return
    why = f"{'The tests import' if needed.by_tests else 'The app imports'} {package}, and no requirement names {name}"
    option = option_of(cause, scene, Proposal(KIND, title, why, {path: after}, documentation=_URL))
    obstacle = f"Shown and not tried: {name} has to be installed in the target's environment before its tests can pass"
    yield replace(option, obstacle=obstacle)


def _is_named(scene: FixScene, *names: str) -> bool:
    wanted = {_normal(name) for name in names}
    return any(_normal(one.name) in wanted for one in scene.inventory.requirements)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _file(scene: FixScene, needed: _Needed) -> str:
    """The file to name it in: one for tests where only tests need it, else one that is not."""
    files = sorted(
        scene.inventory.requirement_files, key=lambda path: (path != "pyproject.toml", path.count("/"), path)
    )
    by_tests = [path for path in files if _FOR_TESTS.search(path.rpartition("/")[2])]
    others = [path for path in files if path not in by_tests]
    if needed.by_tests and by_tests:
        return by_tests[0]
    with_requirements = [path for path in others if any(one.path == path for one in scene.inventory.requirements)]
    return (with_requirements or others or files)[0]


def _required(scene: FixScene, path: str, needed: _Needed) -> str | None:
    """The file's text with the requirement; ``None`` where it has no list to put it in."""
    text = scene.text(path)
    if path.endswith((".txt", ".in")):
        return with_line(text, needed.name)
    if path.endswith(".toml"):
        return with_requirement(text, needed.name, for_tests=needed.by_tests)
    return None
