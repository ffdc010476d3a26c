"""The lines of source that use a library in a certain way, told by patterns that read like code.

A file is read as the list of its usages, each a text on a line. Names are followed through imports, through variables
that hold what a call gives, and through classes that the file derives:

* ``click.utils.get_binary_stream``: the name is imported or read
* ``marshmallow.post_load(pass_many=)``: a call with this keyword; ``(validate=lambda)`` with this kind of value;
  ``(0=str)`` with this kind of first argument; ``(#4)`` with that number of positional arguments; ``()`` any call
* ``.get_group``, ``.get_group(0=str)``, ``.body=``: whatever it is called on, and an attribute that is assigned
* ``?*engine.execute()``: a call on a variable or an attribute of such a name; the file does not tell what it is
* ``class(click.Argument)``, ``class(click.Argument).def make_metavar(0)``: a class with that base, and a method of it
  with that number of arguments after ``self``; ``class Test*().def setup(0)``: a class of such a name that is not a
  test case of unittest, and what it derives from in the file
* ``def(pytest.fixture,pytest.mark.skipif)``: a function with these decorators in their sorted order
* ``def setup(0)``: a function of the module with that number of arguments
* ``async def test_*``: an async function; ``argument loop``: a function with such a parameter
* ``[][]=``: an item of an item is assigned

``*`` stands for anything. A pattern that begins with no name counts only in files that import the library.
What has another way beside it (``try: … except ImportError: …``, ``if hasattr(…): …``) does not count: it is made for
both releases. Nor does an attribute of Python's own modules count where a pattern begins with no name.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from kit.facts.places import Location
from kit.facts.upgrades import ANY_FILE
from kit.inventory.declarations.either_way import either_way
from kit.inventory.declarations.patterns import SoughtUses, compiled_pattern, is_name
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk

Usage = tuple[str, int]

#: an id that is searched for, and the line of a usage that matches one of its patterns
Use = tuple[str, int]

_WORD = re.compile(r"[A-Za-z_]\w*")
_DOT = re.compile(r"\.")
_CONTAINERS: Mapping[type[ast.expr], str] = {
    ast.Dict: "dict",
    ast.List: "list",
    ast.Tuple: "tuple",
    ast.Set: "set",
    ast.Lambda: "lambda",
    ast.JoinedStr: "str",
}


def library_uses(
    trees: Trees,
    wanted: Mapping[str, Sequence[str]],
    modules: Mapping[str, Sequence[str]],
    paths: Collection[str] | None = None,
) -> dict[str, tuple[Location, ...]]:
    """By id: the lines that match one of its patterns (``wanted``), of all files or of those with these ``paths``.
    ``modules`` has the top-level modules of its library, by the same ids.
    """
    sought = SoughtUses(wanted, modules)
    asked = (path for path in trees.paths if paths is None or path in paths)
    return places_of((path, uses_in(trees, path, sought)) for path in asked)


def uses_in(trees: Trees, path: str, sought: SoughtUses) -> Iterator[Use]:
    """The uses of one file."""
    asked = sought.in_text(trees.text(path))
    tree = trees.tree(path) if asked else None
    if tree:
        yield from _matching(tree, asked, sought.modules)


def places_of(uses: Iterable[tuple[str, Iterable[Use]]]) -> dict[str, tuple[Location, ...]]:
    """By id: the places of the uses, given by file."""
    found: dict[str, dict[Location, None]] = {}
    for path, several in uses:
        for identity, line in several:
            found.setdefault(identity, {})[Location(path, line, "uses")] = None
    return {identity: tuple(places) for identity, places in found.items()}


def _matching(
    tree: ast.Module, asked: Mapping[str, Sequence[str]], modules: Mapping[str, Sequence[str]]
) -> Iterator[Use]:
    usages = list(usages_of(tree))
    imported = {text.partition(".")[0] for text, _ in usages if _WORD.match(text)}
    by_name = _by_name(usages)
    for identity, patterns in asked.items():
        here = ANY_FILE in modules[identity] or not imported.isdisjoint(modules[identity])
        for pattern in patterns if here else ():
            if is_name(pattern):
                yield from ((identity, line) for line in by_name.get(pattern, ()))
            else:
                compiled = compiled_pattern(pattern)
                yield from ((identity, line) for text, line in usages if compiled.fullmatch(text))


def _by_name(usages: Iterable[Usage]) -> dict[str, list[int]]:
    """The lines of the usages that are a name, and below ``name.*`` those of all that begin with it: so thousands of
    patterns that are names cost no more than one.
    """
    found: dict[str, list[int]] = {}
    for text, line in usages:
        found.setdefault(text, []).append(line)
        for dot in _DOT.finditer(text):
            found.setdefault(f"{text[: dot.end()]}*", []).append(line)
    return found


def usages_of(tree: ast.Module) -> Iterator[Usage]:
    """All usages of a file with their lines."""
    nodes = list(walk(tree))
    either = set(either_way(nodes))
    nodes = [node for node in nodes if node not in either]
    known = _Known(nodes)
    for one in tree.body:
        if isinstance(one, ast.FunctionDef):
            yield f"def {one.name}({len(one.args.posonlyargs) + len(one.args.args)})", one.lineno
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((name, node.lineno) for name in _imported(node).values())
        elif isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            yield from _of_expression(node, known)
        elif isinstance(node, ast.ClassDef):
            yield from _of_class(node, known)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _of_function(node, known)


class _Known:
    """What the names of a file stand for."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._names: dict[str, str] = {}
        self._mocked: set[str] = set()
        later: list[ast.AST] = []
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._names |= _imported(node, bound=True)
            elif isinstance(node, ast.ClassDef | ast.Assign):
                later.append(node)
        self._classes = [node for node in later if isinstance(node, ast.ClassDef)]
        for node in later:
            self._learn(node)

    def _learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.ClassDef):
            base = next((name for one in node.bases if (name := self.name(one))), None)
            if base:
                self._names.setdefault(node.name, base)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            targets = [one.id for one in node.targets if isinstance(one, ast.Name)]
            if made := self.name(node.value):
                self._names = dict.fromkeys(targets, made) | self._names
            called = getattr(node.value.func, "attr", getattr(node.value.func, "id", ""))
            self._mocked |= {*targets} if "mock" in called.lower() else set()

    def plain(self, node: ast.ClassDef) -> Iterator[str]:
        """The names of a class and of those that derive from it in the file, except test cases of unittest."""
        for one in self._with_heirs(node):
            bases = [self.name(base) or dotted(base) or "" for base in one.bases]
            if not any(base.endswith("TestCase") for base in bases):
                yield one.name

    def _with_heirs(self, node: ast.ClassDef) -> list[ast.ClassDef]:
        found = [node]
        for one in found:
            found += [heir for heir in self._classes if heir not in found and one.name in map(dotted, heir.bases)]
        return found

    def name(self, node: ast.expr) -> str | None:
        """The dotted name of an expression; ``a.b()`` for what a call gives."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.name(node.value)
            return f"{owner}.{node.attr}" if owner else None
        if isinstance(node, ast.Call):
            made = self.name(node.func)
            return f"{made}()" if made else None
        return None

    def names(self, node: ast.expr) -> list[str]:
        """The dotted name, or if there is none what it is read from, and the name of the attribute."""
        found = [name] if (name := self.name(node)) else []
        if not isinstance(node, ast.Attribute):
            return found
        owner = {ast.Name: "id", ast.Attribute: "attr"}.get(type(node.value))
        is_known = bool(found) or getattr(node.value, "id", "") in self._mocked
        told = [] if is_known or not owner else [f"?{getattr(node.value, owner)}.{node.attr}"]
        is_of_python = bool(found) and found[0].partition(".")[0] in sys.stdlib_module_names
        return found if is_of_python else [*found, *told, f".{node.attr}"]


def _imported(node: ast.Import | ast.ImportFrom, *, bound: bool = False) -> dict[str, str]:
    """The imported names; where ``bound``, what the name that the statement binds stands for."""
    if isinstance(node, ast.Import):
        if bound:
            return {one.asname or one.name.partition(".")[0]: _bound(one) for one in node.names}
        return {one.name: one.name for one in node.names}
    if node.level or node.module is None:
        return {}
    return {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}


def _bound(one: ast.alias) -> str:
    return one.name if one.asname else one.name.partition(".")[0]


def _of_expression(node: ast.Name | ast.Attribute | ast.Call | ast.Subscript, known: _Known) -> Iterator[Usage]:
    if isinstance(node, ast.Call):
        yield from ((text, node.lineno) for text in _of_call(node, known))
    elif isinstance(node, ast.Attribute):
        end = "" if isinstance(node.ctx, ast.Load) else "="
        yield from ((f"{name}{end}", node.end_lineno or node.lineno) for name in known.names(node))
    elif isinstance(node, ast.Subscript):
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Subscript):
            yield "[][]=", node.lineno
    elif isinstance(node.ctx, ast.Load) and (name := known.name(node)):
        yield name, node.lineno


def _of_call(node: ast.Call, known: _Known) -> Iterator[str]:
    for name in known.names(node.func):
        yield f"{name}()"
        yield f"{name}(#{len(node.args)})"
        for at, argument in enumerate(node.args):
            yield f"{name}({at}={_kind(argument)})"
        for keyword in node.keywords:
            if keyword.arg:
                yield f"{name}({keyword.arg}=)"
                yield f"{name}({keyword.arg}={_kind(keyword.value)})"


def _of_class(node: ast.ClassDef, known: _Known) -> Iterator[Usage]:
    bases = [name for one in node.bases if (name := known.name(one))]
    owners = [f"class({base})" for base in (bases if node.bases else [""])]
    yield from ((owner, node.lineno) for owner in owners)
    owners += [f"class {name}()" for name in known.plain(node)]
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            count = max(len(one.args.posonlyargs) + len(one.args.args) - 1, 0)
            yield from ((f"{owner}.def {one.name}({count})", one.lineno) for owner in owners)


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, known: _Known) -> Iterator[Usage]:
    marks = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
    names = sorted(name for one in marks if (name := known.name(one)))
    if len(names) > 1:
        yield f"def({','.join(names)})", node.lineno
    if isinstance(node, ast.AsyncFunctionDef):
        yield f"async def {node.name}", node.lineno
    yield from ((f"argument {one.arg}", node.lineno) for one in node.args.args)


def _kind(node: ast.expr) -> str:
    if isinstance(node, ast.BinOp) and _kind(node.left) == "str":
        return "str"  # put together with ``+`` or ``%``
    if isinstance(node, ast.Constant):
        return "None" if node.value is None else type(node.value).__name__
    return _CONTAINERS.get(type(node), "value")
