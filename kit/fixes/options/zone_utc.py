"""Write UTC as every Python knows it: ``timezone.utc``. ``datetime.UTC`` is a name of the module, from Python 3.11 on,
and the class of the same name does not have it.

https://docs.python.org/3/library/datetime.html#datetime.UTC
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.lines import edited
from kit.fixes.options.shared.sides import by_side, in_words
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import ImportBinding, bindings, with_import
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import code_of, parse

CAUSES = frozenset({"failure-group", "module-not-importable"})
KIND = "zone-utc"
_URL = "https://docs.python.org/3/library/datetime.html#datetime.UTC"
_OF_CLASS = re.compile(r"type object 'datetime\.datetime' has no attribute 'UTC'")
_OF_MODULE = re.compile(r"module 'datetime' has no attribute 'UTC'|cannot import name 'UTC' from 'datetime'")


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the app and one for the tests: every use that this Python refuses."""
    of_module = _OF_MODULE.search(cause.title) is not None
    if not of_module and not _OF_CLASS.search(cause.title):
        return
    every = {*(place.path for place in cause.locations), *scene.declarations.reading.trees.paths}
    for side, paths in by_side(scene, every):
        title = f"Write UTC as timezone.utc, {in_words(side)}"
        try:
            after = {path: text for path in paths if (text := _written(scene.text(path), path, of_module))}
        except NotEditableError as error:
            yield without_patch(cause, KIND + side, title, error)
            continue
        if after:
            had = "Only Python 3.11 and newer have datetime.UTC" if of_module else "The class datetime has no UTC"
            why = f"{had}; timezone.utc is the same zone in every Python"
            yield option_of(cause, scene, Proposal(KIND + side, title, why, after, documentation=_URL))


def _written(text: str, path: str, of_module: bool) -> str | None:
    """The text without the uses that are refused; ``None`` where it has none."""
    if "UTC" not in text:
        return None
    bound = bindings(parse(text, path)).values()
    of_datetime = [one for one in bound if one.module == "datetime" and not one.for_types]
    modules = {one.name for one in of_datetime if one.obj is None}
    zone = next((one.name for one in of_datetime if one.obj == "timezone"), None)
    short = zone or next((f"{name}.timezone" for name in sorted(modules)), "timezone")
    instead = {f"{one.name}.UTC": f"{short}.utc" for one in of_datetime if one.obj == "datetime"}
    if of_module:
        instead |= {f"{name}.UTC": f"{name}.timezone.utc" for name in modules}
        instead |= {one.name: f"{short}.utc" for one in of_datetime if one.obj == "UTC"}
    needs_import = short == "timezone" and zone is None

    def finish(_: cst.Module, after: cst.Module) -> cst.Module:
        binding = ImportBinding("datetime", "timezone", "timezone", for_types=False)
        return with_import(after, binding) if needs_import else after

    return edited(text, path, lambda _: _Written(instead, drops_import=of_module), finish)


class _Written(cst.CSTTransformer):
    """Replaces names by what stands for them, and takes ``UTC`` out of imports from ``datetime``."""

    def __init__(self, instead: Mapping[str, str], *, drops_import: bool) -> None:
        super().__init__()
        self._instead, self._drops_import = instead, drops_import

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:  # noqa: N802
        new = self._instead.get(code_of(original_node.with_changes(lpar=[], rpar=[])))
        # the name behind the dot is none of those that an import binds
        return cst.parse_expression(new) if new else updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802  # libcst's name
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_ImportAlias(self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias) -> cst.ImportAlias:  # noqa: ARG002, N802
        return original_node

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: N802
        new = self._instead.get(original_node.value)
        return cst.parse_expression(new) if new else updated_node

    def leave_ImportFrom(  # noqa: N802  # the same
        self,
        original_node: cst.ImportFrom,  # noqa: ARG002
        updated_node: cst.ImportFrom,
    ) -> cst.ImportFrom:
        is_ours = isinstance(updated_node.module, cst.Name) and updated_node.module.value == "datetime"
        if not self._drops_import or not is_ours or isinstance(updated_node.names, cst.ImportStar):
            return updated_node
        names = [one for one in updated_node.names if not (isinstance(one.name, cst.Name) and one.name.value == "UTC")]
        if len(names) == len(updated_node.names):
            return updated_node
        if not names:
            return updated_node.with_changes(names=[cst.ImportAlias(cst.Name("timezone"))])
        names[-1] = names[-1].with_changes(comma=updated_node.names[-1].comma)
        return updated_node.with_changes(names=names)
