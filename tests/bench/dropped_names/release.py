"""A release of a library: all of its modules, with names followed through its own imports and base classes."""

from __future__ import annotations

import builtins
import hashlib
import importlib
import re
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from tests.bench.dropped_names.reading import ClassRead, ModuleRead, Signature, read_module

#: top-level names that say nothing of the library that ships them
_COMMON = {
    "tests", "test", "testing", "docs", "doc", "examples", "example", "benchmarks", "benchmark", "setup", "conftest",
    "scripts", "tools", "bin", "src", "build", "dist", "t", "ci", "demo", "demos", "tasks", "noxfile", "fabfile",
}  # fmt: skip
TESTS = {"tests", "test", "_tests"}
#: what a class gets from a base that is a function or makes its attributes itself
_GIVEN = {
    "NamedTuple": {*dir(namedtuple("Any", ())), "_field_types"},
    "TypedDict": {*dir(dict), "__total__", "__required_keys__", "__optional_keys__"},
}

#: a module in which Cython's own words say what Python sees of it
_OF_CYTHON = re.compile(rb"^\s*(?:from|import) cython\b", re.MULTILINE)
#: methods of a metaclass that can give its classes attributes
_MAKING = {"__new__", "__init__", "__prepare__", "__getattr__", "__getattribute__", "__setattr__"}


class Release:
    """What one release holds, read from the folder that it was installed into."""

    def __init__(self, folder: Path, known: dict[str, ModuleRead] | None = None) -> None:
        self._known = {} if known is None else known
        self.compiled: set[str] = set()
        self.names: dict[str, Path] = {}
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if not path.is_file() or path.name.startswith(".") or not all(map(str.isidentifier, parts[:-1])):
                continue
            stem = path.name.partition(".")[0]
            name = ".".join(parts[:-1] if stem == "__init__" else (*parts[:-1], stem))
            if not name or parts[0].partition(".")[0] in _COMMON or not stem.isidentifier():
                continue
            if path.suffix == ".py":
                self.names[name] = path
            elif path.suffix in {".so", ".pyd", ".dylib"}:
                self.compiled.add(name)

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """The shallowest packages and modules: ``google.protobuf``, not ``google``, which is a namespace."""
        return tuple(sorted(name for name in self.names if not any(one in self.names for one in parents(name))))

    @cached_property
    def modules(self) -> dict[str, ModuleRead]:
        """The modules that are no tests, by name."""
        found = {}
        for name, path in self.names.items():
            if TESTS.isdisjoint(name.split(".")[1:]):
                text = path.read_bytes()
                key = f"{name}:{path.name}:{hashlib.sha1(text, usedforsecurity=False).hexdigest()}"
                if key not in self._known:
                    decoded = text.decode("utf-8", errors="replace")
                    self._known[key] = read_module(decoded, name, is_package=path.name == "__init__.py")
                read = self._known[key]
                found[name] = _unsure(read) if name in self.compiled and _OF_CYTHON.search(text) else read
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of its source."""
        return frozenset().union(*(one.words for one in self.modules.values()))

    def has_module(self, name: str) -> bool:
        """Whether there is such a module or a folder that counts as one, or it may be inside a compiled one."""
        around = (name, *parents(name))
        return name in self.names or not self.compiled.isdisjoint(around) or any(map(_below(name), self.names))

    def children(self, name: str) -> set[str]:
        """The names of the modules right below a package."""
        start = f"{name}."
        return {one[len(start) :].partition(".")[0] for one in (*self.names, *self.compiled) if one.startswith(start)}

    def certain(self, name: str, seen: frozenset[str] = frozenset()) -> set[str]:
        """What can surely be imported from a module."""
        module = self.modules.get(name)
        if module is None or name in seen:
            return set()
        found = set(module.certain)
        for star in module.stars:
            source = self.modules.get(star)
            if source and not source.lists_unknown:
                given = self.certain(star, seen | {name})
                listed = source.listed
                found |= given & listed if listed is not None else {one for one in given if not one.startswith("_")}
        return found

    def possible(self, name: str, seen: frozenset[str] = frozenset()) -> set[str] | None:
        """What can be imported from a module at all; ``None`` where its source does not tell."""
        module = self.modules.get(name)
        if module is None or module.is_open:
            return None
        found = module.possible | self.children(name)
        for star in module.stars:
            given = self.possible(star, seen | {name}) if star not in seen else set()
            if given is None:
                return None
            found |= given
        return found

    def surely_lacks(self, module: str, name: str) -> bool:
        """Whether no way through a module, which is there, binds a name."""
        possible = self.possible(module)
        given = self.modules[module].given
        if possible is None:
            return False
        if given is None:
            return name not in self.words and not any(name in one.split(".") for one in self.names)
        return name not in possible and name not in given

    def where(self, module: str, name: str, depth: int = 0) -> tuple[str, str]:
        """Module and name of where something is defined, as far as the imports of this release tell."""
        read = self.modules.get(module)
        if read is None or depth > 20:
            return module, name
        source = read.imports.get(name)
        if source and name not in read.classes and name not in read.functions:
            further, _, inner = source.partition(":")
            return self.where(further, inner, depth + 1) if inner and further in self.modules else (further, inner)
        for star in read.stars if name not in read.possible else ():
            if star in self.modules and name in self.certain(star):
                return self.where(star, name, depth + 1)
        return module, name

    def classes(self) -> Iterator[tuple[str, str, ClassRead]]:
        """Module, name and content of each class."""
        for module, read in self.modules.items():
            yield from ((module, name, one) for name, one in read.classes.items())

    def line_of(self, module: str, name: str) -> tuple[list[ClassRead], bool, set[str]]:
        """A class and its bases, the nearest first; whether all bases are known; and what those of Python have.

        One whose metaclass may make attributes is open, like one that makes them itself.
        """
        found: list[ClassRead] = []
        given: set[str] = set()
        is_known = self._climb(module, name, found, given, set())
        return found, is_known, given

    def _climb(
        self, module: str, name: str, found: list[ClassRead], given: set[str], seen: set[tuple[str, str]]
    ) -> bool:
        read = self.modules[module].classes.get(name) if module in self.modules else None
        if read is None:
            python = _of_python(module, name)
            given |= _GIVEN.get(name, set(dir(python))) if python is not None else set()
            return python is not None
        if (module, name) in seen:
            return True
        seen.add((module, name))
        found.append(read)
        read.is_open = read.is_open or not self._is_plain(module, read.metaclass)
        known = True
        for base in read.bases:
            owner, _, attribute = base.rpartition(".")
            place = self._resolve(module, owner, attribute)
            known &= self._climb(*place, found, given, seen)
        return known

    def _is_plain(self, module: str, metaclass: str) -> bool:
        """Whether a metaclass does not make attributes of the classes."""
        owner, _, name = metaclass.rpartition(".")
        if not metaclass or name in {"ABCMeta", "type"}:
            return True
        line, _, given = self.line_of(*self._resolve(module, owner, name))
        return bool(line) and "mro" in given and all(_MAKING.isdisjoint(one.possible) for one in line)

    def _resolve(self, module: str, owner: str, name: str) -> tuple[str, str]:
        read = self.modules[module]
        if not owner:
            place = self.where(module, name)
            is_bound = place != (module, name) or name in read.classes or name in read.possible
            return place if is_bound or read.stars else ("builtins", name)
        first, _, rest = owner.partition(".")
        source = read.imports.get(first, "").replace(":", ".").strip(".")
        if not source:
            return "", name
        whole = f"{source}.{rest}" if rest and f"import {source}" else source
        whole = owner if owner in self.modules and source.partition(".")[0] == first else whole
        return self.where(whole, name) if whole in self.modules else (whole, name)

    def signatures(self, module: str) -> Iterator[tuple[str, list[Signature]]]:
        """The functions and methods of a module by qualified name; none that a metaclass may make anew."""
        read = self.modules[module]
        yield from read.functions.items()
        for owner, one in read.classes.items():
            made = self._made_by_metaclass(module, owner)
            yield from ((f"{owner}.{name}", several) for name, several in one.methods.items() if name not in made)

    def _made_by_metaclass(self, module: str, name: str) -> frozenset[str]:
        """What the metaclass of a class, or of a base, names in its texts."""
        line, _, _ = self.line_of(module, name)
        metas = {one.metaclass.rpartition(".")[2] for one in line if one.metaclass} - {"ABCMeta", "type"}
        read = (one.classes[meta].texts for meta in metas for one in self.modules.values() if meta in one.classes)
        return frozenset().union(*read)


def _below(name: str) -> Callable[[str], bool]:
    return lambda one: one.startswith(f"{name}.")


def parents(name: str) -> Iterator[str]:
    """The packages around a module, the inmost first."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _unsure(read: ModuleRead) -> ModuleRead:
    """A module of Cython: which of its names Python sees, its source does not tell plainly."""
    classes = {name: replace(one, certain=set(), methods={}) for name, one in read.classes.items()}
    return replace(read, certain=set(), functions={}, classes=classes)


def _of_python(module: str, name: str) -> object | None:
    """A class of Python itself."""
    if module == "builtins":
        return getattr(builtins, name, None)
    if module.partition(".")[0] not in sys.stdlib_module_names:
        return None
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None
