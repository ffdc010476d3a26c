"""What a source file says, as far as a change of it concerns tests: a digest of each function, and of all else.

The digests are made of what Python compiles, so a comment, the format and a moved line change none of them.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any, TypeAlias

import msgspec

from kit.suite.select.keepers import Function, keeps

#: eight bytes: equal for what Python runs in the same way
Digest: TypeAlias = bytes

_SIZE = 8

#: what reads docstrings, source, or compiled code: then more than what runs can matter. Each begins with a boundary of
#: a word, which makes the search five times as fast as with one that does not
_READS_DOCS = re.compile(
    rb"\b(?:__doc__|getdoc\b|doctest|docopt\b|typer\b|fire\b|click\b|pydoc\b|help\(|apispec\b"
    rb"|(?:add|register)_(?:\w+_)?(?:command|function|method|resource|route|rule|tool|view)s?\b)"
)
_MAKES_OF_FUNCTION = re.compile(rb"from_function\b")
_READS_SOURCE = re.compile(
    rb"\b(?:getsource|findsource\b|getcomments\b|linecache\b|(?:f|tb)_lineno\b|co_firstlineno\b|getframeinfo\b"
    rb"|co_(?:lines|positions)\b|record(?:s\[.+?\])?\.lineno\b|py\\?\", line \d|use_attribute_docstrings\b)"
)
#: what imports, or looks up, modules by names that the source does not show
_IMPORTS_BY_NAME = re.compile(
    rb"\b(?:import_module|__import__)\b(?!\(['\"]\w[\w.]*['\"][,)]|\s*$)|\bresolve_name\b|\bimport_(?:string|object)\b"
    rb"|\b(?:iter_modules|walk_packages)\b|\bentry_points\b|\bsys\.modules\b(?!\[__name__\])",
    re.MULTILINE,
)
_READS_CODE = re.compile(
    rb"\b(?:co_(?:consts|code|stacksize)|marshal|(?:import|from) dis|cloudpickle|dill|numba|njit|CodeType|joblib"
    rb"|getclosurevars)\b"
)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
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
    reads_docs = _READS_DOCS.search(data) or _MAKES_OF_FUNCTION.search(data)
    others = (pattern.search(data) is not None for pattern in (_READS_SOURCE, _READS_CODE, _IMPORTS_BY_NAME))
    return FileDigests(digest, digest, digest, b"", b"", {}, reads_docs is not None, *others)


def source_facts(data: bytes, as_text: FileDigests | None = None) -> FileDigests:
    """The facts of a Python file; by its text alone (``as_text`` if that is known) where Python cannot compile it."""
    as_text = as_text or text_facts(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
            functions = dict(_functions_of(tree))
            loud, quiet = _take_docstrings(tree)
            code = compile(tree, "", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return as_text
    units: dict[str, Unit] = {}
    module = _digest_of_module(code, units, functions)
    whole = digest_of(b"".join([module, *(unit.digest for unit in units.values())]))
    docstrings = {"loud": digest_of(_written(loud)), "quiet": digest_of(_written(quiet))}
    return msgspec.structs.replace(as_text, code=whole, module=module, units=units, **docstrings)


def _digest_of_module(code: CodeType, units: dict[str, Unit], functions: Mapping[int, Function]) -> Digest:
    """The digest of what is outside of functions; each function is added to ``units``."""
    return digest_of(_written(_around_units(code, "", units, functions)))


def _around_units(
    code: CodeType, prefix: str, units: dict[str, Unit], functions: Mapping[int, Function]
) -> tuple[Any, ...]:
    parts: list[Any] = list(_own_parts(code))
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            parts.append(_plain(constant))
        elif _is_unit(constant):
            name = _free_name(f"{prefix}{constant.co_name}", units)
            line = constant.co_firstlineno
            names = tuple(sorted(set(_names(constant))))
            is_keeper = line in functions and keeps(functions[line], constant)
            units[name] = Unit(line, digest_of(_written(_deep(constant))), names, is_keeper)
            parts.append(("unit", name))
        else:
            inside = "" if constant.co_name.startswith("<") else f"{constant.co_name}."
            parts.append(_around_units(constant, f"{prefix}{inside}", units, functions))
    return tuple(parts)


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


def _functions_of(tree: ast.Module) -> Iterator[tuple[int, Function]]:
    """The functions that no other one contains, by their first lines."""
    for node in _statements(tree, within=False):
        if isinstance(node, _FUNCTIONS):
            yield min([node.lineno, *(one.lineno for one in node.decorator_list)]), node
