"""Faults of a statement that was deleted and left no trace: its place is that of its neighbours in the block."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tests.plant.app import App, File, Place, Planting

_BLOCKS = ("body", "orelse", "finalbody")


def router_deleted(app: App) -> Iterator[Planting]:
    """The line that includes a router or a blueprint is gone."""
    for file in app.production:
        yield from _without_calls("router-deleted", app, file, "include_router", "register_blueprint")


def creation_deleted(app: App) -> Iterator[Planting]:
    """The line that creates the tables is gone."""
    for file in app.files.values():
        yield from _without_calls("creation-deleted", app, file, "create_all")


def assignment_deleted(app: App) -> Iterator[Planting]:
    """The line that gives an attribute of ``self`` its value is gone."""
    for file in app.files.values():
        for block, number in _statements(file):
            statement = block[number]
            targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
            if isinstance(statement, ast.Assign | ast.AnnAssign) and any(map(_is_own, targets)):
                yield from _without("assignment-deleted", app, file, block, number)


def _without_calls(kind: str, app: App, file: File, *names: str) -> Iterator[Planting]:
    for block, number in _statements(file):
        call = getattr(block[number], "value", None)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in names:
            yield from _without(kind, app, file, block, number)


def _without(kind: str, app: App, file: File, block: Sequence[ast.stmt], number: int) -> Iterator[Planting]:
    """The file without a statement that has its lines for itself, unless it is the whole block."""
    first, last = block[number].lineno, block[number].end_lineno or 0
    before, after = block[max(number - 1, 0) : number], block[number + 1 : number + 2]
    if any(one.lineno <= last and first <= (one.end_lineno or 0) for one in (*before, *after)) or len(block) == 1:
        return
    lines = file.text.splitlines()
    text = "\n".join([*lines[: first - 1], *lines[last:]]) + "\n"
    places = [Place(file.path, line) for one in before for line in range(one.lineno, (one.end_lineno or 0) + 1)]
    places += [Place(file.path, _first_line(one) - (last - first + 1)) for one in after]
    yield Planting(kind, app.name, file.source(block[number])[:80], tuple(places), ((file.path, text),))


def _statements(file: File) -> Iterator[tuple[list[ast.stmt], int]]:
    """Each statement, as its block and its number there, in the order of the text."""
    blocks = [getattr(node, name, None) for node in ast.walk(file.tree) for name in _BLOCKS]
    found = [block for block in blocks if isinstance(block, list) and block]
    for block in sorted(found, key=lambda block: block[0].lineno):
        yield from ((block, number) for number in range(len(block)))


def _first_line(statement: ast.stmt) -> int:
    return min([statement.lineno, *(mark.lineno for mark in getattr(statement, "decorator_list", []))])


def _is_own(target: ast.expr | None) -> bool:
    return isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"


PLANTERS = (router_deleted, creation_deleted, assignment_deleted)
