"""Names of libraries that have others now: in imports, and wherever a module says them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.fixes.source.imports import ImportBinding, alias_name, names_used, with_import
from kit.fixes.source.tree import code_of

#: whether a node stands on a line
Stands = Callable[[cst.CSTNode, int], bool]


@dataclass(frozen=True)
class NewName:
    """What takes a name's place: ``obj`` of ``module``, and what follows it (``.NOT_FOUND``, ``(fresh=True)``)."""

    module: str
    obj: str
    rest: str = ""

    @classmethod
    def of(cls, text: str) -> NewName:
        """From ``"module:object.rest"``."""
        module, _, said = text.partition(":")
        cut = next((at for at, letter in enumerate(said) if letter in ".("), len(said))
        return cls(module, said[:cut], said[cut:])


class NewNames:
    """New names by the old dotted ones; ``shop.old.*`` stands for everything that ``shop.old`` has."""

    def __init__(self, names: Mapping[str, str], lines: Mapping[str, Collection[int]]) -> None:
        """``lines`` has by old name the lines where it may be replaced."""
        self._names, self._lines = names, lines

    def of(self, dotted: str, node: cst.CSTNode, stands: Stands) -> NewName | None:
        """The new name of what a node says, if it stands on one of the lines."""
        for old, new in self._names.items():
            if any(stands(node, line) for line in self._lines.get(old, ())):
                below = dotted.removeprefix(old[:-1]) if old.endswith(".*") and dotted.startswith(old[:-1]) else ""
                if dotted == old:
                    return NewName.of(new)
                if below:
                    *modules, obj = below.split(".")
                    return NewName(".".join([new.partition(":")[0], *modules]), obj)
        return None


def renamed(module: cst.Module, names: NewNames, stands: Stands) -> cst.Module:
    """The module with the new names, and with the imports that they need."""
    seen = _Seen()
    module.visit(seen)
    renaming = _Renaming(names, stands, seen, frozenset(names_used(module).in_strings))
    module.visit(_Deciding(renaming))
    after = module.visit(renaming)
    for binding in renaming.needed:
        after = with_import(after, binding)
    return after


class _Seen(cst.CSTVisitor):
    """What the imports bind, the names that are bound in any other way, and all that are said."""

    def __init__(self) -> None:
        super().__init__()
        self.imported: dict[str, str] = {}
        self.rebound: set[str] = set()
        self.said: set[str] = set()

    def visit_Import(self, node: cst.Import) -> bool:  # noqa: N802  # libcst's name
        for alias in node.names:
            dotted = get_full_name_for_node(alias.name) or ""
            self.imported[alias_name(alias)] = dotted if alias.asname else dotted.partition(".")[0]
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: N802  # the same
        for alias in _aliases(node):
            self.imported[alias_name(alias)] = f"{_module_of(node)}.{alias.name.value}"
        return False

    def visit_Param(self, node: cst.Param) -> None:  # noqa: N802  # the same
        self.rebound.add(node.name.value)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:  # noqa: N802  # the same
        if isinstance(node.target, cst.Name):
            self.rebound.add(node.target.value)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802  # the same
        self.rebound.add(node.name.value)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802  # the same
        self.rebound.add(node.name.value)

    def visit_Attribute(self, node: cst.Attribute) -> bool:  # noqa: N802  # the same
        node.value.visit(self)
        return False

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802  # the same
        self.said.add(node.value)

    def dotted(self, node: cst.CSTNode) -> str:
        """The dotted name of an expression, through the imports; empty where it has none."""
        root, _, rest = (get_full_name_for_node(node) or "").partition(".")
        known = self.imported.get(root, "") if root not in self.rebound else ""
        return f"{known}.{rest}" if known and rest else known

    def is_free(self, name: str, meant: str) -> bool:
        """Whether a name can be bound to what is meant."""
        return name not in self.said or (self.imported.get(name) == meant and name not in self.rebound)


class _Renaming(cst.CSTTransformer):
    def __init__(self, names: NewNames, stands: Stands, seen: _Seen, in_strings: frozenset[str]) -> None:
        super().__init__()
        self._names, self._stands, self._seen, self._in_strings = names, stands, seen, in_strings
        #: by name that an import binds: what is said in its place from now on
        self.spoken: dict[str, str] = {}
        self.needed: list[ImportBinding] = []

    def new_of(self, node: cst.ImportFrom, alias: cst.ImportAlias) -> NewName | None:
        """The new name of what is imported, if every use of it can be written anew."""
        new = self._names.of(f"{_module_of(node)}.{alias.name.value}", node, self._stands)
        return new if new is None or not new.rest or self.is_spoken(alias, new) else None

    def is_spoken(self, alias: cst.ImportAlias, new: NewName) -> bool:
        """Whether the module can say the new name wherever it says the old one; nobody else may know the old one."""
        name = alias_name(alias)
        is_own = (
            name in self._seen.said
            and name not in self._seen.rebound
            and name not in self._in_strings
            and not alias.asname
        )
        return is_own and (name == new.obj or self._seen.is_free(new.obj, f"{new.module}.{new.obj}"))

    def leave_SimpleStatementLine(  # noqa: N802  # libcst's name
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        small = original_node.body[0] if len(original_node.body) == 1 else None
        if isinstance(small, cst.Import):
            names = [self._module(alias, small) for alias in small.names]
            return updated_node if names == list(small.names) else _with(updated_node, small.with_changes(names=names))
        if not isinstance(small, cst.ImportFrom):
            return updated_node
        moved = [(alias, self.new_of(small, alias)) for alias in _aliases(small)]
        if not any(new for _, new in moved):
            return updated_node
        first, *others = self._statements(small, moved)
        return cst.FlattenSentinel([_with(updated_node, first), *(cst.SimpleStatementLine([one]) for one in others)])

    def _statements(
        self, old: cst.ImportFrom, moved: Sequence[tuple[cst.ImportAlias, NewName | None]]
    ) -> Iterator[cst.ImportFrom]:
        by_module: dict[str, dict[str, cst.ImportAlias]] = {}
        for alias, new in moved:
            module = new.module if new else _module_of(old)
            named = self._alias(alias, new) if new else alias
            by_module.setdefault(module, {}).setdefault(code_of(named.with_changes(comma=_NO)), named)
        for module, aliases in by_module.items():
            *before, last = aliases.values()
            comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
            spaced = [one if isinstance(one.comma, cst.Comma) else one.with_changes(comma=comma) for one in before]
            end = last if old.lpar and len(by_module) == 1 else last.with_changes(comma=_NO)
            yield old.with_changes(module=cst.parse_expression(module), names=[*spaced, end])

    def _alias(self, alias: cst.ImportAlias, new: NewName) -> cst.ImportAlias:
        name = alias_name(alias)
        kept = None if self.is_spoken(alias, new) or name == new.obj else cst.AsName(cst.Name(name))
        return alias.with_changes(name=cst.Name(new.obj), asname=kept)

    def _module(self, alias: cst.ImportAlias, node: cst.Import) -> cst.ImportAlias:
        dotted = get_full_name_for_node(alias.name) or ""
        new = self._names.of(dotted, node, self._stands)
        if new is None or new.obj or ("." in dotted and not alias.asname):
            return alias
        return alias.with_changes(name=cst.parse_expression(new.module), asname=cst.AsName(cst.Name(alias_name(alias))))

    def visit_Import(self, node: cst.Import) -> bool:  # noqa: ARG002, N802  # libcst's signature
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: ARG002, N802  # the same
        return False

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: ARG002, N802
        spoken = self.spoken.get(updated_node.value)
        return cst.parse_expression(spoken) if spoken else updated_node

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802  # the same
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Attribute(  # noqa: N802  # the same
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        kept = updated_node.with_changes(attr=original_node.attr)
        new = self._names.of(self._seen.dotted(original_node), original_node, self._stands)
        if new is None or not new.obj:
            return kept
        if self._seen.dotted(original_node.value) == new.module:
            return cst.parse_expression(f"{code_of(updated_node.value)}.{new.obj}{new.rest}")
        if self._seen.is_free(new.obj, f"{new.module}.{new.obj}"):
            self.needed.append(ImportBinding(new.module, new.obj, new.obj, for_types=False))
            return cst.parse_expression(f"{new.obj}{new.rest}")
        self.needed.append(ImportBinding(new.module, None, new.module, for_types=False))
        return cst.parse_expression(f"{new.module}.{new.obj}{new.rest}")


class _Deciding(cst.CSTVisitor):
    """Finds out, before anything is replaced, what is to be said in place of imported names."""

    def __init__(self, renaming: _Renaming) -> None:
        super().__init__()
        self._renaming = renaming

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: N802  # libcst's name
        for alias in _aliases(node):
            new = self._renaming.new_of(node, alias)
            if new and self._renaming.is_spoken(alias, new) and alias_name(alias) != f"{new.obj}{new.rest}":
                self._renaming.spoken[alias_name(alias)] = f"{new.obj}{new.rest}"
        return False


_NO = cst.MaybeSentinel.DEFAULT


def _aliases(node: cst.CSTNode | None) -> Sequence[cst.ImportAlias]:
    if not isinstance(node, cst.ImportFrom) or node.relative or isinstance(node.names, cst.ImportStar):
        return ()
    return node.names


def _module_of(node: cst.ImportFrom) -> str:
    return (get_full_name_for_node(node.module) or "") if node.module else ""


def _with(line: cst.SimpleStatementLine, small: cst.BaseSmallStatement) -> cst.SimpleStatementLine:
    return line.with_changes(body=[small])
