"""Call a parameter by the name under which it is passed, where a definition has changed and its calls have not.

https://docs.python.org/3/reference/compound_stmts.html#function-definitions
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.options.shared.refused_keyword import RefusedKeyword, called_name, handed_on, passed_to, refused_keyword
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"wrong-call"})
KIND = "renamed-parameter"
OF_CALLER = f"{KIND}-of-caller"
_URL = "https://docs.python.org/3/reference/compound_stmts.html#function-definitions"
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_INNER = _FUNCTION | ast.ClassDef | ast.Lambda | ast.Global | ast.Nonlocal


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the definition, where no call and no other function of its name uses the name that it has; the
    same for the function that hands the keyword on, where calls pass it what the definition takes.
    """
    refused = refused_keyword(cause, scene)
    if refused is None:
        return
    yield from _renamed(cause, scene, KIND, refused)
    handing = handed_on(cause, scene, refused)
    if handing and passed_to(scene, handing.keyword, handing.names):
        yield from _renamed(cause, scene, OF_CALLER, handing)


def _renamed(cause: Cause, scene: FixScene, kind: str, refused: RefusedKeyword) -> Iterator[FixOption]:
    taking = _taking(scene, refused)
    if refused.called in taking or not _is_free(scene, refused) or passed_to(scene, refused.meant, refused.names):
        return
    path = refused.definition.path
    title = f"Call the parameter {refused.meant} of {refused.called}() {refused.keyword} ({refused.definition})"
    try:
        text = edited(scene.text(path), path, lambda at: _Definition(at, scene, refused, hands_on=not taking))
    except NotEditableError as error:
        yield without_patch(cause, kind, title, error)
        return
    if text is not None:
        why = f"Calls pass it as {refused.keyword}, and none passes it as {refused.meant}"
        yield option_of(cause, scene, Proposal(kind, title, why, {path: text}, documentation=_URL))


def _is_free(scene: FixScene, refused: RefusedKeyword) -> bool:
    """Whether each use of the name in the function is the parameter, and nothing there has the other name."""
    function = scene.declarations.reading.trees.function_at(refused.definition)
    if function is None:
        return False
    nodes = [node for statement in function.body for node in ast.walk(statement)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    inner = " ".join(ast.unparse(node) for node in nodes if isinstance(node, _INNER))
    return names.isdisjoint({refused.keyword, "locals"}) and not re.search(rf"\b{refused.meant}\b", inner)


def _taking(scene: FixScene, refused: RefusedKeyword) -> set[str]:
    """The names of the other functions that have a parameter of this name."""
    own = scene.declarations.reading.trees.function_at(refused.definition)
    trees = scene.declarations.reading.trees.naming(refused.meant)
    return {
        node.name
        for node in (node for _, tree in trees for node in ast.walk(tree))
        if isinstance(node, _FUNCTION) and node is not own
        if any(one.arg == refused.meant for one in ast.walk(node.args) if isinstance(one, ast.arg))
    }


class _Definition(cst.CSTTransformer):
    """Renames the parameter of one function and what its body reads of it. Where it ``hands_on`` the parameter by its
    name to what the target defines, that keyword is renamed too: no function takes it.
    """

    def __init__(self, at: NodesAt, scene: FixScene, refused: RefusedKeyword, *, hands_on: bool) -> None:
        super().__init__()
        self._at, self._scene, self._refused, self._hands_on = at, scene, refused, hands_on
        self._is_inside = False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802  # libcst's name
        self._is_inside = self._is_inside or self._is_meant(node)

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        if not self._is_meant(original_node):
            return updated_node
        self._is_inside = False
        return updated_node.with_changes(decorators=original_node.decorators, returns=original_node.returns)

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:  # noqa: N802
        return original_node.with_changes(name=updated_node.name) if self._is_inside else updated_node

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802
        is_meant = self._is_inside and original_node.value == self._refused.meant
        return updated_node.with_changes(value=self._refused.keyword) if is_meant else updated_node

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:  # noqa: N802
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        called, known = called_name(original_node), self._scene.declarations
        if not self._is_inside or (self._hands_on and called and (known.classes(called) or known.function(called))):
            return updated_node
        pairs = zip(original_node.args, updated_node.args, strict=True)
        return updated_node.with_changes(args=[new.with_changes(keyword=old.keyword) for old, new in pairs])

    def _is_meant(self, node: cst.FunctionDef) -> bool:
        return self._at.begins(node.name, self._refused.definition.line)
