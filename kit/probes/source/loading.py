"""Code that imports modules which no statement names, and modules that other code changes (see ``main.py``).

``for info in pkgutil.iter_modules(models.__path__): import_module(f"app.models.{info.name}")`` loads all of a package.
"""

from __future__ import annotations

import ast

from .expressions import callee, dotted, literal, options_of

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, List

#: a file that loads modules in such a way has one of these words in it
WORDS = ("import_module", "__import__", "iter_modules", "walk_packages", "__path__", " setattr(")
WALKING = frozenset(("iter_modules", "walk_packages"))
IMPORTING = frozenset(("import_module", "__import__"))
GROWING = frozenset(("append", "extend", "insert"))
#: these are never modules
OBJECTS = frozenset(("self", "cls"))


def loads(text: str, tree: Any) -> List[List[str]]:
    """``[kind, name]`` of each: ``package`` is loaded whole, ``folder`` is one by a name of the file (``""``: its own
    package), ``extended`` gets further folders, ``filled`` may be a module that gets names, ``variable`` is a name that
    a variable has, ``unknown`` any package.
    """
    if not any(word in text for word in WORDS):
        return []
    found: List[List[str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += loads_of_call(node)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [["extended", owner(target)] for target in targets if is_path(target)]
    return [list(one) for one in sorted(set(map(tuple, found)))]


def loads_of_call(node: ast.Call) -> List[List[str]]:
    """What one call loads, as above."""
    name = callee(node)
    if name in WALKING:
        return [walked(node.args[0] if node.args else options_of(node).get("path"))]
    if name in IMPORTING and node.args and literal(node.args[0]) is None:
        return [imported(node.args[0])]
    if name == "setattr" and len(node.args) > 1 and literal(node.args[1]) is None:
        return [["filled", one] for one in [dotted(node.args[0])] if one and one not in OBJECTS]
    if name in GROWING and isinstance(node.func, ast.Attribute) and is_path(node.func.value):
        return [["extended", owner(node.func.value)]]
    return []


def is_path(node: Any) -> bool:
    """Whether it is the ``__path__`` of a package."""
    return (dotted(node) or "").rpartition(".")[2] == "__path__"


def owner(node: Any) -> str:
    """``app.models`` of ``app.models.__path__``; ``""`` for the file's own package."""
    return (dotted(node) or "").rpartition(".")[0]


def walked(node: Any) -> List[str]:
    """The package that ``pkgutil`` looks through."""
    if is_path(node):
        return ["folder", owner(node)]
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)] if node is not None else []
    return ["folder", ""] if "__file__" in names else ["unknown", ""]


def imported(node: Any) -> List[str]:
    """The package of the modules whose names are put together there."""
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts, node = [node.left], node.left
    first = parts[0] if parts else None
    inner = first.value if isinstance(first, ast.FormattedValue) else first
    name = dotted(inner) or ""
    if name in ("__name__", "__package__"):
        return ["folder", ""]
    if name.endswith(".__name__"):
        return ["folder", name.rpartition(".")[0]]
    prefix = literal(first) or ""
    if prefix.startswith("."):
        return ["folder", ""]
    return ["package", prefix.rpartition(".")[0]] if "." in prefix else ["variable", ""]
