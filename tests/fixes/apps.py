"""Small apps with planted defects, and the scene that options are asked about."""

from __future__ import annotations

from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options import find_options
from kit.fixes.patching.applying import apply_patch
from kit.fixes.scene import FixScene
from kit.inventory import Inventory
from kit.target import find_target
from tests.helpers import write_project

BASE = "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n"


def scene_of(root: Path, files: dict[str, str | bytes]) -> tuple[FixScene, tuple[Cause, ...]]:
    """Write an app, read its source, and name the causes that the source alone shows."""
    write_project(root, files)
    facts = Inventory.of(find_target(root), runtime=False).facts
    return FixScene(root, facts), find_causes(facts, None, None)


def options_of(root: Path, files: dict[str, str | bytes]) -> dict[str, FixOption]:
    """The options of all causes of an app by their kind."""
    scene, causes = scene_of(root, files)
    return {option.kind: option for cause in causes for option in find_options(cause, scene)}


def patched(root: Path, option: FixOption) -> dict[str, str]:
    """The files that the option changes, as they are afterwards."""
    apply_patch(option.patch, root)
    return {path: (root / path).read_bytes().decode() for path in option.files}
