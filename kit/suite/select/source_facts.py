"""What a source file says, as far as a change of it concerns tests: a digest of each function, and of all else.

The digests are made of what Python compiles, so a comment, the format and a moved line change none of them.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterator, Set
from types import CodeType
from typing import Any, TypeAlias

import msgspec

#: eight bytes: equal for what Python runs in the same way
Digest: TypeAlias = bytes

_SIZE = 8

#: what reads docstrings, source, or compiled code: then more than what runs can matter
_READS_DOCS = re.compile(
    rb"__doc__|\bgetdoc\b|\bdoctest|\bdocopt\b|\btyper\b|\bfire\b|\bclick\b|\bpydoc\b|\bhelp\(|\bapispec\b"
    rb"|from_function\b|\b(?:add|register)_(?:\w+_)?(?:command|function|method|resource|route|rule|tool|view)s?\b"
)
_READS_SOURCE = re.compile(
    rb"\bgetsource|\bfindsource\b|\bgetcomments\b|\blinecache\b|\b(?:f|tb)_lineno\b|\bco_firstlineno\b|\bgetframeinfo\b"
    rb"|\bco_(?:lines|positions)\b|\brecord(?:s\[.+?\])?\.lineno\b|\.py\\?\", line \d|\buse_attribute_docstrings\b"
)
#: what imports, or looks up, modules by names that the source does not show
_IMPORTS_BY_NAME = re.compile(
    rb"\b(?:import_module|__import__)\b(?!\(['\"]\w[\w.]*['\"][,)]|\s*$)|\bresolve_name\b|\bimport_(?:string|object)\b"
    rb"|\b(?:iter_modules|walk_packages)\b|\bentry_points\b|\bsys\.modules\b(?!\[__name__\])",
    re.MULTILINE,
)
_READS_CODE = re.compile(
    rb"\bco_(?:consts|code|stacksize)\b|\bmarshal\b|^\s*(?:import|from) dis\b|\bcloudpickle\b|\bdill\b|\bnumba\b"
    rb"|\bnjit\b|\bCodeType\b|\bjoblib\b|\bgetclosurevars\b",
    re.MULTILINE,
)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: methods that put something into what may be a container of the module
_FILLING = frozenset({"add", "append", "appendleft", "extend", "insert", "setdefault", "update"})
_OPTIMIZED = 1  # of ``co_flags``: a function, not a module or a class


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """A function that no other one contains, with all that is in it. ``line`` is its first, that of a decorator too.

    ``names`` are those that it reads, of attributes too. ``keeps``: it keeps what it has made for later calls.
    """

    line: int
    digest: Digest
    names: tuple[str, ...] = ()
    keeps: bool = False


class FileDigests(msgspec.Struct, frozen=True, array_like=True):
    """A source file. ``text`` is the digest of its bytes, ``code`` that of what it runs, ``module`` that of all outside
    of units: constants, decorators, defaults, class bodies, imports, and which units there are.

    ``loud`` is the digest of docstrings that a decorator or a base class may read, ``quiet`` that of the others. A file
    that cannot be compiled has the same digest everywhere.
    """

    text: Digest
    code: Digest
    module: Digest
    loud: Digest = b""
    quiet: Digest = b""
    units: dict[str, Unit] = {}
    reads_docs: bool = False
    reads_source: bool = False
    reads_code: bool = False
    imports_by_name: bool = False

    @property
    def is_compiled(self) -> bool:
        """Whether its functions are known."""
        return bool(self.loud)


def digest_of(data: bytes) -> Digest:
    """The digest of some bytes."""
    return hashlib.blake2b(data, digest_size=_SIZE).digest()


def text_facts(data: bytes) -> FileDigests:
    """The facts of a file by its text alone: one that is not Python, or that no test has loaded."""
    digest = digest_of(data)
    reads = (
        pattern.search(data) is not None for pattern in (_READS_DOCS, _READS_SOURCE, _READS_CODE, _IMPORTS_BY_NAME)
    )
    return FileDigests(digest, digest, digest, b"", b"", {}, *reads)


def source_facts(data: bytes) -> FileDigests:
    """The facts of a Python file; by its text alone where this Python cannot compile it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
            keeping = frozenset(_keeping(tree))
            loud, quiet = _take_docstrings(tree)
            code = compile(tree, "", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text_facts(data)
    units: dict[str, Unit] = {}
    module = _digest_of_module(code, units, keeping)
    whole = digest_of(b"".join([module, *(unit.digest for unit in units.values())]))
    as_text = text_facts(data)
    docstrings = {"loud": digest_of(_written(loud)), "quiet": digest_of(_written(quiet))}
    return msgspec.structs.replace(as_text, code=whole, module=module, units=units, **docstrings)


def _digest_of_module(code: CodeType, units: dict[str, Unit], keeping: frozenset[int]) -> Digest:
    """The digest of what is outside of functions; each function is added to ``units``."""

    def walk(one: CodeType, prefix: str) -> tuple[Any, ...]:
        parts: list[Any] = list(_own_parts(one))
        for constant in one.co_consts:
            if not isinstance(constant, CodeType):
                parts.append(_plain(constant))
            elif _is_unit(constant):
                name = _free_name(f"{prefix}{constant.co_name}", units)
                line = constant.co_firstlineno
                names = tuple(sorted(set(_names(constant))))
                units[name] = Unit(line, digest_of(_written(_deep(constant))), names, line in keeping)
                parts.append(("unit", name))
            else:
                inside = "" if constant.co_name.startswith("<") else f"{constant.co_name}."
                parts.append(walk(constant, f"{prefix}{inside}"))
        return tuple(parts)

    return digest_of(_written(walk(code, "")))


def _is_unit(code: CodeType) -> bool:
    return bool(code.co_flags & _OPTIMIZED) and not code.co_name.startswith("<") and code.co_name != "__annotate__"


def _free_name(name: str, taken: dict[str, Unit]) -> str:
    """The name, with a number where another unit has it: a property and its setter, or two branches of an ``if``."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}#{number}"
    return free


def _own_parts(code: CodeType) -> Iterator[Any]:
    yield code.co_code
    yield (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    yield (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    yield getattr(code, "co_exceptiontable", b"")


def _deep(code: CodeType) -> tuple[Any, ...]:
    inner = (_deep(one) if isinstance(one, CodeType) else _plain(one) for one in code.co_consts)
    return (*_own_parts(code), *inner)


def _plain(constant: object) -> object:
    """A constant in a form that is always written alike: sets have no order, and 1 is not True."""
    if isinstance(constant, frozenset):
        return ("set", sorted(repr(_plain(one)) for one in constant))
    if isinstance(constant, tuple):
        return ("tuple", *(_plain(one) for one in constant))
    return (type(constant).__name__, repr(constant))


def _written(parts: object) -> bytes:
    return repr(parts).encode("utf-8", "surrogatepass")


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _statements(node: ast.AST, *, within: bool = True) -> Iterator[ast.AST]:
    """A node and all statements below it, without their expressions; ``within``: also those inside functions."""
    todo = [node]
    while todo:
        one = todo.pop()
        yield one
        if within or not isinstance(one, _FUNCTIONS):
            todo += _inner(one)


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        inner = getattr(node, field, ())
        yield from inner if isinstance(inner, list) else ()


def _take_docstrings(tree: ast.Module) -> tuple[list[str], list[str]]:
    """Take the docstrings out of a tree: those that something may read when it is imported, and the others."""
    loud: list[str] = []
    quiet: list[str] = []
    heard: set[ast.AST] = set()  # what may be read by a base class or a decorator, of itself or of the class around it
    for node in _statements(tree):
        if node in heard or getattr(node, "decorator_list", None) or getattr(node, "bases", None):
            heard |= {node, *_inner(node)}
        if not isinstance(node, (ast.Module, ast.ClassDef, *_FUNCTIONS)) or not node.body:
            continue
        first = node.body[0]
        if (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(text := first.value.value, str)
        ):
            if isinstance(node, ast.Module):
                del node.body[0]  # an import from the future has to come first
            else:
                first.value = ast.copy_location(ast.Constant(...), first.value)
            (loud if node in heard or ">>>" in text else quiet).append(text)
    return loud, quiet


def _keeping(tree: ast.Module) -> Iterator[int]:
    """The first lines of the units that keep what they have made: a cache above them, or a name outside of them that
    they set.
    """
    for node in _statements(tree, within=False):
        if isinstance(node, _FUNCTIONS) and (_has_cache(node) or _sets_something(node)):
            yield min([node.lineno, *(one.lineno for one in node.decorator_list)])


def _has_cache(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    words = " ".join(ast.unparse(one).lower() for one in node.decorator_list)
    return any(word in words for word in ("cache", "memo", "once", "singleton", "lazy"))


def _sets_something(function: ast.AST) -> bool:
    """Whether a function sets something that it has not made: a global name, an attribute or an entry of one."""
    nodes = list(ast.walk(function))
    own = {one.arg for one in nodes if isinstance(one, ast.arg)}
    own |= {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    own.discard("cls")
    return _fills_what_is_missing(nodes) or any(_sets_outside(one, own) for one in nodes)


def _sets_outside(node: ast.AST, own: Set[str]) -> bool:
    if isinstance(node, ast.Global):
        return True
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        base: ast.expr = node
        while isinstance(base, ast.Attribute | ast.Subscript):
            base = base.value
        return isinstance(base, ast.Name) and base.id not in own
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.attr in _FILLING and node.func.value.id not in own
    return False


def _fills_what_is_missing(nodes: list[ast.AST]) -> bool:
    """Whether a function tests an attribute and sets it (or an entry of it) if it is missing: ``if self._engine is
    None: …``, also with an early return. The object may be any: it can belong to the module.
    """
    asked: set[str] = set()
    stored: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            asked.update(_attributes(node.test))
        elif isinstance(node, ast.BoolOp):
            asked.update(_attributes(node))
        elif isinstance(node, ast.Try):
            asked.update(name for one in node.body for name in _attributes(one))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            stored.add(node.attr)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            stored.update(_attributes(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            asked.update(_attributes(node.func.value))
    return bool(asked & stored)


def _attributes(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute):
            yield one.attr
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
