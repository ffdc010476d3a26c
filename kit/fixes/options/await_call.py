"""Await a call whose coroutine nothing awaits.

https://docs.python.org/3/library/asyncio-task.html#coroutines
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"unawaited-call"})
KIND = "await-call"
_URL = "https://docs.python.org/3/library/asyncio-task.html#coroutines"
_CALLED = re.compile(r" calls (?P<name>[\w.<>]+) and does not await it$")


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the calls of that name in the async functions that the lines of the cause stand in: of several
    coroutines, Python warns where it throws them away.
    """
    told = _CALLED.search(cause.title)
    if told is None:
        return
    name = told["name"].rpartition(".")[2]
    lines: dict[str, set[int]] = {}
    for place in cause.locations:
        if not scene.is_test(place.path):
            lines.setdefault(place.path, set()).add(place.line)
    title = f"Await the call of {name} ({cause.locations[0]})"
    try:
        texts = {path: edited(scene.text(path), path, _awaiting(name, here)) for path, here in lines.items()}
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    after: dict[str, str | None] = {path: text for path, text in texts.items() if text is not None}
    if after:
        why = "Calling an async function only makes a coroutine: what it does begins when something awaits it"
        yield option_of(cause, scene, Proposal(KIND, title, why, after, documentation=_URL))


class _Awaiting(cst.CSTTransformer):
    """Puts ``await`` in front of calls, in the bodies of async functions. A call that is an argument of another one
    stays: its coroutine may be meant to be passed on (``asyncio.gather``, ``create_task``).
    """

    def __init__(self, at: NodesAt, name: str, lines: set[int]) -> None:
        super().__init__()
        self._at, self._name, self._lines = at, name, lines
        #: of the functions around: whether they are async, and a line of the cause stands in them
        self._is_meant = [False]
        self._passed_on = 0
        self._awaited: set[cst.CSTNode] = set()
        self._made: set[cst.CSTNode] = set()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802  # libcst's name
        is_of_cause = any(self._at.within(node, line) for line in self._lines)
        self._is_meant.append(node.asynchronous is not None and is_of_cause)

    def leave_FunctionDef(  # noqa: N802  # the same
        self,
        original_node: cst.FunctionDef,  # noqa: ARG002
        updated_node: cst.FunctionDef,
    ) -> cst.FunctionDef:
        self._is_meant.pop()
        return updated_node

    def visit_Lambda(self, node: cst.Lambda) -> None:  # noqa: ARG002, N802  # the same
        self._is_meant.append(False)

    def leave_Lambda(self, original_node: cst.Lambda, updated_node: cst.Lambda) -> cst.Lambda:  # noqa: ARG002, N802
        self._is_meant.pop()
        return updated_node

    def visit_Await(self, node: cst.Await) -> None:  # noqa: N802  # the same
        self._awaited.add(node.expression)

    def visit_Arg(self, node: cst.Arg) -> None:  # noqa: ARG002, N802  # the same
        self._passed_on += 1

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: ARG002, N802  # the same
        self._passed_on -= 1
        return updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        name = (get_full_name_for_node(original_node.func) or "").rpartition(".")[2]
        is_done = self._passed_on or original_node in self._awaited
        if name != self._name or not self._is_meant[-1] or is_done:
            return updated_node
        made = cst.Await(updated_node, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        self._made.add(made)
        return made

    def leave_Expr(self, original_node: cst.Expr, updated_node: cst.Expr) -> cst.Expr:  # noqa: ARG002, N802
        return updated_node.with_changes(value=self._bare(updated_node.value))

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:  # noqa: ARG002, N802
        return updated_node.with_changes(value=self._bare(updated_node.value))

    def leave_Return(self, original_node: cst.Return, updated_node: cst.Return) -> cst.Return:  # noqa: ARG002, N802
        return updated_node.with_changes(value=updated_node.value and self._bare(updated_node.value))

    def _bare(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """An ``await`` that is a whole statement, or its value, needs no parentheses."""
        return node.with_changes(lpar=[], rpar=[]) if node in self._made else node


def _awaiting(name: str, lines: set[int]) -> Callable[[NodesAt], cst.CSTTransformer]:
    return lambda at: _Awaiting(at, name, lines)
