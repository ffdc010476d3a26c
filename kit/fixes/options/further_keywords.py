"""Let a function take the keywords that a library passes to it beside those that it knows.

https://docs.python.org/3/reference/compound_stmts.html#function-definitions
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

import libcst as cst
from libcst import matchers

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.options.shared.refused_keyword import passed_to, said_keyword
from kit.fixes.options.shared.sides import by_side, in_words
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"wrong-call"})
KIND = "further-keywords"
_URL = "https://docs.python.org/3/reference/compound_stmts.html#function-definitions"
#: the first one that the function does not use
_NAMES = ("kwargs", "further", "further_keywords")


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the definitions in the app and one for those in the tests, where no call of the target passes the
    keyword or a mapping: a library does.
    """
    keyword, name = said_keyword(cause), cause.id.rpartition(":")[2].rpartition(".")[2]
    if keyword is None or name == "__init__" or any(passed_to(scene, one, {name}) for one in (keyword, None)):
        return
    lines: dict[str, set[int]] = {}
    for place in cause.locations:
        if place.role == "definition" and keyword not in scene.declarations.parameters(place):
            lines.setdefault(place.path, set()).add(place.line)
    for side, paths in by_side(scene, lines):
        title = f"Let {name}() take further keywords, {in_words(side)}"
        try:
            texts = {path: edited(scene.text(path), path, partial(_Taking, lines=lines[path])) for path in paths}
        except NotEditableError as error:
            yield without_patch(cause, KIND + side, title, error)
            continue
        after: dict[str, str | None] = {path: text for path, text in texts.items() if text is not None}
        if after:
            why = f"A library calls {name}() with {keyword}, and no call of the app or its tests does"
            losses = (f"what {keyword} says is ignored",)
            yield option_of(cause, scene, Proposal(KIND + side, title, why, after, losses, documentation=_URL))


class _Taking(cst.CSTTransformer):
    def __init__(self, at: NodesAt, lines: Collection[int]) -> None:
        super().__init__()
        self._at, self._lines = at, lines

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        is_meant = any(self._at.begins(original_node.name, line) for line in self._lines)
        if not is_meant or original_node.params.star_kwarg:
            return updated_node
        return updated_node.with_changes(params=_with_more(updated_node))


def _with_more(node: cst.FunctionDef) -> cst.Parameters:
    """The parameters with ``**kwargs`` behind them. A comma behind the last of them stays the last one."""
    used = {one.value for one in matchers.findall(node, matchers.Name()) if isinstance(one, cst.Name)}
    taken = node.params
    more = cst.Param(cst.Name(next((one for one in _NAMES if one not in used), "_rest")), star="**")
    name = "kwonly_params" if taken.kwonly_params else "params"
    before = () if name == "params" and isinstance(taken.star_arg, cst.Param) else getattr(taken, name)
    if not before or not isinstance(before[-1].comma, cst.Comma):
        return taken.with_changes(star_kwarg=more)
    space = node.whitespace_before_params
    between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" ") if space.empty else space)
    last = before[-1].with_changes(comma=between)
    return taken.with_changes(star_kwarg=more.with_changes(comma=before[-1].comma), **{name: [*before[:-1], last]})
