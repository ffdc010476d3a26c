"""What a single expression of a source file says: names, literals, texts with names in them (see ``main.py``)."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Optional

    #: a part of the record of a file, see kit.inventory.source.records
    Record = Dict[str, Any]


#: a longer text is not the name of a table or column
LONGEST_CONSTANT = 120
BRACES = frozenset("{}")


class Source:
    """The text of a file, for the places where an expression is recorded as it is written."""

    def __init__(self, text: str) -> None:
        self.whole = text
        self.lines: Optional[List[str]] = None  # split when they are needed: most files declare nothing
        self.mentions_sqlmodel = "sqlmodel" in text

    def text(self, node: Any) -> Optional[str]:
        """The source of an expression on one line, or ``None`` (columns count bytes, hence the encoding)."""
        if node is None:
            return None
        self.lines = self.lines or self.whole.split("\n")
        lines = self.lines[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1].encode()[: node.end_col_offset].decode(errors="replace")
        lines[0] = lines[0].encode()[node.col_offset :].decode(errors="replace")
        return " ".join(line.strip() for line in lines)


def dotted(node: Optional[ast.AST]) -> Optional[str]:
    """``a.b.c`` for a chain of names; a call keeps its parentheses, a subscript is looked through."""
    suffix = ""
    while True:
        if isinstance(node, ast.Name):
            return node.id + suffix
        if isinstance(node, ast.Attribute):
            suffix = "." + node.attr + suffix
            node = node.value
        elif isinstance(node, ast.Call):
            suffix = "()" + suffix
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return None


def callee(node: Any) -> str:
    """The last name of what is called: ``"Column"`` for ``sa.Column(...)``; ``""`` when nothing is."""
    if not isinstance(node, ast.Call):
        return ""
    return (dotted(node.func) or "").rpartition(".")[2]


def literal(node: Optional[ast.AST], kind: type = str) -> Any:
    """The value of a literal of that type, else ``None``."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, kind) else None


def is_true(node: Optional[ast.AST]) -> bool:
    return literal(node, bool) is True


def template(node: Optional[ast.AST]) -> Optional[str]:
    """A text with the names in it that only other lines tell: ``"city.id"``, ``"{SCHEMA}.city.id"``, ``"{CITY_KEY}"``.

    ``None`` for what is put together in any other way.
    """
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) and not BRACES.intersection(node.value) else None
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = dotted(node)
        return "{%s}" % name if name and "()" not in name else None
    if isinstance(node, ast.JoinedStr):
        parts = [template(part) for part in node.values]
    elif isinstance(node, ast.FormattedValue):
        parts = [template(node.value) if node.conversion == -1 and node.format_spec is None else None]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [template(node.left), template(node.right)]
    else:
        return None
    told = [part for part in parts if part is not None]
    return "".join(told) if len(told) == len(parts) else None


def constant(node: Optional[ast.AST]) -> Optional[str]:
    """The template of a value that a module gives a name: none for a name alone, which is an alias."""
    found = template(node) if isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)) else None
    return found if found and len(found) <= LONGEST_CONSTANT else None


def lazy_module(node: Any) -> Optional[str]:
    """``"pkg.pyfunc"`` of ``LazyLoader("pyfunc", globals(), "pkg.pyfunc")``, which is imported when it is used."""
    if "lazy" not in callee(node).lower():
        return None
    texts = [literal(argument) for argument in node.args]
    names = [text for text in texts if text and all(part.isidentifier() for part in text.split("."))]
    return names[-1] if names else None


def fills_its_module(node: Any) -> bool:
    """Whether a call gets the module's own name and a list or table that may be of names for it, as in
    ``recreate_module(__name__, by_module={"app.a": ["A"]})``.
    """
    if not isinstance(node, ast.Call):
        return False
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    has_itself = any(isinstance(one, ast.Name) and one.id == "__name__" for one in arguments)
    return has_itself and any(isinstance(one, (ast.Dict, ast.List, ast.Tuple, ast.Set)) for one in arguments)


def owner_of(call: ast.Call) -> Optional[str]:
    """``db`` of ``db.Table(...)``."""
    return (dotted(call.func) or "").rpartition(".")[0] or None


def options_of(call: ast.Call) -> Dict[str, ast.expr]:
    """The keyword arguments of a call."""
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def full(record: Record) -> Record:
    """The record without its empty values."""
    return {key: value for key, value in record.items() if value not in (None, False, [], {}, "")}
