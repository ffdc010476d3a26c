"""Calls, assignments and methods of a library's users, as a newer release wants them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import libcst as cst

from kit.fixes.source.imports import ImportBinding, bindings, with_import
from kit.fixes.source.new_names import Stands
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import code_of

_CALL = re.compile(r"(?P<name>[^(]*)\((?P<what>[^)]+)\)")
_METHOD = re.compile(r"class[^)]*\)\.def (?P<name>\w+)\(\d+\)")
_ATTRIBUTE = re.compile(r"\.(?P<name>\w+)=")
#: an expression that begins with a name to import: ``module:object``
_IMPORTED = re.compile(r"(?P<module>[\w.]+):(?P<obj>\w+)")


def rewritten(
    module: cst.Module, edits: Mapping[str, str], lines: Mapping[str, Collection[int]], stands: Stands
) -> cst.Module:
    """The module with its calls edited, each on the ``lines`` that its pattern was found on. An edit is

    * of ``call(old=)`` or ``call(old=kind)``: ``"new="``, ``"new=expression({})"`` with the old value in it, or
      ``""``, which leaves the keyword out;
    * of ``call(0=kind)``: ``"expression({})"`` with the old first argument in it, or ``"*{}"`` for the items of a list;
    * of ``call(#n)``: the keywords of these arguments, ``"_ page="`` (``_`` stays as it is);
    * of ``.old=``: ``".new"``; of ``class(base).def old(n)``: the new name of the method.

    An expression may begin with ``module:object``, which is imported where it is not there.

    Raises :class:`NotEditableError` where the file calls a method that gets another name.
    """
    modules = {one.module: one.name for one in bindings(module).values() if one.obj is None}
    rewriting = _Rewriting(edits, lines, stands, modules)
    after = module.visit(rewriting)
    if called := rewriting.called & rewriting.renamed:
        raise NotEditableError(f"`{min(called)}` is called in this file: rename the calls and the method together")
    for binding in rewriting.needed:
        after = with_import(after, binding)
    return after


class _Rewriting(cst.CSTTransformer):
    def __init__(
        self,
        edits: Mapping[str, str],
        lines: Mapping[str, Collection[int]],
        stands: Stands,
        modules: Mapping[str, str],
    ) -> None:
        """``modules`` are those that are imported whole, by their dotted names, with the names that they have here."""
        super().__init__()
        self._edits, self._lines, self._stands, self._modules = edits, lines, stands, modules
        self.needed: list[ImportBinding] = []
        self.called: set[str] = set()
        self.renamed: set[str] = set()

    def _here(self, node: cst.CSTNode, kind: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
        for pattern, new in self._edits.items():
            found = kind.fullmatch(pattern)
            if found and any(self._stands(node, line) for line in self._lines.get(pattern, ())):
                yield found, new

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802  # libcst's name
        called = original_node.func.attr if isinstance(original_node.func, cst.Attribute) else original_node.func
        for found, new in self._here(original_node, _CALL):
            wanted = re.escape(found["name"].rpartition(".")[2]).replace(r"\*", ".*")
            if isinstance(called, cst.Name) and re.fullmatch(wanted, called.value):
                updated_node = updated_node.with_changes(args=self._arguments(updated_node.args, found["what"], new))
        if isinstance(original_node.func, cst.Attribute):
            self.called.add(original_node.func.attr.value)
        return updated_node

    def _arguments(self, args: Sequence[cst.Arg], what: str, new: str) -> Sequence[cst.Arg]:
        if what.startswith("#"):
            return _named(args, int(what[1:]), new.split())
        if what.startswith("0="):
            return self._first(args, new)
        old = what.partition("=")[0]
        kept = []
        for one in args:
            if one.keyword is None or one.keyword.value != old:
                kept.append(one)
            elif new:
                keyword, _, expression = new.partition("=")
                value = self._expression(expression, one.value) if expression else one.value
                kept.append(one.with_changes(keyword=cst.Name(keyword), value=value))
        return _without_last_comma(kept) if len(kept) < len(args) else kept

    def _first(self, args: Sequence[cst.Arg], new: str) -> Sequence[cst.Arg]:
        first, *others = args
        if new != "*{}":
            return [first.with_changes(value=self._expression(new, first.value)), *others]
        if not isinstance(first.value, cst.List) or not all(
            isinstance(one, cst.Element) for one in first.value.elements
        ):
            return args
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        items = [cst.Arg(one.value, comma=comma) for one in first.value.elements]
        return [*items, *others] if others else _without_last_comma(items)

    def _expression(self, template: str, value: cst.BaseExpression) -> cst.BaseExpression:
        text = _IMPORTED.sub(self._imported, template).replace("{}", code_of(value))
        return cst.parse_expression(text)

    def _imported(self, found: re.Match[str]) -> str:
        if whole := self._modules.get(found["module"]):
            return f"{whole}.{found['obj']}"
        self.needed.append(ImportBinding(found["module"], found["obj"], found["obj"], for_types=False))
        return found["obj"]

    def leave_AssignTarget(  # noqa: N802  # libcst's name
        self, original_node: cst.AssignTarget, updated_node: cst.AssignTarget
    ) -> cst.AssignTarget:
        target = updated_node.target
        for found, new in self._here(original_node, _ATTRIBUTE):
            if isinstance(target, cst.Attribute) and target.attr.value == found["name"]:
                return updated_node.with_changes(target=target.with_changes(attr=cst.Name(new.removeprefix("."))))
        return updated_node

    def leave_FunctionDef(  # noqa: N802  # the same
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        for found, new in self._here(original_node.name, _METHOD):
            if original_node.name.value == found["name"]:
                self.renamed.add(found["name"])
                return updated_node.with_changes(name=cst.Name(new))
        return updated_node


def _named(args: Sequence[cst.Arg], number: int, keywords: Sequence[str]) -> Sequence[cst.Arg]:
    positional = [one for one in args if one.keyword is None and not one.star]
    if len(positional) != number or len(keywords) < number:
        return args
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    named = [
        one if keyword == "_" else one.with_changes(keyword=cst.Name(keyword.removesuffix("=")), equal=equal)
        for one, keyword in zip(positional, keywords, strict=False)
    ]
    return [*named, *args[number:]]


def _without_last_comma(args: Sequence[cst.Arg]) -> Sequence[cst.Arg]:
    return [*args[:-1], args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)] if args else args
