"""Marks compiled into functions: each says that it ran, at the cost of one store (Python 3.8 to 3.11).

A *unit* is a function that no other function contains, with all that is in it; it is known by its file and its first
line. A mark stands at the start of a unit and of each function in it, since one test may make a function that another
calls. What is suspended (a generator, a coroutine) gets marks where it goes on: it may be resumed in another test.

A mark has the position of the statement that it stands before, so tracebacks, the lines that are traced, and the source
of a function stay as they are. It names nothing: it reads the array from a constant. ``co_consts``, ``co_code`` and
``co_stacksize`` do differ; kit marks nothing in an app whose source mentions them.

Stdlib only.
"""

from __future__ import annotations

import ast
import sys
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from types import CodeType
    from typing import Any, Callable, List, Tuple, Union

#: constants that stand for what cannot be written into a file: the array, what sets an entry of it, what is called at
#: the end of a module, and (followed by the first line) the number of a unit
HITS, SET, END, UNIT = "\0kit:hits", "\0kit:set", "\0kit:end", "\0kit:unit:"

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

#: which part of a statement or an expression Python evaluates first
FIRST = {
    ast.If: "test",
    ast.While: "test",
    ast.Expr: "value",
    ast.Return: "value",
    ast.BoolOp: "values",
    ast.Compare: "left",
    ast.BinOp: "left",
    ast.UnaryOp: "operand",
    ast.IfExp: "test",
    ast.Call: "func",
    ast.Attribute: "value",
    ast.Subscript: "value",
    ast.Tuple: "elts",
    ast.Await: "value",
}

#: since Python 3.10, a function whose statements do nothing is traced at its own first line
KEEPS_FIRST_LINE = sys.version_info >= (3, 10)

SUSPENDING = (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith)


def marked(source: Union[str, bytes], path: str) -> CodeType:
    """The code of a module with its marks; :func:`bound` makes it run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the source was compiled before, and constants look as if they were called
        tree = ast.parse(source, path)
        Marking().visit(tree)
        return compile(tree, path, "exec", dont_inherit=True)


def bound(code: CodeType, hits: Any, end: Callable[[], None], number_of: Callable[[int], int]) -> CodeType:
    """The code with the things in place of the constants that stand for them."""
    there = {HITS: hits, SET: hits.__setitem__, END: end}

    def real(value: Any) -> Any:
        if isinstance(value, type(code)):
            return bound(value, hits, end, number_of)
        if type(value) is not str or not value.startswith("\0kit:"):
            return value
        if value.startswith(UNIT):
            return number_of(int(value[len(UNIT) :]))
        return there.get(value, value)

    constants = tuple(map(real, code.co_consts))
    is_other = any(one is not other for one, other in zip(constants, code.co_consts))  # noqa: B905 (Python 3.10)
    return code.replace(co_consts=constants) if is_other else code


class Marking(ast.NodeTransformer):
    """Puts the marks into a module."""

    def __init__(self) -> None:
        self._unit = 0  # the first line of the unit that is being visited
        self._suspends = False  # whether the innermost function can be suspended

    def visit_Module(self, node: ast.Module) -> ast.Module:
        self.generic_visit(node)
        if node.body:
            call = ast.Expr(ast.Call(ast.Constant(END), [], []))
            node.body.append(placed(call, start_of(node.body[-1])))
        return node

    def visit_FunctionDef(self, node: Any) -> Any:
        for field in ("decorator_list", "args", "returns"):  # they are evaluated outside
            value = getattr(node, field)
            for one in value if isinstance(value, list) else [value] if value is not None else []:
                self.visit(one)
        before = self._unit, self._suspends
        self._unit = self._unit or first_line(node)
        self._suspends = isinstance(node, ast.AsyncFunctionDef) or suspends(node)
        node.body = [self.visit(statement) for statement in node.body]
        self._put(node.body, 1 if has_docstring(node.body) else 0, first_line(node))
        self._unit, self._suspends = before
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        self.visit(node.args)
        before, self._suspends = self._suspends, suspends(node)
        node.body = self._marking(self.visit(node.body)) if self._unit else self.visit(node.body)
        self._suspends = before
        return node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.GeneratorExp:
        self.generic_visit(node)
        if self._unit:
            node.elt = self._marking(node.elt)
        return node

    def visit_Yield(self, node: Any) -> Any:
        self.generic_visit(node)
        if not self._unit:
            return node
        pair = ast.Tuple([node, self._call(node)], ast.Load())
        return placed(ast.Subscript(pair, at(ast.Constant(0)), ast.Load()), start_of(node))

    visit_YieldFrom = visit_Await = visit_Yield  # noqa: N815

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        self.generic_visit(node)
        return self._resumed(node)

    def visit_Try(self, node: Any) -> Any:
        self.generic_visit(node)
        if self._suspends and self._unit and node.finalbody:
            self._put(node.finalbody, 0)
        return node

    visit_TryStar = visit_Try  # noqa: N815

    def visit_AsyncFor(self, node: ast.AsyncFor) -> Any:
        self.generic_visit(node)
        return self._resumed(node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> Any:
        self.generic_visit(node)
        return self._resumed(node)

    def _resumed(self, node: Any) -> Any:
        if self._suspends and self._unit:
            self._put(node.body, 0)
        return node

    def _put(self, body: List[Any], index: int, line: int = 0) -> None:
        """Put a mark before a statement, or at the end. ``line`` is the first of the function."""
        target = ast.Subscript(ast.Constant(HITS), at(self._number()), ast.Store())
        mark = ast.Assign([target], ast.Constant(1))
        near = next((one for one in body[index:] if does_something(one)), None)
        if near is None and line and KEEPS_FIRST_LINE:
            position = line, 0
        else:
            position = start_of(body[min(index, len(body) - 1)] if near is None else first_of(near))
        body.insert(index, placed(mark, position))

    def _marking(self, value: Any) -> Any:
        """An expression that marks, and then has the value of ``value``."""
        return placed(ast.BoolOp(ast.Or(), [self._call(value), value]), start_of(value))

    def _call(self, near: Any) -> Any:
        return placed(ast.Call(ast.Constant(SET), [self._number(), ast.Constant(1)], []), start_of(near))

    def _number(self) -> Any:
        return ast.Constant(UNIT + str(self._unit))


def first_line(node: Any) -> int:
    """The line that ``co_firstlineno`` has: that of the first decorator, where there is one."""
    return int(min([node.lineno, *(one.lineno for one in node.decorator_list)]))


def has_docstring(body: List[Any]) -> bool:
    first = body[0]
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def does_something(statement: Any) -> bool:
    """Whether Python has an instruction for a statement, and so its line."""
    if isinstance(statement, ast.AnnAssign):
        return statement.value is not None
    return not isinstance(statement, (ast.Global, ast.Nonlocal))


def first_of(statement: Any) -> Any:
    """What Python does first of a statement that may begin on another line: nothing is traced on that one then."""
    while not KEEPS_FIRST_LINE and isinstance(statement, ast.While) and isinstance(statement.test, ast.Constant):
        statement = statement.body[0]
    node = statement
    while node.lineno == statement.lineno or type(node) in FIRST:
        field = FIRST.get(type(node))
        inner = getattr(node, field) if field else None
        if isinstance(inner, list):
            inner = inner[0] if inner else None
        if inner is None:
            return statement if node.lineno == statement.lineno else node
        node = inner
    return node


def suspends(function: Any) -> bool:
    """Whether a function can be suspended by something of its own."""
    body = function.body if isinstance(function.body, list) else [function.body]
    todo = [*body]
    while todo:
        node = todo.pop()
        if isinstance(node, SUSPENDING):
            return True
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            todo += ast.iter_child_nodes(node)
    return False


def at(index: Any) -> Any:
    return index if sys.version_info >= (3, 9) else ast.Index(index)


def start_of(node: Any) -> Tuple[int, int]:
    return first_line(node) if hasattr(node, "decorator_list") else node.lineno, node.col_offset


def placed(node: Any, position: Tuple[int, int]) -> Any:
    """The node and what is new in it, at a position without an extent."""
    line, column = position
    todo: List[Any] = [node]
    while todo:
        one = todo.pop()
        is_new = not hasattr(one, "lineno")
        if is_new and "lineno" in one._attributes:
            one.lineno = one.end_lineno = line
            one.col_offset = one.end_col_offset = column
        if is_new:
            todo += ast.iter_child_nodes(one)
    return node
