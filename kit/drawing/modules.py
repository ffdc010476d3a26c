"""A module among its neighbours: its importers on the left, what it imports on the right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit.drawing.svg import CHARACTER, Box, arrow, frame, group, picture, text
from kit.facts.modules import Neighbour, Neighbourhood
from kit.facts.wording import counted

#: more modules than these are drawn as packages
MOST_NODES = 40
_ROW, _HEIGHT, _GAP, _MARGIN = 26, 20, 90, 8
_WIDEST = 300


@dataclass(frozen=True)
class _Node:
    """A module, or several of one package."""

    name: str
    members: tuple[Neighbour, ...]
    both_ways: bool = False

    @property
    def label(self) -> str:
        is_one = len(self.members) == 1 and self.members[0].module == self.name
        return self.name if is_one else f"{self.name} ({len(self.members)})"

    @property
    def tip(self) -> str:
        return "\n".join(f"{one.module}: {one.location}" for one in self.members)


def modules_picture(neighbourhood: Neighbourhood) -> str:
    """An SVG. Up to forty neighbours are drawn each, more of them by package, with how many they are. Tests are dashed;
    an arrow with two heads is an import both ways.
    """
    left, right = _nodes(neighbourhood)
    width = max((len(node.label) for node in (*left, *right)), default=0) * CHARACTER + 2 * _MARGIN
    width = min(max(width, 80), _WIDEST)
    middle_width = min(len(neighbourhood.module) * CHARACTER + 2 * _MARGIN, _WIDEST)
    height = max(len(left), len(right), 1) * _ROW + 2 * _MARGIN
    centre = Box(1 + width + _GAP, height / 2 - _HEIGHT / 2, middle_width, _HEIGHT)
    shapes = [
        *_column(left, 1, width, height, centre, towards=True),
        *_column(right, centre.x + middle_width + _GAP, width, height, centre, towards=False),
        group(neighbourhood.module, _labelled(centre, neighbourhood.module, bold=True)),
    ]
    importers, imports = len(neighbourhood.importers), len(neighbourhood.imports)
    description = f"{counted(importers, 'module imports', 'modules import')} it, it imports {imports}."
    total = centre.x + middle_width + (_GAP + width if right else _MARGIN) + 1
    return picture(total, height, f"Imports of {neighbourhood.module}", description, shapes)


def _nodes(neighbourhood: Neighbourhood) -> tuple[list[_Node], list[_Node]]:
    """Both columns, at the finest depth of packages at which they are few enough; else without the smallest."""
    importers = {one.module for one in neighbourhood.importers}
    mutual = importers & {one.module for one in neighbourhood.imports}
    only_imported = [one for one in neighbourhood.imports if one.module not in mutual]
    every = [*neighbourhood.importers, *only_imported]
    depth = max((one.module.count(".") + 1 for one in every), default=1)
    left = right = list[_Node]()
    for parts in range(depth, 0, -1):
        left = list(_collapsed(neighbourhood.importers, parts, mutual))
        right = list(_collapsed(only_imported, parts, mutual))
        if len(left) + len(right) <= MOST_NODES:
            return left, right
    return _largest(left, MOST_NODES // 2), _largest(right, MOST_NODES // 2)


def _collapsed(neighbours: Sequence[Neighbour], parts: int, mutual: set[str]) -> Iterator[_Node]:
    members: dict[str, list[Neighbour]] = defaultdict(list)
    for one in neighbours:
        members[".".join(one.module.split(".")[:parts])].append(one)
    for name, found in sorted(members.items()):
        yield _Node(name, tuple(found), any(one.module in mutual for one in found))


def _largest(nodes: Sequence[_Node], most: int) -> list[_Node]:
    """The nodes of most modules in their order, the others as one."""
    if len(nodes) <= most:
        return list(nodes)
    ranked = sorted(nodes, key=lambda node: (-len(node.members), node.name))
    kept, rest = set(ranked[: most - 1]), ranked[most - 1 :]
    others = _Node("others", tuple(one for node in rest for one in node.members))
    return [*(node for node in nodes if node in kept), others]


def _column(
    nodes: Sequence[_Node], x: float, width: float, height: float, centre: Box, *, towards: bool
) -> Iterator[str]:
    top = (height - len(nodes) * _ROW) / 2
    for place, node in enumerate(nodes):
        box = Box(x, top + place * _ROW + (_ROW - _HEIGHT) / 2, width, _HEIGHT)
        ends = (box.right, centre.left) if towards else (centre.right, box.left)
        is_test = all(one.role == "test" for one in node.members)
        yield group(node.tip, [arrow(*ends, both=node.both_ways), *_labelled(box, node.label, dashed=is_test)])


def _labelled(box: Box, words: str, *, dashed: bool = False, bold: bool = False) -> list[str]:
    room = box.width - 2 * _MARGIN + 1
    return [frame(box, dashed=dashed, bold=bold), text(box.x + _MARGIN, box.y + 14, words, room=room, bold=bold)]
