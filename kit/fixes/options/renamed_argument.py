"""Call a function with the argument that it takes, where a keyword is misspelt or has an older name.

https://docs.python.org/3/reference/expressions.html#calls
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.refused_keyword import RefusedKeyword, called_name, refused_keyword
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.options.shared.sides import by_side, in_words
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"wrong-call"})
KIND = "renamed-argument"
_URL = "https://docs.python.org/3/reference/expressions.html#calls"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the calls in the app and one for those in the tests, where one parameter alone is like the
    keyword that is refused.
    """
    refused = refused_keyword(cause, scene)
    if refused is None:
        return
    lines: dict[str, set[int]] = {}
    for place in cause.locations:
        if place != refused.definition:
            lines.setdefault(place.path, set()).add(place.line)
    for side, paths in by_side(scene, lines):
        title = f"Call {refused.called}() with {refused.meant} in place of {refused.keyword}, {in_words(side)}"
        try:
            texts = {path: replaced(scene, path, lines[path], partial(_becomes, refused)) for path in paths}
        except NotEditableError as error:
            yield without_patch(cause, KIND + side, title, error)
            continue
        after: dict[str, str | None] = {path: text for path, text in texts.items() if text is not None}
        if after:
            why = (
                f"{refused.called}() takes no {refused.keyword}, and {refused.meant} is the one of its parameters most "
                "like it"
            )
            yield option_of(cause, scene, Proposal(KIND + side, title, why, after, documentation=_URL))


def _becomes(refused: RefusedKeyword, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The call with the other keyword; ``None`` for another node, and where the parameter has a value already."""
    if not isinstance(node, cst.Call) or called_name(node) not in refused.names:
        return None
    given = [one.keyword.value for one in node.args if one.keyword]
    positional = sum(one.keyword is None and not one.star for one in node.args)
    if refused.keyword not in given or refused.meant in given or positional > refused.position:
        return None
    args = [
        one.with_changes(keyword=cst.Name(refused.meant))
        if one.keyword and one.keyword.value == refused.keyword
        else one
        for one in node.args
    ]
    return node.with_changes(args=args)
