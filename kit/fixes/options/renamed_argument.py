"""Call a function with the argument that it takes, where a keyword is misspelt or has an older name.

https://docs.python.org/3/reference/expressions.html#calls
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.options.shared.sides import by_side, in_words
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"wrong-call"})
KIND = "renamed-argument"
_URL = "https://docs.python.org/3/reference/expressions.html#calls"
_REFUSED = re.compile(r"got an unexpected keyword argument '(?P<keyword>\w+)'")


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the calls in the app and one for those in the tests, where one parameter alone is like the
    keyword that is refused.
    """
    told = _REFUSED.search(cause.title)
    defined = {place for place in cause.locations if place.role == "definition"}
    takes = [scene.declarations.parameters(place) for place in sorted(defined, key=str)]
    if told is None or len(takes) != 1 or told["keyword"] in takes[0]:
        return
    parameters, keyword = takes[0], told["keyword"]
    meant = nearest(keyword, parameters)
    if meant is None:
        return
    renaming = _Renaming(_called(cause), keyword, meant, _position(parameters, meant))
    lines: dict[str, set[int]] = {}
    for place in cause.locations:
        if place not in defined:
            lines.setdefault(place.path, set()).add(place.line)
    for side, paths in by_side(scene, lines):
        title = f"Call {renaming.called}() with {meant} in place of {keyword}, {in_words(side)}"
        try:
            texts = {path: replaced(scene, path, lines[path], renaming.becomes) for path in paths}
        except NotEditableError as error:
            yield without_patch(cause, KIND + side, title, error)
            continue
        after: dict[str, str | None] = {path: text for path, text in texts.items() if text is not None}
        if after:
            why = f"{renaming.called}() takes no {keyword}, and {meant} is the one of its parameters most like it"
            yield option_of(cause, scene, Proposal(KIND + side, title, why, after, documentation=_URL))


def _called(cause: Cause) -> str:
    """The name by which the function is called: a class by its own name for its ``__init__``."""
    return cause.id.partition(":")[2].removesuffix(".__init__").rpartition(".")[2]


def _position(parameters: tuple[str, ...], meant: str) -> int:
    """At which place a call may give the parameter without its name."""
    taken = parameters[1:] if parameters[:1] in (("self",), ("cls",)) else parameters
    return taken.index(meant)


class _Renaming:
    """What takes the place of the calls of one function."""

    def __init__(self, called: str, keyword: str, meant: str, position: int) -> None:
        self.called, self._keyword, self._meant, self._position = called, keyword, meant, position

    def becomes(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """The call with the other keyword; ``None`` for another node, and where the parameter has a value already."""
        if not isinstance(node, cst.Call) or not self._is_called_by(node):
            return None
        given = [one.keyword.value for one in node.args if one.keyword]
        positional = sum(one.keyword is None and not one.star for one in node.args)
        if self._keyword not in given or self._meant in given or positional > self._position:
            return None
        args = [
            one.with_changes(keyword=cst.Name(self._meant))
            if one.keyword and one.keyword.value == self._keyword
            else one
            for one in node.args
        ]
        return node.with_changes(args=args)

    def _is_called_by(self, node: cst.Call) -> bool:
        return (get_full_name_for_node(node.func) or "").rpartition(".")[2] == self.called
