"""Annotations as they are written in source, taken apart."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_CONTAINERS = frozenset({"Mapped", "DynamicMapped", "WriteOnlyMapped"})
_BY_VALUE = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"})
_CHAIN = re.compile(r"(?<![.\w])[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True)
class Pointed:
    """The class that an annotation points at: as written, and whether it stands in quotes."""

    dotted: str
    quoted: bool


def parse(text: str) -> ast.expr | None:
    """Parse an expression; ``None`` for text that is not an expression."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def dotted(node: ast.expr | None) -> str | None:
    """``a.b.c`` for a chain of names, else ``None``."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def head(node: ast.Subscript) -> str:
    """The last name before the brackets: ``Optional`` for ``typing.Optional[...]``."""
    return (dotted(node.value) or "").rpartition(".")[2]


def arguments(node: ast.Subscript) -> list[ast.expr]:
    """What stands in the brackets."""
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def is_none(node: ast.expr) -> bool:
    """Whether it is the literal ``None``."""
    return isinstance(node, ast.Constant) and node.value is None


def relationship_target(annotation: str) -> Pointed | None:
    """The class that ``Mapped[list["Order"]]`` and the like point at."""
    return _pointed(parse(annotation), quoted=False)


def _pointed(node: ast.expr | None, *, quoted: bool) -> Pointed | None:
    while True:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node, quoted = parse(node.value), True
        elif isinstance(node, ast.Subscript):
            inner = arguments(node)
            node = inner[-1] if head(node) in _BY_VALUE else next((item for item in inner if not is_none(item)), None)
        elif isinstance(node, ast.BinOp):
            node = node.right if is_none(node.left) else node.left
        else:
            name = dotted(node)
            return Pointed(name, quoted) if name and name.rpartition(".")[2] not in _CONTAINERS else None


def evaluated_names(expression: str) -> list[str]:
    """The dotted names in a string that SQLAlchemy evaluates: ``["Order.id", "Item.order_id"]``."""
    return _CHAIN.findall(_QUOTED.sub(" ", expression))
