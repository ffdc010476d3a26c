"""Modules that import each other while they are imported.

https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Frame, Group
from kit.facts.places import Location
from kit.failures import Root, module_name

KIND: Final = "circular-import"
_CIRCLE = re.compile(
    r"partially initialized module '(?P<module>[\w.]+)'|^cannot access submodule '\w+' of module '(?P<parent>[\w.]+)'"
)

_Circle = tuple[Frame, ...]


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    # a circle may be entered at any of its modules: which one depends on who imports first
    met: dict[tuple[str, ...], list[Group]] = {}
    circles: dict[tuple[str, ...], _Circle] = {}
    for group, found in saying(unexplained, _CIRCLE):
        module = found["module"] or found["parent"]
        roots = scene.roots(group)
        circle = _circle(roots[0], module) if roots else ()
        modules = tuple(sorted({module_name(frame) for frame in circle})) or (module,)
        met.setdefault(modules, []).append(group)
        circles.setdefault(modules, circle)
    for modules, groups in met.items():
        yield _cause(scene, modules, circles[modules], groups)


def _circle(root: Root, module: str) -> _Circle:
    """The imports from where the module is begun to where it is imported again, as far as they are the target's."""
    imports = [frame for frame in root.frames if frame.function == "<module>" and frame.owner != "library"]
    path = "/" + module.replace(".", "/")
    begun = (n for n, frame in enumerate(imports) if f"/{frame.path}".endswith((f"{path}.py", f"{path}/__init__.py")))
    start = next(begun, None)
    return () if start is None else tuple(imports[start:])


def _cause(scene: Scene, modules: tuple[str, ...], circle: _Circle, groups: list[Group]) -> Cause:
    check = check_command(groups)
    title = f"{enumerated(modules)} import each other" if len(modules) > 1 else f"{modules[0]} imports itself"
    return cause_of(
        groups,
        id=f"{KIND}:{'+'.join(modules)}",
        kind=KIND,
        title=title if circle else f"{modules[0]} is part of a circle of imports",
        state="consistent",
        locations=[Location(frame.path, frame.line, "import") for frame in circle] or scene.spots(*groups),
        evidence=[
            Evidence(f"{module_name(frame)} goes on to: {frame.source}", Location(frame.path, frame.line))
            for frame in circle
            if frame.source
        ],
        next_step=then_check(
            "Break the circle at one of these lines: import inside the function that needs it, under "
            "TYPE_CHECKING for an annotation, or move what both need to a module of its own",
            check,
        ),
    )


DETECTOR = Detector(rank=35, kind=KIND, find=_find)
