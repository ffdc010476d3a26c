"""Small apps with planted defects, and the scene that options are asked about."""

from __future__ import annotations

from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options import find_options
from kit.fixes.patching.applying import apply_patch
from kit.fixes.scene import FixScene
from kit.inventory import Declarations, Inventory
from kit.target import find_target
from tests.helpers import write_project

BASE = "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n"


def scene_of(root: Path, files: dict[str, str | bytes]) -> tuple[FixScene, tuple[Cause, ...]]:
    """Write an app, read its source, and name the causes that the source alone shows."""
    write_project(root, files)
    scene = scene_at(root)
    return scene, find_causes(scene.inventory, None, None)


def scene_at(root: Path) -> FixScene:
    """What options see of an app."""
    target = find_target(root)
    facts = Inventory.of(target, runtime=False).facts
    return FixScene(root, facts, lambda: Declarations.of(target), target.test_paths, target.config)


def options_for(root: Path, files: dict[str, str | bytes], cause: Cause) -> dict[str, FixOption]:
    """The options of one cause by their kind."""
    write_project(root, files)
    return {option.kind: option for option in find_options(cause, scene_at(root))}


def cause(kind: str, name: str, *places: str, tests: tuple[str, ...] = ()) -> Cause:
    """A cause as a detector names it; each place is ``path:line role``."""
    found = []
    for place in places:
        where, _, role = place.partition(" ")
        path, _, line = where.rpartition(":")
        found.append(Location(path, int(line), role))
    return Cause(f"{kind}:{name}", kind, name, "consistent", tuple(found), tests)


def options_of(root: Path, files: dict[str, str | bytes]) -> dict[str, FixOption]:
    """The options of all causes of an app by their kind."""
    scene, causes = scene_of(root, files)
    return {option.kind: option for cause in causes for option in find_options(cause, scene)}


def patched(root: Path, option: FixOption) -> dict[str, str]:
    """The files that the option changes, as they are afterwards."""
    apply_patch(option.patch, root)
    return {path: (root / path).read_bytes().decode() for path in option.files}
