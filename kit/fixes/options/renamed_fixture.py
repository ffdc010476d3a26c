"""Ask for a fixture by the name that it has now.

https://docs.pytest.org/en/stable/reference/fixtures.html#fixture-availability
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.nodeids import file_of
from kit.facts.places import Location
from kit.fixes.options.shared.texts import reworded, text_of
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import parse

CAUSES = frozenset({"fixture-missing"})
KIND = "renamed-fixture"
_URL = "https://docs.pytest.org/en/stable/reference/fixtures.html#fixture-availability"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The option, where one fixture that these tests see has a name like it, or is named by the cause."""
    name = cause.id.partition(":")[2]
    files = sorted({(scene.rootdir / file_of(test)).as_posix() for test in cause.tests})
    seen = {
        other: places
        for other, places in scene.declarations.fixtures.items()
        if files and all(any(_sees(file, place) for place in places) for file in files)
    }
    meant = None if name in seen else nearest(name, seen) or _named_by(cause, name, seen)
    if meant is None:
        return
    # other fixtures may ask for it by its old name as well
    files = sorted({*files, *(place.path for places in seen.values() for place in places)})
    title = f'Let the tests ask for "{meant}" in place of "{name}"'
    try:
        changed = {path: parse(scene.text(path), path).visit(_Rename(name, meant)).code for path in files}
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    after: dict[str, str | None] = {path: text for path, text in changed.items() if text != scene.text(path)}
    if after:
        why = f'No fixture is called "{name}"; "{meant}" is defined at {seen[meant][0]}'
        yield option_of(cause, scene, Proposal(KIND, title, why, after, on_tests=True, documentation=_URL))


def _named_by(cause: Cause, name: str, seen: Mapping[str, Sequence[Location]]) -> str | None:
    """The one fixture with this word in its name at which the cause stands: short names are like many others."""
    at = {(place.path, place.line) for place in cause.locations}
    named = [
        other
        for other, places in seen.items()
        if name in other.split("_") and at.intersection((place.path, place.line) for place in places)
    ]
    return named[0] if len(named) == 1 else None


def _sees(file: str, definition: Location) -> bool:
    """Whether the tests of a file see a fixture: it is their own, or of a ``conftest.py`` above."""
    folder, _, name = definition.path.rpartition("/")
    above = f"{folder}/" if folder else ""
    return definition.path == file or (name == "conftest.py" and file.startswith(above))


class _Rename(cst.CSTTransformer):
    """Renames a parameter and its uses in the functions that have it, and the name in ``usefixtures``."""

    def __init__(self, name: str, meant: str) -> None:
        super().__init__()
        self._name, self._meant = name, meant
        self._asking: list[bool] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802  # libcst's name
        self._asking.append(any(self._asking) or self._name in _parameters(node.params))

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: ARG002, N802
        self._asking.pop()
        return updated_node

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: ARG002, N802
        renamed = any(self._asking) and updated_node.value == self._name
        return updated_node.with_changes(value=self._meant) if renamed else updated_node

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:  # noqa: N802
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: ARG002, N802
        function = updated_node.func
        if not isinstance(function, cst.Attribute) or function.attr.value not in ("usefixtures", "getfixturevalue"):
            return updated_node
        return updated_node.with_changes(
            args=[
                one.with_changes(value=reworded(one.value, self._name, self._meant))
                if isinstance(one.value, cst.SimpleString) and text_of(one.value) == self._name
                else one
                for one in updated_node.args
            ]
        )


def _parameters(parameters: cst.Parameters) -> Sequence[str]:
    return [one.name.value for one in (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)]
