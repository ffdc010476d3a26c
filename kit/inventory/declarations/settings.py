"""Where a setting gets its default: a field of a settings class, a constant, an entry of a mapping, what an environment
variable is when it is not set, Flask's configuration.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from kit.facts.declarations import SettingDefault
from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, assigned, callee, option
from kit.inventory.source.annotations import dotted
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

#: calls that take the name of a setting and its default
_ASKING = frozenset({"get", "getenv", "setdefault", "config", "env", "bool", "getbool", "getboolean", "get_bool"})
_FILLING = frozenset({"update", "from_mapping", "dict"})
_OF_SETTINGS = re.compile(r"config|settings", re.IGNORECASE)
_AFFIX = re.compile(r"^(?:is|use|enable|enabled|feature|flag|ff)_|_(?:enabled|feature|flag|on)$")


class Settings:
    """The defaults of settings in the source, found by name; each file is read once."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._in = lru_cache(maxsize=None)(self._read)
        self.defaults_of = lru_cache(maxsize=None)(self._defaults_of)

    def _defaults_of(self, name: str) -> tuple[SettingDefault, ...]:
        """The places that give a setting of this name its value, production first. ``signal_blending`` is also found as
        ``FEATURE_SIGNAL_BLENDING`` or ``enable_signal_blending``, but only where nothing has the very name.
        """
        wanted = bare(name)
        # "signal-blending" is several words, of which the last one is looked for
        words = [*self._words.get(wanted, ()), *self._words.get(wanted.rpartition("_")[2], ())]
        concerned = re.compile(re.escape(wanted).replace("_", "[_-]"), re.IGNORECASE)
        found = [
            SettingDefault(told, owner, ast.unparse(value), Location(path, value.lineno, "default"), role_of(path))
            for path, _ in self._trees.matching(concerned, *words)
            for told, owner, value in self._in(path).get(wanted, ())
        ]
        exact = [one for one in found if one.name.lower() == name.lower()]
        return tuple(sorted(exact or found, key=lambda one: (one.role != "production", one.location)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names, in capitals, that files and classes of settings give a value."""
        found = {
            name
            for path, tree in self._trees.matching(_OF_SETTINGS)
            for name, owner, _ in _values(tree)
            if name.isupper() and _OF_SETTINGS.search(owner or path)
        }
        return frozenset(found)

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        """The words of the source by their bare form: without the parts that only say that a word is a switch."""
        found: dict[str, list[str]] = {}
        for word in self._trees.by_word:
            found.setdefault(bare(word), []).append(word)
        return found

    def _read(self, path: str) -> dict[str, list[tuple[str, str, ast.expr]]]:
        """All that a file may give as a setting's default, by the bare name."""
        found: dict[str, list[tuple[str, str, ast.expr]]] = {}
        for name, owner, value in _values(self._trees.tree(path) or ast.Module([], [])):
            found.setdefault(bare(name), []).append((name, owner, value))
        return found


def bare(name: str) -> str:
    """A setting's name without what only says that it is a switch."""
    name = name.lower().replace("-", "_").rpartition(".")[2]
    while (shorter := _AFFIX.sub("", name)) != name and shorter:
        name = shorter
    return name


def _values(tree: ast.Module) -> Iterator[tuple[str, str, ast.expr]]:
    """Name, owner and value of whatever may be a setting's default, outside of functions, except calls."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from ((name, node.name, _default(value)) for name, value in filter(None, map(assigned, node.body)))
        elif pair := assigned(node):
            yield pair[0], "", pair[1]
    for inner in walk(tree):
        if isinstance(inner, ast.Dict):
            yield from _entries(inner)
        elif isinstance(inner, ast.Call):
            yield from _called(inner)
        elif isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Subscript):
            key = inner.targets[0].slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, dotted(inner.targets[0].value) or "", inner.value


def _default(value: ast.expr) -> ast.expr:
    """What ``Field(False)`` or ``Field(default=False)`` gives."""
    if isinstance(value, ast.Call) and callee(value) in ("Field", "field"):
        return option(value, "default") or (value.args[0] if value.args else value)
    return value


def _entries(node: ast.Dict) -> Iterator[tuple[str, str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, "", value


def _called(node: ast.Call) -> Iterator[tuple[str, str, ast.expr]]:
    name, owner = callee(node), dotted(node.func) or ""
    if name in _FILLING:
        yield from ((item.arg, owner, item.value) for item in node.keywords if item.arg)
    key = node.args[0] if node.args else None
    default = node.args[1] if len(node.args) > 1 else option(node, "default")
    if name in _ASKING and isinstance(key, ast.Constant) and isinstance(key.value, str) and default is not None:
        yield key.value, owner, default
