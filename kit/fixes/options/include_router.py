"""Include a router that nothing includes, where its neighbours are included.

https://fastapi.tiangolo.com/tutorial/bigger-applications/#include-the-apirouters-for-users-and-items
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.declarations import Router
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import ImportBinding, bindings, names_used, with_import
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"route-missing"})
KIND, LIKE_NEIGHBOUR = "include-router", "include-router-like-neighbour"
_URL = "https://fastapi.tiangolo.com/tutorial/bigger-applications/#include-the-apirouters-for-users-and-items"
_INCLUDING = frozenset({"include_router", "register_blueprint"})
_FILES = 2


@dataclass(frozen=True)
class _Way:
    """Where to include it: beside which router's inclusion, and whether with the same arguments."""

    place: Location
    alike: bool


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for each of the nearest files in which others are included; a second one where these are included
    with arguments, such as a prefix.
    """
    routers = scene.declarations.routing.routers
    places = {(place.path, place.line) for place in cause.locations if place.role == "router"}
    lonely = [one for one in routers if (one.location.path, one.location.line) in places and not one.included]
    if len(lonely) != 1:
        return
    for number, place in enumerate(_nearest(lonely[0], routers)):
        yield from _at(cause, scene, lonely[0], place, f"-{number + 1}" if number else "")


def _nearest(lonely: Router, routers: tuple[Router, ...]) -> list[Location]:
    """Where the routers that lie closest are included, one place a file."""
    found: dict[str, Location] = {}
    for one in sorted(routers, key=lambda one: (-_shared(one.name, lonely.name), one.name)):
        for place in one.included:
            found[place.path] = place if place.path not in found else max(found[place.path], place, key=_line)
    return list(found.values())[:_FILES]


def _line(place: Location) -> int:
    return place.line


def _shared(name: str, other: str) -> int:
    """How many packages two dotted names have in common."""
    same = [a == b for a, b in zip(name.split("."), other.split("."), strict=False)]
    return same.index(False) if False in same else len(same)


def _at(cause: Cause, scene: FixScene, router: Router, place: Location, suffix: str) -> Iterator[FixOption]:
    texts: set[str] = set()
    for kind, way in ((KIND, _Way(place, alike=False)), (LIKE_NEIGHBOUR, _Way(place, alike=True))):
        title = f"Include {router.name} at {place}"
        if way.alike:
            title += ", with the arguments of the router beside it"
        try:
            after = _included(scene, router, way)
        except NotEditableError as error:
            yield without_patch(cause, f"{kind}{suffix}", title, error)
            return
        if after is None or after in texts:
            continue
        texts.add(after)
        why = f"Other routers are included there, and nothing includes this one ({router.location})"
        proposal = Proposal(f"{kind}{suffix}", title, why, {place.path: after}, documentation=_URL)
        yield option_of(cause, scene, proposal)


def _included(scene: FixScene, router: Router, way: _Way) -> str | None:
    path = way.place.path
    here = path == router.location.path
    module, _, name = router.name.rpartition(".")

    def edit(at: NodesAt) -> _Include:
        return _Include(at, way)

    def finish(before: cst.Module, after: cst.Module) -> cst.Module:
        if here:
            return after.visit(_Rename(name))
        bound = bindings(before)
        free = name if name not in names_used(before) and name not in bound else f"{module.rpartition('.')[2]}_{name}"
        renamed = after.visit(_Rename(free))
        return with_import(renamed, ImportBinding(module, name, free, for_types=False))

    return edited(scene.text(path), path, edit, finish)


#: stands for the router until its name in the file is known
_MARK = "__router__"


class _Rename(cst.CSTTransformer):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: ARG002, N802
        return cst.Name(self._name) if updated_node.value == _MARK else updated_node


class _Include(cst.CSTTransformer):
    """Repeats the call, or the element of a list, that stands at the place, for another router."""

    def __init__(self, at: NodesAt, way: _Way) -> None:
        super().__init__()
        self._at, self._way = at, way

    def leave_Tuple(self, original_node: cst.Tuple, updated_node: cst.Tuple) -> cst.Tuple:  # noqa: N802
        return updated_node.with_changes(elements=self._longer(original_node.elements, updated_node.elements))

    def leave_List(self, original_node: cst.List, updated_node: cst.List) -> cst.List:  # noqa: N802
        return updated_node.with_changes(elements=self._longer(original_node.elements, updated_node.elements))

    def _longer(self, before: object, after: object) -> list[cst.BaseElement]:
        found: list[cst.BaseElement] = []
        pairs = list(zip(before, after, strict=True))  # type: ignore[call-overload]
        for index, (old, new) in enumerate(pairs):
            found.append(new)
            if not self._at.begins(old.value, self._way.place.line) or not _is_name(old.value):
                continue
            last = index == len(pairs) - 1
            between = pairs[0][1].comma if len(pairs) > 1 else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
            if isinstance(between, cst.Comma):
                found[-1] = new.with_changes(comma=between)
            closing = new.comma if len(pairs) > 1 else cst.MaybeSentinel.DEFAULT
            found.append(cst.Element(cst.Name(_MARK), comma=closing if last else between))
        return found

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        small = original_node.body[0] if len(original_node.body) == 1 else None
        call = small.value if isinstance(small, cst.Expr) else None
        if not isinstance(call, cst.Call) or not call.args or not self._at.begins(call, self._way.place.line):
            return updated_node
        if (get_full_name_for_node(call.func) or "").rpartition(".")[2] not in _INCLUDING:
            return updated_node
        first = call.args[0].with_changes(value=cst.Name(_MARK))
        rest = call.args[1:] if self._way.alike else ()
        if not rest:
            first = first.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=cst.SimpleWhitespace(""))
        again = call.with_changes(args=[first, *rest])
        if not rest:
            again = again.with_changes(whitespace_before_args=cst.SimpleWhitespace(""))
        line = cst.SimpleStatementLine([cst.Expr(again)])
        return cst.FlattenSentinel([updated_node, line])


def _is_name(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name | cst.Attribute)
