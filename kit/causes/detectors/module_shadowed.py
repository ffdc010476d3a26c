"""A file of the target that is called like a module of Python itself, and is imported in its place.

https://docs.python.org/3/library/sys_path_init.html
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "module-shadowed"
_LACKING = re.compile(
    r"^cannot import name '\w+' from (?:partially initialized module )?'(?P<source>\w+)'"
    r"|^(?:partially initialized )?module '(?P<module>\w+)' has no attribute '\w+'"
    r"|^No module named '(?P<package>\w+)\.\w+'; '\w+' is not a package"
)
#: the file that Python took for the module, where it says so
_TAKEN = re.compile(r"\((?:consider renaming ')?(?P<file>[^()']+\.(?:pyc?|pyd|so))\b")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _LACKING):
        name = found["source"] or found["module"] or found["package"]
        if name in sys.stdlib_module_names:
            met.setdefault(name, []).append(group)
    for name, groups in met.items():
        if files := tuple(path for path in _on_top(scene, name) if _is_taken(scene, name, path, groups)):
            yield _cause(scene, name, files, groups)


def _on_top(scene: Scene, name: str) -> tuple[str, ...]:
    """The files of the target that have the name and can be imported by it: none within a package."""
    files = scene.declarations.with_file(name)
    folders = {path: path.removesuffix("/__init__.py").rpartition("/")[0] for path in files}
    return tuple(path for path in files if not scene.declarations.is_package(folders[path]))


def _is_taken(scene: Scene, name: str, path: str, groups: list[Group]) -> bool:
    """Whether it is the file that was imported, as far as the messages or the run tell: they may mean Python's own."""
    told = [found["file"].replace("\\", "/") for group in groups if (found := _TAKEN.search(group.example))]
    if told:
        return any(f"/{file}".endswith(f"/{path}") for file in told)
    loaded = scene.suite.loaded_modules
    return not loaded or loaded.get(name) == path or path in scene.frames_by_path


def _cause(scene: Scene, name: str, files: tuple[str, ...], groups: list[Group]) -> Cause:
    return cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=f'{files[0]} is imported in place of Python\'s own module "{name}"',
        state="consistent",
        locations=(*(Location(path, 1, "shadows") for path in files), *scene.spots(*groups)),
        evidence=[Evidence(f"It is called like Python's own {name}", Location(path, 1, "shadows")) for path in files],
        next_step=then_check("Give the file another name, or move it into a package", check_command(groups)),
    )


DETECTOR = Detector(rank=37, kind=KIND, find=_find)
