"""Make naive times aware where they are made: the call, the column, or the tests' own values.

https://docs.python.org/3/library/datetime.html#aware-and-naive-objects
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import ImportBinding, clean, names_used, with_import
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import code_of, is_name

CAUSES = frozenset({"naive-datetime"})
KIND, IN_TESTS, COLUMN = "aware-datetimes", "aware-datetimes-in-tests", "aware-column"
_URL = "https://docs.python.org/3/library/datetime.html#aware-and-naive-objects"
_COLUMN_URL = "https://docs.sqlalchemy.org/en/20/core/type_basics.html#sqlalchemy.types.DateTime"
_NAIVE = frozenset({"utcnow", "now", "utcfromtimestamp"})
_TIMEZONE = "timezone"
_ZONE = cst.Arg(
    keyword=cst.Name("timezone"),
    value=cst.Name("True"),
    equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
)


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the calls of the app, one for those of its tests, one for the columns."""
    made = [place for place in cause.locations if place.role == "producer"]
    calls = {(one.path, one.line): one for one in scene.inventory.naive_times}
    known = [(place, calls[place.path, place.line]) for place in made if (place.path, place.line) in calls]
    app = [place for place, one in known if one.role == "production"]
    tests = [place for place, one in known if one.role == "test"]
    columns = [place for place in made if place not in app and place not in tests]
    clock = scene.clock
    by = f"{clock.name}()" if clock else "datetime.now(timezone.utc)"
    if app:
        title = f"Make the time aware where the app makes it, with {by} ({_enumerated(app)})"
        yield from _option(cause, scene, _Way(KIND, title, _URL), app)
    if columns:
        title = f"Let the column keep the zone: timezone=True ({_enumerated(columns)})"
        yield from _option(cause, scene, _Way(COLUMN, title, _COLUMN_URL), columns)
    if tests:
        title = f"Make the time aware where the tests make it ({_enumerated(tests)})"
        yield from _option(cause, scene, _Way(IN_TESTS, title, _URL, on_tests=True), tests)


@dataclass(frozen=True)
class _Way:
    kind: str
    title: str
    documentation: str
    on_tests: bool = False


def _option(cause: Cause, scene: FixScene, way: _Way, places: list[Location]) -> Iterator[FixOption]:
    lines: dict[str, set[int]] = {}
    for place in places:
        lines.setdefault(place.path, set()).add(place.line)
    try:
        edited = {path: _with_zone(scene, path, numbers) for path, numbers in lines.items()}
    except NotEditableError as error:
        yield without_patch(cause, way.kind, way.title, error)
        return
    after: dict[str, str | None] = {path: text for path, text in edited.items() if text is not None}
    if not after:
        return
    if way.kind == COLUMN:
        why = "What the column returns has a zone then, on databases that keep one"
        losses: tuple[str, ...] = ("existing rows and the column's type in the database need a migration",)
    else:
        why = "A time with a zone meets times with a zone then"
        local = any(_is_local(scene.text(path), numbers) for path, numbers in lines.items())
        losses = ("the time is in UTC then, no longer in the machine's own zone",) if local else ()
    yield option_of(
        cause,
        scene,
        Proposal(way.kind, way.title, why, after, losses, on_tests=way.on_tests, documentation=way.documentation),
    )


def _with_zone(scene: FixScene, path: str, lines: Collection[int]) -> str | None:
    edit = _Edit(scene, path)
    return replaced(scene, path, lines, edit.becomes, edit.finish)


class _Edit:
    """Replaces the naive calls of one file, and imports what takes their place."""

    def __init__(self, scene: FixScene, path: str) -> None:
        self._clock, self._path = scene.clock, path
        self._wanted: set[ImportBinding] = set()

    def becomes(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """What takes the place of a naive call, of the function where it is handed on, or of a column's type."""
        if isinstance(node, cst.Call):
            return self._call(node)
        if isinstance(node, cst.Attribute) and node.attr.value == "utcnow":
            return self._handed_on(node)
        return _column_type(node)

    def finish(self, before: cst.Module, after: cst.Module) -> cst.Module:
        """The module with the imports that the new calls need, without those that are left unused."""
        used = names_used(after)
        for binding in sorted(self._wanted, key=lambda one: one.name):
            if binding.name in used:
                after = with_import(after, binding)
        return clean(after, before)

    def _call(self, node: cst.Call) -> cst.BaseExpression | None:
        name = get_full_name_for_node(node.func) or ""
        last = name.rpartition(".")[2]
        if last == "DateTime":
            return _keeping_zone(node)
        if last == "mapped_column":
            return self._typed(node)
        return self._aware(node, name) if last in _NAIVE else None

    def _typed(self, node: cst.Call) -> cst.BaseExpression | None:
        """The column with a type, where only its annotation gave it one."""
        if any(word in names_used(node).in_code for word in ("DateTime", "ForeignKey", *_NAIVE)):
            return None
        self._wanted.add(ImportBinding("sqlalchemy", "DateTime", "DateTime", for_types=False))
        first = cst.Arg(cst.parse_expression("DateTime(timezone=True)"))
        named = [one for one in node.args[:1] if one.keyword is None]
        return node.with_changes(args=[*named, first, *node.args[len(named) :]])

    def _handed_on(self, node: cst.Attribute) -> cst.BaseExpression:
        if self._clock:
            return self._named()
        owner = get_full_name_for_node(node.value) or "datetime"
        return cst.parse_expression(f"lambda: {owner}.now({self._zone(owner)})")

    def _aware(self, node: cst.Call, name: str) -> cst.BaseExpression | None:
        owner, _, method = name.rpartition(".")
        if method == "utcfromtimestamp" and len(node.args) == 1:
            value = code_of(node.args[0].value)
            return cst.parse_expression(f"{owner}.fromtimestamp({value}, {self._zone(owner)})")
        if node.args:
            return None
        if self._clock:
            return cst.Call(func=self._named())
        return cst.parse_expression(f"{owner}.now({self._zone(owner)})")

    def _named(self) -> cst.Name:
        assert self._clock is not None
        if self._path != self._clock.path:
            self._wanted.add(ImportBinding(self._clock.module, self._clock.name, self._clock.name, for_types=False))
        return cst.Name(self._clock.name)

    def _zone(self, owner: str) -> str:
        """``timezone.utc`` as this file can name it: ``datetime.timezone.utc`` where it imports the module."""
        module, dot, _ = owner.rpartition(".")
        if not dot:
            self._wanted.add(ImportBinding("datetime", _TIMEZONE, _TIMEZONE, for_types=False))
        return f"{module}{dot}{_TIMEZONE}.utc"


def _column_type(node: cst.BaseExpression) -> cst.BaseExpression | None:
    if is_name(node.attr if isinstance(node, cst.Attribute) else node, "DateTime"):
        return cst.Call(node, [_ZONE])
    return None


def _keeping_zone(node: cst.Call) -> cst.BaseExpression | None:
    """The column's type with ``timezone=True``; ``None`` where it says so already."""
    given = [one for one in node.args if is_name(one.keyword, "timezone")]
    if given and is_name(given[0].value, "True"):
        return None
    return node.with_changes(args=[*(one for one in node.args if one not in given), _ZONE])


def _is_local(text: str, lines: Collection[int]) -> bool:
    numbered = text.splitlines()
    return any(".now()" in numbered[line - 1] for line in lines if line <= len(numbered))


def _enumerated(places: list[Location]) -> str:
    shown = ", ".join(str(place) for place in places[:2])
    return shown if len(places) <= 2 else f"{shown} and {len(places) - 2} more"
