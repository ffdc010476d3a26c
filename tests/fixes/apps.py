"""Small apps with planted defects, and the scene that options are asked about."""

from __future__ import annotations

import ast
import shutil
import subprocess
import tempfile
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
    packages = target.interpreter.packages if target.interpreter else {}
    return FixScene(root, facts, lambda: Declarations.of(target), target.test_paths, target.config, packages)


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
    """The files that the option changes, as they are afterwards: git and patch agree, Python parses them, and an option
    that changes tests says so.
    """
    assert option.on_tests or not [path for path in option.files if path.startswith("tests/")]
    texts = _with_patch(root, option) if shutil.which("patch") else None
    apply_patch(option.patch, root)
    found = {path: (root / path).read_bytes().decode() for path in option.files if (root / path).exists()}
    assert texts in (None, found)
    for path, text in found.items():
        if path.endswith(".py"):
            ast.parse(text)
    return found


def _with_patch(root: Path, option: FixOption) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(root, Path(folder, "copy")))
        command = ["patch", "-p1", "--binary", "--silent"]
        subprocess.run(command, cwd=copy, input=option.patch.encode(), check=True)
        return {path: (copy / path).read_bytes().decode() for path in option.files if (copy / path).exists()}
