"""Give a route ``response_model=None``, so that FastAPI makes no response field of its return annotation.

https://fastapi.tiangolo.com/tutorial/response-model/#disable-response-model
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import is_name

CAUSES = frozenset({"response-annotation"})
KIND = "response-model-none"
#: the role of the places of other routes
_OTHERS = "same pattern"
_URL = "https://fastapi.tiangolo.com/tutorial/response-model/#disable-response-model"
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route", "route"})


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the route and every other one with the same pattern, and one for the route alone: another may be
    as it is on purpose.
    """
    own = [place for place in cause.locations if place.role != _OTHERS]
    yield from _without_models(cause, scene, cause.locations, KIND)
    if 0 < len(own) < len(cause.locations):
        yield from _without_models(cause, scene, own, f"{KIND}-here")


def _without_models(cause: Cause, scene: FixScene, places: Sequence[Location], kind: str) -> Iterator[FixOption]:
    by_file: dict[str, list[int]] = {}
    for place in places:
        by_file.setdefault(place.path, []).append(place.line)
    title = f"Give {'the route' if len(places) == 1 else 'each of the routes'} response_model=None"
    after: dict[str, str | None] = {}
    try:
        for path, lines in by_file.items():
            changed = edited(scene.text(path), path, lambda at, lines=lines: _NoModel(at, lines))  # type: ignore[misc]
            if changed is not None:
                after[path] = changed
    except NotEditableError as error:
        yield without_patch(cause, kind, title, error)
        return
    if after:
        why = "FastAPI builds no response field then, and the function returns what it returns today"
        losses = ("the response is not checked against a model, and OpenAPI shows none for it",)
        yield option_of(cause, scene, Proposal(kind, title, why, after, losses=losses, documentation=_URL))


class _NoModel(cst.CSTTransformer):
    def __init__(self, at: NodesAt, lines: list[int]) -> None:
        super().__init__()
        self._at, self._lines = at, lines

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: ARG002, N802  # libcst's signature
        return True

    def leave_FunctionDef(  # noqa: N802  # the same
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        header = [
            original_node.name,
            *original_node.decorators,
            *([original_node.returns] if original_node.returns else []),
        ]
        if not any(self._at.within(node, line) for node in header for line in self._lines):
            return updated_node
        return updated_node.with_changes(decorators=[_without_model(one) for one in updated_node.decorators])


def _without_model(decorator: cst.Decorator) -> cst.Decorator:
    call = decorator.decorator
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or call.func.attr.value not in _VERBS:
        return decorator
    if any(is_name(argument.keyword, "response_model") for argument in call.args):
        return decorator
    argument = cst.Arg(
        keyword=cst.Name("response_model"),
        value=cst.Name("None"),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )
    arguments = list(call.args)
    if arguments:
        last = arguments[-1]
        comma = last.comma if isinstance(last.comma, cst.Comma) else cst.MaybeSentinel.DEFAULT
        spaced = cst.Comma(whitespace_after=_between(arguments))
        arguments[-1] = last.with_changes(comma=spaced, whitespace_after_arg=cst.SimpleWhitespace(""))
        argument = argument.with_changes(comma=comma, whitespace_after_arg=last.whitespace_after_arg)
    return decorator.with_changes(decorator=call.with_changes(args=[*arguments, argument]))


def _between(arguments: list[cst.Arg]) -> cst.BaseParenthesizableWhitespace:
    """The space that stands between arguments of this call."""
    first = arguments[0].comma
    if len(arguments) > 1 and isinstance(first, cst.Comma):
        return first.whitespace_after
    return cst.SimpleWhitespace(" ")
