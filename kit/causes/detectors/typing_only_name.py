"""A name that is imported below ``if TYPE_CHECKING`` and is needed while the program runs.

https://docs.python.org/3/library/typing.html#typing.TYPE_CHECKING
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit import inventory
from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "typing-only-name"
#: Python's own words; those of pydantic where it cannot read an annotation yet
_UNKNOWN = re.compile(r"^name '(?P<name>\w+)' is not defined|; you should define `(?P<model>\w+)`")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, tuple[Location, ...]], list[Group]] = {}
    for group in unexplained if scene.has_source else ():
        found = _UNKNOWN.search(group.example)
        name = (found["name"] or found["model"]) if found else ""
        if name and (imports := _imports(scene, group, name)):
            met.setdefault((name, imports), []).append(group)
    for (name, imports), groups in met.items():
        yield _cause(scene, name, imports, groups)


def _imports(scene: Scene, group: Group, name: str) -> tuple[Location, ...]:
    """The imports of a name for type checkers alone, in the files that the traceback shows, else in those that the
    tests load.
    """
    trees = scene.declarations.reading.trees
    shown = {frame.path for root in scene.roots(group) for frame in root.frames if frame.owner != "library"}
    tests = {result.path for result in scene.results(group)} | set(group.files)
    loaded = shown.union(*(scene.imported_by_tests.get(path, frozenset()) for path in tests))
    return inventory.typing_only_imports(trees, name, shown) or inventory.typing_only_imports(trees, name, loaded)


def _cause(scene: Scene, name: str, imports: Sequence[Location], groups: list[Group]) -> Cause:
    where = enumerated([str(place) for place in imports])
    return cause_of(
        groups,
        id=f"{KIND}:{imports[0].path}:{name}",
        kind=KIND,
        title=f'"{name}" is needed at run time, and {imports[0].path} imports it for type checkers alone',
        state="consistent",
        locations=(*imports, *scene.spots(*groups)),
        evidence=[Evidence(f'"{name}" is imported below `if TYPE_CHECKING` only', place) for place in imports],
        next_step=then_check(
            f"Import {name} outside of `if TYPE_CHECKING` ({where}): a line that runs, or a library that reads "
            "annotations, needs it. In a circle of imports, import it in the function that uses it",
            check_command(groups),
        ),
    )


DETECTOR = Detector(rank=102, kind=KIND, find=_find)
