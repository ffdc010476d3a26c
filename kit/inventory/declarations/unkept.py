"""Arguments that the ``__init__`` of a class takes and uses nowhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.walking import walk


def unkept_argument(trees: Trees, owner: str, name: str) -> Iterator[Location]:
    """For each class called ``owner`` whose ``__init__`` takes ``name`` and does not mention it: the statement that
    uses the argument before it, else the first one, and then the function.
    """
    for path, tree in trees.matching(re.compile(rf"\bclass {re.escape(owner)}\b"), owner):
        for node in walk(tree):
            if isinstance(node, ast.ClassDef) and node.name == owner:
                for function in node.body:
                    if isinstance(function, ast.FunctionDef) and function.name == "__init__":
                        yield from (Location(path, line, "not kept") for line in _lines(function, name))


def _lines(function: ast.FunctionDef, name: str) -> tuple[int, ...]:
    arguments = [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    used = [{one.id for one in walk(part) if isinstance(one, ast.Name)} for part in function.body]
    if name not in arguments[1:] or any(names & {name, "locals"} for names in used):
        return ()
    before = arguments[arguments.index(name) - 1]
    near = [part for part, names in zip(function.body, used, strict=True) if before in names]
    beside = near[-1] if near and before != arguments[0] else function.body[0]
    return beside.lineno, function.lineno
