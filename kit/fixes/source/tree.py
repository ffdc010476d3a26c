"""A source file as a tree of libcst.

https://libcst.readthedocs.io/en/latest/why_libcst.html
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kit.fixes.source.texts import NotEditableError


def parse(text: str, path: str) -> cst.Module:
    """The tree of a text. Raises :class:`NotEditableError` where libcst cannot parse what the target's Python may."""
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        where = f"{path}:{error.raw_line}"
        raise NotEditableError(f"libcst cannot parse {where}, so the patch has to be written by hand") from None


def top_class(module: cst.Module, name: str) -> cst.ClassDef | None:
    """The class of that name at the top level of a module, the last one where there are several."""
    found = [one for one in module.body if isinstance(one, cst.ClassDef) and one.name.value == name]
    return found[-1] if found else None


def member_name(statement: cst.BaseStatement) -> str | None:
    """The name that a statement of a class body binds: an attribute, a method, a nested class."""
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        return statement.name.value
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        small = statement.body[0]
        if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
            return small.target.value
        if isinstance(small, cst.Assign) and isinstance(small.targets[0].target, cst.Name):
            return small.targets[0].target.value
    return None


def members(node: cst.ClassDef) -> dict[str, cst.BaseStatement]:
    """The statements of a class body by the name that each binds."""
    if not isinstance(node.body, cst.IndentedBlock):
        return {}
    named = ((member_name(statement), statement) for statement in node.body.body)
    return {name: statement for name, statement in named if name is not None}


def is_name(node: cst.CSTNode | None, *names: str) -> bool:
    """Whether a node is one of these names; ``libcst.matchers`` takes longer to import than all of libcst."""
    return isinstance(node, cst.Name) and node.value in names


def calls_in(node: cst.CSTNode) -> Iterator[cst.Call]:
    """The calls in a node, an outer one before those in it."""
    if isinstance(node, cst.Call):
        yield node
    for child in node.children:
        yield from calls_in(child)


def code_of(node: cst.CSTNode) -> str:
    """The source text of a node."""
    return cst.Module(body=()).code_for_node(node)
