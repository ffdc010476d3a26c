"""A distribution in the file of requirements that should have it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit.facts.spelling import distribution_name
from kit.fixes.scene import FixScene
from kit.fixes.source.requirements import with_line, with_requirement

_FOR_TESTS = re.compile(r"test|dev|ci", re.IGNORECASE)


@dataclass(frozen=True)
class Needed:
    """A distribution, and whether the tests alone need it."""

    name: str
    by_tests: bool

    @property
    def obstacle(self) -> str:
        """Why a patch that requires it cannot be tried."""
        where = "in the target's environment"
        return f"Shown and not tried: {self.name} has to be installed {where} before its tests can pass"


def is_required(scene: FixScene, *names: str) -> bool:
    """Whether a requirement names one of these distributions."""
    wanted = {distribution_name(name) for name in names}
    return any(distribution_name(one.name) in wanted for one in scene.inventory.requirements)


def file_for(scene: FixScene, needed: Needed) -> str | None:
    """The file to name it in: one for tests where only tests need it, else one that is not; ``None`` without any."""
    files = sorted(
        scene.inventory.requirement_files, key=lambda path: (path != "pyproject.toml", path.count("/"), path)
    )
    by_tests = [path for path in files if _FOR_TESTS.search(path.rpartition("/")[2])]
    others = [path for path in files if path not in by_tests]
    if needed.by_tests and by_tests:
        return by_tests[0]
    with_requirements = [path for path in others if any(one.path == path for one in scene.inventory.requirements)]
    return next(iter(with_requirements or others or files), None)


def with_it(text: str, path: str, needed: Needed) -> str | None:
    """The file's text with the requirement; ``None`` where it has no list to put it in."""
    if path.endswith((".txt", ".in")):
        return with_line(text, needed.name)
    if path.endswith(".toml"):
        return with_requirement(text, needed.name, for_tests=needed.by_tests)
    return None
