"""Who imports a name, worked out forwards: every import of every file is followed to what it takes, by ``ast`` alone.

It shares nothing with kit, and goes the other way: kit starts at a name and looks for those who take it. Slow, short,
and only as good as to be right on the public packages that it is used on.
"""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

#: nodes whose bodies run in the namespace that they stand in
TRANSPARENT = (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.ExceptHandler)


class Thing(NamedTuple):
    """A module (no name) or a name of one."""

    module: str
    name: str = ""


#: what an import takes, the text of an alias, ``None`` for a definition, by name
Bound = dict[str, Thing | str | None]


class Reference:
    """The files below ``root``, which is the one import root."""

    def __init__(self, root: Path) -> None:
        self.trees: dict[str, tuple[str, ast.Module]] = {}
        self.prefixes: set[str] = set()
        for file in sorted(root.rglob("*.py")):
            path = file.relative_to(root)
            if any(part.startswith(".") or part in ("site-packages", "node_modules") for part in path.parts):
                continue
            parts = path.with_suffix("").parts
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            with warnings.catch_warnings(action="ignore"):
                try:
                    self.trees[module] = (path.as_posix(), ast.parse(file.read_bytes()))
                except (SyntaxError, ValueError):
                    continue
            self.prefixes |= {module.rsplit(".", up)[0] for up in range(module.count(".") + 1)}
        self.resolve = lru_cache(maxsize=None)(self._resolve)
        self.bound = lru_cache(maxsize=None)(self._bound)

    def importers(self, module: str, name: str) -> set[tuple[str, int]]:
        """``(path, line)`` of every statement that takes the name."""
        return self._by_thing.get(Thing(module, name), set())

    def imported_names(self) -> set[Thing]:
        """Every name of the files that some statement takes."""
        found = {thing for thing in self._by_thing if thing.module in self.trees}
        return {thing for thing in found if thing.name and not thing.name.startswith("__")}

    @property
    def _by_thing(self) -> dict[Thing, set[tuple[str, int]]]:
        if not hasattr(self, "_known"):
            self._known: dict[Thing, set[tuple[str, int]]] = defaultdict(set)
            for module, (path, tree) in self.trees.items():
                chains = {text for node in ast.walk(tree) if (text := dotted(node)) and "." in text}
                for node in ast.walk(tree):
                    if isinstance(node, (ast.Import, ast.ImportFrom)):
                        for thing in self._taken(module, node, chains):
                            self._known[thing].add((path, node.lineno))
        return self._known

    def _taken(self, module: str, node: ast.Import | ast.ImportFrom, chains: set[str]) -> Iterator[Thing]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from self._used(Thing(alias.name), alias.asname or alias.name, chains)
            return
        source = self.source(module, node)
        for alias in node.names if source else ():
            if alias.name == "*":
                yield from {self.resolve(str(source), name) for name in self.public(str(source))}
            elif module == source and f"{source}.{alias.name}" in self.prefixes:
                yield from self._used(Thing(f"{source}.{alias.name}"), alias.asname or alias.name, chains)
            else:
                thing = self.resolve(str(source), alias.name)
                yield from [thing] if thing.name else self._used(thing, alias.asname or alias.name, chains)

    def _used(self, thing: Thing, bound: str, chains: set[str]) -> Iterator[Thing]:
        """The names of a module that a file uses through the expression that is bound to it."""
        for chain in chains:
            if chain.startswith(f"{bound}."):
                found = thing
                for part in chain.removeprefix(f"{bound}.").split("."):
                    if not found.name:
                        found = self.resolve(found.module, part)
                if found.name:
                    yield found

    def source(self, module: str, node: ast.ImportFrom) -> str | None:
        """The module that ``from … import`` names."""
        if not node.level:
            return node.module
        parts = module.split(".")
        is_package = self.trees[module][0].endswith("__init__.py")
        kept = parts[: len(parts) - node.level + is_package]
        return ".".join([*kept, *([node.module] if node.module else [])])

    def public(self, module: str) -> set[str]:
        """What a star takes."""
        if module not in self.trees:
            return set()
        exported = exports(self.trees[module][1])
        if exported is not None:
            return exported
        stars = {name for source in self.bound(module)[1] for name in self.public(source)}
        return {name for name in {*self.bound(module)[0], *stars} if not name.startswith("_")}

    def _resolve(self, module: str, name: str, depth: int = 0) -> Thing:
        """What ``module.name`` is; itself where nothing is known."""
        own, stars = self.bound(module) if module in self.trees else ({}, ())
        target = own.get(name)
        if isinstance(target, Thing) and depth < 50:
            return target if not target.name else self._resolve(target.module, target.name, depth + 1)
        if isinstance(target, str) and depth < 50:  # an alias of an expression
            head, *rest = target.split(".")
            found = self._resolve(module, head, depth + 1)
            for part in rest:
                found = (
                    Thing(found.module, f"{found.name}.{part}")
                    if found.name
                    else self._resolve(*found[:1], part, depth + 1)
                )
            return found
        if name in own:
            return Thing(module, name)
        if f"{module}.{name}" in self.prefixes:
            return Thing(f"{module}.{name}")
        for source in stars:
            if name in self.public(source):
                return self._resolve(source, name, depth + 1)
        return Thing(module, name)

    def _bound(self, module: str) -> tuple[Bound, tuple[str, ...]]:
        """The names of a module's namespace: what an import takes, the text of an alias, ``None`` for a definition;
        and the modules that it takes everything of.
        """
        found: Bound = {}
        stars = []
        for node in statements(self.trees[module][1]):
            if isinstance(node, ast.Import):
                tops = {alias.name.partition(".")[0] for alias in node.names if not alias.asname}
                found.update({top: Thing(top) for top in tops})
                found.update({alias.asname: Thing(alias.name) for alias in node.names if alias.asname})
            elif isinstance(node, ast.ImportFrom) and (source := self.source(module, node)):
                stars += [source] * (node.names[0].name == "*")
                found.update(
                    {alias.asname or alias.name: self._named(module, source, alias.name) for alias in node.names}
                )
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found[node.name] = None
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                found.update(assigned(node, found))
        return found, tuple(stars)

    def _named(self, module: str, source: str, name: str) -> Thing:
        """What ``from source import name`` means in a module: of the module itself, a submodule."""
        submodule = f"{source}.{name}"
        return Thing(submodule) if source == module and submodule in self.prefixes else Thing(source, name)


def assigned(node: ast.Assign | ast.AnnAssign, known: Bound) -> Iterator[tuple[str, str | None]]:
    """The names that an assignment binds; a fallback value hides no import."""
    text = dotted(node.value)
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        for name in ast.walk(target):
            if isinstance(name, ast.Name) and not isinstance(known.get(name.id), Thing):
                yield name.id, text if text and text.partition(".")[0] != name.id else None


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs in the module's namespace, in order."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if isinstance(node, TRANSPARENT):
            yield from statements(node)


def dotted(node: ast.AST | None) -> str | None:
    """``a.b.c``."""
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return inner and f"{inner}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else None


def exports(tree: ast.Module) -> set[str] | None:
    """The strings of ``__all__``, if there is one."""
    found: set[str] | None = None
    for node in statements(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets) and node.value:
                values = [one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
                found = {*(found or ()), *(one for one in values if isinstance(one, str))}
    return found
