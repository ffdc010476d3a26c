"""A module that is there, in a folder that nothing puts on the import path.

https://docs.pytest.org/en/stable/explanation/pythonpath.html#import-modes
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.exercise import folder_of
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.failures import missing_module

KIND: Final = "not-on-import-path"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, str, str], list[Group]] = {}
    for group in unexplained:
        name = missing_module(group.example) if group.signature.exception == "ModuleNotFoundError" else None
        for dotted in _names(scene, group, name) if name else ():
            if file := _own_file(scene, group, dotted):
                met.setdefault((name or "", file, _root(file, dotted)), []).append(group)
                break
    for (name, file, folder), groups in met.items():
        yield _cause(scene, name, file, folder, groups)


def _names(scene: Scene, group: Group, name: str) -> Iterator[str]:
    """The module that was not found, then those inside it that the statements name: a namespace package has no file."""
    yield name
    for frame in scene.frames(group):
        yield from re.findall(rf"\b(?:from|import)\s+({re.escape(name)}(?:\.\w+)+)", frame.source or "")


def _own_file(scene: Scene, group: Group, name: str) -> str | None:
    """The file that is meant: beside one that imports it, or in a folder that is in no package. Elsewhere a file of
    that name is as likely to be another module, and one that the target requires is a package.
    """
    top = name.partition(".")[0]
    if not scene.has_source or top in scene.loaded_packages or top in scene.required_packages:
        return None
    importing = {folder_of(place.path) for place in scene.spots(group)}
    candidates = scene.declarations.with_file(name)
    beside = [path for path in candidates if _root(path, name) in importing]
    loose = [path for path in candidates if not scene.declarations.is_package(_root(path, name))]
    return next(iter([*beside, *loose]), None)


def _root(path: str, name: str) -> str:
    """The folder that would have to be on the import path for a file to be a module of that name."""
    folder = folder_of(path.removesuffix("/__init__.py"))
    for _ in range(name.count(".")):
        folder = folder_of(folder)
    return folder


def _cause(scene: Scene, name: str, file: str, folder: str, groups: list[Group]) -> Cause:
    why, advice = _reason(scene, folder, name)
    return cause_of(
        groups,
        id=f"{KIND}:{folder or '.'}:{file}",
        kind=KIND,
        title=f'"{name}" cannot be imported: {file} is there, and {folder or "its folder"} is not on the import path',
        state="consistent",
        locations=[*scene.spots(*groups), Location(file, 1, "file")],
        evidence=[Evidence(why, Location(file, 1))],
        next_step=then_check(advice, check_command(groups)),
    )


def _reason(scene: Scene, folder: str, name: str) -> tuple[str, str]:
    """Why the folder is not on the import path, and what helps."""
    shown = folder or "."
    if scene.declarations.import_mode == "importlib":
        advice = f'Add pythonpath = ["{shown}"] to pytest\'s settings, or give tests what they share as fixtures'
        return "With --import-mode=importlib, pytest puts no folder of tests on sys.path", advice
    if scene.declarations.is_package(folder):
        why = f"{shown} is a package: pytest puts the folder above it on sys.path"
        return why, f"Import it as {folder.replace('/', '.')}.{name}"
    advice = f'Install the project, or add pythonpath = ["{shown}"] to pytest\'s settings'
    return f"Nothing puts {shown} on sys.path when pytest runs", advice


DETECTOR = Detector(rank=39, kind=KIND, find=_find)
